"""A ticket as who operates the machine sees it: any of them, by its number."""

from typing import Any

from sop.errors import N_, DeskError
from sop.office import Office
from sop.procedure import find_step
from sop.text import one_line
from sop.ticket import Ticket
from store import office as offices
from store import tickets
from store.db import View

LONGEST = 15  # digits


class UnknownTicket(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Tiket {number} tidak ditemukan. Lihat nomornya dengan: tanggap ticket list"),
            number=one_line(number, 40),
        )


def get(view: View, number: str) -> Ticket:
    """Raises UnknownTicket."""
    digits = number.strip().removeprefix("#")
    known = digits.isascii() and digits.isdigit() and len(digits) <= LONGEST
    ticket = tickets.find(view, int(digits)) if known else None
    if ticket is None:
        raise UnknownTicket(number)
    return ticket


class Names:
    """Codes and logins for the ids in rows, as one still picture of the office."""

    def __init__(self, view: View, logins: dict[int, str]) -> None:
        self.office: Office = offices.current(view)
        self._logins = logins

    def unit(self, number: int | None) -> str | None:
        unit = self.office.units.get(number or 0)
        return unit.code if unit else None

    def officer(self, number: int | None) -> str | None:
        """The login; an account that is closed is told by its id."""
        return self._logins.get(number, str(number)) if number else None

    def categories(self, numbers: tuple[int, ...]) -> list[str]:
        known = self.office.categories
        return [known[number].code for number in numbers if number in known]

    def procedure(self, revision: int | None) -> str | None:
        bound = self.office.pinned(revision)
        return bound.code if bound else None

    def activity(self, revision: int | None, step: str) -> str:
        """What the paper calls the step."""
        bound = self.office.pinned(revision)
        found = find_step(bound.procedure, step) if bound and step else None
        return found.activity if found else step


def facts(ticket: Ticket, names: Names) -> dict[str, Any]:
    """A ticket as one flat record; the token of its status page is not in it."""
    return {
        "number": ticket.id,
        "status": ticket.status.value,
        "subject": ticket.subject,
        "channel": ticket.channel,
        "name": ticket.name,
        "proof": ticket.proof,
        "language": ticket.language,
        "unit": names.unit(ticket.unit),
        "categories": names.categories(ticket.categories),
        "holder": names.officer(ticket.holder),
        "procedure": names.procedure(ticket.procedure),
        "step": ticket.step,
        "lane": ticket.lane,
        "messages": ticket.messages,
        "opened_at": ticket.opened_at,
        "step_at": ticket.step_at,
        "due_at": ticket.due_at,
        "answered_at": ticket.answered_at,
        "closed_at": ticket.closed_at,
    }
