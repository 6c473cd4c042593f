"""How a person's message is set down: itself with its files, the parts of an album, an edit."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sop.messages import Incoming, Kind
from store import attachments, messages, search, trail
from store.db import Change, Row

if TYPE_CHECKING:
    from desk.intake import Arrival


def write(change: Change, arrival: Arrival, ticket: int) -> int:
    """The message itself, with its files."""
    incoming = arrival.incoming
    payload = dict(incoming.payload)
    if incoming.location:
        payload["location"] = list(incoming.location)
    if incoming.auto:
        payload["auto"] = True
    if not incoming.proved:
        payload["unproved"] = True
    late = 0 < incoming.order < arrival.conversation.thread.get("order", 0)
    message = messages.add(
        change,
        ticket=ticket,
        conversation=arrival.conversation.id,
        direction="in",
        kind=incoming.kind.value,
        channel=incoming.channel,
        external_id=_name(change, incoming),
        text=incoming.text,
        quoted=incoming.quoted,
        subject=incoming.subject,
        album=incoming.group,
        payload=payload,
        reply_to=_answered(change, incoming),
        sequence=incoming.order or None,
        place=messages.place_of_late(change, ticket, incoming.order) if late else None,
        salt=arrival.ids.salt,
        at=arrival.now,
    )
    for file in incoming.files:
        attachments.add(change, message, file)
    return message


def _answered(change: Change, incoming: Incoming) -> int | None:
    """The message that this one answers, where its person pointed at one. A button says it by itself, a mail by its thread."""
    if not incoming.reply_to or incoming.kind is Kind.BUTTON or incoming.channel == "mail":
        return None
    for direction in ("out", "in"):
        if found := messages.find_external(change, incoming.channel, incoming.reply_to, direction):
            return int(found["id"])
    return None


def _name(change: Change, incoming: Incoming) -> str:
    """What edits and replies call this message. A stranger's mail may repeat an id: it is kept under its delivery's own."""
    name = incoming.message_id or incoming.external_id
    if incoming.channel == "mail" and messages.find_external(change, incoming.channel, name):
        return incoming.external_id
    return name


def join_album(change: Change, arrival: Arrival) -> int | None:
    """The parts of an album are one message on the desk."""
    first = messages.of_album(change, arrival.conversation.id, arrival.incoming.group)
    if first is None:
        return None
    for file in arrival.incoming.files:
        attachments.add(change, first["id"], file)
    if arrival.incoming.text and arrival.incoming.text not in first["text"]:
        messages.add_words(change, first["id"], f"{first['text']}\n{arrival.incoming.text}".strip())
    trail.add(change, "album", arrival.now, ticket=first["ticket_id"], message=first["id"])
    change.tell(f"ticket.{first['ticket_id']}")
    return int(first["ticket_id"])


def revise(change: Change, incoming: Incoming, now: datetime) -> int | None:
    """The person edited a message: the new words show, the old ones stay as a revision (P4)."""
    before = messages.find_external(change, incoming.channel, incoming.edits)
    if before is None:
        return None  # we never saw the first form: this one is taken in as a message
    if incoming.location:
        _moved(change, before, incoming.location)
    if before["text"] == incoming.text:
        return int(before["ticket_id"])
    messages.revise(
        change, before["id"], before=before["text"], text=incoming.text, revisions=before["revisions"], at=now
    )
    search.index_again(change, before["id"])
    trail.add(change, "revised", now, ticket=before["ticket_id"], message=before["id"])
    change.tell("queue", f"ticket.{before['ticket_id']}")
    return int(before["ticket_id"])


def _moved(change: Change, before: Row, place: tuple[float, float]) -> None:
    """A place that is shared live: where its person is now, and where they began. It fills no list of revisions."""
    payload = before["payload_json"]
    if payload.get("location") == list(place):
        return
    began = payload.get("began_at") or payload.get("location") or list(place)
    messages.set_payload(change, before["id"], {**payload, "location": list(place), "began_at": began})
    change.tell(f"ticket.{before['ticket_id']}")
