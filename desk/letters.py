"""Words for a person: the message in the ticket and the outbox row that carries it, written in one change."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sop.channels import window_ends
from sop.conversation import leaves_at
from sop.messages import Button, File, Outgoing, Priority
from sop.ticket import Ticket
from sop.way import WAITS_FOR_WINDOW
from store import attachments, contacts, messages, outbox
from store.conversations import Conversation
from store.db import Change

COUNTER = "counter"


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
    waits_until: datetime | None = None,
    kind: str = "",
    paced: bool = False,
) -> int:
    """An answer (by `author`) or a word of the desk's own; returns the message's id.

    Who said STOP gets no word of the desk's own: it is kept in the ticket and never queued; nor is one that WhatsApp's
    window shuts out. `kind` "answer": an answer that goes out once more. `waits_until`: it waits so long for the person's next word (the late-answer plan).
    At most one automatic word a minute and person leaves, on whatever channel; `paced`: the talk saw to that.
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
    ends = window_ends(conversation.channel, conversation.last_in_at)
    if automatic and (conversation.state == "opted_out" or (ends is not None and now >= ends)):
        return message
    if automatic and not kind and not paced:
        at = leaves_at(conversation.said_at, now)
        contacts.said(change, conversation.contact, at)
        not_before = at if at > now else None
    outbox.add(
        change,
        letter(conversation, text, ticket, files=tuple(files), buttons=buttons, automatic=automatic),
        now=now,
        kind=kind or ("notice" if automatic else "answer"),
        ticket=ticket.id,
        message=message,
        conversation=conversation.id,
        not_before=waits_until or not_before,
        waits_for=WAITS_FOR_WINDOW if waits_until else "",
    )
    return message


def by_hand(
    change: Change,
    ticket: Ticket,
    text: str,
    *,
    to: str,
    now: datetime,
    salt: str,
    author: int | None = None,
    template: int | None = None,
    files: Sequence[File] = (),
) -> int:
    """An answer that somebody tells: a call task at once, with the number `to` or "" where none is known."""
    message = messages.add(
        change,
        ticket=ticket.id,
        conversation=None,
        direction="out",
        channel=COUNTER,
        text=text,
        at=now,
        salt=salt,
        author=author,
        automatic=author is None,
        template=template,
    )
    for file in files:
        attachments.add(change, message, file)
    row = outbox.add(change, by_phone(ticket, text, to, files), now=now, ticket=ticket.id, message=message)
    outbox.sent(change, row, state="sent", external_id="", at=now)
    change.tell("calls")
    return message


def by_phone(ticket: Ticket, text: str, to: str, files: Sequence[File] = ()) -> Outgoing:
    """The outbox's form of words that an officer says."""
    key = f"tiket-{ticket.number}"
    return Outgoing(
        id=0, channel=COUNTER, to=to or key, key=key, text=text, files=tuple(files), link=ticket.token
    )


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
