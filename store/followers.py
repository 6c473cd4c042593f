"""Who wants to hear of a ticket that is not theirs."""

from datetime import datetime

from store.db import Change, View


def add(change: Change, ticket: int, officer: int, at: datetime) -> None:
    """Following twice is following."""
    change.run(
        """
        INSERT INTO follower (ticket_id, officer_id, since_at) VALUES (:ticket, :officer, :at)
        ON CONFLICT (ticket_id, officer_id) DO NOTHING
        """,
        ticket=ticket,
        officer=officer,
        at=at,
    )


def drop(change: Change, ticket: int, officer: int) -> None:
    change.run(
        "DELETE FROM follower WHERE ticket_id = :ticket AND officer_id = :officer",
        ticket=ticket,
        officer=officer,
    )


def of(view: View, ticket: int) -> list[int]:
    """Officers, those who followed first in front."""
    rows = view.all(
        "SELECT officer_id FROM follower WHERE ticket_id = :ticket ORDER BY since_at, officer_id",
        ticket=ticket,
    )
    return [row["officer_id"] for row in rows]
