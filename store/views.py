"""Saved views of the queue, and everything that stands around its rows: counters, views, holders, in one look."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from store.db import Change, Row, View


class Saved(Struct, frozen=True, kw_only=True):
    """`filters` is the query of the queue's address. `shared`: with who reads in `unit`, None being every unit."""

    id: int
    owner: int
    name: str
    filters: str
    unit: int | None
    shared: bool


class Holder(Struct, frozen=True):
    id: int
    login: str
    name: str


class Around(Struct, frozen=True, kw_only=True):
    counters: dict[str, int]
    views: tuple[Saved, ...]
    holders: tuple[Holder, ...]


_HEARD = "v.officer_id = :officer OR (v.shared = :yes AND (v.unit_id IS NULL OR v.unit_id IN ({units})))"


def around(view: View, officer: int, units: Sequence[int], counters: Sequence[str]) -> Around:
    """Counters of these names, the officer's views and those shared with them, who sits in their units. One query."""
    among = ", ".join(f":unit{i}" for i in range(len(units))) or "NULL"
    names = ", ".join(f":counter{i}" for i in range(len(counters))) or "NULL"
    rows = view.all(
        f"""
        SELECT 'counter' AS kind, 0 AS id, c.name AS name, '' AS words, CAST(NULL AS BIGINT) AS unit, c.n AS n
          FROM counter c WHERE c.name IN ({names})
        UNION ALL
        SELECT CASE WHEN v.shared = :yes THEN 'shared' ELSE 'own' END, v.id, v.name, v.filters, v.unit_id, v.officer_id
          FROM saved_view v WHERE {_HEARD.format(units=among)}
        UNION ALL
        SELECT 'holder', o.id, o.name, o.login, NULL, 0 FROM officer o
         WHERE o.active = :yes AND EXISTS (SELECT 1 FROM seat s WHERE s.officer_id = o.id
               AND (s.unit_id IS NULL OR s.unit_id IN ({among})))
        """,
        officer=officer,
        yes=True,
        **{f"unit{i}": unit for i, unit in enumerate(units)},
        **{f"counter{i}": name for i, name in enumerate(counters)},
    )
    found = {row["name"]: int(row["n"]) for row in rows if row["kind"] == "counter"}
    views = sorted((_of_around(row) for row in rows if row["kind"] in ("own", "shared")), key=_order)
    people = [Holder(row["id"], row["words"], row["name"]) for row in rows if row["kind"] == "holder"]
    return Around(
        counters={name: found.get(name, 0) for name in counters},
        views=tuple(views),
        holders=tuple(sorted(people, key=lambda each: each.name.lower())),
    )


def _order(saved: Saved) -> tuple[bool, int]:
    return saved.shared, saved.id


def find(view: View, number: int) -> Saved | None:
    row = view.one("SELECT * FROM saved_view WHERE id = :id", id=number)
    return _saved(row) if row else None


def of_officer(view: View, officer: int) -> list[Saved]:
    rows = view.all("SELECT * FROM saved_view WHERE officer_id = :officer ORDER BY id", officer=officer)
    return [_saved(row) for row in rows]


def add(
    change: Change, *, officer: int, name: str, filters: str, unit: int | None, shared: bool, at: datetime
) -> int:
    row = change.one(
        """
        INSERT INTO saved_view (officer_id, name, filters, unit_id, shared, created_at)
        VALUES (:officer, :name, :filters, :unit, :shared, :at) RETURNING id
        """,
        officer=officer,
        name=name,
        filters=filters,
        unit=unit,
        shared=shared,
        at=at,
    )
    assert row is not None
    return int(row["id"])


def rename(change: Change, number: int, name: str) -> None:
    change.run("UPDATE saved_view SET name = :name WHERE id = :id", name=name, id=number)


def drop(change: Change, number: int) -> None:
    change.run("DELETE FROM saved_view WHERE id = :id", id=number)


def _of_around(row: Row) -> Saved:
    return Saved(
        id=row["id"],
        owner=int(row["n"]),
        name=row["name"],
        filters=row["words"],
        unit=row["unit"],
        shared=row["kind"] == "shared",
    )


def _saved(row: Row) -> Saved:
    return Saved(
        id=row["id"],
        owner=row["officer_id"],
        name=row["name"],
        filters=row["filters"],
        unit=row["unit_id"],
        shared=bool(row["shared"]),
    )
