"""Outbox rows that wait for their person's next word, and the templates that ask for it."""

from datetime import UTC, datetime

from store.db import Change, View
from store.outbox import Letter, letter_of

EVER = datetime(1970, 1, 1, tzinfo=UTC)
TEMPLATE = "template"  # kind of the row that carries a provider's template


def wait(change: Change, number: int, *, until: datetime, error: str = "") -> None:
    """A row that was queued, sent or refused waits for its person's word from now on."""
    change.run(
        """
        UPDATE outbox SET state = 'queued', waits_for = 'window', next_at = :until, error = :error WHERE id = :id
        """,
        until=until,
        error=error,
        id=number,
    )


def of_conversation(view: View, conversation: int) -> list[Letter]:
    """In the order in which they were written."""
    rows = view.all(
        """
        SELECT * FROM outbox
         WHERE conversation_id = :conversation AND state = 'queued' AND waits_for = 'window' ORDER BY id
        """,
        conversation=conversation,
    )
    return [letter_of(row) for row in rows]


def free(change: Change, conversation: int, now: datetime) -> list[Letter]:
    """Let go what waited in that conversation; it leaves in the order in which it was written."""
    rows = change.all(
        """
        UPDATE outbox SET waits_for = '', next_at = :now
         WHERE conversation_id = :conversation AND state = 'queued' AND waits_for = 'window'
        RETURNING *
        """,
        conversation=conversation,
        now=now,
    )
    found = sorted((letter_of(row) for row in rows), key=lambda each: each.id)
    if found:
        change.tell(f"outbox.{found[0].outgoing.channel}")
    return found


def overdue(view: View, now: datetime, most: int) -> list[int]:
    """Ids of rows whose patience is over, the oldest first."""
    rows = view.all(
        """
        SELECT id FROM outbox
         WHERE state = 'queued' AND waits_for = 'window' AND next_at <= :now ORDER BY id LIMIT :most
        """,
        now=now,
        most=most,
    )
    return [row["id"] for row in rows]


def template_since(view: View, conversation: int, since: datetime | None) -> bool:
    """A template went out, or is about to, after the person's last word: one is enough."""
    row = view.one(
        """
        SELECT 1 AS one FROM outbox
         WHERE conversation_id = :conversation AND kind = 'template'
           AND state IN ('queued', 'sending', 'sent', 'delivered', 'read') AND queued_at >= :since LIMIT 1
        """,
        conversation=conversation,
        since=since or EVER,
    )
    return row is not None


def drop_templates(change: Change, conversation: int) -> None:
    """The window is open, or nothing waits any more: a template that has not left stays here."""
    change.run(
        """
        UPDATE outbox SET state = 'withdrawn'
         WHERE conversation_id = :conversation AND kind = 'template' AND state = 'queued'
        """,
        conversation=conversation,
    )
