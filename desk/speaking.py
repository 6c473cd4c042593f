"""Words of an officer to a reporter: checked, then on their way. Answers and questions alike leave by this door."""

from collections.abc import Sequence
from datetime import datetime

from desk import letters
from desk.ids import Ids
from sop.channels import check_length, check_window
from sop.errors import AlreadyClosed, AnsweredMeanwhile, EmptyText
from sop.messages import File
from sop.officer import Officer
from sop.text import clean
from sop.ticket import Status, Ticket
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
) -> int:
    """The message's id. Raises EmptyText, TooLong, WindowClosed, AlreadyClosed, and AnsweredMeanwhile where somebody
    wrote after message `read_to`; then nothing is sent.
    """
    text = clean(text, LONGEST).strip()
    if ticket.status is Status.CLOSED:
        raise AlreadyClosed(ticket.number)
    if not text and not files:
        raise EmptyText
    if read_to is not None and messages.newest(change, ticket.id, besides=actor.id) > read_to:
        raise AnsweredMeanwhile(ticket.number)
    conversation = conversations.get(change, ticket.conversation)
    check_length(conversation.channel, text)
    check_window(conversation.channel, conversation.last_in_at, now)
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
    )
