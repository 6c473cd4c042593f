"""What the desk says by itself while a message is taken in: greeting, acknowledgement, status, the call to officers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk import letters
from sop import card, dialog
from sop.clock import is_open, next_opening
from sop.conversation import may_say, wants_new
from sop.errors import N_
from sop.language import Language, translate
from sop.messages import Incoming, Kind, Outgoing, Priority
from sop.office import InForce
from sop.procedure import first_stay
from sop.reporter import state_of
from sop.ticket import Status, Ticket
from sop.wording import moment
from store import contacts, conversations, outbox, seen, tickets, visits
from store.db import Change

if TYPE_CHECKING:
    from desk.intake import Arrival

KINDS = {
    Kind.PHOTO: N_("Foto"),
    Kind.VOICE: N_("Pesan suara"),
    Kind.DOCUMENT: N_("Dokumen"),
    Kind.VIDEO: N_("Video"),
    Kind.LOCATION: N_("Lokasi"),
}


def kind_of(incoming: Incoming, language: Language) -> str:
    """The subject of a ticket that begins without words."""
    return translate(KINDS.get(incoming.kind, N_("Pesan tanpa teks")), language)


def command(change: Change, arrival: Arrival, word: dialog.Word) -> int | None:
    """Answer a command of the person; it opens no ticket."""
    language, conversation = arrival.language, arrival.conversation
    if word is dialog.Word.STOP:
        contacts.set_state(change, conversation.address, "opted_out")
        _answer(change, arrival, dialog.stopped(language))
    elif word is dialog.Word.STATUS:
        _answer(change, arrival, _status(change, arrival))
    elif word is dialog.Word.HELP:
        _answer(change, arrival, dialog.help_text(language))
    elif word is dialog.Word.NEW:
        conversations.set_ticket(change, conversation.id, None)
        _answer(change, arrival, dialog.new_matter(language))
    else:
        _answer(change, arrival, dialog.greeting(arrival.office.name, language))
    return None


def acknowledge(change: Change, arrival: Arrival, ticket: Ticket, bound: InForce | None) -> None:
    """The number, and when somebody reads it; a mail's sender hears it once a day, and only when proved or known."""
    if not _may_acknowledge(change, arrival):
        return
    unit = arrival.office.units.get(ticket.unit or 0)
    promise = ""
    if bound and unit:
        limit = first_stay(bound.procedure).limit
        if not is_open(unit.calendar, arrival.now):
            opening = moment(next_opening(unit.calendar, arrival.now), unit.calendar.zone, arrival.language)
            promise = dialog.promise_later(opening, arrival.language)
        elif limit:
            promise = dialog.promise(str(limit), arrival.language)
    words = dialog.received(ticket.number, promise, arrival.language)
    _say(change, arrival, ticket, words)


def call_officers(change: Change, arrival: Arrival, ticket: Ticket) -> None:
    """Tell the unit's group, else each of its agents; the group of config.yaml gets a masked card."""
    office, now = arrival.office, arrival.now
    unit = office.units.get(ticket.unit or 0)
    heard: list[tuple[str, Language]] = [
        (each.chat, each.language) for each in office.hearing(ticket.unit, now)
    ]
    if unit and unit.staff_chat:
        heard = [(unit.staff_chat, "id")]
    for chat, language in heard:
        _card(change, arrival, ticket, chat, language, masked=False)
    if office.group:
        _card(change, arrival, ticket, office.group, "id", masked=True)


def _card(
    change: Change, arrival: Arrival, ticket: Ticket, chat: str, language: Language, *, masked: bool
) -> None:
    outgoing = Outgoing(
        id=0,
        channel="staff",
        to=chat,
        text=card.new_ticket(arrival.office, ticket, arrival.incoming.text, language, masked=masked),
        buttons=() if masked else card.buttons(ticket, language),
        priority=Priority.NOTICE,
    )
    outbox.add(change, outgoing, now=arrival.now, kind="card", ticket=ticket.id)


def offer(change: Change, arrival: Arrival, ticket: Ticket) -> bool:
    """Offer to reopen, once; False when the offer stands already."""
    if offered(change, arrival, ticket):
        return False
    conversations.set_dialog(change, arrival.conversation.id, {"offer": ticket.id})
    _say(change, arrival, ticket, dialog.offer_reopen(ticket.number, arrival.language))
    return True


def offered(change: Change, arrival: Arrival, ticket: Ticket) -> bool:
    """Reopening was offered here, and nobody has answered yet: an offer ends with its visit."""
    if arrival.conversation.dialog.get("offer") != ticket.id:
        return False
    return visits.open_of(change, ticket.id, kind="offer") is not None


def agrees_to_reopen(change: Change, arrival: Arrival, ticket: Ticket) -> bool:
    """A yes to the offer: the word itself, or its button."""
    if ticket.status is not Status.CLOSED or not dialog.agrees(arrival.incoming.text):
        return False
    return not wants_new(arrival.incoming.text) and offered(change, arrival, ticket)


def reopened(change: Change, arrival: Arrival, ticket: Ticket) -> None:
    conversations.set_dialog(change, arrival.conversation.id, {})
    _say(change, arrival, ticket, dialog.reopened(ticket.number, arrival.language))


def _status(change: Change, arrival: Arrival) -> str:
    found = tickets.of_contact(change, arrival.conversation.contact, most=5)
    if not found:
        return dialog.nothing_open(arrival.language)
    return "\n".join(
        dialog.status_line(
            each.number, each.subject, state_of(arrival.office, each, arrival.language), arrival.language
        )
        for each in found
    )


def _may_acknowledge(change: Change, arrival: Arrival) -> bool:
    incoming = arrival.incoming
    if not may_say(arrival.conversation.said_at, arrival.now, auto=incoming.auto):
        return False
    if incoming.channel != "mail":
        return True
    known = incoming.proved or _confirmed(change, arrival)
    return known and seen.first(change, "ack.mail", f"{incoming.sender}:{arrival.now:%Y-%m-%d}", arrival.now)


def _confirmed(change: Change, arrival: Arrival) -> bool:
    address = contacts.address_of(change, arrival.conversation.address)
    return address is not None and address.confirmed_at is not None


def _say(change: Change, arrival: Arrival, ticket: Ticket, words: str) -> None:
    letters.to_reporter(
        change, ticket, arrival.conversation, words, now=arrival.now, salt=arrival.ids.salt, automatic=True
    )


def _answer(change: Change, arrival: Arrival, words: str) -> None:
    """A word outside any ticket; none to machines."""
    if not arrival.incoming.auto:
        outbox.add(change, letters.letter(arrival.conversation, words), now=arrival.now, kind="notice")
