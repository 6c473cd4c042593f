"""What comes in beside messages: who blocked us, what became of what we sent, and what could not be read."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from desk import ids as words
from desk import intake, late, places, receipts
from desk.seeing import needs
from sop.delivery import Sent, moves_forward
from sop.messages import Delivered, Incoming, Presence
from sop.officer import Officer, Right
from store import contacts, conversations, memory, outbox, parked, seen, trail
from store.db import Change

EARLY = "early"  # a provider's word on a message whose receipt is not kept yet


def presence(change: Change, word: Presence, now: datetime) -> None:
    """The person blocked or unblocked us, the chat moved to another id, or a place where we post tells of itself."""
    if not seen.first(change, word.channel, word.external_id, now):
        return
    if word.place:
        places.heard(change, word, now)
        return
    address = contacts.address(change, word.channel, word.sender)
    if address is None:
        return
    if word.state == "moved" and word.moved_to:
        contacts.move(change, address.id, word.moved_to)
        for each in conversations.of_address(change, address.id):
            conversations.move(change, each.id, word.moved_to)
    else:
        _BECOMES[word.state](change, address.id)
    trail.add(change, f"presence.{word.state}", now, contact=address.contact)


_BECOMES: dict[str, Callable[[Change, int], None]] = {
    "blocked": contacts.shut,
    "reachable": contacts.let_in,
    "opted_out": partial(contacts.set_state, state="opted_out"),
    "opted_in": partial(contacts.set_state, state="reachable"),
}


def delivered(change: Change, word: Delivered, now: datetime) -> None:
    """The provider's later word, in whatever order it comes: states only move forward."""
    letter = outbox.by_external(change, word.channel, word.external_id)
    if letter is None:
        source = f"{EARLY}.{word.channel}"
        before = seen.find(change, source, word.external_id)
        if before and not moves_forward(before[1].get("state", Sent.QUEUED), word.state):
            return
        seen.first(change, source, word.external_id, now)
        facts = {"state": word.state, "reason": word.reason, "window": word.window}
        seen.answer(change, source, word.external_id, facts)
        return
    progress(change, letter, word, now)


def early(change: Change, number: int, channel: str, external_id: str, now: datetime) -> None:
    """What the provider said of it before its receipt was kept counts now."""
    found = seen.find(change, f"{EARLY}.{channel}", external_id)
    letter = outbox.get(change, number) if found else None
    if found and letter:
        said = found[1]
        word = Delivered(
            channel=channel,
            external_id=external_id,
            state=said.get("state", ""),
            at=now,
            reason=said.get("reason", ""),
            window=said.get("window", False),
        )
        progress(change, letter, word, now)


def progress(change: Change, letter: outbox.Letter, word: Delivered, now: datetime) -> None:
    """Move an outbox row forward; a page that shows it hears of it. Outside the window an answer waits (63016)."""
    if not moves_forward(letter.state, word.state):
        return
    if word.window and late.shut_out(change, letter, now):
        return
    outbox.progress(change, letter.id, state=word.state, error=word.reason)
    if word.state in (Sent.DELIVERED, Sent.READ):
        receipts.arrived(change, letter, now)
    if word.state == Sent.FAILED:
        late.template_failed(change, letter, now)
        change.tell("dead")
    if letter.ticket:
        change.tell(f"ticket.{letter.ticket}")


def park(
    change: Change,
    channel: str,
    external_id: str,
    raw: bytes,
    incoming: dict[str, Any] | None,
    reason: str,
    now: datetime,
) -> None:
    """Keep what could not be taken in, for the supervisor to see (P12)."""
    parked.add(change, channel, external_id, raw, incoming, reason, now)
    change.tell("parked")


def drive_again(
    change: Change,
    number: int,
    actor: Officer,
    ids: words.Ids,
    now: datetime,
    word: Incoming | Presence | Delivered | None = None,
) -> int | None:
    """Take a parked message in once more; the ticket's number. What fails again stays parked, with its error raised.

    `word`: what its channel made of the raw form now, for one that had not been decoded (`desk.redecoding`).
    """
    needs(actor, Right.PARKED)
    found = parked.find(change, number)
    if found is None or found.state != "parked" or (found.incoming is None and word is None):
        return None
    parked.mark(change, number, "redriven")
    trail.add(change, "redriven", now, actor=actor.id, parked=number)
    change.tell("parked")
    if isinstance(word, Presence):
        presence(change, word, now)
        return None
    if isinstance(word, Delivered):
        delivered(change, word, now)
        return None
    incoming = word or msgspec.convert(found.incoming, Incoming)
    ticket = intake.take_in(change, incoming, ids, now)
    parked.went_into(change, number, ticket)
    return ticket


def drop(change: Change, number: int, actor: Officer, now: datetime) -> None:
    """Set a parked message aside for good; its raw form stays in the database."""
    needs(actor, Right.PARKED)
    parked.mark(change, number, "dropped")
    trail.add(change, "dropped", now, actor=actor.id, parked=number)
    change.tell("parked")


def remember(change: Change, name: str, value: dict[str, Any]) -> None:
    """What a channel asked to be remembered."""
    memory.save(change, name, value)
