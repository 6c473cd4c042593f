"""What a turn of the intake talk changes, carried into rows in the change that took the message in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from desk import assigning, replying, routing, subscribing, summons
from sop.dialog_state import (
    Choose,
    Effect,
    Hear,
    MoveWords,
    NewMatter,
    Resume,
    StateClaim,
    Stop,
    Suggest,
    TagCategory,
    Unhear,
    is_open,
)
from sop.ticket import Ticket
from store import contacts, conversations, outbox, tickets, trail
from store.db import Change

if TYPE_CHECKING:
    from desk.intake import Arrival


def before(change: Change, arrival: Arrival) -> Arrival:
    """What is done before the message itself is kept: who is spoken to, and about which ticket."""
    for effect in arrival.turn.effects if arrival.turn else ():
        arrival = _one(change, arrival, effect)
    return arrival


def _one(change: Change, arrival: Arrival, effect: Effect) -> Arrival:
    conversation = arrival.conversation
    match effect:
        case Stop():
            contacts.set_state(change, conversation.address, "opted_out")
            subscribing.leave(
                change, None, conversation.channel, conversation.to, conversation.contact, arrival.now
            )
            outbox.withdraw_notices(change, conversation.channel, conversation.to)
            trail.add(change, "presence.opted_out", arrival.now, contact=conversation.contact)
        case Resume():
            contacts.set_state(change, conversation.address, "reachable")
            return replace(arrival, conversation=replace(conversation, state="reachable"))
        case NewMatter():
            conversations.set_ticket(change, conversation.id, None)
            return replace(arrival, conversation=replace(conversation, ticket=None))
        case Choose(number):
            conversations.set_ticket(change, conversation.id, number)
            return replace(arrival, conversation=replace(conversation, ticket=number))
        case Hear(topic):
            return subscribing.hear(change, arrival, topic)
        case Unhear(topic):
            return subscribing.unhear(change, arrival, topic)
        case MoveWords():
            _move(change, arrival, effect)
        case StateClaim(claim):
            return replace(arrival, claims=(*arrival.claims, claim))
    return arrival


def filed(change: Change, arrival: Arrival, ticket: Ticket) -> Ticket:
    """The ticket with the category that its person chose, or whose keywords they used, and routed by it. Not saved here."""
    office = arrival.office
    for effect in arrival.turn.effects if arrival.turn else ():
        if isinstance(effect, TagCategory):
            ticket = _tagged(change, arrival, ticket, effect)
            ticket = _routed(change, arrival, ticket, effect.category)
        elif isinstance(effect, Suggest) and not office.publishes(
            office.categories[effect.category], arrival.now
        ):
            ticket = _routed(change, arrival, ticket, effect.category)
    return ticket


def _routed(change: Change, arrival: Arrival, ticket: Ticket, category: int) -> Ticket:
    """In another unit nobody holds it yet, and its officers hear of it."""
    office, now = arrival.office, arrival.now
    after = routing.route(change, office, ticket, office.categories[category], now)
    if after.unit == ticket.unit:
        return after
    after = assigning.share(change, office, replace(after, holder=None), now)
    summons.call_officers(change, arrival, after)
    return after


def _tagged(change: Change, arrival: Arrival, ticket: Ticket, effect: TagCategory) -> Ticket:
    """The person's choice takes the place of their choice before."""
    kept = tuple(each for each in ticket.categories if each not in (effect.instead, effect.category))
    if effect.instead:
        tickets.untag(change, ticket.id, effect.instead)
    tickets.tag(change, ticket.id, effect.category, by=None, at=arrival.now)
    trail.add(change, "tagged", arrival.now, ticket=ticket.id, category=effect.category, by_reporter=True)
    return replace(ticket, categories=(*kept, effect.category))


def _move(change: Change, arrival: Arrival, effect: MoveWords) -> None:
    """The words that lay with one ticket go to the one that was meant, and are taken up there."""
    source, target = tickets.find(change, effect.source), tickets.find(change, effect.target)
    moved = conversations.move_words(
        change, arrival.conversation.id, source=effect.source, target=effect.target, since=effect.since
    )
    if not moved or source is None or target is None:
        return
    tickets.save(change, replace(source, messages=source.messages - len(moved)), source)
    after = replace(target, messages=target.messages + len(moved), unread=True, changed_at=arrival.now)
    if is_open(target):
        after = replying.wrote(change, arrival.office, after, "", arrival.now, files=True)
    tickets.save(change, after, target)
    trail.add(change, "moved", arrival.now, ticket=target.id, source=source.id, messages=moved)
    change.tell("queue", f"ticket.{source.id}", f"ticket.{target.id}")
