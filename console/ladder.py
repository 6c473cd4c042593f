"""The steps of a case beside their limits: what is measured, what runs, what is still allowed."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from sop import wording
from sop.calendar import Calendar, office_hours
from sop.clock import working
from sop.days import day_length
from sop.errors import N_
from sop.language import Language, translate
from sop.limit import Hours, limit_words
from sop.office import Office
from sop.procedure import NoSuchStep, Procedure, Role, Step, lane_of, speaker_lane, step_of
from sop.ticket import Ticket
from sop.visit import VACANT, Visit

TOP = 7


class Rung(Struct, frozen=True, kw_only=True):
    """One row: `state` is the class of the ladder ("done", "done over", "now", "todo"), `left` its clock."""

    name: str
    who: str
    state: str
    left: wording.Left
    limit: str


class Strip(Struct, frozen=True, kw_only=True):
    """The line under the ticket's title: where it stands now."""

    name: str
    lane: str
    due_at: datetime | None
    left: wording.Left
    limit: str
    height: int


class Ladder(Struct, frozen=True, kw_only=True):
    """`climbs`: a ladder of decision, read upward; else a path, read downward."""

    title: str
    climbs: bool
    rungs: tuple[Rung, ...]


class Seen(Struct, frozen=True, kw_only=True):
    """What the words need to know of reader and case."""

    office: Office
    ticket: Ticket
    names: Mapping[int, str]
    now: datetime
    language: Language

    @property
    def calendar(self) -> Calendar:
        unit = self.office.units.get(self.ticket.unit or 0)
        return unit.calendar if unit else office_hours()

    @property
    def procedure(self) -> Procedure | None:
        bound = self.office.pinned(self.ticket.procedure)
        return bound.procedure if bound else None


def strip(seen: Seen) -> Strip | None:
    """None where no step is open."""
    ticket, procedure = seen.ticket, seen.procedure
    if procedure is None or not ticket.step:
        return None
    try:
        step, lane = step_of(procedure, ticket.step), lane_of(procedure, ticket.lane)
    except NoSuchStep:
        return None
    opened = ticket.step_at or ticket.opened_at
    left = wording.left(
        ticket.due_at,
        seen.now,
        seen.calendar,
        opened=opened,
        hours=step.hours or "kerja",
        language=seen.language,
    )
    climbs = any(each.rung for each in procedure.steps)
    return Strip(
        name=step_name(step, seen.language),
        lane=lane.name,
        due_at=ticket.due_at,
        left=left,
        limit=limit_words(step.limit, seen.language),
        height=min(TOP, 1 + step.rung) if climbs else 0,
    )


def step_name(step: Step, language: Language) -> str:
    activity = step.activity[:1].lower() + step.activity[1:]
    if not step.number:
        return step.activity
    return translate(N_("Langkah {number}, {activity}"), language, number=step.number, activity=activity)


def ladder(seen: Seen, history: list[Visit], current: Visit | None) -> Ladder | None:
    """All steps a case may stay at; None where no procedure holds it."""
    procedure = seen.procedure
    if procedure is None:
        return None
    climbs = any(step.rung for step in procedure.steps)
    steps = _rungs(procedure) if climbs else [step for step in procedure.steps if step.visited]
    shown = [_rung(seen, procedure, step, climbs, history, current) for step in steps]
    return Ladder(title=procedure.title, climbs=climbs, rungs=tuple(shown))


def _rungs(procedure: Procedure) -> list[Step]:
    """The speaking lane's first stay, then each rung of the ladder once, and who stands above its last (UC3: Rektor)."""
    speaker = speaker_lane(procedure)
    first = next(step for step in procedure.steps if step.visited and step.lane == speaker)
    seen: dict[str, Step] = {speaker: first}
    for step in procedure.steps:
        if step.rung or lane_of(procedure, step.lane).role is Role.SUPERIOR:
            seen.setdefault(step.lane, step)
    return list(seen.values())


def _rung(
    seen: Seen, procedure: Procedure, step: Step, climbs: bool, history: list[Visit], current: Visit | None
) -> Rung:
    def here(visit: Visit) -> bool:
        return visit.lane == step.lane if climbs else visit.step == step.id

    name = lane_of(procedure, step.lane).name if climbs else step.activity
    limit = limit_words(step.limit, seen.language)
    if current and here(current):
        left = measured(seen, procedure, current)
        who = seen.names.get(current.holder or seen.ticket.holder or 0, "")
        return Rung(name=name, who=who, state="now", left=left, limit=limit)
    past = [visit for visit in history if here(visit) and visit.decision != VACANT]
    if not past:
        return Rung(name=name, who="", state="todo", left=wording.Left("", "", 0), limit=limit)
    own = [visit for visit in past if visit.step == step.id] or past
    over = any(measured(seen, procedure, visit).state == "late" for visit in past)
    return Rung(
        name=name,
        who=seen.names.get(own[-1].by or own[-1].holder or 0, ""),
        state="done over" if over else "done",
        left=_used(seen, procedure, own[-1]),
        limit=limit,
    )


def _used(seen: Seen, procedure: Procedure, visit: Visit) -> wording.Left:
    """How long a closed stay took, in the time its limit counts; the limit stands beside it."""
    left = measured(seen, procedure, visit)
    end = visit.closed_at or seen.now
    if _hours(procedure, visit) == "24x7":
        return wording.Left(left.state, wording.span(end - visit.opened_at, seen.language), left.share)
    took = working(seen.calendar, visit.opened_at, end)
    return wording.Left(
        left.state, wording.span(took, seen.language, day=day_length(seen.calendar)), left.share
    )


def measured(seen: Seen, procedure: Procedure, visit: Visit) -> wording.Left:
    """The clock of one stay; no words where it had no due time."""
    return wording.left(
        visit.due_at,
        seen.now,
        seen.calendar,
        opened=visit.opened_at,
        closed=visit.closed_at,
        hours=_hours(procedure, visit),
        language=seen.language,
    )


def _hours(procedure: Procedure, visit: Visit) -> Hours:
    try:
        return step_of(procedure, visit.step).hours or "kerja"
    except NoSuchStep:
        return "kerja"
