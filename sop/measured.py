"""What the steps of a procedure really took, beside what the paper promises: medians, the tenth slowest, punctuality. Pure."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from msgspec import Struct

from sop.calendar import Calendar
from sop.clock import working
from sop.merging import MERGED
from sop.procedure import Procedure, Step
from sop.visit import ASK, VACANT

CalendarOf = Callable[[int | None], Calendar]


class Stayed(Protocol):
    """A closed stay with its place, however it is kept."""

    @property
    def ticket(self) -> int: ...
    @property
    def unit(self) -> int | None: ...
    @property
    def step(self) -> str: ...
    @property
    def lane(self) -> str: ...
    @property
    def opened_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime: ...
    @property
    def decision(self) -> str: ...


class Measured(Struct, frozen=True, kw_only=True):
    """One step. Times are of the kind its limit counts: working time, or elapsed time for "24x7" and no limit.

    `share` and `slow_share` are the median and the 90th percentile as parts of the limit, 1.0 is the limit; None
    without one. `met` of `timed` stays were closed in time.
    """

    stays: int
    median: timedelta
    slow: timedelta
    share: float | None
    slow_share: float | None
    met: int
    timed: int

    @property
    def punctual(self) -> float | None:
        return self.met / self.timed if self.timed else None


def measured(
    procedure: Procedure, stays: Iterable[Stayed], calendar_of: CalendarOf
) -> Mapping[str, Measured]:
    """By step. A question to the reporter takes no time of the step's lane, nor does a merge that is undone; the parts
    before and after are added up.
    """
    steps = {step.id: step for step in procedure.steps}
    carried: dict[tuple[int, str], timedelta] = {}
    found: dict[str, list[tuple[timedelta, float | None, bool | None]]] = {}
    for each in stays:
        step = steps.get(each.step)
        if step is None or each.lane != step.lane or each.decision == VACANT:
            continue
        calendar = calendar_of(each.unit)
        took = _between(step, calendar, each.opened_at, each.closed_at)
        took += carried.pop((each.ticket, each.step), timedelta(0))
        if each.decision in (ASK.id, MERGED):
            carried[each.ticket, each.step] = took
            continue
        allowed = _between(step, calendar, each.opened_at, each.due_at) if each.due_at else None
        share = took / allowed if allowed else None
        in_time = each.closed_at <= each.due_at if each.due_at else None
        found.setdefault(each.step, []).append((took, share, in_time))
    return {name: _of(rows) for name, rows in found.items()}


def _of(rows: list[tuple[timedelta, float | None, bool | None]]) -> Measured:
    took = sorted(each[0] for each in rows)
    shares = sorted(each[1] for each in rows if each[1] is not None)
    timed = [each[2] for each in rows if each[2] is not None]
    return Measured(
        stays=len(rows),
        median=took[_place(len(took), 0.5)],
        slow=took[_place(len(took), 0.9)],
        share=shares[_place(len(shares), 0.5)] if shares else None,
        slow_share=shares[_place(len(shares), 0.9)] if shares else None,
        met=sum(timed),
        timed=len(timed),
    )


def _place(amount: int, part: float) -> int:
    """Nearest rank, from 0."""
    return min(amount - 1, int(amount * part))


def _between(step: Step, calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    if step.hours in ("24x7", None):
        return max(end - start, timedelta(0))
    return working(calendar, start, end)
