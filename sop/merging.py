"""Two reports of one person about one matter become one ticket; or one report about two matters becomes two."""

from collections.abc import Collection
from datetime import datetime

from msgspec.structs import replace

from sop.errors import N_, DeskError
from sop.ticket import MergedBefore, Status, Ticket

MERGED = "gabung"  # the decision with which a stay ends when its ticket is joined to another


class SameTicket(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(N_("Tiket {number} tidak dapat digabung dengan dirinya sendiri."), number=number)


class OtherPerson(DeskError):
    """Nobody reads another person's words: tickets are joined only within one person."""

    def __init__(self, number: str, into: str) -> None:
        super().__init__(
            N_(
                "Tiket {number} dan {into} milik pelapor yang berbeda. Bila orangnya sama, tautkan dahulu alamatnya di kartu pelapor."
            ),
            number=number,
            into=into,
        )


class TargetClosed(DeskError):
    def __init__(self, into: str) -> None:
        super().__init__(
            N_(
                "Tiket {into} sudah ditutup. Buka kembali dahulu, atau gabungkan ke tiket yang masih terbuka."
            ),
            into=into,
        )


class NothingMerged(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Tiket {number} tidak sedang tergabung; penggabungannya mungkin sudah dibatalkan."),
            number=number,
        )


class NothingChosen(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Belum ada pesan yang dipilih. Centang pesan pelapor yang hendak dipisahkan."))


class NothingLeft(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Semua pesan pelapor terpilih; sisakan sedikitnya satu di tiket {number}."), number=number
        )


class MovedBefore(DeskError):
    """The page that was pressed is older than what a colleague did."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Pesan yang dipilih sudah tidak berada di tiket {number}. Periksa kembali, lalu pilih lagi."),
            number=number,
        )


class GoneOn(DeskError):
    """A split is undone only while nothing new happened in the new ticket."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_(
                "Tiket {number} sudah berlanjut; pemisahannya tidak dapat dibatalkan. Gabungkan kembali tiketnya."
            ),
            number=number,
        )


def merged(ticket: Ticket, target: Ticket, now: datetime) -> Ticket:
    """The ticket joined to the other, and over by that. Raises SameTicket, MergedBefore, OtherPerson, TargetClosed."""
    if ticket.id == target.id:
        raise SameTicket(ticket.number)
    for each in (ticket, target):
        if each.merged_into is not None:
            raise MergedBefore(each.number, each.merged_into)
    if ticket.contact != target.contact:
        raise OtherPerson(ticket.number, target.number)
    if target.status is Status.CLOSED:
        raise TargetClosed(target.number)
    return replace(
        ticket,
        status=Status.CLOSED,
        closed_at=ticket.closed_at or now,
        changed_at=now,
        merged_into=target.id,
        unread=False,
        step="",
        lane="",
        step_at=None,
        due_at=None,
    )


def unmerged(ticket: Ticket, before: Ticket, now: datetime) -> Ticket:
    """The ticket as it stood before; what was written to it since stays counted. The caller opens its step again."""
    return replace(
        ticket,
        status=before.status,
        holder=before.holder,
        unread=before.unread,
        answered_at=before.answered_at,
        closed_at=before.closed_at,
        changed_at=now,
        merged_into=None,
    )


def check_split(ticket: Ticket, chosen: Collection[int], here: Collection[int]) -> None:
    """`here`: the reporter's messages in the ticket. Raises MergedBefore, NothingChosen, MovedBefore, NothingLeft."""
    if ticket.merged_into is not None:
        raise MergedBefore(ticket.number, ticket.merged_into)
    if not chosen:
        raise NothingChosen
    if set(chosen) - set(here):
        raise MovedBefore(ticket.number)
    if set(here) == set(chosen):
        raise NothingLeft(ticket.number)
