"""One person, several addresses: an officer links them, takes one off again, and undoes either."""

from datetime import datetime

from msgspec import Struct

from desk import once
from desk.seeing import may_work, reads, workable
from sop.card import CHANNELS
from sop.errors import N_, DeskError, NotFound
from sop.finding import sought
from sop.identity import recognise
from sop.numbers import phone_of
from sop.officer import Officer, Right
from sop.ticket import Ticket
from store import contacts, merges, search, tickets, trail
from store import office as offices
from store.contacts import Address, Known, Move
from store.db import Change, View

LOOKED_AT = 100
SHOWN = 10


class SamePerson(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(N_("Tiket {number} sudah milik pelapor yang sama."), number=number)


class OnlyAddress(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Ini satu-satunya alamat pelapor; tidak ada yang dapat dilepas."))


class NoSuchAddress(DeskError):
    """The card was older than what a colleague did."""

    def __init__(self) -> None:
        super().__init__(
            N_("Alamat itu sudah tidak ada di kartu ini. Muat ulang halaman, lalu periksa kembali.")
        )


class NotAllYours(DeskError):
    """An address takes its tickets along, so the right is asked in each."""

    def __init__(self) -> None:
        super().__init__(
            N_("Alamat ini membawa laporan yang tidak Anda tangani. Minta penyelia yang melakukannya.")
        )


class StillMerged(DeskError):
    def __init__(self, number: int) -> None:
        super().__init__(
            N_(
                "Tiket #{number} dari alamat ini tergabung dengan tiket lain. Batalkan dahulu penggabungannya."
            ),
            number=number,
        )


class Person(Struct, frozen=True, kw_only=True):
    """Somebody whom the words found, by their newest ticket that the reader may see."""

    ticket: Known
    addresses: tuple[Address, ...]


def find(view: View, number: str, actor: Officer, words: str) -> tuple[Ticket, tuple[Person, ...]]:
    """Other people by ticket number, name, NIM, address or phone, among the tickets that the reader may see."""
    ticket = workable(view, number, actor)
    words = words.strip()[:200]
    digits = words.removeprefix("#")
    values = [words, words.upper(), words.lower(), digits, phone_of(words), f"whatsapp:{phone_of(words)}"]
    values += [each.value for each in recognise(words)]
    named = [int(digits)] if digits.isascii() and digits.isdigit() and len(digits) < 16 else []
    numbers = [*named, *_said(view, actor, words)]
    people = contacts.known_as(view, values, CHANNELS) if words else []
    found: dict[int, Known] = {}
    for each in contacts.known_by(view, numbers, people):
        seen = tickets.find(view, each.ticket) if each.contact not in found else None
        if seen and seen.contact != ticket.contact and reads(actor, seen):
            found[each.contact] = each
    chosen = list(found.values())[:SHOWN]
    return ticket, tuple(
        Person(ticket=each, addresses=tuple(contacts.addresses(view, each.contact))) for each in chosen
    )


def _said(view: View, actor: Officer, words: str) -> list[int]:
    """Tickets in which the words stand, newest first, of the units that the officer reads."""
    units = actor.units(Right.READ)
    mine = offices.current(view).units.keys() if units is None else units
    found = search.find(view, sought(words), sorted({0, *mine}), most=LOOKED_AT) if words else search.Found()
    return [each.ticket for each in found.hits]


def link(change: Change, number: str, actor: Officer, other: str, *, key: str, now: datetime) -> Ticket:
    """The person of the other ticket is this one's: their addresses, conversations and tickets come to this card.

    An address whose tickets are not the officer's stays behind. Where none does, what was stated and checked of the
    other person comes along. Raises NotFound, NotAllowed, SamePerson, NotAllYours, StillMerged.
    """
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    ticket, theirs = workable(change, number, actor), workable(change, other, actor)
    if theirs.contact == ticket.contact:
        raise SamePerson(theirs.number)
    addresses = contacts.addresses(change, theirs.contact)
    moving = [each for each in addresses if _whole(change, theirs.contact, each, actor)]
    if not moving:
        raise NotAllYours
    _check_apart(change, theirs.contact, moving)
    for each in moving[:-1]:
        _give(change, each, ticket.contact, (), actor, now)
    claims = contacts.copy_claims(change, theirs.contact, ticket.contact) if moving == addresses else ()
    _give(change, moving[-1], ticket.contact, claims, actor, now)
    return _settled(change, ticket, theirs.contact, actor, "linked", key, now)


def unlink(change: Change, number: str, actor: Officer, address: int, *, key: str, now: datetime) -> Ticket:
    """The address was never this person's: it becomes somebody of their own, with its conversations and tickets.

    Raises NotFound, NotAllowed, NoSuchAddress, OnlyAddress, NotAllYours, StillMerged.
    """
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    ticket = workable(change, number, actor)
    addresses = contacts.addresses(change, ticket.contact)
    chosen = next((each for each in addresses if each.id == address), None)
    if chosen is None:
        raise NoSuchAddress
    if len(addresses) == 1:
        raise OnlyAddress
    if not _whole(change, ticket.contact, chosen, actor):
        raise NotAllYours
    _check_apart(change, ticket.contact, [chosen])
    fresh = contacts.add(change, name=ticket.name, language=ticket.language, at=now)
    _give(change, chosen, fresh, (), actor, now)
    return _settled(change, ticket, fresh, actor, "unlinked", key, now)


def undo(change: Change, number: str, actor: Officer, move: int, *, key: str, now: datetime) -> Ticket:
    """The address goes back to whose it was. Raises NotFound, NotAllowed, NoSuchAddress, NotAllYours, StillMerged."""
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    ticket = workable(change, number, actor)
    found = contacts.move_of(change, move)
    address = contacts.address_of(change, found.address) if found else None
    if found is None or address is None or ticket.contact not in (found.source, found.target):
        raise NoSuchAddress
    if address.contact != found.target:
        raise NoSuchAddress
    if not _whole(change, found.target, address, actor):
        raise NotAllYours
    _check_apart(change, found.target, [address])
    contacts.give(change, address.id, source=found.target, target=found.source)
    contacts.drop_claims(change, found.target, found.claims)
    contacts.undo_move(change, found.id, now)
    other = found.source if ticket.contact == found.target else found.target
    return _settled(change, ticket, other, actor, "link_undone", key, now)


def _whole(view: View, contact: int, address: Address, actor: Officer) -> bool:
    """Whether all tickets that come along are the officer's."""
    found = [tickets.find(view, each) for each in contacts.tickets_of(view, contact, address.id)]
    return all(each is not None and may_work(actor, each) for each in found)


def _check_apart(view: View, contact: int, addresses: list[Address]) -> None:
    """A thread is one person's: what is joined moves together or not at all. Raises StillMerged."""
    inside = {each for address in addresses for each in contacts.tickets_of(view, contact, address.id)}
    for number in sorted(inside):
        ticket = tickets.find(view, number)
        joined = {*merges.merged(view, number)}
        if ticket and ticket.merged_into:
            joined.add(ticket.merged_into)
        if joined - inside:
            raise StillMerged(number)


def _give(
    change: Change,
    address: Address,
    target: int,
    claims: tuple[tuple[str, str], ...],
    actor: Officer,
    now: datetime,
) -> None:
    talks = contacts.give(change, address.id, source=address.contact, target=target)
    move = Move(
        id=0,
        address=address.id,
        source=address.contact,
        target=target,
        conversations=talks,
        claims=claims,
        by=actor.id,
        at=now,
    )
    contacts.add_move(change, move)


def _settled(
    change: Change, ticket: Ticket, other: int, actor: Officer, kind: str, key: str, now: datetime
) -> Ticket:
    """The badges that the claims give now, the event, and the ticket as it stands."""
    for contact in (ticket.contact, other):
        contacts.set_proof(change, contact, contacts.standing(change, contact))
    trail.add(change, kind, now, actor=actor.id, ticket=ticket.id, other=other)
    once.keep(change, key, actor, ticket=ticket.number)
    change.tell("queue", f"ticket.{ticket.id}")
    found = tickets.find(change, ticket.id)
    if found is None:
        raise NotFound(ticket.number)
    return found
