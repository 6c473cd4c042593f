"""When a stay is due: by its step's limit, the whole case's, or the step whose clock goes on around it."""

from datetime import datetime, timedelta

from sop import clock
from sop.calendar import Calendar
from sop.limit import Limit, Unit
from sop.procedure import Procedure, Step, step_of
from sop.visit_row import RESUME, History, Visit


def due_at(
    procedure: Procedure, step: Step, now: datetime, calendar: Calendar, past: History
) -> datetime | None:
    """The step's own limit, else the whole case's; a stay inside another step's time has that step's due time."""
    if waited := _waited(procedure, step, past):
        return _resumed(step, waited, now, calendar, past)
    if step.within and step.limit is None:
        outer = next((each for each in reversed(past) if each.step == step.within), None)
        if outer is not None:
            return None if step_of(procedure, step.within).pause else outer.due_at
    settings = procedure.settings
    limit, start = (step.limit, now) if step.limit else (procedure.limit, past[0].opened_at if past else now)
    if limit is None or (limit is procedure.limit and _was_closed(procedure, past)):
        return None
    return clock.due(limit, start, calendar, hk=settings.hk, hari=settings.hari)


def _waited(procedure: Procedure, step: Step, past: History) -> Visit | None:
    """The stay inside this step's time that has just ended: a question to the reporter, or a sub-task."""
    if not past:
        return None
    last = past[-1]
    inside = (
        last.step == step.id if last.decision == RESUME else step_of(procedure, last.step).within == step.id
    )
    return last if inside else None


def _resumed(step: Step, waited: Visit, now: datetime, calendar: Calendar, past: History) -> datetime | None:
    """The due time from before the wait; with `pause`, what was left of the limit then, counted from now."""
    before = next((each for each in reversed(past[:-1]) if each.step == step.id), None)
    if before is None or before.due_at is None or not step.pause:
        return before.due_at if before else None
    if step.hours == "24x7":
        return before.due_at + (now - waited.opened_at)
    left = clock.working(calendar, waited.opened_at, before.due_at)
    minutes = -(-left // timedelta(minutes=1))
    return clock.due(Limit(minutes, Unit.MINUTE), now, calendar) if minutes else before.due_at


def _was_closed(procedure: Procedure, past: History) -> bool:
    """Whether the case was closed for its reporter already: the promise for the whole case is over then."""
    return any(
        choice.closes
        for each in past
        for choice in step_of(procedure, each.step).decisions
        if choice.id == each.decision
    )
