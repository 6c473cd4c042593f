"""The sweeper: asks once a tick which visits are due for a look, and tends each in an act of its own (P7).

Everything it does follows from stored facts and `now`, so a restart or a jump of the clock loses and doubles nothing.
"""

from datetime import datetime

from msgspec.structs import replace

from desk import closing, decide, needed, notify, publication_sweep, receipts, visiting, window
from sop.errors import DeskError, NotTagged
from sop.office import InForce, Office
from sop.procedure import Kind, step_of
from sop.reminder import reminders
from sop.ticket import Ticket, reopen
from sop.visit import decide as decided
from store import office as offices
from store import publications, tickets, trail, visits
from store.db import Change, Database
from store.visits import Open

BATCH = 10  # visits a write: intake waits behind each, and takes its turn after it


async def once(db: Database, now: datetime) -> int:
    """One sweep: tend what is due at `now`, in batches; how many visits, windows and waiting answers were tended."""
    tended = await window.once(db, now)
    while due := await db.read(visits.to_look_at, now, BATCH):
        tended += await db.write(tend, due, now)
    return tended


def tend(change: Change, due: list[int], now: datetime) -> int:
    """Do for each visit what is due. Who is no longer open, or was looked at meanwhile, is left alone."""
    office = offices.current(change)
    for number in due:
        current = visits.get(change, number)
        if current is None or current.visit.closed_at or current.look_at is None or current.look_at > now:
            continue
        if current.case_kind == publications.CASE:
            publication_sweep.tend(change, office, current, now)
            continue
        ticket = tickets.find(change, current.case)
        if ticket is None:
            visits.look_again(change, number, None)
        elif current.kind == "step":
            _step(change, office, current, ticket, now)
        else:
            _wait(change, office, current, ticket, now)
    return len(due)


def _step(change: Change, office: Office, current: Open, ticket: Ticket, now: datetime) -> None:
    """Remind; of reminders that are outdated by now only the latest is sent, the others are noted."""
    bound = office.pinned(ticket.procedure)
    if bound is None:
        visits.look_again(change, current.id, None)
        return
    all_of_it = reminders(bound.procedure, current.visit, visiting.calendar_of(office, ticket.unit))
    fresh = [
        each for each in all_of_it if each.at <= now and visits.remind(change, current.id, each.kind, now)
    ]
    later = next((each.at for each in all_of_it if each.at > now), None)
    visits.look_again(change, current.id, later)
    if not fresh:
        return
    last = fresh[-1]
    if last.kind == "retry":
        receipts.try_elsewhere(change, office, ticket, now)
    elif last.kind == "escalate":
        _escalate(change, office, bound, current, ticket, now)
    else:
        notify.lane(change, office, ticket, last.lane, now)
    trail.add(change, f"reminder.{last.kind}", now, ticket=ticket.id, visit=current.id)
    change.tell("queue", f"ticket.{ticket.id}")


def _escalate(
    change: Change, office: Office, bound: InForce, current: Open, ticket: Ticket, now: datetime
) -> None:
    """`on_breach: naik`: the case goes up by itself, decided by nobody."""
    up = next(
        each for each in step_of(bound.procedure, current.visit.step).decisions if each.kind is Kind.ESCALATE
    )
    step = decided(
        bound.procedure,
        current.visit,
        up.id,
        by=None,
        now=now,
        calendar=visiting.calendar_of(office, ticket.unit),
        reason="tenggat terlewati",
        history=visits.history(change, ticket.id),
        vacant=needed.vacant(change, ticket, now),
    )
    after = visiting.move(change, office, ticket, current, step)
    tickets.save(change, after, ticket)
    decide.announce(change, office, after, step, ticket.token[:8], now)


def _wait(change: Change, office: Office, current: Open, ticket: Ticket, now: datetime) -> None:
    """An offer that nobody answered becomes a follow-up; silence after an answer closes what may be closed."""
    visits.close(change, current.id, replace(current.visit, closed_at=now, decision="diam"))
    if current.kind == "offer":
        after = visiting.follow_up(change, office, reopen(ticket, now), now)
        kind = "followed_up"
    else:
        try:
            after = closing.closed(change, ticket, None, now)
        except NotTagged:
            notify.unclosed(change, office, ticket, now)
            trail.add(change, "unclosed", now, ticket=ticket.id, by_silence=True)
            change.tell("queue", f"ticket.{ticket.id}")
            return
        except DeskError:
            return  # a step is still open: an agent closes it by hand
        kind = "closed"
    tickets.save(change, after, ticket)
    trail.add(change, kind, now, ticket=ticket.id, by_silence=True)
    change.tell("queue", f"ticket.{ticket.id}")
