"""The conversations by which a person can be reached."""

from sop.way import Known
from store.db import Row, View

MOST = 50  # conversations of one person that are looked at: every mail thread is one


def known(view: View, contact: int, own: int) -> list[Known]:
    """The conversation `own` first, then the person's others, the newest first."""
    rows = view.all(
        """
        SELECT c.id, c.channel, c.last_in_at, a.value, a.state, a.wrote_at, a.confirmed_at
          FROM conversation c JOIN address a ON a.id = c.address_id
         WHERE c.id = :own OR c.contact_id = :contact
         ORDER BY CASE WHEN c.id = :own THEN 0 ELSE 1 END, c.id DESC LIMIT :most
        """,
        own=own,
        contact=contact,
        most=MOST,
    )
    return [_known(row) for row in rows]


def _known(row: Row) -> Known:
    return Known(
        conversation=row["id"],
        channel=row["channel"],
        to=row["value"],
        state=row["state"],
        last_in_at=row["last_in_at"],
        wrote=row["wrote_at"] is not None,
        confirmed=row["confirmed_at"] is not None,
    )
