"""A ticket (laporan): who holds it, which step it stands at, and what may be done to it."""

from datetime import UTC, datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from sop.errors import N_, AlreadyClosed, DeskError, NotAnswered, NotTagged
from sop.language import Language

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
FIRST_NUMBER = 1001


class Status(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Ticket(Struct, frozen=True, kw_only=True):
    """Times are UTC. `decided`: an officer has decided, so the procedure it is pinned to stays."""

    id: int
    status: Status = Status.OPEN
    subject: str = ""
    unit: int | None = None
    contact: int
    conversation: int
    channel: str
    holder: int | None = None
    procedure: int | None = None
    step: str = ""
    lane: str = ""
    step_at: datetime | None = None
    due_at: datetime | None = None
    decided: bool = False
    unread: bool = True
    proof: str = "none"
    language: Language = "id"
    token: str
    name: str = ""
    messages: int = 0
    opened_at: datetime
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    changed_at: datetime | None = None
    merged_into: int | None = None
    erased_at: datetime | None = None  # since then its words are gone, by `erased_rule`
    erased_rule: str = ""
    categories: tuple[int, ...] = ()

    @property
    def number(self) -> str:
        return str(self.id)

    @property
    def rank_at(self) -> datetime:
        """What the queue is ordered by: the next deadline, those without one last."""
        return self.due_at or NEVER


class NotReopenable(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(N_("Tiket {number} masih terbuka; tidak perlu dibuka lagi."), number=number)


class MergedBefore(DeskError):
    """Somebody joined the ticket to another one: what follows is done there."""

    def __init__(self, number: str, into: int) -> None:
        super().__init__(
            N_(
                "Tiket {number} sudah digabung ke tiket #{into}. Lanjutkan di sana, atau batalkan penggabungannya."
            ),
            number=number,
            into=into,
        )


class HeldByOther(DeskError):
    def __init__(self, number: str, holder: str) -> None:
        super().__init__(
            N_("Tiket {number} dipegang {holder}. Minta penyelia mengalihkannya kepada Anda."),
            number=number,
            holder=holder,
        )


def close(ticket: Ticket, now: datetime) -> Ticket:
    """End the ticket (ITB steps 7 and 8). Raises AlreadyClosed, NotTagged, NotAnswered."""
    if ticket.status is Status.CLOSED:
        raise AlreadyClosed(ticket.number)
    if not ticket.categories:
        raise NotTagged(ticket.number)
    if ticket.answered_at is None:
        raise NotAnswered(ticket.number)
    return replace(
        ticket,
        status=Status.CLOSED,
        closed_at=now,
        changed_at=now,
        unread=False,
        step="",
        lane="",
        due_at=None,
    )


def withdraw(ticket: Ticket, now: datetime) -> Ticket:
    """The reporter takes the case back, whatever step it stands at: the reporter's right. Raises AlreadyClosed."""
    if ticket.status is Status.CLOSED:
        raise AlreadyClosed(ticket.number)
    return replace(
        ticket,
        status=Status.CLOSED,
        closed_at=now,
        changed_at=now,
        unread=False,
        step="",
        lane="",
        step_at=None,
        due_at=None,
    )


def reopen(ticket: Ticket, now: datetime) -> Ticket:
    """Open a closed ticket again. The caller opens the visit that goes with it. Raises MergedBefore, NotReopenable."""
    if ticket.merged_into is not None:
        raise MergedBefore(ticket.number, ticket.merged_into)
    if ticket.status is not Status.CLOSED:
        raise NotReopenable(ticket.number)
    return replace(ticket, status=Status.OPEN, closed_at=None, changed_at=now, unread=True)


def answered(ticket: Ticket, now: datetime) -> Ticket:
    """An answer left for the reporter; the first one's time is what the SOP measures."""
    return replace(ticket, answered_at=ticket.answered_at or now, changed_at=now, unread=False)


def counters(ticket: Ticket) -> frozenset[str]:
    """The names of the counters that this ticket stands in: fixed views of the queue count exactly."""
    if ticket.status is Status.CLOSED:
        return frozenset({f"closed.{ticket.unit or 0}"})
    names = {f"open.{ticket.unit or 0}"}
    names.add(f"held.{ticket.holder}" if ticket.holder else f"free.{ticket.unit or 0}")
    return frozenset(names)
