"""The one way out: each channel's loop claims what is due, sends it, and keeps what came of it (P5, P6, P11)."""

import asyncio
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import structlog

from desk import sending
from desk.keeping import Keeper
from sop.errors import N_, Unavailable
from sop.messages import Outgoing, Priority, Receipt, SendFailed
from store import outbox
from store.bell import Ear
from store.db import Change, Database
from store.outbox import Letter

P = ParamSpec("P")
T = TypeVar("T")
log = structlog.get_logger()
# Answers and notices of one channel that are under way together; lines keep their order all the same.
AT_ONCE = 8
# Announcements under way beside them, as many as the provider's pace asks for; an answer always finds a free hand.
# What is under way when a process dies is unknown afterwards, so they are no more than needed.
FEWEST, MOST = 8, 128
QUICK, SLOW = 0.05, 0.2  # seconds from claim to claim: below, there are too few hands; above, too many
TICK = 1.0  # seconds until the queue is looked at again when nobody rings
DEADLINE = 90.0  # seconds for one send, whatever the peer does: above every channel's own
STALE = timedelta(seconds=DEADLINE + 60)  # a live process has settled what it took by then
RECHECK = 30.0  # seconds between two looks for what a dead process left
REST = 3.0  # seconds after taking over until whoever did this work before has surely stopped: above GRACE
NOBODY = "-"
SOLE = "desk"  # name of the one process of a desk on SQLite
GRACE = 2.0  # seconds that sends under way are given when the desk stops


class Sender(Protocol):
    """What the loop needs of a channel or bot. Raises SendFailed and nothing else."""

    async def send(self, outgoing: Outgoing) -> Receipt: ...


class Hands:
    """The sends of one channel that are under way: announcements have their own, so that they never keep an answer."""

    def __init__(self) -> None:
        self.answers: set[asyncio.Task[None]] = set()
        self.pushed: set[asyncio.Task[None]] = set()
        self.freed = asyncio.Event()
        self.width = FEWEST
        self._last = 0.0

    @property
    def free(self) -> int:
        return AT_ONCE - len(self.answers)

    @property
    def room(self) -> int:
        """For announcements; 0 until a quarter of the hands is free, so that a claim is worth its commit."""
        free = self.width - len(self.pushed)
        return free if free >= self.width // 4 else 0

    def claimed(self, now: float) -> None:
        """Announcements were claimed at `now`, in monotonic seconds: how soon shows how many hands the pace takes."""
        apart, self._last = now - self._last, now
        if apart < QUICK:
            self.width = min(MOST, self.width * 2)
        elif apart > SLOW:
            self.width = max(FEWEST, self.width // 2)

    def take(self, task: asyncio.Task[None], letter: Letter) -> None:
        broadcast = letter.outgoing.priority is Priority.BROADCAST
        (self.pushed if broadcast else self.answers).add(task)
        task.add_done_callback(self._pushed if broadcast else self._answered)

    def _answered(self, task: asyncio.Task[None]) -> None:
        self.answers.discard(task)
        self.freed.set()

    def _pushed(self, task: asyncio.Task[None]) -> None:
        self.pushed.discard(task)
        if self.room:
            self.freed.set()


class Delivery:
    """The loops of all senders. `senders` may grow while it runs: a channel whose library loads comes later.

    `name` is this process among those that share the work; `gone` says of another's name that it is known to have ended.
    `alone`: only who holds the lease delivers, so that `REST` after it was taken nobody else sends any more.
    """

    def __init__(
        self,
        db: Database,
        clock: Callable[[], datetime],
        *,
        name: str = SOLE,
        gone: Callable[[str], bool] = lambda _: False,
        alone: bool = False,
        jitter: Callable[[], float] = random.random,
        grace: float = GRACE,
    ) -> None:
        self._db = db
        self._clock = clock
        self._name = name
        self._gone = gone
        self._alone = alone
        self._jitter = jitter
        self._grace = grace
        self._keeper = Keeper(lambda taken: self._patiently(sending.all_sent, taken, self._clock()))

    async def run(self, senders: Mapping[str, Sender]) -> None:
        """Deliver until cancelled. What a crash of this process left under way is settled first, another's in time."""
        await self.recover()
        async with asyncio.TaskGroup() as loops:
            loops.create_task(self._recheck(), name="delivery.recheck")
            for channel, sender in senders.items():
                loops.create_task(self.serve(channel, sender), name=f"delivery.{channel}")

    async def recover(self, *, begins: bool = True, rested: bool = False) -> None:
        """Rows that a dead process was sending: they may have arrived, and are treated so.

        `begins`: nothing is under way here, so rows in our name are left over. Another's are once it is known to have
        ended, or once it has lost the work to us and `rested` says that it had time to stop; else when they are stale.
        Rows that a clock queued which was set back since do not wait for it either.
        """
        now = self._clock()
        takers = await self._db.read(outbox.takers)
        dead = {name for name in takers if self._ended(name, begins=begins, rested=rested)}
        for taker in sorted(dead | {NOBODY}):
            while await self._patiently(sending.recover, now, taker=taker, before=now - STALE):
                pass
        if await self._db.read(outbox.queued_ahead, now + sending.SKEW):
            await self._patiently(sending.hasten, now)

    def _ended(self, taker: str, *, begins: bool, rested: bool) -> bool:
        if taker == self._name:
            return begins
        return (self._alone and rested) or self._gone(taker)

    async def _recheck(self) -> None:
        pause = REST
        while True:
            await asyncio.sleep(pause)
            pause = RECHECK
            try:
                await self.recover(begins=False, rested=True)
            except Unavailable as error:
                log.warning("outbox unavailable", reason=str(error))

    async def serve(self, channel: str, sender: Sender) -> None:
        """One channel's loop, until cancelled. What is still under way after the grace is cut off: `recover` settles
        it at the next start."""
        hands = Hands()
        try:
            await self._send_side_by_side(channel, sender, hands)
        finally:
            await _end(hands.answers | hands.pushed, self._grace)
            await self._keeper.close()

    async def _send_side_by_side(self, channel: str, sender: Sender, hands: "Hands") -> None:
        """Claim as many as there are free hands, for ever."""
        with self._db.bell.ear(f"outbox.{channel}") as ear:
            while True:
                hands.freed.clear()
                free = hands.free
                letters = await self._claim(channel, free, hands.room)
                for letter in letters:
                    hands.take(asyncio.create_task(self._deliver(sender, letter)), letter)
                answers = sum(letter.outgoing.priority is not Priority.BROADCAST for letter in letters)
                if answers < len(letters):
                    hands.claimed(asyncio.get_running_loop().time())
                if not answers or answers < free:  # the queue is empty, or a free hand will ring
                    await _first(hands.freed, ear)

    async def drain(self, senders: Mapping[str, Sender]) -> int:
        """Deliver all that is due now, and no longer: for tests and tools. How many were tried."""
        tried = 0
        for channel, sender in senders.items():
            while letters := await self._claim(channel, AT_ONCE, AT_ONCE):
                await asyncio.gather(*(self._deliver(sender, letter) for letter in letters))
                await self._keeper.close()
                tried += len(letters)
        return tried

    async def _claim(self, channel: str, most: int, pushed: int) -> list[Letter]:
        """Up to `most` answers and notices, and up to `pushed` announcements."""
        if not most and not pushed:
            return []
        try:
            return await self._db.write(
                sending.claim, channel, self._clock(), most, self._name, pushed=pushed
            )
        except Unavailable as error:
            log.warning("outbox unavailable", channel=channel, reason=str(error))
            await asyncio.sleep(TICK)
            return []

    async def _deliver(self, sender: Sender, letter: Letter) -> None:
        structlog.contextvars.bind_contextvars(ticket=letter.ticket, outbox=letter.id)  # in a task of its own
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
            if letter.outgoing.priority is Priority.BROADCAST:
                self._keeper.add(letter, receipt)
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
    left = under_way
    if left:
        _, left = await asyncio.wait(left, timeout=grace)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=TICK)


async def _first(freed: asyncio.Event, ear: Ear) -> None:
    """Until something rings, a hand that is wanted is free, or a tick has passed."""
    rung, free = asyncio.ensure_future(ear.wait(TICK)), asyncio.ensure_future(freed.wait())
    try:
        await asyncio.wait({rung, free}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        rung.cancel()
        free.cancel()
        await asyncio.gather(rung, free, return_exceptions=True)
