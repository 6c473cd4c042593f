"""Visits: who had the ball, at which step, how long. Append-only: opened once and closed once.

`kind` "step" is a stay of the procedure; "offer" waits for a yes to reopening, "silence" for the reporter after an
answer. At most one of each is open in a case.
"""

from datetime import datetime

from msgspec import Struct

from sop.visit import Visit
from store.db import Change, Row, View


class Open(Struct, frozen=True, kw_only=True):
    """An open visit with its place: what the sweeper and the acts work on."""

    id: int
    case_kind: str
    case: int
    kind: str
    unit: int | None
    look_at: datetime | None
    visit: Visit


def add(
    change: Change,
    visit: Visit,
    *,
    case: int,
    unit: int | None,
    look_at: datetime | None,
    kind: str = "step",
    case_kind: str = "ticket",
) -> int:
    row = change.one(
        """
        INSERT INTO visit (case_kind, case_id, kind, step, lane, unit_id, holder_id, deputy_of, round, opened_at, due_at,
                           look_at, closed_at, decision, code, reason, by_officer)
        VALUES (:case_kind, :case, :kind, :step, :lane, :unit, :holder, :deputy_of, :round, :opened_at, :due_at,
                :look_at, :closed_at, :decision, :code, :reason, :by)
        RETURNING id
        """,
        case_kind=case_kind,
        case=case,
        kind=kind,
        step=visit.step,
        lane=visit.lane,
        unit=unit,
        holder=visit.holder,
        deputy_of=visit.deputy_of,
        round=visit.round,
        opened_at=visit.opened_at,
        due_at=visit.due_at,
        look_at=None if visit.closed_at else look_at,
        closed_at=visit.closed_at,
        decision=visit.decision,
        code=visit.code,
        reason=visit.reason,
        by=visit.by,
    )
    assert row is not None
    return int(row["id"])


def close(change: Change, number: int, visit: Visit) -> None:
    change.run(
        """
        UPDATE visit SET closed_at = :closed_at, decision = :decision, code = :code, reason = :reason,
                         by_officer = :by, deputy_of = :deputy_of, look_at = NULL
         WHERE id = :id AND closed_at IS NULL
        """,
        closed_at=visit.closed_at,
        decision=visit.decision,
        code=visit.code,
        reason=visit.reason,
        by=visit.by,
        deputy_of=visit.deputy_of,
        id=number,
    )


def hold(change: Change, number: int, holder: int | None) -> None:
    """Who in the lane has taken the ball."""
    change.run("UPDATE visit SET holder_id = :holder WHERE id = :id", holder=holder, id=number)


def open_of(view: View, case: int, *, kind: str = "step", case_kind: str = "ticket") -> Open | None:
    row = view.one(
        """
        SELECT * FROM visit
         WHERE case_kind = :case_kind AND case_id = :case AND kind = :kind AND closed_at IS NULL
        """,
        case_kind=case_kind,
        case=case,
        kind=kind,
    )
    return _open(row) if row else None


def get(view: View, number: int) -> Open | None:
    row = view.one("SELECT * FROM visit WHERE id = :id", id=number)
    return _open(row) if row else None


def history(view: View, case: int, *, case_kind: str = "ticket") -> list[Visit]:
    """The closed stays of a case at its steps, oldest first."""
    rows = view.all(
        """
        SELECT * FROM visit
         WHERE case_kind = :case_kind AND case_id = :case AND kind = 'step' AND closed_at IS NOT NULL ORDER BY id
        """,
        case_kind=case_kind,
        case=case,
    )
    return [_visit(row) for row in rows]


def open_in(view: View, unit: int, *, after: int, most: int, case_kind: str = "ticket") -> list[Open]:
    """Open stays of a unit's cases by rising id: a calendar that changed moves their due times."""
    rows = view.all(
        """
        SELECT * FROM visit
         WHERE closed_at IS NULL AND kind = 'step' AND case_kind = :case_kind AND unit_id = :unit AND id > :after
         ORDER BY id LIMIT :most
        """,
        case_kind=case_kind,
        unit=unit,
        after=after,
        most=most,
    )
    return [_open(row) for row in rows]


def set_due(change: Change, number: int, due_at: datetime | None, look_at: datetime | None) -> None:
    """The one thing that may move under an open stay, with an event that says so."""
    change.run(
        "UPDATE visit SET due_at = :due_at, look_at = :look_at WHERE id = :id",
        due_at=due_at,
        look_at=look_at,
        id=number,
    )


def places(view: View) -> list[tuple[str, int | None, int]]:
    """(lane, unit, how many) of all open stays: to find those that nobody can hold."""
    rows = view.all(
        """
        SELECT lane, unit_id, count(*) AS n FROM visit WHERE closed_at IS NULL AND kind = 'step'
         GROUP BY lane, unit_id ORDER BY lane, unit_id
        """
    )
    return [(row["lane"], row["unit_id"], row["n"]) for row in rows]


def photos_since(view: View, case: int, at: datetime) -> int:
    """How many pictures came into the ticket since then."""
    row = view.one(
        """
        SELECT count(*) AS n FROM attachment f JOIN message m ON m.id = f.message_id
         WHERE m.ticket_id = :case AND m.written_at >= :at AND (f.kind = 'photo' OR f.content_type LIKE 'image/%')
        """,
        case=case,
        at=at,
    )
    return int(row["n"]) if row else 0


def to_look_at(view: View, now: datetime, most: int) -> list[int]:
    """Ids of the open visits that something is due on, most urgent first."""
    rows = view.all(
        """
        SELECT id FROM visit WHERE closed_at IS NULL AND look_at IS NOT NULL AND look_at <= :now
         ORDER BY look_at, id LIMIT :most
        """,
        now=now,
        most=most,
    )
    return [row["id"] for row in rows]


def look_again(change: Change, number: int, at: datetime | None) -> None:
    change.run("UPDATE visit SET look_at = :at WHERE id = :id", at=at, id=number)


def remind(change: Change, number: int, kind: str, at: datetime) -> bool:
    """Note a reminder. False: this one was noted before; so a restart or a clock jump doubles none (P7)."""
    row = change.one(
        """
        INSERT INTO reminder (visit_id, kind, told_at) VALUES (:id, :kind, :at)
        ON CONFLICT DO NOTHING
        RETURNING 1 AS new
        """,
        id=number,
        kind=kind,
        at=at,
    )
    return row is not None


def since(view: View, after: int, most: int) -> list[Open]:
    """Stays of all cases by rising id, open and closed ones, for export."""
    rows = view.all("SELECT * FROM visit WHERE id > :after ORDER BY id LIMIT :most", after=after, most=most)
    return [_open(row) for row in rows]


def _visit(row: Row) -> Visit:
    return Visit(
        step=row["step"],
        lane=row["lane"],
        opened_at=row["opened_at"],
        due_at=row["due_at"],
        round=row["round"],
        holder=row["holder_id"],
        deputy_of=row["deputy_of"],
        closed_at=row["closed_at"],
        decision=row["decision"],
        code=row["code"],
        reason=row["reason"],
        by=row["by_officer"],
    )


def _open(row: Row) -> Open:
    return Open(
        id=row["id"],
        case_kind=row["case_kind"],
        case=row["case_id"],
        kind=row["kind"],
        unit=row["unit_id"],
        look_at=row["look_at"],
        visit=_visit(row),
    )
