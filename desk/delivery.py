"""The one way out: each channel's loop claims what is due, sends it, and keeps what came of it (P5, P6, P11)."""

import asyncio
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import structlog

from desk import sending
from sop.errors import N_, Unavailable
from sop.messages import Outgoing, Receipt, SendFailed
from store import outbox
from store.bell import Ear
from store.db import Change, Database
from store.outbox import Letter

P = ParamSpec("P")
T = TypeVar("T")
log = structlog.get_logger()
AT_ONCE = 8  # sends of one channel that are under way together; lines keep their order all the same
TICK = 1.0  # seconds until the queue is looked at again when nobody rings
DEADLINE = 90.0  # seconds for one send, whatever the peer does: above every channel's own
STALE = timedelta(seconds=DEADLINE + 60)  # a live process has settled what it took by then
RECHECK = 30.0  # seconds between two looks for what a dead process left
NOBODY = "-"
SOLE = "desk"  # name of the one process of a desk on SQLite
GRACE = 2.0  # seconds that sends under way are given when the desk stops


class Sender(Protocol):
    """What the loop needs of a channel or bot. Raises SendFailed and nothing else."""

    async def send(self, outgoing: Outgoing) -> Receipt: ...


class Delivery:
    """The loops of all senders. `senders` may grow while it runs: a channel whose library loads comes later.

    `name` is this process among those that share the work; `gone` says of another's name that it is known to have ended.
    """

    def __init__(
        self,
        db: Database,
        clock: Callable[[], datetime],
        *,
        name: str = SOLE,
        gone: Callable[[str], bool] = lambda _: False,
        jitter: Callable[[], float] = random.random,
        grace: float = GRACE,
    ) -> None:
        self._db = db
        self._clock = clock
        self._name = name
        self._gone = gone
        self._jitter = jitter
        self._grace = grace

    async def run(self, senders: Mapping[str, Sender]) -> None:
        """Deliver until cancelled. What a crash of this process left under way is settled first, another's in time."""
        await self.recover()
        async with asyncio.TaskGroup() as loops:
            loops.create_task(self._recheck(), name="delivery.recheck")
            for channel, sender in senders.items():
                loops.create_task(self.serve(channel, sender), name=f"delivery.{channel}")

    async def recover(self, *, begins: bool = True) -> None:
        """Rows that a dead process was sending: they may have arrived, and are treated so.

        `begins`: nothing is under way here, so rows in our name are left over. Another's are once it is known to have
        ended, else when they are stale.
        """
        now = self._clock()
        takers = await self._db.read(outbox.takers)
        dead = {name for name in takers if (begins if name == self._name else self._gone(name))}
        for taker in sorted(dead | {NOBODY}):
            while await self._patiently(sending.recover, now, taker=taker, before=now - STALE):
                pass

    async def _recheck(self) -> None:
        while True:
            await asyncio.sleep(RECHECK)
            try:
                await self.recover(begins=False)
            except Unavailable as error:
                log.warning("outbox unavailable", reason=str(error))

    async def serve(self, channel: str, sender: Sender) -> None:
        """One channel's loop, until cancelled. What is still under way after the grace is cut off: `recover` settles
        it at the next start."""
        under_way: set[asyncio.Task[None]] = set()
        try:
            await self._send_side_by_side(channel, sender, under_way)
        finally:
            await _end(under_way, self._grace)

    async def _send_side_by_side(
        self, channel: str, sender: Sender, under_way: set[asyncio.Task[None]]
    ) -> None:
        """Claim as many as there are free hands, for ever."""
        with self._db.bell.ear(f"outbox.{channel}") as ear:
            while True:
                free = AT_ONCE - len(under_way)
                letters = await self._claim(channel, free) if free else []
                for letter in letters:
                    task = asyncio.create_task(self._deliver(sender, letter))
                    under_way.add(task)
                    task.add_done_callback(under_way.discard)
                if letters:
                    continue
                await _first(under_way, ear)

    async def drain(self, senders: Mapping[str, Sender]) -> int:
        """Deliver all that is due now, and no longer: for tests and tools. How many were tried."""
        tried = 0
        for channel, sender in senders.items():
            while letters := await self._claim(channel, AT_ONCE):
                await asyncio.gather(*(self._deliver(sender, letter) for letter in letters))
                tried += len(letters)
        return tried

    async def _claim(self, channel: str, most: int) -> list[Letter]:
        try:
            return await self._db.write(sending.claim, channel, self._clock(), most, self._name)
        except Unavailable as error:
            log.warning("outbox unavailable", channel=channel, reason=str(error))
            await asyncio.sleep(TICK)
            return []

    async def _deliver(self, sender: Sender, letter: Letter) -> None:
        try:
            async with asyncio.timeout(DEADLINE):
                receipt = await sender.send(letter.outgoing)
        except SendFailed as failure:
            await self._failed(letter, failure)
        except TimeoutError:
            await self._failed(letter, SendFailed(N_("tidak ada jawaban dari penyedia"), unknown=True))
        except Exception as error:
            log.exception("sender broke its promise", channel=letter.outgoing.channel)
            await self._failed(letter, SendFailed(type(error).__name__, unknown=True))
        else:
            await self._patiently(sending.sent, letter, receipt, self._clock())

    async def _failed(self, letter: Letter, failure: SendFailed) -> None:
        log.info("not sent", channel=letter.outgoing.channel, outbox=letter.id, attempt=letter.attempts)
        await self._patiently(sending.failed, letter, failure, self._clock(), self._jitter())

    async def _patiently(
        self, act: Callable[Concatenate[Change, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What a provider said must be kept: while the store is away, try again."""
        while True:
            try:
                return await self._db.write(act, *args, **kwargs)
            except Unavailable as error:
                log.warning("outbox unavailable", reason=str(error))
                await asyncio.sleep(TICK)


async def _end(under_way: set[asyncio.Task[None]], grace: float) -> None:
    """Nothing of it goes on afterwards. Again and again: a library may swallow one cancellation."""
    if under_way:
        await asyncio.wait(under_way, timeout=grace)
    while under_way:
        for task in under_way:
            task.cancel()
        await asyncio.wait(under_way, timeout=TICK)


async def _first(under_way: set[asyncio.Task[None]], ear: Ear) -> None:
    """Until something rings, a send is done, or a tick has passed."""
    rung = asyncio.ensure_future(ear.wait(TICK))
    try:
        await asyncio.wait({rung, *under_way}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        rung.cancel()
        await asyncio.gather(rung, return_exceptions=True)
