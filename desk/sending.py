"""The acts of the delivery loop: claim, and keep what a provider said (P5)."""

from datetime import datetime, timedelta
from typing import Any

from desk import announcing, inbound, late, letters, once, places, receipts, staff_chats, ways
from desk.seeing import may_work, needs_in
from desk.speaking import LONGEST
from sop import way as rules
from sop.channels import check_length
from sop.delivery import NotResendable, Sent, next_try
from sop.errors import N_, EmptyText, NotAllowed, NotFound
from sop.messages import RANK, Priority, Receipt, SendFailed, touches
from sop.officer import Officer, Right
from sop.text import clean
from sop.ticket import Ticket
from sop.way import PATIENCE, Plan
from store import contacts, conversations, messages, outbox, pushes, search, seen, tickets, trail, waiting
from store.db import Change
from store.outbox import Letter

SKEW = timedelta(minutes=1)  # that clocks of machines may differ
DEAD = frozenset({Sent.FAILED, Sent.UNKNOWN})
PART = "part"  # a further message that one of ours became with its provider
ARRIVES = frozenset(
    {"telegram", "web"}
)  # channels that tell of no arrival: what they took is with the person


def claim(
    change: Change, channel: str, now: datetime, most: int, taker: str = "", *, pushed: int | None = None
) -> list[Letter]:
    """Up to `most` rows of a channel that are due, now marked as under way in the process `taker`.

    `pushed`: so many announcements, beside `most` of the others.
    """
    if pushed is None:
        return outbox.claim(change, channel, now, most, taker)
    last = RANK[Priority.BROADCAST]
    answers = outbox.claim(change, channel, now, most, taker, ranks=(0, last - 1)) if most else []
    return answers + (outbox.claim(change, channel, now, pushed, taker, ranks=(last, last)) if pushed else [])


def sent(change: Change, letter: Letter, receipt: Receipt, now: datetime) -> None:
    """The provider took it. A status that came before this receipt counts now."""
    outbox.sent(change, letter.id, state=Sent.SENT, external_id=receipt.external_id, at=now)
    if letter.message and receipt.external_id:
        messages.set_external(change, letter.message, receipt.external_id)
        _keep_parts(change, letter, receipt, now)
    if receipt.external_id:
        inbound.early(change, letter.id, letter.outgoing.channel, receipt.external_id, now)
    if letter.kind == "broadcast" and receipt.more:
        pushes.keep_parts(change, letter.id, " ".join((receipt.external_id, *receipt.more)))
    if letter.outgoing.channel in ARRIVES:
        receipts.arrived(change, letter, now)
    if receipt.state == "by_hand" and letter.kind == "answer":  # somebody must call: desk/call_tasks.py
        trail.add(change, "call.due", now, ticket=letter.ticket, outbox=letter.id)
        change.tell("calls")
    _tell(change, letter)


def all_sent(change: Change, taken: list[tuple[Letter, Receipt]], now: datetime) -> None:
    """The provider took all of these."""
    for letter, receipt in taken:
        sent(change, letter, receipt, now)


def _keep_parts(change: Change, letter: Letter, receipt: Receipt, now: datetime) -> None:
    """Whoever replies to any picture of an album replies to the message that it is on the desk."""
    for part in receipt.more:
        if seen.first(change, f"{PART}.{letter.outgoing.channel}", part, now):
            seen.answer(change, f"{PART}.{letter.outgoing.channel}", part, {"ticket": letter.ticket})


def failed(change: Change, letter: Letter, failure: SendFailed, now: datetime, share: float) -> None:
    """Try again later, or say that it failed. `share` in 0..1 spreads the back-off."""
    if failure.moved_to:
        outbox.readdress(change, letter, failure.moved_to)
        places.moved(change, letter.outgoing.channel, letter.outgoing.to, failure.moved_to, now)
    if failure.blocked:
        address = contacts.address(change, letter.outgoing.channel, letter.outgoing.to)
        if address:
            contacts.shut(change, address.id)
        elif letter.kind == "broadcast":
            announcing.shut_out(change, letter, failure, now)
    staff_chats.refused(change, letter, failure, now)
    if failure.window and late.shut_out(change, letter, now):
        return
    at = next_try(
        failure,
        attempt=letter.attempts,
        queued_at=letter.queued_at,
        now=now,
        share=share,
        resend=letter.outgoing.priority is not Priority.BROADCAST or touches(letter.outgoing),
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


def hasten(change: Change, now: datetime) -> None:
    """After the clock was set back, nobody waits until it is where it was (P7)."""
    outbox.hasten(change, now, now + SKEW)


def send_again(change: Change, number: int, actor: Officer, now: datetime, *, key: str = "") -> None:
    """An agent of its ticket has a failed message sent once more. Raises NotFound, NotAllowed, NotResendable."""
    if not once.first(change, key, actor, now):
        return
    letter, _ = _dead(change, number, actor)
    outbox.again(change, number, next_at=now, error="", doubtful=letter.state == Sent.UNKNOWN)
    _noted(change, "resent", letter, actor, now)
    change.tell(f"outbox.{letter.outgoing.channel}")


def edit_and_resend(
    change: Change, number: int, actor: Officer, text: str, *, key: str, now: datetime
) -> None:
    """Other words in place of those that failed; what stood there stays as a revision (P4).

    Raises EmptyText, TooLong, NotFound, NotAllowed, NotResendable.
    """
    if not once.first(change, key, actor, now):
        return
    letter, _ = _dead(change, number, actor)
    text = clean(text, LONGEST).strip()
    if not text:
        raise EmptyText
    check_length(letter.outgoing.channel, text)
    before = messages.words_of(change, letter.message) if letter.message else None
    if before is None or letter.message is None or letter.outgoing.content.get("sid"):
        raise NotResendable
    if before["text"] != text:
        messages.revise(
            change, letter.message, before=before["text"], text=text, revisions=before["revisions"], at=now
        )
        search.index_again(change, letter.message)
    outbox.reword(change, letter, text)
    outbox.again(change, number, next_at=now, error="", doubtful=letter.state == Sent.UNKNOWN)
    _noted(change, "resent", letter, actor, now, message=letter.message)
    change.tell(f"outbox.{letter.outgoing.channel}")


def by_other_way(
    change: Change, number: int, actor: Officer, by: int | None, *, key: str, now: datetime
) -> None:
    """A failed answer, or one that waits for its person's word, goes by the conversation `by`; None: somebody calls.

    Raises NoSuchWay, WayClosed, TooLong, NotFound, NotAllowed, NotResendable.
    """
    if not once.first(change, key, actor, now):
        return
    letter, ticket = _dead(change, number, actor, waits=True)
    if letter.kind != "answer":
        raise NotResendable
    way = rules.chosen(ways.of_ticket(change, ticket, now), by) if by is not None else None
    if way:
        check_length(way.channel, letter.outgoing.text)
    ways.redirect(change, letter, ticket, way, now)
    if way and way.plan is Plan.TEMPLATE:
        conversation = conversations.get(change, way.conversation)
        waiting.wait(change, number, until=now + PATIENCE)
        late.announce(change, ticket, conversation, now=now, salt=ticket.token[:8])
    elif letter.waits_for and letter.conversation is not None:
        late.called_off(change, letter.conversation)
    channel = way.channel if way else letters.COUNTER
    _noted(change, "redirected", letter, actor, now, channel=channel)


def settle(change: Change, number: int, actor: Officer, *, key: str, now: datetime) -> None:
    """Somebody saw to it in another way, or it is no longer needed: it leaves the list of dead letters.

    One of no ticket is for who supervises every unit. Raises NotFound, NotAllowed, NotResendable.
    """
    if not once.first(change, key, actor, now):
        return
    letter = outbox.get(change, number) if number < 1 << 62 else None
    if letter and letter.ticket is None and letter.state in DEAD:
        needs_in(actor, Right.PARKED, None)
    else:
        letter, _ = _dead(change, number, actor)
    outbox.settle(change, number, now)
    _noted(change, "settled", letter, actor, now)


def _dead(change: Change, number: int, actor: Officer, *, waits: bool = False) -> tuple[Letter, Ticket]:
    """A letter that failed; with `waits`, or one that waits for its person's word."""
    letter, ticket = _of(change, number, actor)
    if letter.state not in DEAD and not (waits and letter.state == Sent.QUEUED and letter.waits_for):
        raise NotResendable
    return letter, ticket


def _noted(change: Change, kind: str, letter: Letter, actor: Officer, now: datetime, **facts: Any) -> None:
    trail.add(change, kind, now, actor=actor.id, ticket=letter.ticket, outbox=letter.id, **facts)
    change.tell("dead")
    _tell(change, letter)


def _of(change: Change, number: int, actor: Officer) -> tuple[Letter, Ticket]:
    """The letter and its ticket, if this officer may work on it; a foreign one looks as one that is not there."""
    letter = outbox.get(change, number) if 0 < number < 1 << 62 else None
    ticket = tickets.find(change, letter.ticket) if letter and letter.ticket else None
    if letter is None or ticket is None or not tickets.sees(change, ticket, actor):
        raise NotFound(str(number))
    if not may_work(actor, ticket):
        raise NotAllowed
    return letter, ticket


def _tell(change: Change, letter: Letter) -> None:
    if letter.ticket:
        change.tell(f"ticket.{letter.ticket}")
