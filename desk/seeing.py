"""Who may do what to which ticket, asked the same way by every act."""

from sop.errors import NotAllowed
from sop.officer import Officer, Right
from sop.ticket import Ticket
from store import tickets
from store.db import View


def workable(view: View, number: str, actor: Officer) -> Ticket:
    """The ticket, if this officer may work on it. NotFound when they may not even see it, NotAllowed otherwise."""
    ticket = tickets.get(view, number, visible_to=actor)
    if not may_work(actor, ticket):
        raise NotAllowed
    return ticket


def may_work(actor: Officer, ticket: Ticket) -> bool:
    """Take, tag, note, answer, close; a case of no unit yet is every agent's."""
    if ticket.unit is None:
        return actor.may_anywhere(Right.WORK)
    return actor.has(Right.WORK, ticket.unit)


def needs(actor: Officer, right: Right, unit: int | None = None) -> None:
    """Raises NotAllowed."""
    if not (actor.has(right, unit) if unit else actor.may_anywhere(right)):
        raise NotAllowed
