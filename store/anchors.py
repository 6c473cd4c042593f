"""Where the chain of events stood at the end of a day: who holds such a line elsewhere can tell that it was not rewritten."""

from datetime import datetime

from msgspec import Struct

from store.db import Change, Row, View


class Anchor(Struct, frozen=True, kw_only=True):
    """`day` is the desk's date as YYYY-MM-DD; `hash` is the event's."""

    day: str
    event: int
    hash: str
    at: datetime


def add(change: Change, anchor: Anchor) -> bool:
    """False when that day has one already."""
    row = change.one(
        """
        INSERT INTO anchor (day, event_id, hash, anchored_at) VALUES (:day, :event, :hash, :at)
        ON CONFLICT (day) DO NOTHING RETURNING day
        """,
        day=anchor.day,
        event=anchor.event,
        hash=anchor.hash,
        at=anchor.at,
    )
    return row is not None


def find(view: View, day: str) -> Anchor | None:
    row = view.one("SELECT * FROM anchor WHERE day = :day", day=day)
    return _anchor(row) if row else None


def last(view: View) -> Anchor | None:
    row = view.one("SELECT * FROM anchor ORDER BY day DESC LIMIT 1")
    return _anchor(row) if row else None


def _anchor(row: Row) -> Anchor:
    return Anchor(day=row["day"], event=row["event_id"], hash=row["hash"], at=row["anchored_at"])


def unfit(view: View, most: int = 10) -> list[tuple[Anchor, bool]]:
    """Anchors that the chain does not bear out, oldest first: its event has another hash, or (True) is not there."""
    rows = view.all(
        """
        SELECT a.*, e.hash AS found
          FROM anchor a LEFT JOIN audit e ON e.id = a.event_id
         WHERE e.hash IS NULL OR e.hash <> a.hash
         ORDER BY a.event_id, a.day LIMIT :most
        """,
        most=most,
    )
    return [(_anchor(row), row["found"] is None) for row in rows]


def count(view: View) -> int:
    row = view.one("SELECT count(*) AS n FROM anchor")
    return int(row["n"]) if row else 0
