"""Files that came or went with a message. Their bytes lie in a folder beside the database, under random names."""

from datetime import datetime

from msgspec import Struct

from sop.messages import File, Kind
from store.db import Change, Row, View


class Attachment(Struct, frozen=True, kw_only=True):
    """`state`: waiting (still with the provider), kept, failed or too_large.

    `thumbnail` is where its small picture lies; "" while nobody looked at the file, "-" where it has none.
    """

    id: int
    message: int
    state: str
    error: str
    attempts: int
    file: File
    thumbnail: str = ""

    @property
    def small(self) -> bool:
        """There is a small picture of it."""
        return len(self.thumbnail) > 1


def add(change: Change, message: int, file: File) -> None:
    """Bytes that are kept already, or that the fetching loop still has to get; it looks at both."""
    change.tell("files")
    change.run(
        """
        INSERT INTO attachment (message_id, kind, name, content_type, size, remote, path, sha256, state, next_at)
        VALUES (:message, :kind, :name, :content_type, :size, :remote, :path, :sha256, :state, :next_at)
        """,
        message=message,
        kind=file.kind.value,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        remote=file.remote,
        path=file.path,
        sha256=file.sha256,
        state="kept" if file.path else "waiting",
        next_at=None,
    )


def get(view: View, number: int) -> tuple[Attachment, int] | None:
    """(the attachment, its ticket)."""
    row = view.one(
        "SELECT f.*, m.ticket_id FROM attachment f JOIN message m ON m.id = f.message_id WHERE f.id = :id",
        id=number,
    )
    return (_attachment(row), row["ticket_id"]) if row else None


def to_fetch(view: View, now: datetime, most: int) -> list[tuple[Attachment, str]]:
    """Attachments still with the provider, each with its channel."""
    rows = view.all(
        """
        SELECT f.*, m.channel FROM attachment f JOIN message m ON m.id = f.message_id
         WHERE f.state = 'waiting' AND (f.next_at IS NULL OR f.next_at <= :now) ORDER BY f.id LIMIT :most
        """,
        now=now,
        most=most,
    )
    return [(_attachment(row), row["channel"]) for row in rows]


def unseen(view: View, most: int) -> list[Attachment]:
    """Kept files that nobody looked at yet, oldest first."""
    rows = view.all(
        "SELECT * FROM attachment WHERE state = 'kept' AND thumbnail = '' ORDER BY id LIMIT :most", most=most
    )
    return [_attachment(row) for row in rows]


def looked_at(change: Change, number: int, *, content_type: str, kind: Kind, thumbnail: str) -> bool:
    """What the file is, and its small picture. False: somebody else was first."""
    row = change.one(
        """
        UPDATE attachment SET content_type = :content_type, kind = :kind, thumbnail = :thumbnail
         WHERE id = :id AND thumbnail = '' RETURNING id
        """,
        content_type=content_type,
        kind=kind.value,
        thumbnail=thumbnail,
        id=number,
    )
    return row is not None


def fetched(change: Change, number: int, file: File, thumbnail: str = "") -> None:
    change.run(
        """
        UPDATE attachment SET state = 'kept', path = :path, sha256 = :sha256, size = :size, kind = :kind,
                              content_type = :content_type, name = :name, thumbnail = :thumbnail
         WHERE id = :id
        """,
        kind=file.kind.value,
        thumbnail=thumbnail,
        path=file.path,
        sha256=file.sha256,
        size=file.size,
        content_type=file.content_type,
        name=file.name,
        id=number,
    )


def not_fetched(change: Change, number: int, *, state: str, error: str, next_at: datetime | None) -> None:
    change.run(
        """
        UPDATE attachment SET state = :state, error = :error, attempts = attempts + 1, next_at = :next_at
         WHERE id = :id
        """,
        state=state,
        error=error,
        next_at=next_at,
        id=number,
    )


def of_messages(view: View, ticket: int, first: int, last: int) -> dict[int, list[Attachment]]:
    """message -> its attachments, of the ticket's messages between two ids."""
    rows = view.all(
        """
        SELECT f.* FROM attachment f JOIN message m ON m.id = f.message_id
         WHERE m.ticket_id = :ticket AND m.id BETWEEN :first AND :last ORDER BY f.id
        """,
        ticket=ticket,
        first=first,
        last=last,
    )
    return _by_message(rows)


def between(view: View, first: int, last: int) -> dict[int, list[Attachment]]:
    """message -> its attachments, of all messages between two ids, both included."""
    rows = view.all(
        "SELECT * FROM attachment WHERE message_id BETWEEN :first AND :last ORDER BY message_id, id",
        first=first,
        last=last,
    )
    return _by_message(rows)


def _by_message(rows: list[Row]) -> dict[int, list[Attachment]]:
    found: dict[int, list[Attachment]] = {}
    for row in rows:
        found.setdefault(row["message_id"], []).append(_attachment(row))
    return found


def _attachment(row: Row) -> Attachment:
    file = File(
        kind=Kind(row["kind"]),
        name=row["name"],
        content_type=row["content_type"],
        size=row["size"],
        remote=row["remote"],
        path=row["path"],
        sha256=row["sha256"],
    )
    return Attachment(
        id=row["id"],
        message=row["message_id"],
        state=row["state"],
        error=row["error"],
        attempts=row["attempts"],
        file=file,
        thumbnail=row["thumbnail"],
    )
