"""A ticket as who operates the machine sees it: any of them, by its number."""

from sop.errors import N_, DeskError
from sop.text import one_line
from sop.ticket import Ticket
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
