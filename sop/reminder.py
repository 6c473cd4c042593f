"""When somebody is reminded of a visit, and who: before its due time, at it, and then the rung above. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from sop import clock
from sop.calendar import Calendar
from sop.limit import Limit, Unit
from sop.procedure import Kind, Procedure, Role, Step, landing, lane_of, speaker_lane, step_of
from sop.visit import Visit, is_asked

Word = Literal["before", "due", "told", "escalate", "retry"]
"""Unique with the visit: each is sent once. "told": the rung above hears of it; "retry": try the person elsewhere."""

QUARTER = 4  # the last quarter of a limit is when the console turns amber too


class Reminder(Struct, frozen=True, kw_only=True):
    """What falls due at `at`. `lane` is who hears it; "" is the unit's supervisor."""

    kind: Word
    at: datetime
    lane: str


def reminders(procedure: Procedure, visit: Visit, calendar: Calendar) -> tuple[Reminder, ...]:
    """All reminders of an open visit in order of time; none without a due time or once it is closed.

    Nobody is woken: what falls outside the working day (a midday break is within) comes at the next opening, and a reminder before the due time that would
    come after it is left out. With `on_breach: naik` the due time escalates where the step has a rung above.
    """
    return tuple(_in_order(procedure, visit, calendar))


def first(procedure: Procedure, visit: Visit, calendar: Calendar) -> Reminder | None:
    """The first of them, without working out the others: what an intake needs to know."""
    return next(_in_order(procedure, visit, calendar), None)


def _in_order(procedure: Procedure, visit: Visit, calendar: Calendar) -> Iterator[Reminder]:
    if visit.due_at is None or visit.closed_at is not None:
        return
    step = step_of(procedure, visit.step)
    if (
        lane_of(procedure, visit.lane).role is Role.REPORTER
        and not is_asked(procedure, visit)
        and not step.within
    ):
        yield Reminder(kind="retry", at=visit.due_at, lane=speaker_lane(procedure))
        return
    holder = (
        visit.lane if visit.lane == step.lane and not step.within else _answerable(procedure, step, visit)
    )
    early = _early(step, visit.opened_at, visit.due_at, calendar)
    if early is not None and early < visit.due_at:
        yield Reminder(kind="before", at=early, lane=holder)
    at_due = _awake(calendar, visit.due_at)
    yield Reminder(kind="due", at=at_due, lane=holder)
    yield _after(procedure, step, visit.due_at, visit.opened_at, at_due, calendar)


def above(procedure: Procedure, step: Step) -> str:
    """The lane of the rung above: where the step escalates to, for another step of an agent the first rung, else ""."""
    up = next((choice for choice in step.decisions if choice.kind is Kind.ESCALATE), None)
    target = landing(procedure, up.target) if up else None
    if target is not None:
        return target.lane
    if lane_of(procedure, step.lane).role is Role.AGENT:
        return next((each.lane for each in procedure.steps if each.rung == 1), "")
    return ""


def _answerable(procedure: Procedure, step: Step, visit: Visit) -> str:
    """Who answers for the time while somebody outside has the ball: the lane of the step whose clock goes on."""
    if step.within:
        return step_of(procedure, step.within).lane
    return step.lane if visit.lane != step.lane else visit.lane


def _early(step: Step, opened: datetime, due: datetime, calendar: Calendar) -> datetime | None:
    """When three quarters of the time are gone; None for a limit too short to be reminded of."""
    if step.hours == "24x7" or step.limit is None:
        at = _awake(calendar, opened + (due - opened) * (QUARTER - 1) / QUARTER)
        return at if due > opened else None
    minutes = clock.working(calendar, opened, due) // timedelta(minutes=1) * (QUARTER - 1) // QUARTER
    return clock.due(Limit(minutes, Unit.MINUTE), opened, calendar) if minutes else None


def _awake(calendar: Calendar, at: datetime) -> datetime:
    """`at` within a working day, its breaks included, else the next opening."""
    opening = clock.next_opening(calendar, at)
    day = clock.local_date(calendar.zone, at)
    begun = clock.working(calendar, clock.midnight(calendar.zone, day), at) > timedelta(0)
    return at if begun and clock.local_date(calendar.zone, opening) == day else opening


def _after(
    procedure: Procedure, step: Step, due: datetime, opened: datetime, at_due: datetime, calendar: Calendar
) -> Reminder:
    """What follows the due time: the rung above is told a quarter of the time later, or the case goes up at once."""
    lane = above(procedure, step)
    can = any(choice.kind is Kind.ESCALATE for choice in step.decisions)
    if procedure.on_breach == "escalate" and can:
        return Reminder(kind="escalate", at=at_due, lane=lane)
    if step.hours == "24x7" or step.limit is None:
        return Reminder(kind="told", at=_awake(calendar, at_due + (due - opened) / QUARTER), lane=lane)
    minutes = max(1, clock.working(calendar, opened, due) // timedelta(minutes=QUARTER))
    return Reminder(kind="told", at=clock.due(Limit(minutes, Unit.MINUTE), due, calendar), lane=lane)
