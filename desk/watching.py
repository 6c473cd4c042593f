"""Who else reads or types in a ticket: said by open pages every twenty seconds, and by nothing else."""

from datetime import datetime, timedelta

from desk.seeing import workable
from sop.officer import Officer
from store import watching
from store.db import Change
from store.watching import Watcher

HERE = timedelta(seconds=50)  # two signs of life may be missed


def here(
    change: Change, number: str, actor: Officer, *, typing: bool, now: datetime, gone: bool = False
) -> list[Watcher]:
    """Note that the officer has the ticket open; who else has. `now` is the machine's. Raises NotFound, NotAllowed."""
    ticket = workable(change, number, actor)
    if gone:
        watching.left(change, ticket.id, actor.id)
        return []
    watching.seen(change, ticket.id, actor.id, typing, now)
    watching.forget_before(change, now - timedelta(days=1))
    return watching.others(change, ticket.id, actor.id, now - HERE)
