"""What waits for somebody's lanes: open stays of tickets, the next deadline first, in keyset pages."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from sop.ticket import NEVER
from store.db import Row, View

Place = tuple[str, int | None]
Key = tuple[datetime, int]


class Line(Struct, frozen=True, kw_only=True):
    """An open stay with what its ticket is about. `visit` is its id, `ticket` the case's number."""

    visit: int
    ticket: int
    subject: str
    unit: int | None
    procedure: int | None
    step: str
    lane: str
    opened_at: datetime
    due_at: datetime | None
    round: int

    @property
    def key(self) -> Key:
        return (self.due_at or NEVER, self.visit)


_FIRST = datetime.fromisoformat("0001-01-01T00:00:00+00:00")


def page(view: View, places: Iterable[Place], *, after: Key | None = None, most: int = 50) -> list[Line]:
    """Open stays in these (lane, unit; None for every unit), those without a deadline last. One query."""
    where, params = _places(places)
    if not where:
        return []
    rank, visit = after or (_FIRST, 0)
    rows = view.all(
        f"""
        SELECT v.id AS visit, v.case_id AS ticket, t.subject, v.unit_id AS unit, t.procedure_id AS procedure, v.step,
               v.lane, v.opened_at, v.due_at, v.round
          FROM visit v JOIN ticket t ON t.id = v.case_id
         WHERE v.closed_at IS NULL AND v.case_kind = 'ticket' AND v.kind = 'step' AND v.step <> '' AND ({where})
           AND (COALESCE(v.due_at, :never), v.id) > (:rank, :visit)
         ORDER BY COALESCE(v.due_at, :never), v.id LIMIT :most
        """,
        never=NEVER,
        rank=rank,
        visit=visit,
        most=most,
        **params,
    )
    return [Line(**row) for row in rows]


def latest(view: View, ticket: int, lanes: Iterable[str]) -> int | None:
    """The id of the last stay of a ticket in these lanes, open or closed."""
    wanted = sorted(set(lanes))
    if not wanted:
        return None
    named = ", ".join(f":lane{i}" for i in range(len(wanted)))
    row: Row | None = view.one(
        f"""
        SELECT max(id) AS last FROM visit
         WHERE case_kind = 'ticket' AND case_id = :ticket AND kind = 'step' AND step <> '' AND lane IN ({named})
        """,
        ticket=ticket,
        **{f"lane{i}": lane for i, lane in enumerate(wanted)},
    )
    return row["last"] if row else None


def _places(places: Iterable[Place]) -> tuple[str, dict[str, object]]:
    """A fragment for each kind of place, and its values; a lane of every unit covers that lane in one."""
    found = set(places)
    everywhere = {lane for lane, unit in found if unit is None}
    chosen = sorted(((lane, unit) for lane, unit in found if unit is not None and lane not in everywhere))
    parts = [f"v.lane = :all{i}" for i in range(len(everywhere))]
    parts += [f"v.lane = :lane{i} AND v.unit_id = :unit{i}" for i in range(len(chosen))]
    params: dict[str, object] = {f"all{i}": lane for i, lane in enumerate(sorted(everywhere))}
    params |= {f"lane{i}": lane for i, (lane, _) in enumerate(chosen)}
    params |= {f"unit{i}": unit for i, (_, unit) in enumerate(chosen)}
    return " OR ".join(parts), params
