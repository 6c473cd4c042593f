"""Words of an officer to a reporter: checked, then on their way. Answers and questions alike leave by this door."""

from collections.abc import Sequence
from datetime import datetime

from desk import answering, late, letters, ways
from desk.ids import Ids
from sop import way as rules
from sop.channels import check_length
from sop.errors import AlreadyClosed, AnsweredMeanwhile, EmptyText
from sop.messages import File
from sop.officer import Officer
from sop.text import clean
from sop.ticket import Status, Ticket
from sop.way import PATIENCE, Plan, Way
from store import conversations, messages
from store.db import Change

LONGEST = 20_000  # characters of an answer or a note


def speak(
    change: Change,
    ticket: Ticket,
    actor: Officer,
    text: str,
    *,
    ids: Ids,
    now: datetime,
    read_to: int | None = None,
    template: int | None = None,
    files: Sequence[File] = (),
    by: int | None = None,
    not_before: datetime | None = None,
) -> int:
    """The message's id. `by` is the conversation the officer chose of `ways.of_ticket`; without it the first way that
    carries the words is taken, and where there is none somebody has to call.

    Outside WhatsApp's window the late-answer plan begins. Raises EmptyText, TooLong, NoSuchWay, WayClosed (only of a
    chosen way), AlreadyClosed, what `answering.check` raises, and AnsweredMeanwhile where somebody wrote after message `read_to`; then nothing is sent.
    """
    text = clean(text, LONGEST).strip()
    answering.check(change, ticket, text, template)
    if ticket.status is Status.CLOSED:
        raise AlreadyClosed(ticket.number)
    if not text and not files:
        raise EmptyText
    if read_to is not None and messages.newest(change, ticket.id, besides=actor.id) > read_to:
        raise AnsweredMeanwhile(ticket.number)
    way = rules.chosen(ways.of_ticket(change, ticket, now), by)
    if way is None:
        to = ways.number_of(change, ticket)
        return letters.by_hand(
            change,
            ticket,
            text,
            to=to,
            now=now,
            salt=ids.salt,
            author=actor.id,
            template=template,
            files=files,
        )
    check_length(way.channel, text)
    return _send(change, ticket, actor, text, way, ids, now, template, files, not_before)


def _send(
    change: Change,
    ticket: Ticket,
    actor: Officer,
    text: str,
    way: Way,
    ids: Ids,
    now: datetime,
    template: int | None,
    files: Sequence[File],
    not_before: datetime | None,
) -> int:
    conversation = conversations.get(change, way.conversation)
    waits = way.plan is Plan.TEMPLATE
    if waits:
        late.announce(change, ticket, conversation, now=now, salt=ids.salt, not_before=not_before)
    if conversation.id != ticket.conversation:
        ways.speaks_of(change, conversation.id, ticket)
    return letters.to_reporter(
        change,
        ticket,
        conversation,
        text,
        now=now,
        salt=ids.salt,
        author=actor.id,
        template=template,
        files=files,
        not_before=not_before,
        waits_until=now + PATIENCE if waits else None,
    )
