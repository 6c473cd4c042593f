"""Work that one process at a time does: polling, delivering, sweeping. Who holds the lease does it; another takes over when
it ends, at the latest when the lease runs out."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from time import monotonic

import structlog

from sop.errors import Unavailable
from store import leases
from store.db import Change, Database

log = structlog.get_logger()
LASTS = timedelta(seconds=9)
EVERY = 2.0  # seconds between two renewals, and between two looks at a lease that somebody else holds


def take(
    change: Change, name: str, owner: str, now: datetime, gone: Callable[[str], bool] = lambda _: False
) -> bool:
    """`gone` says of an owner that its process is known to have ended."""
    holder = leases.find(change, name)
    if holder and holder.owner != owner and gone(holder.owner):
        leases.give_back(change, name, holder.owner)
    return leases.take(change, name, owner, now=now, until=now + LASTS)


def take_by_shared_clock(
    change: Change, name: str, owner: str, now: datetime, gone: Callable[[str], bool] = lambda _: False
) -> bool:
    """As `take`, by the database server's clock where several machines share one: theirs may differ by more than a lease."""
    return take(change, name, owner, leases.clock(change) or now, gone)


def give_back(change: Change, name: str, owner: str) -> None:
    leases.give_back(change, name, owner)


class Alone:
    """Runs `work` while this process holds the lease `name`. `real` is the machine's clock: leases follow no moved one,
    and the server's own on PostgreSQL."""

    def __init__(
        self,
        db: Database,
        real: Callable[[], datetime],
        owner: str,
        *,
        name: str = "desk",
        gone: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._gone = gone
        self._db = db
        self._real = real
        self._owner = owner
        self._name = name
        self.held = False

    async def run(self, work: Callable[[], Awaitable[None]]) -> None:
        """Until cancelled or `work` returns. Work that lost its lease is cancelled, and begun again with the next one."""
        while True:
            await self._taken()
            working = asyncio.ensure_future(work())
            renewing = asyncio.create_task(self._renewed())
            try:
                await asyncio.wait({working, renewing}, return_when=asyncio.FIRST_COMPLETED)
                if working.done():
                    return await working
                log.warning("lease lost", lease=self._name)
            finally:
                self.held = False
                for task in (renewing, working):
                    task.cancel()
                await asyncio.gather(renewing, working, return_exceptions=True)
                await self._given_back()

    async def _taken(self) -> None:
        told = False
        while not await self._try():
            if not told:
                log.info("another process does the desk's work; this one waits beside it", lease=self._name)
                told = True
            await asyncio.sleep(EVERY)
        self.held = True

    async def _renewed(self) -> None:
        """Ends when the lease is lost: taken by another, or not renewed before it ran out."""
        until = monotonic() + LASTS.total_seconds()
        while True:
            await asyncio.sleep(EVERY)
            asked = monotonic()
            try:
                if not await self._db.write(take_by_shared_clock, self._name, self._owner, self._real()):
                    return
                until = asked + LASTS.total_seconds()
            except Unavailable:
                if monotonic() >= until:
                    return

    async def _try(self) -> bool:
        try:
            return await self._db.write(
                take_by_shared_clock, self._name, self._owner, self._real(), self._gone
            )
        except Unavailable as error:
            log.warning("lease waits for the store", reason=str(error))
            return False

    async def _given_back(self) -> None:
        try:
            await self._db.write(give_back, self._name, self._owner)
        except Unavailable:
            log.warning("lease not given back; it runs out by itself", lease=self._name)
