"""When a stay is due: by its step's limit, the whole case's, or the step whose clock goes on around it."""

from datetime import datetime, timedelta

from sop import clock
from sop.calendar import Calendar
from sop.limit import Limit, Unit
from sop.procedure import Procedure, Step, find_step, first_stay, step_of
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
    limit, start = step.limit, now
    if limit is None:
        limit, this = procedure.limit, current_life(procedure, past)
        start = this[0].opened_at if this else now
        if any(_closed(procedure, each) for each in this):
            return None
    settings = procedure.settings
    return clock.due(limit, start, calendar, hk=settings.hk, hari=settings.hari) if limit else None


def current_life(procedure: Procedure, past: History) -> History:
    """The stays since the case was received or, once closed, taken up again at the first step (reopened)."""
    first, start, closed = first_stay(procedure).id, 0, False
    for index, each in enumerate(past):
        if closed and each.step == first:
            start, closed = index, False
        closed = closed or _closed(procedure, each)
    return past[start:]


def _closed(procedure: Procedure, visit: Visit) -> bool:
    """Whether the case was closed for its reporter with this stay: the promise for the whole case is over then."""
    step = find_step(procedure, visit.step)
    return step is not None and any(
        choice.closes
        for each in step.decisions
        for choice in (each, each.instead)
        if choice and choice.id == visit.decision
    )


def _waited(procedure: Procedure, step: Step, past: History) -> Visit | None:
    """The stay inside this step's time that has just ended: a question to the reporter, or a sub-task."""
    last = past[-1] if past else None
    came_from = find_step(procedure, last.step) if last else None
    if last is None or came_from is None:
        return None
    asked = last.step == step.id and last.decision == RESUME
    return last if asked or came_from.within == step.id else None


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
