"""Keys of what was done already, with the answer it got: whoever repeats a key hears the same again."""

from datetime import datetime
from typing import Any

from store.db import Change, View


def first(change: Change, source: str, key: str, at: datetime, actor: str = "") -> bool:
    """Note the key. False: it was noted before, by a provider that delivered again or a person who pressed twice."""
    new = change.one(
        """
        INSERT INTO seen (source, key, actor, seen_at) VALUES (:source, :key, :actor, :at)
        ON CONFLICT DO NOTHING
        RETURNING 1 AS new
        """,
        source=source,
        key=key,
        actor=actor,
        at=at,
    )
    return new is not None


def answer(change: Change, source: str, key: str, answer: dict[str, Any]) -> None:
    """Keep what the first call was answered."""
    change.run(
        "UPDATE seen SET answer_json = :answer WHERE source = :source AND key = :key",
        source=source,
        key=key,
        answer=answer,
    )


def find(view: View, source: str, key: str) -> tuple[str, dict[str, Any]] | None:
    """(actor, answer) of the first call under this key."""
    row = view.one(
        "SELECT actor, answer_json FROM seen WHERE source = :source AND key = :key", source=source, key=key
    )
    return (row["actor"], row["answer_json"] or {}) if row else None


def forget_before(change: Change, at: datetime, most: int = 1000) -> int:
    """Drop keys so old that nobody repeats them; at most `most` in one change."""
    rows = change.all(
        """
        DELETE FROM seen WHERE (source, key) IN (SELECT source, key FROM seen WHERE seen_at < :at LIMIT :most)
        RETURNING 1 AS gone
        """,
        at=at,
        most=most,
    )
    return len(rows)
