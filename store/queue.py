"""Pages of the queue: fixed views by keyset, ordered by the next deadline; counts come from counters."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from store import counters
from store.db import Row, View

Name = Literal["mine", "free", "unit", "closed"]
VIEWS: tuple[Name, ...] = ("mine", "free", "unit", "closed")
Key = tuple[datetime, int]


class Line(Struct, frozen=True, kw_only=True):
    """A row of the queue."""

    id: int
    status: str
    subject: str
    channel: str
    name: str
    proof: str
    unit: int | None
    holder: int | None
    procedure: int | None
    step: str
    lane: str
    step_at: datetime | None
    due_at: datetime | None
    unread: bool
    closed_at: datetime | None
    key: Key
    categories: tuple[int, ...] = ()


_COLUMNS = """t.id, t.status, t.subject, t.channel, t.name, t.proof, t.unit_id AS unit, t.holder_id AS holder,
       t.procedure_id AS procedure, t.step, t.lane, t.step_at, t.due_at, t.unread, t.closed_at, t.rank_at"""
_AFTER = "(t.rank_at, t.id) > (:rank, :id) ORDER BY t.rank_at, t.id LIMIT :most"
_BEFORE = "(t.closed_at, t.id) < (:rank, :id) ORDER BY t.closed_at DESC, t.id DESC LIMIT :most"
_WHERE = {
    "mine": f"t.status <> 'closed' AND t.holder_id = :officer AND {_AFTER}",
    "free": f"t.status <> 'closed' AND t.holder_id IS NULL AND t.unit_id = :unit AND {_AFTER}",
    "unit": f"t.status <> 'closed' AND t.unit_id = :unit AND {_AFTER}",
    "closed": f"t.status = 'closed' AND t.unit_id = :unit AND {_BEFORE}",
}
_FIRST = datetime.fromisoformat("0001-01-01T00:00:00+00:00")
_LAST = datetime.fromisoformat("9999-12-31T00:00:00+00:00")


def page(
    view: View, name: Name, *, officer: int, units: frozenset[int], after: Key | None = None, most: int = 50
) -> list[Line]:
    """Up to `most` rows of a view behind the key `after`; `units` are those the officer may read (0: none yet). Two queries."""
    if name != "mine" and not units:
        return []
    edge = after or ((_LAST, 1 << 62) if name == "closed" else (_FIRST, 0))
    rows = view.all(
        _union(name, sorted(units))
        if name != "mine"
        else f"SELECT {_COLUMNS} FROM ticket t WHERE {_WHERE['mine']}",
        officer=officer,
        rank=edge[0],
        id=edge[1],
        most=most,
        **{f"unit{i}": unit for i, unit in enumerate(sorted(units)) if unit},
    )
    return _lines(view, rows, name)


def _where(name: Name, place: int, unit: int) -> str:
    """Unit 0 stands for the tickets that no unit has yet."""
    own = f"t.unit_id = :unit{place}" if unit else "t.unit_id IS NULL"
    return _WHERE[name].replace("t.unit_id = :unit", own)


def _union(name: Name, units: list[int]) -> str:
    """One indexed look per unit, merged: an IN list would have to sort what it finds."""
    parts = (
        f"SELECT * FROM (SELECT {_COLUMNS} FROM ticket t WHERE {_where(name, i, unit)}) AS u{i}"
        for i, unit in enumerate(units)
    )
    order = "closed_at DESC, id DESC" if name == "closed" else "rank_at, id"
    return f"{' UNION ALL '.join(parts)} ORDER BY {order} LIMIT :most"


def counts(view: View, *, officer: int, units: frozenset[int]) -> dict[Name, int]:
    """Exact sizes of the fixed views, by one look at their counters."""
    names = {
        "mine": [f"held.{officer}"],
        "free": [f"free.{unit}" for unit in units],
        "unit": [f"open.{unit}" for unit in units],
        "closed": [f"closed.{unit}" for unit in units],
    }
    found = counters.read(view, [name for group in names.values() for name in group])
    return {name: sum(found[each] for each in names[name]) for name in VIEWS}


def by_numbers(view: View, numbers: list[int]) -> list[Line]:
    """Queue rows of these tickets, in the order given: what a search found."""
    if not numbers:
        return []
    chosen = ", ".join(str(int(number)) for number in numbers)
    rows = {row["id"]: row for row in view.all(f"SELECT {_COLUMNS} FROM ticket t WHERE t.id IN ({chosen})")}
    return _lines(view, [rows[number] for number in numbers if number in rows], "unit")


def _lines(view: View, rows: list[Row], name: Name) -> list[Line]:
    tags: dict[int, list[int]] = {}
    if rows:
        chosen = ", ".join(str(int(row["id"])) for row in rows)
        for tag in view.all(
            f"SELECT ticket_id, category_id FROM ticket_category WHERE ticket_id IN ({chosen}) ORDER BY tagged_at, category_id"
        ):
            tags.setdefault(tag["ticket_id"], []).append(tag["category_id"])
    return [_line(row, tuple(tags.get(row["id"], ())), name) for row in rows]


def _line(row: Row, categories: tuple[int, ...], name: Name) -> Line:
    rank = row.pop("rank_at")
    key = (row["closed_at"] if name == "closed" else rank, row["id"])
    return Line(**row | {"unread": bool(row["unread"])}, categories=categories, key=key)
