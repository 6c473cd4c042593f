"""The acts of the delivery loop: claim, and keep what a provider said (P5)."""

from datetime import datetime

from desk import inbound, late, receipts
from desk.seeing import may_work
from sop.delivery import NotResendable, Sent, next_try
from sop.errors import N_, NotAllowed, NotFound
from sop.messages import Priority, Receipt, SendFailed
from sop.officer import Officer
from store import contacts, messages, outbox, seen, tickets, trail
from store.db import Change
from store.outbox import Letter

PART = "part"  # a further message that one of ours became with its provider
ARRIVES = frozenset(
    {"telegram", "web"}
)  # channels that tell of no arrival: what they took is with the person


def claim(change: Change, channel: str, now: datetime, most: int, taker: str = "") -> list[Letter]:
    """Up to `most` rows of a channel that are due, now marked as under way in the process `taker`."""
    return outbox.claim(change, channel, now, most, taker)


def sent(change: Change, letter: Letter, receipt: Receipt, now: datetime) -> None:
    """The provider took it. A status that came before this receipt counts now."""
    outbox.sent(change, letter.id, state=Sent.SENT, external_id=receipt.external_id, at=now)
    if letter.message and receipt.external_id:
        messages.set_external(change, letter.message, receipt.external_id)
        _keep_parts(change, letter, receipt, now)
    if receipt.external_id:
        inbound.early(change, letter.id, letter.outgoing.channel, receipt.external_id, now)
    if letter.outgoing.channel in ARRIVES:
        receipts.arrived(change, letter, now)
    if receipt.state == "by_hand" and letter.kind == "answer":  # somebody must call: desk/call_tasks.py
        trail.add(change, "call.due", now, ticket=letter.ticket, outbox=letter.id)
        change.tell("calls")
    _tell(change, letter)


def _keep_parts(change: Change, letter: Letter, receipt: Receipt, now: datetime) -> None:
    """Whoever replies to any picture of an album replies to the message that it is on the desk."""
    for part in receipt.more:
        if seen.first(change, f"{PART}.{letter.outgoing.channel}", part, now):
            seen.answer(change, f"{PART}.{letter.outgoing.channel}", part, {"ticket": letter.ticket})


def failed(change: Change, letter: Letter, failure: SendFailed, now: datetime, share: float) -> None:
    """Try again later, or say that it failed. `share` in 0..1 spreads the back-off."""
    if failure.moved_to:
        outbox.readdress(change, letter, failure.moved_to)
    if failure.blocked:
        address = contacts.address(change, letter.outgoing.channel, letter.outgoing.to)
        if address:
            contacts.set_state(change, address.id, "blocked")
    if failure.window and late.shut_out(change, letter, now):
        return
    at = next_try(
        failure,
        attempt=letter.attempts,
        queued_at=letter.queued_at,
        now=now,
        share=share,
        resend=letter.outgoing.priority is not Priority.BROADCAST,
    )
    if at is not None:
        outbox.again(change, letter.id, next_at=at, error=failure.reason, doubtful=failure.unknown)
    else:
        state = Sent.UNKNOWN if failure.unknown else Sent.FAILED
        if failure.window and letter.kind == "notice":
            state = Sent.WITHDRAWN  # our own word that came too late is no trouble of anybody's
        outbox.give_up(change, letter.id, state=state, error=failure.reason)
        late.template_failed(change, letter, now)
        trail.add(change, f"delivery.{state}", now, ticket=letter.ticket, outbox=letter.id)
        change.tell("dead")
    _tell(change, letter)


def recover(change: Change, now: datetime, *, taker: str, before: datetime) -> int:
    """What a dead process was sending: undecidable, so it is sent again and marked, or stays unknown.

    Dead is the process named `taker`, and whoever took a row before `before`.
    """
    letters = outbox.abandoned(change, taker=taker, before=before)
    for letter in letters:
        failed(change, letter, SendFailed(N_("proses berhenti saat mengirim"), unknown=True), now, 0.0)
    return len(letters)


def send_again(change: Change, number: int, actor: Officer, now: datetime) -> None:
    """An agent of its ticket has a failed message sent once more. Raises NotFound, NotAllowed, NotResendable."""
    letter = _of(change, number, actor)
    if letter.state not in (Sent.FAILED, Sent.UNKNOWN):
        raise NotResendable
    outbox.again(change, number, next_at=now, error="", doubtful=letter.state == Sent.UNKNOWN)
    trail.add(change, "resent", now, actor=actor.id, ticket=letter.ticket, outbox=number)
    change.tell(f"outbox.{letter.outgoing.channel}")
    _tell(change, letter)


def _of(change: Change, number: int, actor: Officer) -> Letter:
    """The letter, if this officer may work on its ticket; a foreign one looks as one that is not there."""
    letter = outbox.get(change, number)
    ticket = tickets.find(change, letter.ticket) if letter and letter.ticket else None
    if letter is None or ticket is None or not tickets.sees(change, ticket, actor):
        raise NotFound(str(number))
    if not may_work(actor, ticket):
        raise NotAllowed
    return letter


def _tell(change: Change, letter: Letter) -> None:
    if letter.ticket:
        change.tell(f"ticket.{letter.ticket}")
