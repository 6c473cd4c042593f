"""Who may do what to which ticket, asked the same way by every act."""

from sop.erasing import WordsErased
from sop.errors import N_, DeskError, NotAllowed
from sop.officer import Officer, Right
from sop.ticket import Ticket
from store import office as offices
from store import tickets
from store.db import View


class OnlyDecides(DeskError):
    """A superior, a party or a field officer has the one-case page, and not the ticket's."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Tiket {number} Anda putuskan di halaman keputusan; isi lengkapnya untuk petugas unit."),
            number=number,
        )


def reads(actor: Officer, ticket: Ticket) -> bool:
    """The whole ticket, by right in its unit; a case of no unit yet is everybody's who reads somewhere."""
    if ticket.unit is None:
        return actor.may_anywhere(Right.READ)
    return actor.has(Right.READ, ticket.unit)


def must_read_some(actor: Officer) -> None:
    """The queue is for who reads a unit's tickets. Raises OnlyDecides."""
    if not actor.may_anywhere(Right.READ):
        raise OnlyDecides("")


def must_read(actor: Officer, ticket: Ticket) -> None:
    """Raises OnlyDecides."""
    if not reads(actor, ticket):
        raise OnlyDecides(ticket.number)


def may_hear(view: View, actor: Officer, ticket: Ticket) -> bool:
    """Whether the reporter's own words are for this officer: by right, or by a lane that sees the reporter."""
    if reads(actor, ticket):
        return True
    bound = offices.current(view).pinned(ticket.procedure)
    lanes = actor.lanes(ticket.unit)
    return bound is not None and any(
        each.id in lanes and each.sees_reporter for each in bound.procedure.lanes
    )


def workable(view: View, number: str, actor: Officer) -> Ticket:
    """The ticket, if this officer may work on it. NotFound when they may not even see it, NotAllowed otherwise.

    Raises WordsErased: nothing is left to work on.
    """
    ticket = tickets.get(view, number, visible_to=actor)
    if not may_work(actor, ticket):
        raise NotAllowed
    if ticket.erased_at is not None:
        raise WordsErased(ticket.number)
    return ticket


def may_work(actor: Officer, ticket: Ticket) -> bool:
    """Take, tag, note, answer, close; a case of no unit yet is every agent's."""
    if ticket.unit is None:
        return actor.may_anywhere(Right.WORK)
    return actor.has(Right.WORK, ticket.unit)


def needs_in(actor: Officer, right: Right, unit: int | None) -> None:
    """What is of every unit (None) is for who has the right everywhere. Raises NotAllowed."""
    if not (actor.units(right) is None if unit is None else actor.has(right, unit)):
        raise NotAllowed


def needs(actor: Officer, right: Right, unit: int | None = None) -> None:
    """The right in that unit, or in any where none is named. Raises NotAllowed."""
    if not (actor.has(right, unit) if unit else actor.may_anywhere(right)):
        raise NotAllowed
