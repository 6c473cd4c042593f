"""Answers that a person must tell: outbox rows of the counter that its sender took `by_hand`.

Such a row is `sent` while somebody still has to call and `delivered` once they did; `attempts` counts the tries.
"""

from datetime import datetime

from msgspec import Struct

from store.db import Change, Row, View


class Call(Struct, frozen=True, kw_only=True):
    """`to` is where to call: a number or address, or a random key where the person left none. `tries`: not reached."""

    id: int
    ticket: int
    unit: int | None
    name: str
    to: str
    text: str
    tries: int
    queued_at: datetime


_SELECT = """
SELECT o.id, o.ticket_id, o.recipient, o.attempts, o.queued_at, m.text, t.name, t.unit_id
  FROM outbox o JOIN ticket t ON t.id = o.ticket_id JOIN message m ON m.id = o.message_id
 WHERE o.channel = 'counter' AND o.kind = 'answer' AND o.state = 'sent'
"""


def due(view: View, *, after: int = 0, most: int = 200) -> list[Call]:
    """All that wait, oldest first."""
    rows = view.all(f"{_SELECT} AND o.id > :after ORDER BY o.id LIMIT :most", after=after, most=most)
    return [_call(row) for row in rows]


def find(view: View, number: int) -> Call | None:
    """None also for one that was told already."""
    row = view.one(f"{_SELECT} AND o.id = :id", id=number)
    return _call(row) if row else None


def told(change: Change, number: int) -> None:
    change.run("UPDATE outbox SET state = 'delivered' WHERE id = :id", id=number)


def tried(change: Change, number: int) -> None:
    change.run("UPDATE outbox SET attempts = attempts + 1 WHERE id = :id", id=number)


def _call(row: Row) -> Call:
    return Call(
        id=row["id"],
        ticket=row["ticket_id"],
        unit=row["unit_id"],
        name=row["name"],
        to=row["recipient"],
        text=row["text"],
        tries=max(0, row["attempts"] - 1),
        queued_at=row["queued_at"],
    )
