"""An officer comes with a first password and the lanes they sit in, all of it or nothing."""

from datetime import datetime

from desk import staff
from sop.language import Language
from store import officers
from store.db import Change


def enlist(
    change: Change,
    *,
    login: str,
    name: str,
    password_hash: str,
    lanes: tuple[str, ...],
    unit: str,
    now: datetime,
    title: str = "",
    language: Language = "id",
) -> None:
    """Raises LoginTaken, UnknownLane, UnknownUnit. Who came by an office file, and has no password, gets this one."""
    account = officers.account(change, login.strip().lower())
    if account and account.active and not account.password_hash:
        staff.set_password(change, login, password_hash, now)
    else:
        staff.add(
            change,
            login=login,
            name=name,
            password_hash=password_hash,
            now=now,
            title=title,
            language=language,
        )
    for lane in lanes:
        staff.grant(change, login, lane=lane, unit=unit, now=now)
