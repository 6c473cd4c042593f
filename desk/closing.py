"""A ticket ends, or is opened again (ITB steps 7 and 8)."""

from datetime import datetime

from msgspec.structs import replace

from desk import letters, notify, once, visiting
from desk.seeing import workable
from sop import ticket as rules
from sop.office import Office
from sop.officer import Officer
from sop.ticket import Status, Ticket
from sop.visit import Move, closings, decide
from store import conversations, tickets, trail, visits
from store import office as offices
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
    """The rule, and the decisions and waits that end with it; the ticket is not saved here.

    Where the procedure knows of closing (ITB steps 7 and 8) its decisions are taken, and the supervisor's check follows.
    """
    done = rules.close(ticket, now)
    office = offices.current(change)
    bound, current = office.pinned(ticket.procedure), visits.open_of(change, ticket.id)
    by = actor.id if actor else None
    for kind in ("silence", "offer"):
        visiting.leave(change, done, kind=kind, decision="tutup", by=by, now=now)
    history = visits.history(change, ticket.id) if current else []
    chain = closings(bound.procedure, current.visit, history) if bound and current else None
    if not chain or not bound:
        visiting.leave(change, done, kind="step", decision="tutup", by=by, now=now)
        return done
    for choice in chain:
        opened = visits.open_of(change, ticket.id)
        assert opened is not None
        calendar = visiting.calendar_of(office, ticket.unit)
        step = decide(
            bound.procedure, opened.visit, choice.id, by=by, now=now, calendar=calendar, history=history
        )
        done = visiting.move(change, office, done, opened, step)
        history = [*history, step.closed]
        _announce(change, office, done, step, now)
    return done


def _announce(change: Change, office: Office, ticket: Ticket, step: Move, now: datetime) -> None:
    """The reporter hears what the SOP promises; who has to check gets a card."""
    if step.says:
        conversation = conversations.get(change, ticket.conversation)
        salt = ticket.token[:8]
        letters.to_reporter(change, ticket, conversation, step.says, now=now, salt=salt, automatic=True)
    if step.decision.closes and step.opened is not None:
        notify.turn(change, office, ticket, step.opened, now)


def finished(ticket: Ticket, now: datetime) -> Ticket:
    """A decision that closes the case by itself; the caller moved its visits."""
    return replace(
        rules.answered(ticket, now), status=Status.CLOSED, closed_at=now, changed_at=now, unread=False
    )


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
