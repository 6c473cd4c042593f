"""Words for a person: the message in the ticket and the outbox row that carries it, written in one change."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sop.messages import Button, File, Outgoing, Priority
from sop.ticket import Ticket
from store import attachments, messages, outbox
from store.conversations import Conversation
from store.db import Change


def to_reporter(
    change: Change,
    ticket: Ticket,
    conversation: Conversation,
    text: str,
    *,
    now: datetime,
    salt: str,
    author: int | None = None,
    automatic: bool = False,
    template: int | None = None,
    files: Sequence[File] = (),
    buttons: tuple[tuple[Button, ...], ...] = (),
    not_before: datetime | None = None,
) -> int:
    """An answer (by `author`) or a word of the desk's own; returns the message's id.

    Who said STOP gets no word of the desk's own: it is kept in the ticket and never queued.
    """
    message = messages.add(
        change,
        ticket=ticket.id,
        conversation=conversation.id,
        direction="out",
        channel=conversation.channel,
        text=text,
        at=now,
        salt=salt,
        author=author,
        automatic=automatic,
        template=template,
    )
    for file in files:
        attachments.add(change, message, file)
    if automatic and conversation.state == "opted_out":
        return message
    outbox.add(
        change,
        letter(conversation, text, ticket, files=tuple(files), buttons=buttons, automatic=automatic),
        now=now,
        kind="notice" if automatic else "answer",
        ticket=ticket.id,
        message=message,
        conversation=conversation.id,
        not_before=not_before,
    )
    return message


def letter(
    conversation: Conversation,
    text: str,
    ticket: Ticket | None = None,
    *,
    files: tuple[File, ...] = (),
    buttons: tuple[tuple[Button, ...], ...] = (),
    automatic: bool = True,
) -> Outgoing:
    """The outbox's form of words to a conversation's person, in that conversation."""
    thread = conversation.thread
    return Outgoing(
        id=0,
        channel=conversation.channel,
        to=conversation.to,
        key=conversation.key,
        text=text,
        subject=thread.get("subject") or (ticket.subject if ticket else ""),
        files=files,
        buttons=buttons,
        reply_to=thread.get("last", ""),
        references=tuple(thread.get("refs", ())),
        token=conversation.token,
        content={"thread_index": thread["thread_index"]} if "thread_index" in thread else {},
        link=ticket.token if ticket else "",
        priority=Priority.ANSWER,
        auto=automatic,
    )


def fingerprint(text: str, salt: str) -> str:
    """What the chain of events keeps of a text: erasing the salt leaves nothing to guess against."""
    return sha256(f"{salt}\n{text}".encode()).hexdigest()
