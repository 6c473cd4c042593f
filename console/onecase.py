"""One case as a lane may see it: the form or the conversation, what was decided, and the buttons the rules allow."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from desk import casework, seeing
from desk.casework import CasePage
from desk.needed import answers_by_words
from desk.visiting import calendar_of
from sop import wording
from sop.errors import NotFound
from sop.office import Office, Unit
from sop.officer import Officer
from sop.procedure import Decision, Kind, Role, Step, landing, lane_of
from sop.ticket import Ticket
from sop.visit import Visit, may_hold
from store import inbox, officers, tickets, visits
from store import office as offices
from store.attachments import Attachment
from store.db import View
from store.visits import Open


class Button(Struct, frozen=True, kw_only=True):
    """One decision. `read_by` names the lane that reads its reason without seeing the reporter, "" where none does."""

    decision: Decision
    unit: bool
    read_by: str

    @property
    def simple(self) -> bool:
        return self.decision.reason == "none" and not self.decision.codes and not self.unit


class Before(Struct, frozen=True, kw_only=True):
    """A decision that was taken: what, by whom, when."""

    step: str
    label: str
    by: str
    at: datetime
    reason: str


class Opened(Struct, frozen=True, kw_only=True):
    """The case as the reader's lane may see it. `mine`: the ball is with them now."""

    ticket: Ticket
    case: CasePage
    unit: str
    zone: str
    left: wording.Left
    mine: bool
    buttons: tuple[Button, ...]
    units: tuple[Unit, ...]
    files: tuple[Attachment, ...]
    before: tuple[Before, ...]
    decided: Before | None
    names: Mapping[int, str]
    link_for: str  # the lane that the reader handed the case to and may open a personal link for, "" for none


def case_of(view: View, officer: Officer, number: str, now: datetime) -> Opened | None:
    """The stay that the officer's lanes hold, else their last; None: they read the whole ticket and hold nothing.

    Raises NotFound.
    """
    office, ticket = offices.current(view), tickets.get(view, number, visible_to=officer)
    bound, current = office.pinned(ticket.procedure), visits.open_of(view, ticket.id)
    lanes = officer.lanes(ticket.unit)
    mine = bool(bound and current and current.visit.step and may_hold(bound.procedure, current.visit, lanes))
    visit = current.id if current and mine else inbox.latest(view, ticket.id, lanes)
    if visit is None or bound is None:
        if seeing.reads(officer, ticket):
            return None
        raise NotFound(number)
    case = casework.page_of(view, ticket, visit)
    names = {each.id: each.name for each in officers.all_of(view, now)}
    unit = office.units.get(ticket.unit or 0)
    zone = calendar_of(office, ticket.unit).zone
    before = _taken(office, ticket, case, names)
    return Opened(
        ticket=ticket,
        case=case,
        unit=unit.name if unit else "",
        zone=zone,
        left=wording.left(
            case.opened.due_at,
            now,
            calendar_of(office, ticket.unit),
            opened=case.opened.opened_at,
            closed=case.opened.closed_at,
            hours=case.step.hours or "kerja",
            language=officer.language,
        ),
        mine=mine,
        buttons=_buttons(office, ticket, case) if mine else (),
        units=tuple(each for each in office.units.values() if each.id != ticket.unit),
        files=_files(view, ticket, case),
        before=before,
        decided=_before(case.step, case.opened, names) if case.decided else None,
        names=names,
        link_for=_link_for(view, office, ticket, officer, current) if not mine else "",
    )


def _link_for(view: View, office: Office, ticket: Ticket, officer: Officer, current: Open | None) -> str:
    """Who handed the case to somebody outside sends them its link (JSS: a third party)."""
    bound, past = office.pinned(ticket.procedure), visits.history(view, ticket.id)
    if bound is None or current is None or not current.visit.step or not past or past[-1].by != officer.id:
        return ""
    lane = lane_of(bound.procedure, current.visit.lane)
    return "" if lane.role is Role.REPORTER else lane.name


def _buttons(office: Office, ticket: Ticket, case: CasePage) -> tuple[Button, ...]:
    bound = office.pinned(ticket.procedure)
    assert bound is not None
    found = []
    for each in case.choices:
        if answers_by_words(case.step, each):
            continue
        step = landing(bound.procedure, each.target)
        lane = lane_of(bound.procedure, step.lane) if step else None
        found.append(
            Button(
                decision=each,
                unit=each.kind is Kind.REDISTRIBUTE,
                read_by=lane.name if lane and not lane.sees_reporter else "",
            )
        )
    return tuple(found)


def _taken(office: Office, ticket: Ticket, case: CasePage, names: Mapping[int, str]) -> tuple[Before, ...]:
    """What officers decided before, for lanes that see it."""
    bound = office.pinned(ticket.procedure)
    steps = {step.id: step for step in bound.procedure.steps} if bound else {}
    return tuple(
        _before(steps[each.step], each, names)
        for each in case.history
        if each.step in steps and each.by is not None
    )


def _before(step: Step, visit: Visit, names: Mapping[int, str]) -> Before:
    buttons = [each for choice in step.decisions for each in (choice, choice.instead) if each]
    return Before(
        step=step.activity,
        label=next((each.label for each in buttons if each.id == visit.decision), visit.decision),
        by=names.get(visit.by or 0, ""),
        at=visit.closed_at or visit.opened_at,
        reason=visit.reason,
    )


def _files(view: View, ticket: Ticket, case: CasePage) -> tuple[Attachment, ...]:
    """What was released to a lane that does not see the reporter; the others find files beside their messages."""
    if not case.lane.sees_reporter:
        return case.attachments
    return tuple(each for message in case.said for each in message.attachments)
