"""What a publication says and carries: every version of its narration, the checker's ticks, letters and pictures."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from sop.messages import File
from store.db import Change, Row, View


class Narration(Struct, frozen=True, kw_only=True):
    """One version. `ticked` are the points of the check-list that were ticked on it."""

    version: int
    text: str
    author: int | None
    note: str
    ticked: frozenset[str]
    written_at: datetime


class Enclosure(Struct, frozen=True, kw_only=True):
    """`role`: "letter" (the request itself), "picture" or "file" (they go out)."""

    id: int
    publication: int
    role: str
    file: File
    by: int | None


def add(
    change: Change, publication: int, version: int, text: str, *, author: int | None, note: str, at: datetime
) -> None:
    change.run(
        """
        INSERT INTO narration (publication_id, version, text, author_id, note, ticked_json, written_at)
        VALUES (:publication, :version, :text, :author, :note, :ticked, :at)
        """,
        publication=publication,
        version=version,
        text=text,
        author=author,
        note=note,
        ticked=[],
        at=at,
    )


def tick(change: Change, publication: int, version: int, ticked: Iterable[str]) -> None:
    change.run(
        "UPDATE narration SET ticked_json = :ticked WHERE publication_id = :publication AND version = :version",
        publication=publication,
        version=version,
        ticked=sorted(ticked),
    )


def get(view: View, publication: int, version: int) -> Narration | None:
    row = view.one(
        "SELECT * FROM narration WHERE publication_id = :publication AND version = :version",
        publication=publication,
        version=version,
    )
    return _narration(row) if row else None


def versions(view: View, publication: int) -> list[Narration]:
    """All of them, oldest first."""
    rows = view.all("SELECT * FROM narration WHERE publication_id = :id ORDER BY version", id=publication)
    return [_narration(row) for row in rows]


def enclose(change: Change, publication: int, role: str, file: File, *, by: int | None, at: datetime) -> int:
    row = change.one(
        """
        INSERT INTO publication_file (publication_id, role, name, content_type, size, path, sha256, by_officer, added_at)
        VALUES (:publication, :role, :name, :content_type, :size, :path, :sha256, :by, :at)
        RETURNING id
        """,
        publication=publication,
        role=role,
        name=file.name,
        content_type=file.content_type,
        size=file.size or 0,
        path=file.path,
        sha256=file.sha256,
        by=by,
        at=at,
    )
    assert row is not None
    return int(row["id"])


def remove(change: Change, number: int, at: datetime) -> None:
    """It goes out no more; its row stays."""
    change.run("UPDATE publication_file SET removed_at = :at WHERE id = :id", at=at, id=number)


def enclosures(view: View, publication: int) -> list[Enclosure]:
    rows = view.all(
        "SELECT * FROM publication_file WHERE publication_id = :id AND removed_at IS NULL ORDER BY id",
        id=publication,
    )
    return [_enclosure(row) for row in rows]


def enclosure(view: View, number: int) -> Enclosure | None:
    row = view.one("SELECT * FROM publication_file WHERE id = :id AND removed_at IS NULL", id=number)
    return _enclosure(row) if row else None


def _narration(row: Row) -> Narration:
    return Narration(
        version=row["version"],
        text=row["text"],
        author=row["author_id"],
        note=row["note"],
        ticked=frozenset(row["ticked_json"]),
        written_at=row["written_at"],
    )


def _enclosure(row: Row) -> Enclosure:
    return Enclosure(
        id=row["id"],
        publication=row["publication_id"],
        role=row["role"],
        file=File(
            name=row["name"],
            content_type=row["content_type"],
            size=row["size"],
            path=row["path"],
            sha256=row["sha256"],
        ),
        by=row["by_officer"],
    )
