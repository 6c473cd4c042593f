"""What the desk knows of its backups: when the next one is due, how the last one went, and that it was put back from one."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from sop.errors import N_
from store import memory, outbox, pushes, trail
from store.db import Change, View

NAME = "backup"  # in the table `memory`
AGAIN = timedelta(hours=1)
MOST = 10_000  # pushes that may be due at once


class Outcome(Struct, frozen=True, kw_only=True):
    """`at` is when it began; `good_at` the last one that was read back whole. Times are ISO texts."""

    at: str
    good: bool
    file: str = ""
    size: int = 0
    seconds: float = 0.0
    reason: str = ""
    good_at: str = ""
    lost: int = 0


def last(view: View) -> Outcome | None:
    """How the last backup went; None before there was one."""
    kept = memory.get(view, NAME)
    return msgspec.convert(kept, Outcome) if kept else None


def note(change: Change, outcome: Outcome) -> None:
    """Keep how it went; when it failed, the last good one stays known."""
    before = last(change)
    good_at = outcome.at if outcome.good else before.good_at if before else ""
    memory.save(change, NAME, msgspec.to_builtins(msgspec.structs.replace(outcome, good_at=good_at)))
    change.tell(NAME)


def due(at: str, zone: str, now: datetime, before: Outcome | None) -> bool:
    """A night's backup is due from its hour ("02.00") on until it was tried; a machine that slept makes it up.

    The day begins anew at that hour. One that failed is tried again after an hour.
    """
    local = now.astimezone(ZoneInfo(zone))
    hour, minute = map(int, at.split("."))
    begins = datetime.combine(local.date(), time(hour, minute), local.tzinfo)
    if local < begins:
        begins -= timedelta(days=1)
    if before is None:
        return True
    tried = datetime.fromisoformat(before.at)
    return tried < begins or (not before.good and now - tried >= AGAIN)


def restored(change: Change, at: str, now: datetime) -> int:
    """Say in the chain that the desk stands on a backup, and hold back what may have left since; how many rows.

    What was waiting to be sent then may have been sent afterwards: an officer looks at each under `/gagal`. For the same
    reason a push that was due is paused, until Humas has looked at the channels (P14).
    """
    for push in pushes.due(change, now, MOST):  # first, so that its rows are not fed
        pushes.set_state(change, push.id, "paused")
    held = outbox.doubt_all(change, now, N_("dipulihkan dari cadangan: mungkin sudah terkirim"))
    trail.add(change, "restored", now, backup=at, held=held)
    return held
