"""What officers do about their own account."""

from datetime import datetime

from sop.errors import N_, DeskError
from sop.officer import Officer
from store import sessions
from store.db import Change


class SessionGone(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Sesi itu sudah berakhir."))


def end_session(change: Change, actor: Officer, token_hash: str, now: datetime) -> None:
    """Sign oneself out on another device. Raises SessionGone for one that is not, or not any more, one's own."""
    if not any(each.token_hash == token_hash for each in sessions.of_officer(change, actor.id, now)):
        raise SessionGone
    sessions.end(change, token_hash)
