"""When the next message may leave, by what a provider allows a bot. Pure: seconds of any steady clock come in."""

from collections import deque
from math import inf

SHARE = 0.96  # part of the allowance that is used: clocks and networks are not exact
MINUTE = 60.0
MOST_LANES = 5000


class Lane:
    """One chat: when it is free again, and when its last messages left."""

    __slots__ = ("free_at", "left")

    def __init__(self) -> None:
        self.free_at = 0.0
        self.left: deque[float] = deque()


class Allowance:
    """Books the moments at which messages leave: a second in all, a second and chat, a minute and group.

    Messages of one chat leave in the order they were booked, evenly spaced, so that no window of the provider,
    wherever it begins, sees more than it allows.
    """

    def __init__(
        self, in_all: float = 30.0, per_chat: float = 1.0, per_group: int = 20, share: float = SHARE
    ) -> None:
        self._apart = 1.0 / (in_all * share)
        self._apart_in_chat = 1.0 / (per_chat * share)
        self._per_group = per_group
        self._minute = MINUTE / share
        self._free_at = 0.0
        self._lanes: dict[str, Lane] = {}

    def book(self, chat: str, now: float, *, group: bool = False, within: float = inf) -> float | None:
        """The moment at which one message may leave for this chat; None, and nothing booked, when later than `within`."""
        lane = self._lane(chat, now)
        at = max(now, self._free_at, lane.free_at, self._window(lane) if group else 0.0)
        if at - now > within:
            return None
        self._free_at = max(self._free_at, now) + self._apart
        lane.free_at = at + self._apart_in_chat
        if group:
            lane.left.append(at)
        return at

    def hold(self, chat: str, until: float) -> None:
        """The provider asked for patience with this chat: nothing more leaves for it before."""
        lane = self._lane(chat, until)
        lane.free_at = max(lane.free_at, until)

    def _window(self, lane: Lane) -> float:
        while len(lane.left) > self._per_group:
            lane.left.popleft()
        return lane.left[0] + self._minute if len(lane.left) == self._per_group else 0.0

    def _lane(self, chat: str, now: float) -> Lane:
        if len(self._lanes) > MOST_LANES:
            past = now - self._minute
            self._lanes = {name: lane for name, lane in self._lanes.items() if lane.free_at > past}
        return self._lanes.setdefault(chat, Lane())
