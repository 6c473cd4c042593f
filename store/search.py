"""Full-text search over what was said. Filled by a sweep a moment after intake; the two engines' queries live here."""

import re

from store import memory
from store.db import Change, View

CURSOR = "search.cursor"
_WORD = re.compile(r"[\w]+", re.UNICODE)
_FIND = {
    "sqlite": """
        SELECT m.ticket_id AS id, max(m.id) AS newest
          FROM (SELECT rowid AS id FROM search WHERE search MATCH :query ORDER BY rowid DESC LIMIT :bound) f
          JOIN message m ON m.id = f.id
         GROUP BY m.ticket_id ORDER BY newest DESC LIMIT :most
        """,
    "postgresql": """
        SELECT m.ticket_id AS id, max(m.id) AS newest
          FROM (SELECT message_id AS id FROM search WHERE lexemes @@ to_tsquery('simple', :query)
                 ORDER BY message_id DESC LIMIT :bound) f
          JOIN message m ON m.id = f.id
         GROUP BY m.ticket_id ORDER BY newest DESC LIMIT :most
        """,
}
_PUT = {
    "sqlite": "INSERT INTO search (rowid, words) VALUES (:id, :words)",
    "postgresql": "INSERT INTO search (message_id, lexemes) VALUES (:id, to_tsvector('simple', :words))",
}
_DROP = {
    "sqlite": "DELETE FROM search WHERE rowid = :id",
    "postgresql": "DELETE FROM search WHERE message_id = :id",
}


def index_some(change: Change, most: int = 500) -> int:
    """Index up to `most` messages that came since the last time; how many it were."""
    after = memory.get(change, CURSOR).get("id", 0)
    rows = change.all(
        """
        SELECT m.id, m.text, m.quoted, m.subject, t.name, t.subject AS about
          FROM message m JOIN ticket t ON t.id = m.ticket_id
         WHERE m.id > :after AND m.withdrawn_at IS NULL ORDER BY m.id LIMIT :most
        """,
        after=after,
        most=most,
    )
    for row in rows:
        _put(
            change,
            row["id"],
            " ".join((row["name"], row["about"], row["subject"], row["text"], row["quoted"])),
        )
    if rows:
        memory.save(change, CURSOR, {"id": rows[-1]["id"]})
    return len(rows)


def index_again(change: Change, message: int, words: str) -> None:
    """An edited message is found by its new words. One that was not indexed yet will be."""
    if message <= memory.get(change, CURSOR).get("id", 0):
        change.run(_DROP[change.engine], id=message)
        _put(change, message, words)


def forget(change: Change, message: int) -> None:
    """A message that was taken back is found no more."""
    change.run(_DROP[change.engine], id=message)


def tickets(view: View, words: str, *, most: int = 50, bound: int = 1000) -> list[int]:
    """Tickets in which all words stand (the last as a beginning), newest first; looks at `bound` messages at most."""
    found = _WORD.findall(words.lower())[:12]
    if not found:
        return []
    return [
        row["id"]
        for row in view.all(_FIND[view.engine], query=_query(view.engine, found), bound=bound, most=most)
    ]


def _query(engine: str, words: list[str]) -> str:
    if engine == "sqlite":
        return " ".join(f'"{word}"' for word in words) + " *"
    return " & ".join(words) + ":*"


def _put(change: Change, message: int, words: str) -> None:
    change.run(_PUT[change.engine], id=message, words=words[:20_000])
