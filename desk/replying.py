"""The reporter writes while the case is with them, or after it was answered: whose turn it is then."""

from datetime import datetime

from msgspec.structs import replace

from desk import visiting
from sop.conversation import thanks
from sop.office import InForce, Office
from sop.procedure import Kind, NoSuchStep, Role, lane_of
from sop.ticket import Status, Ticket
from sop.visit import decide, options
from store import visits
from store.db import Change
from store.visits import Open


def wrote(change: Change, office: Office, ticket: Ticket, text: str, now: datetime, *, files: bool) -> Ticket:
    """The ticket after a word of its person: a question of ours is answered, a receipt confirmed, or a follow-up begun."""
    asked = _with_reporter(change, office, ticket)
    if asked is not None:
        ticket = _confirmed(change, office, ticket, *asked, now)
        if ticket.status is not Status.ANSWERED:
            return ticket
    if ticket.status is not Status.ANSWERED:
        return ticket
    if not files and thanks(text):
        return replace(ticket, unread=False)
    visiting.leave(change, ticket, kind="silence", decision="balas", by=None, now=now)
    return visiting.follow_up(change, office, replace(ticket, status=Status.OPEN), now)


def received(change: Change, office: Office, ticket: Ticket, now: datetime) -> Ticket | None:
    """The answer reached its reporter (MIPA step 7): the step that waits for that is done. None: no step waits."""
    asked = _with_reporter(change, office, ticket)
    if asked is None or ticket.status is not Status.ANSWERED:
        return None
    return _confirmed(change, office, ticket, *asked, now)


def _with_reporter(change: Change, office: Office, ticket: Ticket) -> tuple[InForce, Open] | None:
    """The open stay in which the ball is the reporter's, and its procedure."""
    bound = office.pinned(ticket.procedure)
    if bound is None or not ticket.step:
        return None
    try:
        if lane_of(bound.procedure, ticket.lane).role is not Role.REPORTER:
            return None
    except NoSuchStep:
        return None
    current = visits.open_of(change, ticket.id)
    return (bound, current) if current else None


def _confirmed(
    change: Change, office: Office, ticket: Ticket, bound: InForce, current: Open, now: datetime
) -> Ticket:
    history = visits.history(change, ticket.id)
    choices = options(bound.procedure, current.visit, history)
    choice = next((each for each in choices if each.kind is Kind.CONFIRM), None)
    if choice is None:
        return ticket
    step = decide(
        bound.procedure,
        current.visit,
        choice.id,
        by=None,
        now=now,
        calendar=visiting.calendar_of(office, ticket.unit),
        history=history,
    )
    decided = ticket.decided
    return replace(visiting.move(change, office, ticket, current, step), decided=decided)
