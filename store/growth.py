"""How fast the desk grows, and how far it has come: for who looks after its disk and its clock."""

from datetime import datetime

from store import state, trail
from store.db import View

WORDS = 4_000  # bytes that a message takes on disk with its rows, indexes and events


def newest(view: View) -> datetime | None:
    """The latest time that the desk has kept, of its last event and of its samples; None before there is one."""
    last = trail.last(view)
    event = next(iter(trail.since(view, last - 1, 1)), None) if last else None
    sample = state.last_sample(view)
    return max((at for at in (event and event.at, sample and sample[0]) if at), default=None)


def daily(view: View, since: datetime, days: int) -> float:
    """Bytes a day since then, of words and files."""
    row = view.one(
        """
        SELECT count(*) AS n, coalesce(sum(size), 0) AS size
          FROM message m LEFT JOIN attachment f ON f.message_id = m.id AND f.state = 'kept'
         WHERE m.written_at >= :since
        """,
        since=since,
    )
    return (int(row["n"]) * WORDS + int(row["size"])) / days if row else 0.0
