"""The ways to a ticket's person: read from the store, judged by sop/way.py; and what goes another way than it began."""

from datetime import datetime

from desk import letters
from sop import way as rules
from sop.identity import Trait
from sop.ticket import Ticket
from sop.way import LATE_ANSWER, Way
from store import contacts, conversations, messages, outbox, provider_templates
from store import ways as known_ways
from store.db import Change, View
from store.outbox import Letter

WHATSAPP = "whatsapp"


def of_ticket(view: View, ticket: Ticket, now: datetime) -> tuple[Way, ...]:
    """The ticket's own conversation first, then the person's other reachable ones. Two queries at most."""
    known = known_ways.known(view, ticket.contact, ticket.conversation)
    template = any(each.channel == WHATSAPP for each in known) and bool(
        provider_templates.usable(view, WHATSAPP, LATE_ANSWER, ticket.language)
    )
    return rules.ways(ticket.conversation, known, now, template=template)


def channel_by(view: View, ticket: Ticket, by: int | None, now: datetime) -> str:
    """The channel of the ticket's own conversation, or of `by`, which must be one of its ways. Raises NoSuchWay."""
    if by is None or by == ticket.conversation:
        return conversations.get(view, ticket.conversation).channel
    found = next((each.channel for each in of_ticket(view, ticket, now) if each.conversation == by), None)
    if found is None:
        raise rules.NoSuchWay
    return found


def number_of(view: View, ticket: Ticket) -> str:
    """Where to call: a number the person stated or writes from; "" where none is known."""
    stated = [each.value for each in contacts.claims(view, ticket.contact) if each.kind == Trait.PHONE]
    if stated:
        return stated[-1]
    written = [each.value.removeprefix("whatsapp:") for each in contacts.addresses(view, ticket.contact)]
    return next((each for each in written if each.startswith("+")), "")


def redirect(change: Change, letter: Letter, ticket: Ticket, way: Way | None, now: datetime) -> None:
    """The same words by another way; without one, or by the counter's, somebody calls. Their message goes with them."""
    outgoing = letter.outgoing
    if way is None or way.by_hand:
        to = number_of(change, ticket)
        call = letters.by_phone(ticket, outgoing.text, to, outgoing.files)
        outbox.redirect(change, letter, call, conversation=None, now=now, state="sent")
        channel, conversation = letters.COUNTER, None
        change.tell("calls")
    else:
        other = conversations.get(change, way.conversation)
        moved = letters.letter(other, outgoing.text, ticket, files=outgoing.files, automatic=False)
        outbox.redirect(change, letter, moved, conversation=other.id, now=now)
        channel, conversation = other.channel, other.id
        speaks_of(change, conversation, ticket)
    if letter.message:
        messages.move(change, letter.message, channel=channel, conversation=conversation)
    change.tell(f"ticket.{ticket.id}")


def speaks_of(change: Change, conversation: int, ticket: Ticket) -> None:
    """What the person writes there next is about this ticket."""
    conversations.set_ticket(change, conversation, ticket.id)
