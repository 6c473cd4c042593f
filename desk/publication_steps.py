"""Stays of a publication at the steps of its chain: the visit row and what the case shows of it, in one change."""

from datetime import datetime

from msgspec.structs import replace

from desk import publication_notify, visiting
from sop import publication as rules
from sop.calendar import Calendar
from sop.clock import due
from sop.errors import N_
from sop.office import InForce, Office
from sop.officer import Officer
from sop.procedure import Procedure
from sop.publication import Publication, Status
from sop.visit import Move, Visit, begin
from store import cases, officers, publications, visits
from store import office as offices
from store.db import Change, View
from store.visits import Open

CASE = publications.CASE
CHANGED = N_("naskah diubah setelah diperiksa")


def calendar_of(office: Office, publication: Publication) -> Calendar:
    """The unit's hours, or every hour where the request is "segera"."""
    return rules.calendar_of(publication, visiting.calendar_of(office, publication.unit))


def bound_to(office: Office, publication: Publication) -> InForce:
    bound = office.pinned(publication.procedure)
    assert bound is not None, publication.number
    return bound


def start(change: Change, publication: Publication, now: datetime) -> Publication:
    """Open the first step. The case is not saved here."""
    office = offices.current(change)
    visit = begin(bound_to(office, publication).procedure, now, calendar_of(office, publication))
    publication = enter(change, office, publication, visit)
    publication_notify.turn(change, office, publication, now)
    return publication


def enter(change: Change, office: Office, publication: Publication, visit: Visit) -> Publication:
    procedure = bound_to(office, publication).procedure
    look_at = visiting.first_look(procedure, visit, calendar_of(office, publication))
    visits.add(change, visit, case=publication.id, unit=publication.unit, look_at=look_at, case_kind=CASE)
    return shown(publication, visit)


def shown(publication: Publication, visit: Visit | None) -> Publication:
    """The case as its open step says; None: no step is open."""
    if visit is None:
        return replace(publication, step="", lane="", step_at=None, due_at=None)
    return replace(
        publication, step=visit.step, lane=visit.lane, step_at=visit.opened_at, due_at=visit.due_at
    )


def open_of(view: View, publication: Publication) -> Open | None:
    return visits.open_of(view, publication.id, case_kind=CASE)


def history(view: View, publication: Publication) -> list[Visit]:
    return visits.history(view, publication.id, case_kind=CASE)


def move(change: Change, office: Office, publication: Publication, current: Open, step: Move) -> Publication:
    """Carry a decision of the engine into rows: close, pass over vacant rungs, open the next."""
    visits.close(change, current.id, step.closed)
    for rung in step.skipped:
        visits.add(change, rung, case=publication.id, unit=publication.unit, look_at=None, case_kind=CASE)
    if step.opened is None:
        return shown(publication, None)
    return enter(change, office, publication, step.opened)


def leave(
    change: Change, publication: Publication, decision: str, by: int | None, now: datetime
) -> Publication:
    """Close the open stay without the engine: the case ends beside its chain."""
    current = open_of(change, publication)
    if current is not None:
        visits.close(change, current.id, replace(current.visit, closed_at=now, decision=decision, by=by))
    return shown(publication, None)


def back_to_check(
    change: Change, publication: Publication, procedure: Procedure, actor: Officer, now: datetime
) -> Publication:
    """P14: a narration that was changed after it was found fit stands at the check again, with a fresh limit."""
    office, target = offices.current(change), rules.check_step(procedure)
    current = open_of(change, publication)
    if target is None or current is None or current.visit.step == target.id:
        return publication
    closed = replace(current.visit, closed_at=now, decision="ubah", reason=CHANGED, by=actor.id)
    visits.close(change, current.id, closed)
    past = history(change, publication)
    until = due(target.limit, now, calendar_of(office, publication)) if target.limit else None
    visit = Visit(
        step=target.id,
        lane=target.lane,
        opened_at=now,
        due_at=until,
        round=1 + sum(each.step == target.id for each in past),
    )
    publication = enter(change, office, publication, visit)
    publication_notify.turn(change, office, publication, now)
    return publication


def vacant(view: View, publication: Publication, now: datetime) -> frozenset[str]:
    """Lanes registered as vacant in which nobody sits, a deputy neither."""
    empty = cases.vacant(view, publication.unit, now)
    return frozenset(lane for lane in empty if not officers.in_lane(view, lane, publication.unit, now))


def over(publication: Publication, status: Status, now: datetime) -> Publication:
    return replace(publication, status=status, closed_at=now, changed_at=now)
