"""What reporters thought of the answer: one rating a ticket, the latest counts."""

from datetime import datetime

from msgspec import Struct

from store.db import Change, View


class Rating(Struct, frozen=True, kw_only=True):
    """`score` 1 (not satisfied) to 5 (very satisfied)."""

    score: int
    solved: bool
    words: str
    rated_at: datetime


def find(view: View, ticket: int) -> Rating | None:
    row = view.one(
        "SELECT score, solved, words, rated_at FROM rating WHERE ticket_id = :ticket", ticket=ticket
    )
    return Rating(**row | {"solved": bool(row["solved"])}) if row else None


def save(change: Change, ticket: int, rating: Rating) -> None:
    change.run(
        """
        INSERT INTO rating (ticket_id, score, solved, words, rated_at)
        VALUES (:ticket, :score, :solved, :words, :rated_at)
        ON CONFLICT (ticket_id) DO UPDATE SET score = :score, solved = :solved, words = :words, rated_at = :rated_at
        """,
        ticket=ticket,
        score=rating.score,
        solved=rating.solved,
        words=rating.words,
        rated_at=rating.rated_at,
    )
