"""How fast we may speak: per chat, per group and in all, in turn and by rank, on monotonic time."""

import asyncio
import heapq
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from math import inf
from typing import NamedTuple

from sop.errors import N_
from sop.messages import SendFailed

SHARE = 0.96
"""Part of the provider's allowance that we use: clocks and networks are not exact."""
DEADLINE = 30.0
"""Seconds for one message, waiting for its turn included; each further part of a long one may take MORE."""
MORE = 6.0
LATE = 0.25
"""Seconds by which turns may be made up for when our own process was late, as far as the window has room."""
SOONEST = 0.002
"""Seconds between two looks at who is next; at a thousand a second, two leave together."""
DOUBT = 0.5
"""Seconds for which a turn waits for the answer to the message that opens its window, and no longer: one that is never
answered holds nobody up."""
LOOK = 0.005
"""Seconds between two looks whether that answer has come."""
QUICKEST = 4096
"""Answers of which the quickest is taken for the way's own time; two such spans are remembered."""
CROWD = 5000
"""Chats that are remembered before idle ones are looked for; twice what stays, the next time."""
PATIENCE = timedelta(seconds=10)
"""How long a pause between two parts may be before the rest is given up."""

Part = Callable[[], Awaitable[str]]


class Departure:
    """One message that left at `left`. The provider counted it no later than `known` says; None: no answer yet."""

    __slots__ = ("known", "left")

    def __init__(self, left: float) -> None:
        self.left = left
        self.known: float | None = None


class Waiting(NamedTuple):
    rank: int
    turn: int
    granted: asyncio.Future[Departure]


class Lane:
    """One chat: its messages leave in the order they came, `apart` seconds from one another."""

    __slots__ = ("free_at", "lock", "sent")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.free_at = 0.0
        self.sent: deque[float] = deque()


class Pace:
    """Grants turns. Rates are messages a second in all, a second and chat, a minute and group.

    `clock` is monotonic seconds; the loop's own, unless another is given, is as old as the loop's round. Turns are
    spaced evenly rather than in bursts; what our own process was late by is made up for. No window of the provider,
    wherever it begins and a little longer than its own, sees more than it allows: also where the provider or the way was
    slow, as far as its answers tell (`answered`). Among those who wait the lower rank goes first, then who came first.
    """

    def __init__(
        self,
        in_all: float = 30.0,
        per_chat: float = 1.0,
        per_group: int = 20,
        share: float = SHARE,
        *,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._clock = clock
        self._apart = 1.0 / (in_all * share)
        self._apart_in_chat = 1.0 / (per_chat * share)
        self._per_group = per_group
        self._minute = 60.0 / share
        self._lanes: dict[str, Lane] = {}
        self._waiting: list[Waiting] = []
        self._turns = 0
        self._free_at = 0.0
        self._granted: deque[Departure] = deque(maxlen=max(1, int(in_all)))
        self._window = (self._granted.maxlen or 1) * self._apart
        self._strict = (self._granted.maxlen or 1) / in_all
        self._quickest, self._before, self._answers = inf, inf, 0
        self._timer: asyncio.TimerHandle | None = None
        self._crowd = CROWD

    def beside(self, in_all: float) -> "Pace":
        """Another allowance in all, over the same chats: what one grants a chat, the other waits for."""
        other = Pace(in_all, clock=self._clock)
        other._lanes = self._lanes
        return other

    def _now(self) -> float:
        return self._clock() if self._clock else asyncio.get_running_loop().time()

    async def turn(self, chat: str, *, group: bool = False, rank: int = 0) -> Departure:
        """Wait until one message may leave for this chat. It leaves when this answers."""
        lane = self._lane(chat)
        async with lane.lock:
            await self._until(self._lane_free_at(lane, group))
            departure = await self._grant(rank)
            departure.left = now = self._now()  # it leaves only now
            lane.free_at = max(lane.free_at, now + self._apart_in_chat)
            if group:
                lane.sent.append(now)
        return departure

    def answered(self, departure: Departure) -> None:
        """The provider's answer is there. It counted the message by then, less the quickest way that was seen: what
        took longer may have waited before it was counted, beside what left after it."""
        now = self._now()
        took = now - departure.left
        self._quickest, self._answers = min(self._quickest, took), self._answers + 1
        departure.known = now - min(self._quickest, self._before)
        if self._answers % QUICKEST == 0:
            self._before, self._quickest = self._quickest, inf

    def hold(self, chat: str, seconds: float) -> None:
        """The provider asked for patience with this chat: nothing leaves for it before."""
        lane = self._lane(chat)
        lane.free_at = max(lane.free_at, self._now() + seconds)

    def _lane(self, chat: str) -> Lane:
        if len(self._lanes) > self._crowd:
            self._forget_idle_lanes()
            self._crowd = 2 * len(self._lanes) + CROWD
        return self._lanes.setdefault(chat, Lane())

    def _forget_idle_lanes(self) -> None:
        past = self._now() - self._minute
        idle = [chat for chat, each in self._lanes.items() if not each.lock.locked() and each.free_at <= past]
        for chat in idle:
            del self._lanes[chat]

    def _lane_free_at(self, lane: Lane, group: bool) -> float:
        if not group:
            return lane.free_at
        while len(lane.sent) > self._per_group:
            lane.sent.popleft()
        window = lane.sent[0] + self._minute if len(lane.sent) == self._per_group else 0.0
        return max(lane.free_at, window)

    async def _until(self, moment: float) -> None:
        pause = moment - self._now()
        if pause > 0:
            await asyncio.sleep(pause)

    async def _grant(self, rank: int) -> Departure:
        loop, now = asyncio.get_running_loop(), self._now()
        if not self._waiting and now >= self._due(now):
            return self._spend(now)
        self._turns += 1
        granted: asyncio.Future[Departure] = loop.create_future()
        heapq.heappush(self._waiting, Waiting(rank, self._turns, granted))
        if self._timer is None:
            self._timer = loop.call_later(self._due(now) - now, self._next)
        return await granted

    def _due(self, now: float) -> float:
        """When the next turn is free: evenly after the last, and when the window that it would close is over."""
        if len(self._granted) < (self._granted.maxlen or 1):
            return self._free_at
        first = self._granted[0]
        due = max(self._free_at, first.left + self._window)
        if not self._answers:  # nobody tells us of answers
            return due
        over = now + LOOK if first.known is None else first.known + self._strict
        return max(due, min(over, first.left + self._window + DOUBT))

    def _spend(self, now: float, late: float = 0.0) -> Departure:
        """One turn is taken. The next is due `apart` after it was due, not after it was taken, up to `late` seconds."""
        self._free_at = max(self._free_at, now - late) + self._apart
        departure = Departure(now)
        self._granted.append(departure)
        return departure

    def _next(self) -> None:
        """Give the turns that are free to the first of those who still wait."""
        self._timer, now = None, self._now()
        while self._waiting and self._due(now) <= now:
            waiting = heapq.heappop(self._waiting)
            if not waiting.granted.cancelled():
                waiting.granted.set_result(self._spend(now, LATE))
        if self._waiting:  # timers of a loop ring to the millisecond: a shorter one would only be asked again
            pause = max(self._due(now) - now, SOONEST)
            self._timer = asyncio.get_running_loop().call_later(pause, self._next)


async def in_parts(
    parts: Sequence[Part], turn: Callable[[], Awaitable[object]], deadline: float = DEADLINE
) -> str:
    """Send the parts of one message in order, each at its turn; answers the first one's id.

    Raises SendFailed. When some parts were sent and the next could not be, the whole is `unknown`: a person must look.
    """
    sent: list[str] = []
    under_way = False
    try:
        async with asyncio.timeout(deadline + MORE * (len(parts) - 1)):
            for part in parts:
                await turn()
                under_way = True
                sent.append(await _patiently(part, again=bool(sent)))
                under_way = False
    except TimeoutError:
        silent = N_("Penyedia tidak menjawab tepat waktu.") if under_way else N_("Giliran kirim belum tiba.")
        failure = SendFailed(silent, unknown=under_way, retry=None if under_way else timedelta(0))
    except SendFailed as refused:
        failure = refused
    else:
        return sent[0]
    if not sent:
        raise failure
    raise SendFailed(
        f"Baru {len(sent)} dari {len(parts)} bagian terkirim. {failure.reason}",
        unknown=True,
        blocked=failure.blocked,
    )


async def _patiently(part: Part, *, again: bool) -> str:
    """A later part that is asked to wait a little waits here, so that the message stays whole."""
    try:
        return await part()
    except SendFailed as failure:
        if not again or failure.unknown or failure.retry is None or failure.retry > PATIENCE:
            raise
        await asyncio.sleep(max(1.0, failure.retry.total_seconds()))
        return await part()
