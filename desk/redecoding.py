"""What could not be decoded is decoded again, after a fix: by its channel, from the raw form that was kept (P12)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, runtime_checkable

from desk.seeing import needs
from sop.errors import N_, StillUnreadable
from sop.messages import Delivered, Incoming, Presence
from sop.officer import Officer, Right
from store import parked
from store.db import Reader, View
from store.parked import Parked

Word = Incoming | Presence | Delivered


@runtime_checkable
class Redecoder(Protocol):
    """What a channel has that can decode its raw form once more. `at` is when it came. Raises StillUnreadable."""

    async def redecode(self, raw: bytes, at: datetime) -> Word: ...


def drivable(found: Parked, opened: Mapping[str, object]) -> bool:
    """Whether it may be tried again: it was decoded already, or its channel is open and decodes."""
    return found.incoming is not None or isinstance(opened.get(found.channel), Redecoder)


async def again(db: Reader, opened: Mapping[str, object], number: int, actor: Officer) -> Word | None:
    """The word of a parked message that had none; None where it was decoded already or is not parked any more.

    Raises NotAllowed, StillUnreadable.
    """
    found = await db.read(_parked, number, actor)
    if found is None or found.incoming is not None:
        return None
    channel = opened.get(found.channel)
    if not isinstance(channel, Redecoder):
        raise StillUnreadable(N_("kanalnya tidak terbuka di meja ini"))
    return await channel.redecode(found.raw, found.parked_at)


def _parked(view: View, number: int, actor: Officer) -> Parked | None:
    needs(actor, Right.PARKED)
    found = parked.find(view, number)
    return found if found and found.state == "parked" else None
