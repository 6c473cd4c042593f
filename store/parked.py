"""Messages that could not be taken in, kept with their raw form until somebody drives them again or drops them (P12)."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from store.db import Change, Row, View


class Parked(Struct, frozen=True, kw_only=True):
    id: int
    channel: str
    external_id: str
    raw: bytes
    incoming: dict[str, Any] | None
    reason: str
    parked_at: datetime
    state: str


def add(
    change: Change,
    channel: str,
    external_id: str,
    raw: bytes,
    incoming: dict[str, Any] | None,
    reason: str,
    at: datetime,
) -> None:
    """Park once: the same message that comes again changes nothing."""
    change.run(
        """
        INSERT INTO parked (channel, external_id, raw, incoming_json, reason, parked_at)
        VALUES (:channel, :external_id, :raw, :incoming, :reason, :at)
        ON CONFLICT (channel, external_id) DO NOTHING
        """,
        channel=channel,
        external_id=external_id,
        raw=raw,
        incoming=incoming,
        reason=reason,
        at=at,
    )


def waiting(view: View, *, before: int | None = None, most: int = 50) -> list[Parked]:
    """Newest first, those below the id `before`."""
    rows = view.all(
        "SELECT * FROM parked WHERE state = 'parked' AND id < :before ORDER BY id DESC LIMIT :most",
        before=before or 1 << 62,
        most=most,
    )
    return [_parked(row) for row in rows]


def find(view: View, number: int) -> Parked | None:
    row = view.one("SELECT * FROM parked WHERE id = :id", id=number)
    return _parked(row) if row else None


def mark(change: Change, number: int, state: str) -> None:
    """`state`: "redriven" or "dropped"."""
    change.run("UPDATE parked SET state = :state WHERE id = :id", state=state, id=number)


def went_into(change: Change, number: int, ticket: int | None) -> None:
    """The ticket that it became, or joined: the raw form is erased with its words."""
    change.run("UPDATE parked SET ticket_id = :ticket WHERE id = :id", ticket=ticket, id=number)


def _parked(row: Row) -> Parked:
    incoming, _ = row.pop("incoming_json"), row.pop("ticket_id")
    return Parked(**row | {"raw": bytes(row["raw"])}, incoming=incoming)
