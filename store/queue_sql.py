"""The queue's lists as SQL, put together of constant fragments: values are always parameters.

Which index carries what. A unit's open, free or closed tickets: ticket_unit, ticket_free, ticket_closed. A holder's:
ticket_holder. Channel, identity level and step: the ordered lists by shape (ticket_shape*), of which those that exist
are walked by their first row, some hundred at most, and each gives one page. A category: the same lists of
ticket_category, which follow the ticket by trigger. A period of few tickets: ticket_opened*; of many: the list itself,
in which they are soon met. So a rare combination reads what it shows, not the queue.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from msgspec import Struct

Kind = Literal["mine", "free", "unit", "closed"]
Key = tuple[datetime, int]
FEW = 20_000  # tickets of a period that are looked at one by one


class Selection(Struct, frozen=True, kw_only=True):
    """A list. `units` are those it may show (0: none yet); None or "" wants anything; `officer` is who reads it."""

    kind: Kind
    officer: int
    units: tuple[int, ...] = ()
    channel: str = ""
    proof: str = ""
    step: str = ""
    categories: tuple[int, ...] | None = None
    holder: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    few: int = FEW


class Cut(NamedTuple):
    """The piece of the list that is wanted: behind `key`, or before it, and how many rows."""

    key: Key | None
    back: bool
    most: int


class Query(NamedTuple):
    """`sql` gives id and sort_at of each ticket, in order."""

    sql: str
    params: dict[str, Any]


_STATE = {
    "mine": "t.status <> 'closed'",
    "unit": "t.status <> 'closed'",
    "free": "t.status <> 'closed' AND t.holder_id IS NULL",
    "closed": "t.status = 'closed'",
}
_PERIODS = _STATE | {
    "free": "t.status <> 'closed' AND +t.holder_id IS NULL"
}  # + keeps SQLite from the holders' index
_STATES = {"mine": ("free", "held"), "unit": ("free", "held"), "free": ("free",), "closed": ("closed",)}
_NAME = re.compile(r":([a-z]\w*)")
_UNIT = "coalesce(t.unit_id, 0)"
_SHAPE = "(t.channel || '|' || t.proof || '|' || t.step)"
FIRST = datetime.fromisoformat("0001-01-01T00:00:00+00:00")
LAST = datetime.fromisoformat("9999-12-31T00:00:00+00:00")


def listed(engine: str, wanted: Selection, cut: Cut) -> Query:
    """Ids of one page of the list."""
    falling = (wanted.kind == "closed") != cut.back
    order = "DESC" if falling else "ASC"
    key = cut.key or ((LAST, 1 << 62) if falling else (FIRST, 0))
    params = _params(wanted) | {"rank": key[0], "id": key[1], "most": cut.most}
    if wanted.kind != "mine" and not wanted.units:
        return Query("SELECT 0 AS id, 0 AS sort_at WHERE 1 = 0", {})
    parts = _Parts(engine, wanted, "<" if falling else ">", order)
    sql = f"{parts.source()} ORDER BY sort_at {order}, id {order} LIMIT :most"
    return Query(sql, {name: params[name] for name in _NAME.findall(sql)})


def counted(engine: str, wanted: Selection, most: int) -> Query:
    """How many it is, up to `most`."""
    if wanted.kind != "mine" and not wanted.units:
        return Query("SELECT 0 AS n", {})
    sql = _Parts(engine, wanted, ">", "ASC").size()
    params = _params(wanted) | {"rank": FIRST, "id": 0, "most": most}
    return Query(sql, {name: params[name] for name in _NAME.findall(sql)})


def _params(wanted: Selection) -> dict[str, Any]:
    names: dict[str, Any] = {
        "officer": wanted.officer,
        "channel": wanted.channel,
        "proof": wanted.proof,
        "step": wanted.step,
        "holder": wanted.holder,
        "since": wanted.since or FIRST,
        "until": wanted.until or LAST,
        "shape": "|".join(_like(part) for part in (wanted.channel, wanted.proof, wanted.step)),
        "few": wanted.few,
    }
    names |= {f"unit{i}": unit for i, unit in enumerate(wanted.units)}
    return names | {f"category{i}": one for i, one in enumerate(wanted.categories or ())}


def _like(part: str) -> str:
    return part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") or "%"


class _Parts:
    """The pieces of one list's query."""

    def __init__(self, engine: str, wanted: Selection, beyond: str, order: str) -> None:
        self._engine = engine
        self._wanted = wanted
        self._order = order
        self._column = "closed_at" if wanted.kind == "closed" else "rank_at"
        self._beyond = f" AND (t.{self._column}, t.id) {beyond} (:rank, :id)"
        self._beyond_tagged = f" AND (g.sort_at, g.ticket_id) {beyond} (:rank, :id)"
        self._state = _STATE[wanted.kind]
        self._units = [f":unit{i}" for i in range(len(wanted.units))]

    def source(self) -> str:
        """A period's length is asked once for the whole query: of few tickets, or of many."""
        wanted = self._wanted
        if (wanted.since is None and wanted.until is None) or self._held():
            return self._ordinary("")
        return (
            f"WITH period (short) AS (SELECT count(*) <= :few FROM ({self._of_period()} LIMIT :few + 1) AS looked)"
            f" SELECT * FROM ({self._by_period('(SELECT short FROM period)')}) AS few"
            f" UNION ALL SELECT * FROM ({self._ordinary('NOT (SELECT short FROM period)')}) AS many"
        )

    def size(self) -> str:
        """The list without its order: the look ends with the last one counted."""
        wanted = self._wanted
        narrow = wanted.channel or wanted.proof or wanted.step or wanted.categories is not None
        if (wanted.since is None and wanted.until is None) or narrow or self._held():
            return (
                f"SELECT count(*) AS n FROM (SELECT id FROM ({self.source()}) AS every LIMIT :most) AS found"
            )
        return f"SELECT count(*) AS n FROM ({self._of_period()} LIMIT :most) AS found"

    def _of_period(self) -> str:
        state = _PERIODS[self._wanted.kind]
        return f"SELECT 1 FROM ticket t WHERE {self._in_units()} AND {state} AND {_period()}"

    def _ordinary(self, guard: str) -> str:
        wanted = self._wanted
        if self._held():
            return self._by_holder()
        if wanted.categories is not None:
            return self._by_cells(self._tagged_cells(guard), self._tagged_rows())
        if wanted.channel or wanted.proof or wanted.step:
            return self._by_cells(self._cells(guard), self._rows(f"{_UNIT} = +c.unit AND {_SHAPE} = c.shape"))
        return self._by_unit(guard)

    def _held(self) -> bool:
        return self._wanted.kind == "mine" or self._wanted.holder is not None

    def _in_units(self) -> str:
        return f"{_UNIT} IN ({', '.join(self._units)})"

    def _rows(self, where: str, *, all_of: bool = False, state: str = "") -> str:
        """One ordered piece of one index. `all_of`: with every filter, where no index carries them."""
        column = self._column
        return (
            f"SELECT t.id AS id, t.{column} AS sort_at FROM ticket t WHERE {where} AND {state or self._state}"
            f"{self._rest(all_of)}{self._beyond} ORDER BY t.{column} {self._order}, t.id {self._order} LIMIT :most"
        )

    def _rest(self, all_of: bool) -> str:
        wanted, found = self._wanted, []
        if wanted.since is not None or wanted.until is not None:
            found.append(_period())
        if all_of:
            found += [f"t.{name} = :{name}" for name in ("channel", "proof", "step") if getattr(wanted, name)]
            if wanted.categories is not None:
                names = ", ".join(f":category{i}" for i in range(len(wanted.categories)))
                tagged = f"EXISTS (SELECT 1 FROM ticket_category g WHERE g.ticket_id = t.id AND g.category_id IN ({names}))"
                found.append(tagged if names else "1 = 0")
        return "".join(f" AND {each}" for each in found)

    def _by_holder(self) -> str:
        wanted = self._wanted
        who = "t.holder_id = :officer" if wanted.kind == "mine" else "t.holder_id = :holder"
        if wanted.kind == "mine" and wanted.holder is not None:
            who += " AND t.holder_id = :holder"
        within = f" AND {self._in_units()}" if wanted.units else ""
        return f"SELECT * FROM ({self._rows(who + within, all_of=True)}) AS held"

    def _by_period(self, guard: str) -> str:
        state = _PERIODS[self._wanted.kind]
        return self._rows(f"{self._in_units()} AND {guard}", all_of=True, state=state)

    def _by_unit(self, guard: str) -> str:
        """One indexed look per unit, merged: an IN list would have to sort what it finds."""
        also = f" AND {guard}" if guard else ""
        own = [
            f"t.unit_id = {name}" if unit else "t.unit_id IS NULL"
            for name, unit in zip(self._units, self._wanted.units, strict=True)
        ]
        return " UNION ALL ".join(
            f"SELECT * FROM ({self._rows(each + also)}) AS u{i}" for i, each in enumerate(own)
        )

    def _by_cells(self, cells: str, rows: str) -> str:
        if self._engine == "sqlite":
            found = f"cell c CROSS JOIN ticket t ON t.id IN (SELECT id FROM ({rows}))"
        else:
            found = f"cell c CROSS JOIN LATERAL ({rows}) AS x JOIN ticket t ON t.id = x.id"
        return (
            f"SELECT * FROM (WITH RECURSIVE {cells} SELECT DISTINCT t.id AS id, t.{self._column} AS sort_at"
            f" FROM {found} WHERE c.shape LIKE :shape ESCAPE '\\') AS cells"
        )

    def _cells(self, guard: str) -> str:
        """The shapes that tickets of these units have, each found by one step in the index."""
        seeds = " UNION ALL ".join(f"SELECT CAST({name} AS BIGINT) AS unit" for name in self._units)
        least = f"SELECT {_SHAPE} AS shape FROM ticket t WHERE {_UNIT} = +{{0}}.unit AND {self._state} {{1}} ORDER BY {_SHAPE} LIMIT 1"
        return (
            f"cell (unit, shape) AS (SELECT u.unit, ({least.format('u', '')}) FROM ({seeds}) AS u"
            f" {'WHERE ' + guard if guard else ''} UNION ALL"
            f" SELECT c.unit, ({least.format('c', f'AND {_SHAPE} > c.shape')}) FROM cell c WHERE c.shape IS NOT NULL)"
        )

    def _tagged_cells(self, guard: str) -> str:
        seeds = " UNION ALL ".join(
            f"SELECT CAST(:category{i} AS BIGINT) AS category, CAST({name} AS BIGINT) AS unit, '{state}' AS state"
            for i in range(len(self._wanted.categories or ()))
            for name in self._units
            for state in _STATES[self._wanted.kind]
        )
        seeds = seeds or "SELECT CAST(0 AS BIGINT) AS category, CAST(0 AS BIGINT) AS unit, '' AS state"
        least = (
            "SELECT g.shape FROM ticket_category g WHERE g.category_id = {0}.category AND g.unit_id = {0}.unit"
            " AND g.state = {0}.state {1} ORDER BY g.shape LIMIT 1"
        )
        return (
            f"cell (category, unit, state, shape) AS (SELECT u.category, u.unit, u.state, ({least.format('u', '')})"
            f" FROM ({seeds}) AS u {'WHERE ' + guard if guard else ''} UNION ALL"
            f" SELECT c.category, c.unit, c.state, ({least.format('c', 'AND g.shape > c.shape')})"
            " FROM cell c WHERE c.shape IS NOT NULL)"
        )

    def _tagged_rows(self) -> str:
        period = f" AND EXISTS (SELECT 1 FROM ticket t WHERE t.id = g.ticket_id{self._rest(False)})"
        return (
            "SELECT g.ticket_id AS id FROM ticket_category g WHERE g.category_id = c.category AND g.unit_id = c.unit"
            f" AND g.state = c.state AND g.shape = c.shape{self._beyond_tagged}"
            f"{period if self._rest(False) else ''} ORDER BY g.sort_at {self._order}, g.ticket_id {self._order} LIMIT :most"
        )


def _period() -> str:
    return "t.opened_at >= :since AND t.opened_at < :until"


def prefixed(queries: Sequence[Query]) -> Query:
    """Several counts by one look: rows of place and n."""
    parts: list[str] = []
    params: dict[str, Any] = {}
    for place, query in enumerate(queries):
        sql = _NAME.sub(f":v{place}_\\1", query.sql)
        parts.append(f"SELECT {place} AS place, n FROM ({sql}) AS v{place}")
        params |= {f"v{place}_{name}": value for name, value in query.params.items()}
    return Query(" UNION ALL ".join(parts), params)
