"""Stays of a ticket at its steps: the visit row, and what the ticket itself shows of it, in one change."""

from datetime import datetime

from msgspec.structs import replace

from desk import following
from sop.calendar import Calendar, office_hours
from sop.office import InForce, Office
from sop.procedure import Procedure, Role, speaker_lane
from sop.reminder import first
from sop.ticket import Status, Ticket
from sop.visit import Move, Visit, begin
from store import officers, visits
from store.db import Change

REPORTER = "pelapor"  # the lane of a case that no procedure holds yet


def calendar_of(office: Office, unit: int | None) -> Calendar:
    found = office.units.get(unit) if unit else None
    return found.calendar if found else office_hours()


def enter(change: Change, office: Office, ticket: Ticket, visit: Visit) -> Ticket:
    """Open the step's visit and let the ticket show it. The ticket is not saved here."""
    bound = office.pinned(ticket.procedure)
    visit = replace(visit, holder=visit.holder or _holder(change, ticket, visit))
    look_at = first_look(bound.procedure, visit, calendar_of(office, ticket.unit)) if bound else None
    visits.add(change, visit, case=ticket.id, unit=ticket.unit, look_at=look_at)
    return shown(ticket, visit)


def _holder(change: Change, ticket: Ticket, visit: Visit) -> int | None:
    """A case that comes back to its holder's lane is in their hands again."""
    holder = officers.find(change, ticket.holder, visit.opened_at) if ticket.holder else None
    return holder.id if holder and visit.lane in holder.lanes(ticket.unit) else None


def first_look(procedure: Procedure, visit: Visit, calendar: Calendar) -> datetime | None:
    """When the sweeper must look at the visit first."""
    reminder = first(procedure, visit, calendar)
    return reminder.at if reminder else None


def wait(change: Change, ticket: Ticket, kind: str, now: datetime, until: datetime) -> None:
    """A wait beside the steps: "offer" for a yes to reopening, "silence" for the reporter after an answer."""
    visit = Visit(step=kind, lane=REPORTER, opened_at=now, due_at=until)
    visits.add(change, visit, case=ticket.id, unit=ticket.unit, look_at=until, kind=kind)


def shown(ticket: Ticket, visit: Visit | None) -> Ticket:
    """The ticket as its open step says; None: no step is open."""
    if visit is None:
        return replace(ticket, step="", lane="", step_at=None, due_at=None)
    return replace(ticket, step=visit.step, lane=visit.lane, step_at=visit.opened_at, due_at=visit.due_at)


def start(change: Change, office: Office, ticket: Ticket, bound: InForce | None, now: datetime) -> Ticket:
    """Bind the case to its procedure and open the first step; without one the case waits with its reporter.

    A chain of publication is walked by the publication that the ticket asks for (`desk.publication_requests`).
    """
    if bound is None or bound.publishes:
        return enter(change, office, ticket, Visit(step="", lane=REPORTER, opened_at=now))
    past = visits.history(change, ticket.id) if ticket.opened_at != now else []
    visit = begin(bound.procedure, now, calendar_of(office, ticket.unit), past)
    return enter(change, office, replace(ticket, procedure=bound.id), visit)


def move(change: Change, office: Office, ticket: Ticket, current: visits.Open, step: Move) -> Ticket:
    """Carry a decision of the engine into rows: close, pass over vacant rungs, open the next."""
    visits.close(change, current.id, step.closed)
    following.decided(change, ticket, step)
    for rung in step.skipped:
        visits.add(change, rung, case=ticket.id, unit=ticket.unit, look_at=None)
    ticket = replace(ticket, decided=True)
    if step.opened is None:
        return shown(ticket, None)
    return enter(change, office, ticket, step.opened)


def leave(change: Change, ticket: Ticket, *, kind: str, decision: str, by: int | None, now: datetime) -> bool:
    """Close the open visit of that kind, if there is one."""
    current = visits.open_of(change, ticket.id, kind=kind)
    if current is None:
        return False
    visits.close(change, current.id, replace(current.visit, closed_at=now, decision=decision, by=by))
    return True


def follow_up(change: Change, office: Office, ticket: Ticket, now: datetime) -> Ticket:
    """The reporter wrote again after the answer: the narahubung's, with the first step's limit."""
    bound = office.pinned(ticket.procedure) or office.binding(office.units.get(ticket.unit or 0), None, now)
    if bound is None or bound.publishes:
        return enter(change, office, ticket, Visit(step="", lane=REPORTER, opened_at=now))
    past = visits.history(change, ticket.id)
    visit = begin(bound.procedure, now, calendar_of(office, ticket.unit), past)
    return enter(change, office, replace(ticket, status=Status.OPEN), visit)


def agents_turn(office: Office, ticket: Ticket) -> bool:
    """Whether the ball is with the lane that speaks to the reporter."""
    bound = office.pinned(ticket.procedure)
    return bound is None or ticket.lane in (speaker_lane(bound.procedure), "", REPORTER)


def with_reporter(office: Office, ticket: Ticket) -> bool:
    """Whether the case stands with its reporter: asked something, or to confirm that the answer came."""
    bound = office.pinned(ticket.procedure)
    if bound is None or not ticket.lane:
        return False
    return any(each.id == ticket.lane and each.role is Role.REPORTER for each in bound.procedure.lanes)
