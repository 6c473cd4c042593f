"""Whose message it is: the conversation that it belongs to, or one that begins with it."""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from desk import talk
from desk.ids import Ids
from sop.conversation import may_say
from sop.language import Language
from sop.messages import Incoming
from sop.way import looks_at
from store import contacts, conversations
from store.conversations import Conversation
from store.db import Change

THREAD = 20  # ids of a mail thread that are kept


def whose(change: Change, incoming: Incoming) -> tuple[Incoming, Conversation | None]:
    """A mail that carries a verified reply token of ours belongs to that token's conversation, whatever its thread.

    Without one, somebody else who writes into a thread has a conversation of their own: ids of mails are no secret, and
    nobody speaks for the reporter.
    """
    if incoming.channel == "mail" and incoming.token:
        found = conversations.by_token(change, incoming.token)
        if found and found.channel == incoming.channel:
            return incoming, found
    found = conversations.find(change, incoming.channel, incoming.key)
    if found and incoming.channel == "mail" and found.to.lower() != incoming.sender.lower():
        incoming = replace(incoming, key=f"{incoming.key} {incoming.sender}")
        found = conversations.find(change, incoming.channel, incoming.key)
    return incoming, found


def meet(change: Change, incoming: Incoming, ids: Ids, language: Language, now: datetime) -> Conversation:
    """A conversation that begins; the person may be known by this address already."""
    address = contacts.address(change, incoming.channel, incoming.sender)
    says = talk.begins(incoming) and may_say(None, now, auto=incoming.auto)
    said_at = None
    if address is None:
        contact = contacts.add(
            change, name=incoming.name, language=language, at=now, said_at=now if says else None
        )
        number = contacts.add_address(
            change, contact=contact, channel=incoming.channel, value=incoming.sender, wrote_at=now
        )
    else:
        contact, number = address.contact, address.id
        said_at = contacts.said_at(change, contact)
        if says:
            contacts.said(change, contact, now)
    thread = thread_of(incoming, {})
    conversation = conversations.add(
        change,
        channel=incoming.channel,
        key=incoming.key,
        address=number,
        contact=contact,
        token=ids.conversation,
        last_in_at=now,
        said_at=now if says else None,
        look_at=looks_at(incoming.channel, now),
        thread=thread,
    )
    return Conversation(
        id=conversation,
        channel=incoming.channel,
        key=incoming.key,
        address=number,
        to=incoming.sender,
        state="reachable",
        contact=contact,
        ticket=None,
        token=ids.conversation,
        said_at=said_at,
        thread=thread,
    )


def heard(change: Change, conversation: Conversation, incoming: Incoming, now: datetime) -> Conversation:
    thread = thread_of(incoming, conversation.thread)
    look_at = looks_at(conversation.channel, now)
    conversations.heard(change, conversation.id, now, thread, look_at=look_at)
    return replace(conversation, thread=thread, last_in_at=now)


def thread_of(incoming: Incoming, before: dict[str, Any]) -> dict[str, Any]:
    """What an answer must refer to: the last message, and of a mail its subject and the ids so far."""
    newest = max(incoming.order, before.get("order", 0))
    thread: dict[str, Any] = {
        "last": incoming.message_id if incoming.order >= newest else before.get("last", "")
    }
    if newest:
        thread["order"] = newest
    if incoming.references or incoming.subject:
        known = [*before.get("refs", ()), *incoming.references, incoming.message_id]
        thread["refs"] = list(dict.fromkeys(ref for ref in known if ref))[-THREAD:]
        thread["subject"] = before.get("subject") or incoming.subject
    if index := incoming.payload.get("thread_index") or before.get("thread_index"):
        thread["thread_index"] = index
    return thread
