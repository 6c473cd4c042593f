"""A case as its reporter reads it: where it stands, what was promised, how late it is; lanes, never officers' names."""

from datetime import datetime, timedelta

from msgspec import Struct

from sop import wording
from sop.calendar import Calendar, office_hours
from sop.clock import local_date, working
from sop.days import day_length
from sop.errors import N_
from sop.language import Language, translate
from sop.limit import limit_words
from sop.office import Office
from sop.procedure import Lane, NoSuchStep, Procedure, Role, Step, lane_of, step_of
from sop.reporter import state_of
from sop.ticket import Status, Ticket
from sop.visit import VACANT, Visit
from sop.wording import Left


class Stop(Struct, frozen=True):
    """One line of the path: `state` is the class of `.flow` ("done", "done over", "now", "todo")."""

    state: str
    name: str
    words: str


class Journey(Struct, frozen=True, kw_only=True):
    """`now` says where the case stands, `due` by when that step ends ("" where nothing is promised or it is over)."""

    now: str
    due: str
    late: str
    left: Left
    height: int
    stops: tuple[Stop, ...]


class Case(Struct, frozen=True, kw_only=True):
    """What the words need to know."""

    office: Office
    ticket: Ticket
    history: tuple[Visit, ...]
    current: Visit | None
    withdrawn: bool
    now: datetime
    language: Language
    zone: str
    publication: str = ""  # how the publication stands that the ticket asks for

    @property
    def calendar(self) -> Calendar:
        unit = self.office.units.get(self.ticket.unit or 0)
        return unit.calendar if unit else office_hours()

    @property
    def procedure(self) -> Procedure | None:
        bound = self.office.pinned(self.ticket.procedure)
        return bound.procedure if bound else None

    def say(self, message: str, **params: str) -> str:
        return translate(message, self.language, **params)

    def point(self, at: datetime) -> str:
        """hari ini, pukul 13.24 WIB; else Jum 20 Nov, pukul 13.24 WIB."""
        time = wording.clock_time(at, self.zone, self.language)
        day = local_date(self.zone, at)
        if day == local_date(self.zone, self.now):
            return self.say(N_("hari ini, pukul {time}"), time=time)
        year = f" {day.year}" if day.year != local_date(self.zone, self.now).year else ""
        return self.say(
            N_("{day}, pukul {time}"), day=wording.short_day(day, self.language) + year, time=time
        )


def journey(case: Case) -> Journey:
    ticket, procedure = case.ticket, case.procedure
    here = case.current if ticket.status is Status.OPEN else None
    stay = _stay(procedure, here)
    late = ""
    if here and stay and here.due_at and case.now > here.due_at:
        late = _late(case, stay[0], here, case.now)
    left = Left("", "", 0)
    if here and stay:
        hours = stay[0].hours or "kerja"
        left = wording.left(
            here.due_at, case.now, case.calendar, opened=here.opened_at, hours=hours, long=True
        )
    climbs = procedure is not None and any(step.rung for step in procedure.steps)
    return Journey(
        now=_standing(case),
        due=case.point(here.due_at) if here and here.due_at else "",
        late=late,
        left=left,
        height=min(7, 1 + stay[0].rung) if stay and climbs else 0,
        stops=tuple(_stops(case)),
    )


def _standing(case: Case) -> str:
    if case.withdrawn:
        return case.say(N_("Laporan Anda cabut"))
    if case.publication:
        return case.publication.rstrip(".")
    state = state_of(case.office, case.ticket, case.language).rstrip(".")
    return state[:1].upper() + state[1:]


def _stops(case: Case) -> list[Stop]:
    ticket, procedure = case.ticket, case.procedure
    found = [Stop("done", case.say(N_("Laporan diterima")), case.point(ticket.opened_at))]
    found += [stop for visit in case.history if (stop := _past(case, procedure, visit))]
    if case.withdrawn and ticket.closed_at:
        return [*found, Stop("done", case.say(N_("Laporan dicabut")), case.point(ticket.closed_at))]
    if ticket.answered_at:
        found.append(
            Stop("done", case.say(N_("Jawaban disampaikan kepada Anda")), case.point(ticket.answered_at))
        )
    if ticket.status is Status.CLOSED and ticket.closed_at:
        return [*found, Stop("done", case.say(N_("Laporan ditutup")), case.point(ticket.closed_at))]
    if ticket.status is Status.OPEN:
        found.append(_present(case, procedure))
        found.append(Stop("todo", case.say(N_("Jawaban disampaikan kepada Anda")), ""))
    return found


def _past(case: Case, procedure: Procedure | None, visit: Visit) -> Stop | None:
    """A stay that is over; none for a rung that was vacant, a moment's step, or what no procedure knew."""
    stay = _stay(procedure, visit)
    if stay is None or visit.decision == VACANT or visit.closed_at is None:
        return None
    step, lane = stay
    used = _between(case, step, visit.opened_at, visit.closed_at)
    if used < timedelta(minutes=1) and not _over(visit):
        return None
    name = lane.name if lane.role is not Role.REPORTER else case.say(N_("Menunggu keterangan Anda"))
    if _over(visit):
        return Stop("done over", name, _late(case, step, visit, visit.closed_at))
    span = _span(case, step, used)
    if not step.limit:
        return Stop("done", name, span)
    return Stop(
        "done",
        name,
        case.say(N_("{span}, janji kami {limit}"), span=span, limit=limit_words(step.limit, case.language)),
    )


def _present(case: Case, procedure: Procedure | None) -> Stop:
    stay = _stay(procedure, case.current)
    if case.publication:
        return Stop("now", case.say(N_("Permohonan publikasi berjalan")), case.publication)
    if stay is None or case.current is None:
        return Stop("now", case.say(N_("Disalurkan ke unit yang tepat")), "")
    lane = stay[1]
    name = lane.name if lane.role is not Role.REPORTER else case.say(N_("Menunggu keterangan Anda"))
    return Stop("now", name, case.say(N_("sejak {moment}"), moment=case.point(case.current.opened_at)))


def _stay(procedure: Procedure | None, visit: Visit | None) -> tuple[Step, Lane] | None:
    if procedure is None or visit is None or not visit.step:
        return None
    try:
        return step_of(procedure, visit.step), lane_of(procedure, visit.lane)
    except NoSuchStep:
        return None


def _over(visit: Visit) -> bool:
    return visit.due_at is not None and visit.closed_at is not None and visit.closed_at > visit.due_at


def _late(case: Case, step: Step, visit: Visit, until: datetime) -> str:
    assert visit.due_at is not None
    late = _between(case, step, visit.due_at, until)
    words = N_("terlambat {span} dari janji {limit}. Kami mohon maaf.")
    if not step.limit:
        words = N_("terlambat {span} dari janji kami. Kami mohon maaf.")
    return case.say(words, span=_span(case, step, late), limit=limit_words(step.limit, case.language))


def _between(case: Case, step: Step, start: datetime, end: datetime) -> timedelta:
    if (step.hours or "kerja") == "24x7":
        return max(end - start, timedelta(0))
    return working(case.calendar, start, end)


def _span(case: Case, step: Step, length: timedelta) -> str:
    day = wording.DAY if (step.hours or "kerja") == "24x7" else day_length(case.calendar)
    return wording.span(length, case.language, long=True, day=day)
