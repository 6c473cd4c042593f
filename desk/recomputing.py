"""A calendar that changed by a late decree moves the due times of open stays, in batches, with an event each."""

from datetime import datetime

from msgspec.structs import replace

from desk import publication_steps, visiting
from sop.procedure import find_step
from sop.visit_due import due_at
from store import office as offices
from store import publications, tickets, trail, visits
from store.db import Change, Database

BATCH = 200


async def unit(db: Database, unit_id: int, now: datetime) -> int:
    """Recompute every open stay of a unit; how many due times moved. Closed ones stay as they were measured."""
    moved = 0
    for act in (some, some_publications):
        after: int | None = 0
        while after is not None:
            done, after = await db.write(act, unit_id, after, now)
            moved += done
    return moved


def some(change: Change, unit_id: int, after: int, now: datetime) -> tuple[int, int | None]:
    """(how many moved, the last stay looked at or None when there is no further one)."""
    office = offices.current(change)
    calendar = visiting.calendar_of(office, unit_id)
    found = visits.open_in(change, unit_id, after=after, most=BATCH)
    moved = 0
    for each in found:
        ticket = tickets.find(change, each.case)
        bound = office.pinned(ticket.procedure) if ticket else None
        step = find_step(bound.procedure, each.visit.step) if bound else None
        if ticket is None or bound is None or step is None:
            continue
        due = due_at(bound.procedure, step, each.visit.opened_at, calendar, visits.history(change, each.case))
        if due == each.visit.due_at:
            continue
        visit = replace(each.visit, due_at=due)
        visits.set_due(change, each.id, due, visiting.first_look(bound.procedure, visit, calendar))
        tickets.save(change, replace(ticket, due_at=due), ticket)
        trail.add(change, "due.moved", now, ticket=ticket.id, visit=each.id)
        moved += 1
    change.tell("queue")
    return moved, found[-1].id if len(found) == BATCH else None


def some_publications(change: Change, unit_id: int, after: int, now: datetime) -> tuple[int, int | None]:
    """The same for the Humas chain; what is "segera" runs around the clock, so no decree moves it."""
    office = offices.current(change)
    found = visits.open_in(change, unit_id, after=after, most=BATCH, case_kind=publications.CASE)
    moved = 0
    for each in found:
        publication = publications.find(change, each.case)
        bound = office.pinned(publication.procedure) if publication else None
        step = find_step(bound.procedure, each.visit.step) if bound else None
        if publication is None or bound is None or step is None:
            continue
        calendar = publication_steps.calendar_of(office, publication)
        history = publication_steps.history(change, publication)
        due = due_at(bound.procedure, step, each.visit.opened_at, calendar, history)
        if due == each.visit.due_at:
            continue
        visit = replace(each.visit, due_at=due)
        visits.set_due(change, each.id, due, visiting.first_look(bound.procedure, visit, calendar))
        publications.save(change, replace(publication, due_at=due))
        trail.add(change, "due.moved", now, ticket=publication.id, case_kind=publications.CASE, visit=each.id)
        moved += 1
    change.tell("publications")
    return moved, found[-1].id if len(found) == BATCH else None
