"""What was said in a ticket, in order, with revisions and attachments."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from store import attachments as files
from store.attachments import Attachment
from store.db import Change, Row, View

GAP = 1 << 24  # places between two messages


class Message(Struct, frozen=True, kw_only=True):
    """`direction`: in, out or note. `sent` is the outbox state of an outgoing one, `error` why it failed.

    A web answer that was sent is "published" on the reporter's page; a counter's is "by_hand" until somebody told it.
    A queued one may wait for WhatsApp's window (`waits_for` "window") or for its moment (`next_at`).
    """

    id: int
    ticket: int
    conversation: int | None
    direction: str
    kind: str
    author: int | None
    automatic: bool
    channel: str
    external_id: str | None
    text: str
    quoted: str
    subject: str
    payload: dict[str, Any]
    revisions: int
    written_at: datetime
    edited_at: datetime | None
    sent: str = ""
    error: str = ""
    doubtful: bool = False
    outbox: int | None = None
    waits_for: str = ""
    next_at: datetime | None = None
    template: int | None = None
    reply_to: int | None = None
    attachments: tuple[Attachment, ...] = ()


def add(
    change: Change,
    *,
    ticket: int,
    conversation: int | None,
    direction: str,
    channel: str,
    text: str,
    at: datetime,
    salt: str,
    kind: str = "text",
    author: int | None = None,
    automatic: bool = False,
    external_id: str | None = None,
    quoted: str = "",
    subject: str = "",
    album: str = "",
    payload: dict[str, Any] | None = None,
    template: int | None = None,
    reply_to: int | None = None,
    sequence: int | None = None,
    place: int | None = None,
) -> int:
    row = change.one(
        """
        INSERT INTO message (ticket_id, conversation_id, direction, kind, author_id, automatic, channel, external_id,
                             text, quoted, subject, album, payload_json, template_id, reply_to_id, sequence, place,
                             salt, written_at)
        VALUES (:ticket, :conversation, :direction, :kind, :author, :automatic, :channel, :external_id,
                :text, :quoted, :subject, :album, :payload, :template, :reply_to, :sequence, :place, :salt, :at)
        RETURNING id
        """,
        ticket=ticket,
        conversation=conversation,
        direction=direction,
        kind=kind,
        author=author,
        automatic=automatic,
        channel=channel,
        external_id=external_id or None,
        text=text,
        quoted=quoted,
        subject=subject,
        album=album,
        payload=payload or {},
        template=template,
        reply_to=reply_to,
        sequence=sequence,
        place=place,
        salt=salt,
        at=at,
    )
    assert row is not None
    return int(row["id"])


def find_external(view: View, channel: str, external_id: str, direction: str = "in") -> Row | None:
    """{"id", "ticket_id", "text", "revisions", "payload_json"} of the message that the provider knows by that id."""
    return view.one(
        """
        SELECT id, ticket_id, text, revisions, payload_json FROM message
         WHERE channel = :channel AND external_id = :external_id AND direction = :direction
        """,
        channel=channel,
        external_id=external_id,
        direction=direction,
    )


def of_album(view: View, conversation: int, album: str) -> Row | None:
    return view.one(
        "SELECT id, ticket_id, text FROM message WHERE conversation_id = :conversation AND album = :album",
        conversation=conversation,
        album=album,
    )


def newest(view: View, ticket: int, *, besides: int) -> int:
    """Id of the newest message that somebody else wrote: the reporter, or an officer other than `besides`; 0 if none.

    Of the ticket and of those joined to it.
    """
    row = view.one(
        """
        SELECT max(id) AS id FROM message
         WHERE ticket_id IN (SELECT id FROM ticket WHERE id = :ticket
                             UNION ALL SELECT id FROM ticket WHERE merged_into = :ticket)
           AND automatic = :no AND withdrawn_at IS NULL AND (author_id IS NULL OR author_id <> :besides)
        """,
        ticket=ticket,
        besides=besides,
        no=False,
    )
    return int((row and row["id"]) or 0)


def last_answer(view: View, ticket: int) -> str:
    """The text of the newest answer of an officer; "" before there is one."""
    row = view.one(
        """
        SELECT text FROM message
         WHERE ticket_id = :ticket AND direction = 'out' AND automatic = :no AND withdrawn_at IS NULL
         ORDER BY id DESC LIMIT 1
        """,
        ticket=ticket,
        no=False,
    )
    return str(row["text"]) if row else ""


def set_external(change: Change, number: int, external_id: str) -> None:
    """The provider's name of a message that we sent."""
    change.run(
        "UPDATE message SET external_id = :external_id WHERE id = :id", external_id=external_id, id=number
    )


def words_of(view: View, number: int) -> Row | None:
    """{"text", "revisions"} of a message."""
    return view.one("SELECT text, revisions FROM message WHERE id = :id", id=number)


def move(change: Change, number: int, *, channel: str, conversation: int | None) -> None:
    """The words go another way than they began."""
    change.run(
        """
        UPDATE message SET channel = :channel, conversation_id = :conversation, external_id = NULL WHERE id = :id
        """,
        channel=channel,
        conversation=conversation,
        id=number,
    )


def add_words(change: Change, number: int, text: str) -> None:
    """A caption that came with a later part of an album."""
    change.run("UPDATE message SET text = :text WHERE id = :id", text=text, id=number)


def set_payload(change: Change, number: int, payload: dict[str, Any]) -> None:
    """Its facts as they are now: a place that moves, a card that was read."""
    change.run("UPDATE message SET payload_json = :payload WHERE id = :id", payload=payload, id=number)


def revise(change: Change, number: int, *, before: str, text: str, revisions: int, at: datetime) -> None:
    """The person edited: what stood there is kept as a revision (P4)."""
    change.run(
        "INSERT INTO revision (message_id, n, text, written_at) VALUES (:id, :n, :text, :at)",
        id=number,
        n=revisions + 1,
        text=before,
        at=at,
    )
    change.run(
        "UPDATE message SET text = :text, revisions = :n, edited_at = :at WHERE id = :id",
        text=text,
        n=revisions + 1,
        at=at,
        id=number,
    )


def revisions(view: View, number: int) -> list[Row]:
    """[{"n", "text", "written_at"}], oldest first."""
    return view.all("SELECT n, text, written_at FROM revision WHERE message_id = :id ORDER BY n", id=number)


def of_ticket(
    view: View,
    ticket: int,
    *,
    before: int | None = None,
    most: int = 100,
    attached: Mapping[int, tuple[Attachment, ...]] | None = None,
) -> list[Message]:
    """The newest `most` messages below the id `before`, oldest first, with attachments and what became of each.

    Attachments that were read already come in as `attached`.
    """
    return of_tickets(view, (ticket,), before=before, most=most, attached=attached)


def of_tickets(
    view: View,
    tickets: Sequence[int],
    *,
    before: int | None = None,
    most: int = 100,
    attached: Mapping[int, tuple[Attachment, ...]] | None = None,
) -> list[Message]:
    """`of_ticket` for several as one thread: one indexed look each, merged."""
    looks = (
        f"""
        SELECT id FROM (SELECT id FROM message WHERE ticket_id = :t{place} AND id < :before AND withdrawn_at IS NULL
                         ORDER BY id DESC LIMIT :most) AS l{place}
        """
        for place in range(len(tickets))
    )
    rows = view.all(
        f"""
        SELECT m.*, o.id AS outbox, o.error AS error, o.doubtful AS doubtful, o.waits_for, o.next_at,
               CASE WHEN o.state = 'sent' AND o.channel = 'counter' AND o.kind = 'answer' THEN 'by_hand'
                    WHEN o.state = 'sent' AND o.channel IN ('web', 'counter') THEN 'published'
                    ELSE o.state END AS sent
          FROM message m LEFT JOIN outbox o ON o.message_id = m.id
         WHERE m.id IN ({" UNION ALL ".join(looks)}) ORDER BY m.id DESC LIMIT :most
        """,
        before=before or 1 << 62,
        most=most,
        **{f"t{place}": ticket for place, ticket in enumerate(tickets)},
    )
    found: Mapping[int, Sequence[Attachment]] = attached or {}
    if attached is None and rows:
        found = {
            message: kept
            for ticket in tickets
            for message, kept in files.of_messages(view, ticket, rows[-1]["id"], rows[0]["id"]).items()
        }
    return [_message(row, tuple(found.get(row["id"], ()))) for row in sorted(rows, key=_stands)]


def place_of_late(view: View, ticket: int, sequence: int) -> int:
    """Where a message belongs that came after one which its sender wrote later: before that one (P4)."""
    rows = view.all(
        "SELECT id, sequence, place FROM message WHERE ticket_id = :ticket ORDER BY id DESC LIMIT 500",
        ticket=ticket,
    )
    later = min((_stands(row) for row in rows if (row["sequence"] or 0) > sequence), default=None)
    if later is None:
        return (rows[0]["id"] + 1) * GAP if rows else GAP
    return (max((_stands(row) for row in rows if _stands(row) < later), default=0) + later) // 2


def _stands(row: Row) -> int:
    """Messages stand by their id, with room between them for what comes late."""
    return int(row["place"] or row["id"] * GAP)


def since(view: View, after: int, most: int) -> list[Message]:
    """Messages of all tickets by rising id, for search and export."""
    rows = view.all(
        """
        SELECT m.*, NULL AS outbox, '' AS sent, '' AS error, :no AS doubtful, '' AS waits_for, NULL AS next_at
          FROM message m
         WHERE m.id > :after AND m.withdrawn_at IS NULL ORDER BY m.id LIMIT :most
        """,
        after=after,
        most=most,
        no=False,
    )
    return [_message(row, ()) for row in rows]


def _message(row: Row, attachments: tuple[Attachment, ...]) -> Message:
    return Message(
        id=row["id"],
        ticket=row["ticket_id"],
        conversation=row["conversation_id"],
        direction=row["direction"],
        kind=row["kind"],
        author=row["author_id"],
        automatic=bool(row["automatic"]),
        channel=row["channel"],
        external_id=row["external_id"],
        text=row["text"],
        quoted=row["quoted"],
        subject=row["subject"],
        payload=row["payload_json"],
        revisions=row["revisions"],
        written_at=row["written_at"],
        edited_at=row["edited_at"],
        sent=row["sent"] or "",
        error=row["error"] or "",
        doubtful=bool(row["doubtful"]),
        outbox=row["outbox"],
        waits_for=row["waits_for"] or "",
        next_at=row["next_at"],
        template=row["template_id"],
        reply_to=row["reply_to_id"],
        attachments=attachments,
    )
