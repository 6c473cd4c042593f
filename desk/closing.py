"""A ticket ends, or is opened again (ITB steps 7 and 8)."""

from datetime import datetime

from desk import once, visiting
from desk.seeing import workable
from sop import ticket as rules
from sop.officer import Officer
from sop.ticket import Ticket
from store import office as offices
from store import tickets, trail
from store.db import Change


def close(change: Change, number: str, actor: Officer, *, key: str, now: datetime) -> Ticket:
    """End the ticket. Raises AlreadyClosed, NotTagged, NotAnswered."""
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    before = workable(change, number, actor)
    ticket = closed(change, before, actor, now)
    tickets.save(change, ticket, before)
    trail.add(change, "closed", now, actor=actor.id, ticket=ticket.id)
    once.keep(change, key, actor, ticket=ticket.number)
    change.tell("queue", f"ticket.{ticket.id}")
    return ticket


def closed(change: Change, ticket: Ticket, actor: Officer | None, now: datetime) -> Ticket:
    """The rule and the rows that end with it; the ticket is not saved here."""
    done = rules.close(ticket, now)
    for kind in ("step", "silence", "offer"):
        visiting.leave(change, done, kind=kind, decision="tutup", by=actor.id if actor else None, now=now)
    return done


def reopen(change: Change, number: str, actor: Officer, *, key: str, now: datetime) -> Ticket:
    """Open it again by an officer's hand; the first step's limit runs anew. Raises NotReopenable."""
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    before = workable(change, number, actor)
    ticket = visiting.follow_up(change, offices.current(change), rules.reopen(before, now), now)
    tickets.save(change, ticket, before)
    trail.add(change, "reopened", now, actor=actor.id, ticket=ticket.id)
    once.keep(change, key, actor, ticket=ticket.number)
    change.tell("queue", f"ticket.{ticket.id}")
    return ticket
