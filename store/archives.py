"""Archives of publications: the manifest of what was gathered, and its hash."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from store.db import Change, Row, View


class Archive(Struct, frozen=True, kw_only=True):
    """`manifest`: what is in it, each part with its SHA-256 (hex); `sha256` is the manifest's own."""

    publication: int
    manifest: dict[str, Any]
    sha256: str
    by: int | None
    at: datetime


def keep(change: Change, archive: Archive) -> None:
    """A later word on an archived announcement makes a new manifest; the chain of events keeps the hash of each."""
    change.run(
        """
        INSERT INTO archive (publication_id, manifest_json, sha256, by_officer, archived_at)
        VALUES (:publication, :manifest, :sha256, :by, :at)
        ON CONFLICT (publication_id) DO UPDATE
           SET manifest_json = :manifest, sha256 = :sha256, by_officer = :by, archived_at = :at
        """,
        publication=archive.publication,
        manifest=archive.manifest,
        sha256=archive.sha256,
        by=archive.by,
        at=archive.at,
    )


def get(view: View, publication: int) -> Archive | None:
    row = view.one("SELECT * FROM archive WHERE publication_id = :id", id=publication)
    return _archive(row) if row else None


def _archive(row: Row) -> Archive:
    return Archive(
        publication=row["publication_id"],
        manifest=row["manifest_json"],
        sha256=row["sha256"],
        by=row["by_officer"],
        at=row["archived_at"],
    )
