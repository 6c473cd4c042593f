"""What falls due for erasing, what is held back from it, and what was erased: rows to account by."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from sop.erasing import Obstacles
from store.db import Change, Row, View

WHERE = """
      FROM ticket t
     WHERE t.status = 'closed' AND t.erased_at IS NULL AND t.merged_into IS NULL
       AND t.closed_at <= :latest AND (t.closed_at > :after_at OR (t.closed_at = :after_at AND t.id > :after))
       AND t.closed_at <= (SELECT min(CASE g.category_id {cases} END) FROM ticket_category g
                            WHERE g.category_id IN ({ruled})
                              AND g.ticket_id IN (SELECT f.id FROM ticket f WHERE f.id = t.id
                                                  UNION ALL SELECT f.id FROM ticket f WHERE f.merged_into = t.id))
"""
FREE = """
       AND NOT EXISTS (SELECT 1 FROM hold h
                        WHERE h.lifted_at IS NULL
                          AND h.ticket_id IN (SELECT f.id FROM ticket f WHERE f.id = t.id
                                              UNION ALL SELECT f.id FROM ticket f WHERE f.merged_into = t.id))
"""


class Due(Struct, frozen=True, kw_only=True):
    """A ticket whose words fall due."""

    id: int
    unit: int | None
    closed_at: datetime


class Hold(Struct, frozen=True, kw_only=True):
    ticket: int
    unit: int | None
    reason: str
    by: int | None
    since_at: datetime


class Erasure(Struct, frozen=True, kw_only=True):
    """`ticket` None: of a person's card. `messages` and `files` that went."""

    id: int
    rule: str
    ticket: int | None
    unit: int | None
    days: int | None
    reason: str
    by: int | None
    messages: int
    files: int
    erased_at: datetime


def due(
    view: View,
    cutoffs: Mapping[int, datetime],
    *,
    after: tuple[datetime, int] | None = None,
    most: int,
    held: bool = False,
) -> list[Due]:
    """Tickets that closed before all the moments of their categories, the longest closed first, none that is held.

    `cutoffs`: by category. `held`: those that are held too.
    """
    if not cutoffs:
        return []
    numbers = sorted(cutoffs)
    at, number = after or (datetime.fromisoformat("0001-01-01T00:00:00+00:00"), 0)
    where = WHERE.format(
        cases=" ".join(
            f"WHEN {int(each)} THEN CAST(:cut{int(each)} AS {_MOMENT[view.engine]})" for each in numbers
        ),
        ruled=", ".join(str(int(each)) for each in numbers),
    )
    rows = view.all(
        f"SELECT t.id, t.unit_id AS unit, t.closed_at {where} {'' if held else FREE} ORDER BY t.closed_at, t.id LIMIT :most",
        latest=max(cutoffs.values()),
        after_at=at,
        after=number,
        most=most,
        **{f"cut{int(each)}": cutoffs[each] for each in numbers},
    )
    return [Due(**row) for row in rows]


_MOMENT = {"sqlite": "TEXT", "postgresql": "TIMESTAMPTZ"}


def obstacles(view: View, tickets: Iterable[int]) -> Obstacles:
    """What keeps the words of these tickets where they are."""
    those = listed(tickets)
    row = view.one(
        f"""
        SELECT (SELECT min(id) FROM hold WHERE lifted_at IS NULL AND ticket_id IN ({those})) AS held,
               (SELECT min(id) FROM publication WHERE status = 'running' AND ticket_id IN ({those})) AS publication,
               (SELECT min(o.id) FROM outbox o JOIN message m ON m.id = o.message_id
                 WHERE m.ticket_id IN ({those}) AND o.state IN ('queued', 'sending')) AS letter,
               (SELECT min(id) FROM outbox
                 WHERE ticket_id IN ({those}) AND message_id IS NULL AND state IN ('queued', 'sending')) AS notice,
               (SELECT min(a.id) FROM attachment a JOIN message n ON n.id = a.message_id
                 WHERE n.ticket_id IN ({those}) AND a.state = 'waiting') AS file
        """
    )
    assert row is not None
    return Obstacles(
        held=row["held"] is not None,
        leaving=any(row[name] is not None for name in ("letter", "notice", "file")),
        publication=f"P-{row['publication']}" if row["publication"] else "",
    )


def hold(change: Change, ticket: int, reason: str, *, by: int, at: datetime) -> bool:
    """False: it is held already."""
    row = change.one(
        """
        INSERT INTO hold (ticket_id, reason, by_officer, since_at) VALUES (:ticket, :reason, :by, :at)
        ON CONFLICT DO NOTHING RETURNING id
        """,
        ticket=ticket,
        reason=reason,
        by=by,
        at=at,
    )
    return row is not None


def lift(change: Change, ticket: int, *, by: int, at: datetime) -> bool:
    """False: it is not held."""
    row = change.one(
        """
        UPDATE hold SET lifted_at = :at, lifted_by = :by WHERE ticket_id = :ticket AND lifted_at IS NULL
        RETURNING id
        """,
        ticket=ticket,
        by=by,
        at=at,
    )
    return row is not None


def held(view: View, ticket: int) -> Hold | None:
    row = view.one(f"{_HOLDS} AND h.ticket_id = :ticket", ticket=ticket)
    return Hold(**row) if row else None


def holds(view: View, *, most: int = 200) -> list[Hold]:
    """All that stand, oldest first."""
    return [Hold(**row) for row in view.all(f"{_HOLDS} ORDER BY h.id LIMIT :most", most=most)]


_HOLDS = """
SELECT h.ticket_id AS ticket, t.unit_id AS unit, h.reason, h.by_officer AS by, h.since_at
  FROM hold h JOIN ticket t ON t.id = h.ticket_id WHERE h.lifted_at IS NULL
"""


def account(change: Change, rule: str, at: datetime, **facts: Any) -> None:
    """Note what was erased: `ticket` or `contact`, `days`, `reason`, `by`, how many `messages` and `files`."""
    change.run(
        """
        INSERT INTO erasure (rule, ticket_id, contact_id, days, reason, by_officer, messages, files, erased_at)
        VALUES (:rule, :ticket, :contact, :days, :reason, :by, :messages, :files, :at)
        """,
        rule=rule,
        at=at,
        **{"ticket": None, "contact": None, "days": None, "reason": "", "by": None, "messages": 0, "files": 0}
        | facts,
    )


def accounts(view: View, *, before: int | None = None, most: int = 50) -> list[Erasure]:
    """What was erased, newest first, those below the id `before`."""
    return _erasures(
        view.all(
            f"{_ERASURES} WHERE e.id < :before ORDER BY e.id DESC LIMIT :most",
            before=before or 1 << 62,
            most=most,
        )
    )


def newest(view: View) -> int:
    """The last account's id; 0 before there is one."""
    row = view.one("SELECT max(id) AS id FROM erasure")
    return int((row and row["id"]) or 0)


def account_of(view: View, ticket: int) -> Erasure | None:
    """How the words of this ticket went."""
    rows = view.all(f"{_ERASURES} WHERE e.ticket_id = :ticket ORDER BY e.id LIMIT 1", ticket=ticket)
    return _erasures(rows)[0] if rows else None


_ERASURES = """
SELECT e.id, e.rule, e.ticket_id AS ticket, t.unit_id AS unit, e.days, e.reason, e.by_officer AS by, e.messages, e.files,
       e.erased_at
  FROM erasure e LEFT JOIN ticket t ON t.id = e.ticket_id
"""


def _erasures(rows: list[Row]) -> list[Erasure]:
    return [Erasure(**row) for row in rows]


def listed(numbers: Iterable[int]) -> str:
    """Ids as they stand in SQL; ours alone, and NULL for none."""
    return ", ".join(str(int(each)) for each in numbers) or "NULL"
