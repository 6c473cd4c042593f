"""The loop that looks after the desk itself: a sample an interval, alerts, and the day's anchor of the chain."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from desk import alerts, anchoring, state
from desk.alerts import Telling
from desk.meter import Histogram, Meter, quantile
from desk.state import Live
from sop.trouble import Bounds, troubles
from store import state as rows
from store.db import Change, Database, View
from store.state import Sample, Standing

EVERY = 60.0  # seconds between two looks
INTERVAL = timedelta(minutes=5)
KEPT = timedelta(hours=25)
SURE = 0.99


class _Counts:
    """What the meter stood at when the last sample was taken."""

    def __init__(self, meter: Meter) -> None:
        self.sent = sum(n for (_, outcome), n in meter.sent.items() if outcome == "sent")
        self.errors = sum(n for (_, outcome), n in meter.sent.items() if outcome != "sent")
        self.commits, self.lag = list(meter.commits.counts), list(meter.lag.counts)
        self.groups, self.acts = sum(meter.groups.counts), meter.groups.total


class Lookout:
    """`live` says what no row does, at the moment of asking."""

    def __init__(
        self,
        db: Database,
        clock: Callable[[], datetime],
        meter: Meter,
        live: Callable[[], Live],
        telling: Telling,
        bounds: Bounds,
    ) -> None:
        self._db = db
        self._clock = clock
        self._meter = meter
        self._live = live
        self._telling = telling
        self._bounds = bounds
        self._before = _Counts(meter)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.once()
            await asyncio.sleep(EVERY)

    async def once(self) -> None:
        """Look, tell what must be told, keep a sample and an anchor when it is time."""
        now, live = self._clock(), self._live()
        standing, last = await self._db.read(_seen, now)
        found = troubles(state.facts(standing, live), self._bounds, now)
        if found or standing.alerts:
            await self._db.write(alerts.look, found, self._telling, now)
        await self._db.write(anchoring.daily, self._telling, now)
        if last is None or abs(now - last[0]) >= INTERVAL:
            taken = await self._db.read(rows.taken_since, last[1].message) if last else {}
            await self._db.write(_keep, now, self._sample(standing, live, taken, now))

    def _sample(self, standing: Standing, live: Live, taken: dict[str, int], now: datetime) -> Sample:
        before, self._before = self._before, _Counts(self._meter)
        after, meter = self._before, self._meter
        groups = after.groups - before.groups
        return Sample(
            message=standing.message,
            taken=taken,
            sent=after.sent - before.sent,
            errors=after.errors - before.errors,
            commit=_sure(meter.commits, before.commits),
            group=(after.acts - before.acts) / groups if groups else None,
            lag=_sure(meter.lag, before.lag),
            waiting=sum(heap.n for heap in standing.outbox.values()),
            oldest=state.oldest(standing.outbox, now),
            breached=standing.breached.n,
            parked=standing.parked.n,
            disk=live.space.share if live.space else 1.0,
        )


def _seen(view: View, now: datetime) -> tuple[Standing, tuple[datetime, Sample] | None]:
    return state.standing(view, now), rows.last_sample(view)


def _keep(change: Change, now: datetime, sample: Sample) -> None:
    rows.add_sample(change, now, sample, forget=now - KEPT)


def _sure(histogram: Histogram, before: list[int]) -> float | None:
    """What 99 of 100 stayed under since then."""
    counts = [now - then for now, then in zip(histogram.counts, before, strict=True)]
    return quantile(histogram.bounds, counts, SURE)
