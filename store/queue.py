"""Pages of the queue by keyset, ordered by the next deadline; fixed views are counted by counters."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from store import counters
from store.db import Row, View
from store.queue_sql import Cut, Selection, counted, listed, prefixed
from store.queue_sql import Kind as Name

__all__ = ["CAP", "VIEWS", "Key", "Line", "Name", "Selection", "by_numbers", "counts", "few", "page", "some"]

VIEWS: tuple[Name, ...] = ("mine", "free", "unit", "closed")
CAP = 1000  # a free combination is counted up to here
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
    erased_at: datetime | None
    key: Key
    categories: tuple[int, ...] = ()


_COLUMNS = """t.id, t.status, t.subject, t.channel, t.name, t.proof, t.unit_id AS unit, t.holder_id AS holder,
       t.procedure_id AS procedure, t.step, t.lane, t.step_at, t.due_at, t.unread, t.closed_at, t.rank_at,
       t.erased_at"""
_TAGS = {
    "sqlite": """(SELECT group_concat(category_id) FROM (SELECT g.category_id FROM ticket_category g
                   WHERE g.ticket_id = t.id ORDER BY g.tagged_at, g.category_id))""",
    "postgresql": """(SELECT string_agg(CAST(g.category_id AS TEXT), ',' ORDER BY g.tagged_at, g.category_id)
                        FROM ticket_category g WHERE g.ticket_id = t.id)""",
}


def page(
    view: View, name: Name, *, officer: int, units: frozenset[int], after: Key | None = None, most: int = 50
) -> list[Line]:
    """Up to `most` rows of a fixed view behind the key `after`; `units` are those the officer may read (0: none yet)."""
    among = () if name == "mine" else tuple(sorted(units))
    return some(view, Selection(kind=name, officer=officer, units=among), Cut(after, False, most))


def some(view: View, wanted: Selection, cut: Cut) -> list[Line]:
    """A page of any list, in the list's order. One query."""
    found = listed(view.engine, wanted, cut)
    falling = wanted.kind == "closed"
    column = "t.closed_at" if falling else "t.rank_at"
    order = "DESC" if falling else "ASC"
    rows = view.all(
        f"""
        SELECT {_COLUMNS}, {_TAGS[view.engine]} AS tags FROM ticket t
         WHERE t.id IN (SELECT id FROM ({found.sql}) AS found) ORDER BY {column} {order}, t.id {order}
        """,
        **found.params,
    )
    return [_line(row, falling) for row in rows]


def few(view: View, wanted: Sequence[tuple[Selection, int]]) -> list[int]:
    """How many tickets each list has, up to the number beside it. One query for all."""
    if not wanted:
        return []
    query = prefixed([counted(view.engine, each, most) for each, most in wanted])
    found = {row["place"]: int(row["n"]) for row in view.all(query.sql, **query.params)}
    return [found[place] for place in range(len(wanted))]


def counts(view: View, *, officer: int, units: frozenset[int]) -> dict[Name, int]:
    """Exact sizes of the fixed views, by one look at their counters."""
    names = counter_names(officer, units)
    return sizes(names, counters.read(view, [name for group in names.values() for name in group]))


def counter_names(officer: int, units: frozenset[int]) -> dict[Name, list[str]]:
    return {
        "mine": [f"held.{officer}"],
        "free": [f"free.{unit}" for unit in units],
        "unit": [f"open.{unit}" for unit in units],
        "closed": [f"closed.{unit}" for unit in units],
    }


def sizes(names: dict[Name, list[str]], found: dict[str, int]) -> dict[Name, int]:
    return {name: sum(found[each] for each in names[name]) for name in VIEWS}


def by_numbers(view: View, numbers: list[int]) -> list[Line]:
    """Queue rows of these tickets, in the order given: what a search found."""
    if not numbers:
        return []
    chosen = ", ".join(str(int(number)) for number in numbers)
    sql = f"SELECT {_COLUMNS}, {_TAGS[view.engine]} AS tags FROM ticket t WHERE t.id IN ({chosen})"
    rows = {row["id"]: row for row in view.all(sql)}
    return [_line(rows[number], False) for number in numbers if number in rows]


def _line(row: Row, falling: bool) -> Line:
    rank, tags = row.pop("rank_at"), row.pop("tags")
    key = (row["closed_at"] if falling else rank, row["id"])
    categories = tuple(int(each) for each in tags.split(",")) if tags else ()
    return Line(**row | {"unread": bool(row["unread"])}, categories=categories, key=key)
