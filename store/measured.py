"""Stays of the last months for the paper's measured columns: a bounded look back, however large the desk has grown."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from store.db import View

BACK = 50_000  # rows of visits, of all procedures, that are looked through


class Stay(Struct, frozen=True, kw_only=True):
    """A closed stay of a ticket."""

    ticket: int
    unit: int | None
    step: str
    lane: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime
    decision: str


def stays(view: View, revisions: Iterable[int], since: datetime, *, most: int = 4_000) -> list[Stay]:
    """Up to `most` closed stays of tickets pinned to these revisions, oldest first; of more only the newest. One query."""
    wanted = sorted(set(revisions))
    if not wanted:
        return []
    named = ", ".join(f":revision{i}" for i in range(len(wanted)))
    rows = view.all(
        f"""
        SELECT v.case_id AS ticket, v.unit_id AS unit, v.step, v.lane, v.opened_at, v.due_at, v.closed_at, v.decision
          FROM visit v JOIN ticket t ON t.id = v.case_id
         WHERE v.id > (SELECT COALESCE(max(id), 0) FROM visit) - :back AND v.case_kind = 'ticket' AND v.kind = 'step'
           AND v.closed_at >= :since AND t.procedure_id IN ({named})
         ORDER BY v.id DESC LIMIT :most
        """,
        back=BACK,
        since=since,
        most=most,
        **{f"revision{i}": number for i, number in enumerate(wanted)},
    )
    return [Stay(**row) for row in reversed(rows)]
