"""Is the chain of events whole? Read from its first event to its last, and held against the anchors of its days."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from sop.errors import N_, DeskError
from store import anchors, trail
from store.db import Reader, View

BATCH = 20_000  # events read at a time: each batch is a still picture, and the chain only grows


class Head(Struct, frozen=True, kw_only=True):
    """What somebody kept of the chain outside the desk."""

    event: int
    hash: str


class Whole(Struct, frozen=True, kw_only=True):
    """How far the chain reaches, and how many anchors it bears out."""

    events: int
    hash: str
    anchors: int


class ChainBroken(DeskError):
    """The first event that does not follow from the one before."""

    def __init__(self, event: int, *, missing: bool) -> None:
        said = (
            N_("Rantai catatan putus di kejadian {event}: kejadian itu hilang atau urutannya diubah.")
            if missing
            else N_("Rantai catatan putus di kejadian {event}: isinya tidak cocok dengan sidiknya.")
        )
        super().__init__(said, event=event)
        self.event = event


class AnchorUnfit(DeskError):
    """A chain that is whole in itself is not the one of that day: its end was cut off, or it was written anew."""

    def __init__(self, event: int, day: str, *, missing: bool) -> None:
        said = (
            N_("Rantai catatan terpotong: kejadian {event} yang dijangkar {day} tidak ada lagi.")
            if missing
            else N_("Rantai catatan ditulis ulang: kejadian {event} bukan yang dijangkar {day}.")
        )
        super().__init__(said, event=event, day=day)
        self.event = event


async def verify(
    db: Reader, *, heads: Sequence[Head] = (), told: Callable[[int], None] = lambda events: None
) -> Whole:
    """Raises ChainBroken, AnchorUnfit. `told` hears of the events read so far; `heads` were kept elsewhere."""
    place, last = 0, ""
    while True:
        broken, end, head = await db.read(trail.first_broken, after=place, before=last, most=BATCH)
        if broken is not None:
            raise ChainBroken(broken, missing=end != broken)
        if end == place:
            break
        place, last = end, head
        told(place)
    for anchor, missing in await db.read(anchors.unfit):
        raise AnchorUnfit(anchor.event, anchor.day, missing=missing)
    for kept in heads:
        found = await db.read(trail.hash_of, kept.event)
        if found != kept.hash:
            raise AnchorUnfit(kept.event, N_("di luar meja"), missing=not found)
    return Whole(events=place, hash=last, anchors=await db.read(_count))


def _count(view: View) -> int:
    return anchors.count(view)
