"""That the database is being changed: said in the database itself, so that every process beside it hears."""

from collections.abc import Callable
from datetime import datetime, timedelta

from store import memory
from store.db import Change, View

NAME = "maintenance"  # in the table `memory`
LASTS = timedelta(hours=2)  # after this nobody believes it any more


def begin(change: Change, owner: str, now: datetime) -> None:
    """`owner` is the process that changes it."""
    memory.save(change, NAME, {"owner": owner, "since": now.isoformat()})


def end(change: Change) -> None:
    memory.save(change, NAME, {})


def is_on(view: View, now: datetime, gone: Callable[[str], bool]) -> bool:
    """Not when its process was killed: whoever runs the migration again says so again."""
    said = memory.get(view, NAME)
    if not said:
        return False
    return not gone(said["owner"]) and now - datetime.fromisoformat(said["since"]) < LASTS
