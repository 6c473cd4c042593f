"""Words that fell due are erased by night, and files that were erased leave the disk."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from msgspec import Struct

from desk.erasing import erase_words, family_of
from desk.files import Files
from sop import erasing as rules
from sop.erasing import Rule
from store import erasing as store
from store import memory, retention, search, tickets
from store import office as offices
from store.db import Change, Database, View
from store.retention import Due

log = structlog.get_logger()
LAST = "erasing"  # in the table `memory`: the office's day whose batch is done, and what has left the search index
HOUR = 1  # of the office's night from which a batch may begin
BATCH = 10  # tickets of one act
NIGHT = 5_000  # tickets of one night; the next goes on
ROUNDS = 400  # small merges of the search index in one night
FILES = 50  # looked at in one go
TICK = 60.0  # seconds


class Batch(Struct, frozen=True):
    """`last` is where the next batch goes on; None: there is no more."""

    erased: int
    last: tuple[datetime, int] | None


async def batch(db: Database, now: datetime, after: tuple[datetime, int] | None = None) -> Batch:
    """Erase up to `BATCH` tickets whose words fell due, the longest closed first. They are looked for while others write."""
    found = await db.read(falling, now, after)
    erased = await db.write(fall_due, [each.id for each in found], now) if found else 0
    return Batch(erased, (found[-1].closed_at, found[-1].id) if len(found) == BATCH else None)


def falling(view: View, now: datetime, after: tuple[datetime, int] | None) -> list[Due]:
    known = rules.rules_of(offices.current(view))
    return retention.due(view, rules.cutoffs(known, now), after=after, most=BATCH)


def fall_due(change: Change, numbers: list[int], now: datetime) -> int:
    """Erase those whose words are still due; what is under way waits for another night. How many."""
    known = rules.rules_of(offices.current(change))
    erased = 0
    for number in numbers:
        ticket = tickets.find(change, number)
        if ticket is None:
            continue
        family = family_of(change, ticket)
        days = rules.kept_for(known, _categories(change, family))
        if rules.falls_due(ticket, retention.obstacles(change, family), days, now):
            erase_words(change, ticket, family, Rule.RETENTION, now, days=days)
            erased += 1
    return erased


def _categories(view: View, family: tuple[int, ...]) -> set[int]:
    return {each for number in family for each in tickets.categories(view, number)}


def night_over(change: Change, day: str) -> None:
    """`day` is the office's: the next batch is another day's."""
    memory.save(change, LAST, memory.get(change, LAST) | {"day": day})


def settled(change: Change, begin: bool) -> bool:
    """Whether there is more to merge."""
    return search.settle(change, begin)


def settled_to(change: Change, erasure: int) -> None:
    """The search index holds nothing of this erasure and those before it."""
    memory.save(change, LAST, memory.get(change, LAST) | {"erasure": erasure})


def off_disk(change: Change, path: str) -> None:
    """The file is gone, or something refers to it yet."""
    store.file_gone(change, path)
    change.tell("erased.done")


class Erasing:
    """The loop that erases by night what fell due, and takes from the disk what was erased. `zone` is the desk's."""

    def __init__(self, db: Database, files: Files, clock: Callable[[], datetime], zone: str) -> None:
        self._db = db
        self._files = files
        self._clock = clock
        self._zone = ZoneInfo(zone)

    async def run(self) -> None:
        """Until cancelled."""
        with self._db.bell.ear("erased") as ear:
            while True:
                await self.once()
                await ear.wait(TICK)

    async def once(self) -> int:
        """The night's batch if it is due, then the files; how many tickets were erased."""
        now = self._clock()
        local = now.astimezone(self._zone)
        today = local.date().isoformat()
        erased = 0
        if local.hour >= HOUR and (await self._db.read(memory.get, LAST)).get("day") != today:
            erased = await self.night(now)
            await self.settle()
            await self._db.write(night_over, today)
        await self.sweep()
        return erased

    async def settle(self) -> None:
        """What was erased since the last night leaves the layers of the search index, a little at a time."""
        newest = await self._db.read(retention.newest)
        if newest == (await self._db.read(memory.get, LAST)).get("erasure", 0):
            return
        for turn in range(ROUNDS):
            if not await self._db.write(settled, turn == 0):
                await self._db.write(settled_to, newest)
                return

    async def night(self, now: datetime) -> int:
        """All that fell due, in small acts between which others take their turn; at most `NIGHT`."""
        erased, after = 0, None
        while erased < NIGHT:
            done = await batch(self._db, now, after)
            erased, after = erased + done.erased, done.last
            if after is None:
                break
        if erased:
            log.info("words fell due and were erased", tickets=erased)
        return erased

    async def sweep(self) -> int:
        """Take erased files from the disk. What a crash left half done, or the disk refused, is done the next time."""
        gone, after = 0, ""
        while paths := await self._db.read(store.waiting_files, after, FILES):
            for after in paths:
                if await self._taken(after):
                    await self._db.write(off_disk, after)
                    gone += 1
        return gone

    async def _taken(self, path: str) -> bool:
        if await self._db.read(store.referred, path):
            return True
        try:
            await asyncio.to_thread(self._files.erase, path)
        except OSError as error:
            log.warning("erased file stays on disk", error=type(error).__name__)
            return False
        return True
