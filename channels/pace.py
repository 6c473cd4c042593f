"""How fast we may speak: per chat, per group and in all, in turn and by rank, on monotonic time."""

import asyncio
import heapq
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
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
CROWD = 5000
"""Chats that are remembered before idle ones are looked for; twice what stays, the next time."""
PATIENCE = timedelta(seconds=10)
"""How long a pause between two parts may be before the rest is given up."""

Part = Callable[[], Awaitable[str]]


class Waiting(NamedTuple):
    rank: int
    turn: int
    granted: asyncio.Future[None]


class Lane:
    """One chat: its messages leave in the order they came, `apart` seconds from one another."""

    __slots__ = ("free_at", "lock", "sent")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.free_at = 0.0
        self.sent: deque[float] = deque()


class Pace:
    """Grants turns. Rates are messages a second in all, a second and chat, a minute and group.

    `clock` is monotonic seconds; the loop's own, unless another is given, is as old as the loop's round. Turns are spaced evenly rather than in bursts; what our own process was late by is made up for. No window of the
    provider, wherever it begins and a little longer than its own, sees more than it allows. Among those who wait the
    lower rank goes first, then who came first.
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
        self._granted: deque[float] = deque(maxlen=max(1, int(in_all)))
        self._window = (self._granted.maxlen or 1) * self._apart
        self._timer: asyncio.TimerHandle | None = None
        self._crowd = CROWD

    def beside(self, in_all: float) -> "Pace":
        """Another allowance in all, over the same chats: what one grants a chat, the other waits for."""
        other = Pace(in_all, clock=self._clock)
        other._lanes = self._lanes
        return other

    def _now(self) -> float:
        return self._clock() if self._clock else asyncio.get_running_loop().time()

    async def turn(self, chat: str, *, group: bool = False, rank: int = 0) -> None:
        """Wait until one message may leave for this chat."""
        lane = self._lane(chat)
        async with lane.lock:
            await self._until(self._lane_free_at(lane, group))
            await self._grant(rank)
            now = self._now()
            self._granted[-1] = max(self._granted[-1], now)  # it leaves only now
            lane.free_at = max(lane.free_at, now + self._apart_in_chat)
            if group:
                lane.sent.append(now)

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

    async def _grant(self, rank: int) -> None:
        loop, now = asyncio.get_running_loop(), self._now()
        if not self._waiting and now >= self._free_at:
            self._spend(now)
            return
        self._turns += 1
        granted: asyncio.Future[None] = loop.create_future()
        heapq.heappush(self._waiting, Waiting(rank, self._turns, granted))
        if self._timer is None:
            self._timer = loop.call_later(self._free_at - now, self._next)
        await granted

    def _spend(self, now: float, late: float = 0.0) -> None:
        """One turn is taken. The next is due `apart` after it was due, not after it was taken, up to `late` seconds."""
        self._free_at = max(self._free_at, now - late) + self._apart
        self._granted.append(now)
        if len(self._granted) == self._granted.maxlen:
            self._free_at = max(self._free_at, self._granted[0] + self._window)

    def _next(self) -> None:
        """Give the turns that are free to the first of those who still wait."""
        self._timer, now = None, self._now()
        while self._waiting and self._free_at <= now:
            waiting = heapq.heappop(self._waiting)
            if not waiting.granted.cancelled():
                waiting.granted.set_result(None)
                self._spend(now, LATE)
        if self._waiting:  # timers of a loop ring to the millisecond: a shorter one would only be asked again
            pause = max(self._free_at - now, SOONEST)
            self._timer = asyncio.get_running_loop().call_later(pause, self._next)


async def in_parts(
    parts: Sequence[Part], turn: Callable[[], Awaitable[None]], deadline: float = DEADLINE
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
