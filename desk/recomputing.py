"""A calendar that changed by a late decree moves the due times of open stays, in batches, with an event each."""

from datetime import datetime

from msgspec.structs import replace

from desk import visiting
from sop.procedure import find_step
from sop.visit_due import due_at
from store import office as offices
from store import tickets, trail, visits
from store.db import Change, Database

BATCH = 200


async def unit(db: Database, unit_id: int, now: datetime) -> int:
    """Recompute every open stay of a unit; how many due times moved. Closed ones stay as they were measured."""
    moved, after = 0, 0
    while True:
        done, last = await db.write(some, unit_id, after, now)
        moved += done
        if last is None:
            return moved
        after = last


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
