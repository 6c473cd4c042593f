"""Who has a ticket open, and whether they write."""

from datetime import datetime

from msgspec import Struct

from store.db import Change, View


class Watcher(Struct, frozen=True, kw_only=True):
    officer: int
    name: str
    typing: bool


def seen(change: Change, ticket: int, officer: int, typing: bool, at: datetime) -> None:
    change.run(
        """
        INSERT INTO watching (ticket_id, officer_id, typing, seen_at) VALUES (:ticket, :officer, :typing, :at)
        ON CONFLICT (ticket_id, officer_id) DO UPDATE SET typing = :typing, seen_at = :at
        """,
        ticket=ticket,
        officer=officer,
        typing=typing,
        at=at,
    )


def left(change: Change, ticket: int, officer: int) -> None:
    change.run(
        "DELETE FROM watching WHERE ticket_id = :ticket AND officer_id = :officer",
        ticket=ticket,
        officer=officer,
    )


def others(view: View, ticket: int, officer: int, since: datetime) -> list[Watcher]:
    """Everybody else who was there after `since`, who writes first."""
    rows = view.all(
        """
        SELECT w.officer_id, w.typing, o.name FROM watching w JOIN officer o ON o.id = w.officer_id
         WHERE w.ticket_id = :ticket AND w.officer_id <> :officer AND w.seen_at > :since
         ORDER BY w.typing DESC, o.name
        """,
        ticket=ticket,
        officer=officer,
        since=since,
    )
    return [Watcher(officer=row["officer_id"], name=row["name"], typing=bool(row["typing"])) for row in rows]


def forget_before(change: Change, at: datetime) -> None:
    """Who closed the page long ago."""
    change.run("DELETE FROM watching WHERE seen_at < :at", at=at)
