"""An act that a person or a provider may repeat answers the second time what it did the first."""

from datetime import datetime
from typing import Any

from sop.officer import Officer
from store import seen
from store.db import Change, View


def first(change: Change, key: str, actor: Officer, now: datetime) -> bool:
    """Note the key; "" is an act that nobody repeats. False: this was done before, see `answer`."""
    return not key or seen.first(change, f"officer.{actor.id}", key, now)


def keep(change: Change, key: str, actor: Officer, **answer: Any) -> None:
    """What the second call is told."""
    if key:
        seen.answer(change, f"officer.{actor.id}", key, answer)


def answer(view: View, key: str, actor: Officer) -> dict[str, Any]:
    """What the first call was told."""
    found = seen.find(view, f"officer.{actor.id}", key)
    return found[1] if found else {}
