"""Small changes of the office that no page makes."""

from datetime import datetime

from desk.seeing import needs
from sop.officer import Officer, Right
from store import office as offices
from store import trail
from store.db import Change


def set_group(change: Change, chat: str) -> None:
    """The staff group of config.yaml, which gets masked cards; "" is none. Changes nothing when it is the same."""
    if offices.setting(change, "group", "") != chat:
        offices.set_setting(change, "group", chat)
        offices.changed(change)


def add_procedure(
    change: Change, code: str, source: str, from_at: datetime, now: datetime, actor: Officer | None
) -> None:
    """Put a revision in force from a date; cases keep the one they are pinned to. `actor` None: the operator's CLI."""
    if actor is not None:
        needs(actor, Right.OFFICE)
    number = offices.add_procedure(change, code, source, from_at)
    offices.changed(change)
    trail.add(change, "procedure.added", now, actor=actor.id if actor else None, procedure=number)
