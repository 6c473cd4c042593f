"""What this process counts of its own work: nothing of it is kept, and nothing of it says whose work it was."""

import asyncio
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

PULSE = 0.5  # seconds between two looks at how late the event loop is
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SIZES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)
QUIET = timedelta(minutes=10)  # a loop that ran so long since it fell over stands again


class Histogram:
    """Counts by upper bound, the last of them without one; `total` is the sum of what was observed."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value


def quantile(bounds: tuple[float, ...], counts: list[int], share: float) -> float | None:
    """The bound that `share` of what was counted did not pass; None when nothing was counted."""
    wanted, passed = share * sum(counts), 0
    if not sum(counts):
        return None
    for bound, count in zip(bounds, counts, strict=False):
        passed += count
        if passed >= wanted:
            return bound
    return bounds[-1]


class Meter:
    """`refused`: channels whose provider does not take our secret now. `fallen`: when a loop last fell over.

    `leads` says whether this process does the desk's work; another one that stands beside it only takes messages in.
    """

    def __init__(self) -> None:
        self.intake: Counter[tuple[str, str]] = Counter()
        self.sent: Counter[tuple[str, str]] = Counter()
        self.commits = Histogram(SECONDS)
        self.groups = Histogram(SIZES)
        self.lag = Histogram(SECONDS)
        self.falls: Counter[str] = Counter()
        self.fallen: dict[str, datetime] = {}
        self.refused: set[str] = set()
        self.leads: Callable[[], bool] = lambda: False

    def took(self, channel: str, outcome: str) -> None:
        """`outcome`: "taken", "parked" or "unavailable"."""
        self.intake[channel, outcome] += 1

    def committed(self, size: int, seconds: float) -> None:
        """A group of acts went to disk together."""
        self.groups.observe(size)
        self.commits.observe(seconds)

    def delivered(self, channel: str, outcome: str) -> None:
        """`outcome`: "sent", "later", "failed", "unknown" or "refused" (our own secret)."""
        self.sent[channel, outcome] += 1
        if outcome == "refused":
            self.refused.add(channel)
        elif outcome == "sent":
            self.refused.discard(channel)

    def fell(self, loop: str, at: datetime) -> None:
        self.falls[loop] += 1
        self.fallen[loop] = at

    def down(self, now: datetime) -> tuple[str, ...]:
        """Loops that fell over and have not run for a while since."""
        return tuple(sorted(loop for loop, at in self.fallen.items() if at > now - QUIET))


async def pulse(meter: Meter) -> None:
    """How late the event loop comes, until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        asked = loop.time()
        await asyncio.sleep(PULSE)
        meter.lag.observe(max(0.0, loop.time() - asked - PULSE))
