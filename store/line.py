"""Work that stands in line for a database thread. One trip to the thread serves all who wait."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Generic, Protocol, TypeVar

from sop.errors import Unavailable

T = TypeVar("T")
ROOM = 1024  # callers that may stand in line for a writer
TOGETHER = 128  # acts of one transaction
PATIENCE = 12.0  # seconds a caller stands in line: providers of webhooks wait 15


class Job(Generic[T]):
    """Work, what came of it on the thread, what it wants told after COMMIT, and the caller who waits."""

    def __init__(self, work: Callable[[Any], T]) -> None:
        self.work = work
        self.caller: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self.since = time.monotonic()
        self.topics: list[str] = []
        self.error: BaseException | None = None
        self.result: T | None = None

    def attempt(self, on: Any) -> None:
        self.topics.clear()
        try:
            self.result, self.error = self.work(on), None
        except StopIteration as error:
            self.error = RuntimeError(f"an act raised {error!r}")  # no future may carry it
        except BaseException as error:
            self.error = error

    def tell(self) -> None:
        if self.caller.done():
            return  # the caller left in the middle: what was done is kept, and nobody hears
        if self.error is not None:
            self.caller.set_exception(self.error)
        else:
            self.caller.set_result(self.result)  # type: ignore[arg-type]  # no error: it is the work's own


class Carrier(Protocol):
    async def carry(self, work: Callable[[Any], T]) -> T: ...


Group = list[Job[Any]]
Measured = Callable[[int, float], None]  # acts of a group, and seconds until it was on disk


class Lane:
    """The line before one connection. `trip` takes a group to its thread; at most `room` callers stand in line.

    Who waits longer than `patience` seconds, for a place or in it, hears `Unavailable`.
    """

    def __init__(
        self,
        trip: Callable[[Group], Awaitable[None]],
        room: int,
        *,
        most: int = TOGETHER,
        patience: float = PATIENCE,
        told: Callable[[list[str]], None] | None = None,
        measured: Measured | None = None,
    ) -> None:
        self._trip = trip
        self._room = asyncio.Semaphore(room)
        self._most = most
        self._patience = patience
        self._told = told
        self._measured = measured
        self._waiting: Group = []
        self._serving: asyncio.Task[None] | None = None
        self._closed = False

    async def carry(self, work: Callable[[Any], T]) -> T:
        await self._enter()
        try:
            if self._closed:
                raise Unavailable("the database is closed")
            job = Job(work)
            self._waiting.append(job)
            if self._serving is None:
                self._serving = asyncio.create_task(self._serve())
            return await job.caller
        finally:
            self._room.release()

    async def _enter(self) -> None:
        if not self._room.locked():
            await self._room.acquire()
            return
        try:
            async with asyncio.timeout(self._patience):
                await self._room.acquire()
        except TimeoutError:
            raise Unavailable("too many callers wait for the database") from None

    async def close(self) -> None:
        """Who stands in line is still served; nobody may join it."""
        self._closed = True
        if self._serving:
            await self._serving

    async def _serve(self) -> None:
        while self._waiting:
            group = [job for job in self._waiting[: self._most] if not job.caller.cancelled()]
            del self._waiting[: self._most]
            group = self._without_the_late(group)
            if not group:
                continue
            began = time.monotonic()
            try:
                await self._trip(group)
            except Exception as error:  # no caller may be left standing
                for job in group:
                    job.error = Unavailable(str(error))
            if self._measured:
                self._measured(len(group), time.monotonic() - began)
            self._answer(group)
        self._serving = None

    def _without_the_late(self, group: Group) -> Group:
        limit = time.monotonic() - self._patience
        if group and group[0].since > limit:
            return group  # the line is in order: the first waited longest
        for job in group:
            if job.since <= limit:
                job.error = Unavailable("waited too long for the database")
                job.tell()
        return [job for job in group if job.since > limit]

    def _answer(self, group: Group) -> None:
        topics = [topic for job in group if job.error is None for topic in job.topics]
        for job in group:
            job.tell()
        if topics and self._told:
            self._told(topics)


class Pool:
    """Several lanes; each job takes a free one."""

    def __init__(self, lanes: Iterable[Lane]) -> None:
        self._free: asyncio.LifoQueue[Lane] = asyncio.LifoQueue()
        for lane in lanes:
            self._free.put_nowait(lane)

    async def carry(self, work: Callable[[Any], T]) -> T:
        lane = await self._free.get()
        try:
            return await lane.carry(work)
        finally:
            self._free.put_nowait(lane)
