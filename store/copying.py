"""A desk on SQLite carried over to an empty PostgreSQL: one still picture of it, whole and checked, or nothing at all."""

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from msgspec import Struct
from psycopg import sql
from psycopg.rows import dict_row

from sop.errors import N_, DeskError
from store import schema, snapshot, trail
from store.db import Row, View
from store.postgresql import PLAIN, translated
from store.sqlite_snapshot import fault

Told = Callable[[str, int, int], None]  # table, so many of its rows are there, of so many
Connection = psycopg.Connection[Row]

BATCH = 2_000  # rows between two words on how far it is
EVENTS = 50_000  # events of the chain that are read at once
NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")  # in JSON; after an even number of backslashes
OWN = frozenset(
    {"alembic_version", "search", "lease"}
)  # not copied row by row: see `_search`; nobody leads there yet


class NotEmpty(DeskError):
    def __init__(self, table: str) -> None:
        super().__init__(
            N_(
                "Basis data tujuan tidak kosong: tabel {table} sudah berisi. Tidak ada yang diubah. "
                "Sebutkan basis data lain yang kosong (createdb)."
            ),
            table=table,
        )


class Differs(DeskError):
    """What arrived is not what left. Nothing of it was kept."""

    def __init__(self, what: str, here: object, there: object) -> None:
        super().__init__(
            N_(
                "Salinan tidak sama dengan asalnya ({what}: {here} di asal, {there} di tujuan). "
                "Tujuan dibiarkan kosong; meja yang lama tidak berubah."
            ),
            what=what,
            here=here,
            there=there,
        )


class Copied(Struct, frozen=True, kw_only=True):
    """`tables`: rows of each. `mended`: texts with a NUL, which PostgreSQL cannot hold; it became U+FFFD.

    `head`: the newest event's number in the picture.
    """

    tables: dict[str, int]
    mended: int
    head: int


def empty(url: str) -> None:
    """Raises NotEmpty unless no table of that PostgreSQL has a row; a schema alone may be there, from an earlier try."""
    with psycopg.connect(url, autocommit=True, row_factory=dict_row, connect_timeout=10) as target:
        view = _view(target)
        for name in snapshot.tables(view):
            if name != "alembic_version" and view.one(f'SELECT 1 AS found FROM "{name}" LIMIT 1'):
                raise NotEmpty(name)


def copy(source: str, target: str, told: Told) -> Copied:
    """Copy the desk at `source` into `target`, whose schema stands. In one transaction: killed, it leaves nothing.

    The desk may go on serving; what it takes in meanwhile is not in the picture.
    Raises NotEmpty, Differs, Damaged, SchemaOlder, psycopg.Error.
    """
    with _picture(source) as here, _still_empty(target) as there, there.transaction():
        view = _view(there)
        keys = _without_keys(there)
        carried = _Carried(here, there, told)
        for name in snapshot.tables(view):
            if name not in OWN:
                carried.table(name)
        _search(here, there, told)
        _with_keys(there, keys)
        _sequences(there)
        facts = _checked(here, view)
    return Copied(tables=facts.tables, mended=carried.mended, head=facts.events)


def newest(source: str) -> int:
    """The number of the newest event at `source`: more than a copy's `head` when something came in since."""
    with _picture(source) as here:
        row = here.execute("SELECT coalesce(max(id), 0) FROM audit").fetchone()
        return int(row[0])


class _Carried:
    """Rows on their way. `mended` counts texts that had to be changed."""

    def __init__(self, here: sqlite3.Connection, there: Connection, told: Told) -> None:
        self._here, self._there, self._told = here, there, told
        self.mended = 0

    def table(self, name: str) -> None:
        """By COPY, in the order in which they lie."""
        columns = self._columns(name)
        listed = ", ".join(f'"{column}"' for column in columns)
        of = int(self._here.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])
        into = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        texts = frozenset(n for n, column in enumerate(columns) if column.endswith("_json"))
        with self._there.cursor().copy(into) as copy:
            done = 0
            for rows in _batches(self._here.execute(f'SELECT {listed} FROM "{name}"')):
                for row in rows:
                    copy.write_row(self._whole(row, texts))
                done += len(rows)
                self._told(name, done, of)

    def _columns(self, name: str) -> list[str]:
        """Those of the source; the target must know each. Raises Differs."""
        mine = [str(row[1]) for row in self._here.execute(f'PRAGMA table_info("{name}")')]
        found = self._there.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = %s",
            (name,),
        )
        theirs = {row["column_name"] for row in found}
        if set(mine) != theirs:
            raise Differs(name, sorted(set(mine) - theirs), sorted(theirs - set(mine)))
        return mine

    def _whole(self, row: tuple[Any, ...], texts: frozenset[int]) -> tuple[Any, ...]:
        """With U+FFFD for NUL, in JSON for its escape; the rest as it is."""
        if not any(isinstance(cell, str) and ("\0" in cell or "u0000" in cell) for cell in row):
            return row
        whole = tuple(
            NUL.sub("\\1\ufffd", cell) if n in texts and isinstance(cell, str) else _plain(cell)
            for n, cell in enumerate(row)
        )
        self.mended += whole != row
        return whole


def _plain(cell: Any) -> Any:
    return cell.replace("\0", "\ufffd") if isinstance(cell, str) else cell


def _batches(cursor: sqlite3.Cursor) -> Iterator[list[tuple[Any, ...]]]:
    while rows := cursor.fetchmany(BATCH):
        yield rows


@contextmanager
def _picture(source: str) -> Iterator[sqlite3.Connection]:
    """A read transaction: what others write meanwhile is not seen. Raises Damaged, SchemaOlder."""
    path = Path(source.removeprefix("sqlite:///"))
    if not path.is_file():
        raise schema.SchemaOlder("0000")
    connection = sqlite3.connect(path, isolation_level=None, timeout=12.0)
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        if found := fault(connection):
            raise snapshot.Damaged(found)
        yield connection
    finally:
        connection.close()


@contextmanager
def _still_empty(url: str) -> Iterator[Connection]:
    """Raises NotEmpty."""
    empty(url)
    with psycopg.connect(
        url, autocommit=True, row_factory=dict_row, connect_timeout=10, options="-c timezone=UTC"
    ) as connection:
        yield connection


def _view(connection: Connection) -> View:
    def run(text: str, params: Mapping[str, Any]) -> psycopg.Cursor[Row]:
        plain = {n: PLAIN[type(v)](v) if type(v) in PLAIN else v for n, v in params.items()}
        return connection.execute(translated(text), plain)

    return View(run, "postgresql")


def _without_keys(there: Connection) -> list[Row]:
    """Take foreign keys and triggers away until all rows are there: some point at each other, or at their own table."""
    keys = there.execute(
        """
        SELECT conrelid::regclass::text AS place, conname AS name, pg_get_constraintdef(oid) AS words
          FROM pg_constraint
         WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY place, name
        """
    ).fetchall()
    for key in keys:
        there.execute(
            sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(_name(key["place"]), _name(key["name"]))
        )
    _triggers(there, "DISABLE")
    return keys


def _with_keys(there: Connection, keys: list[Row]) -> None:
    """Every row is checked against them now."""
    for key in keys:
        words = sql.SQL(key["words"])  # PostgreSQL's own, read from its catalogue
        there.execute(
            sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
                _name(key["place"]), _name(key["name"]), words
            )
        )
    _triggers(there, "ENABLE")


def _triggers(there: Connection, what: str) -> None:
    found = there.execute(
        "SELECT DISTINCT tgrelid::regclass::text AS place FROM pg_trigger WHERE NOT tgisinternal"
    ).fetchall()
    for row in found:
        there.execute(sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(_name(row["place"]), sql.SQL(what)))


def _name(word: str) -> sql.Identifier:
    return sql.Identifier(word.strip('"'))


def _search(here: sqlite3.Connection, there: Connection, told: Told) -> None:
    """The index is made anew from the words it holds; what was not indexed yet the desk indexes as ever."""
    of = int(here.execute("SELECT count(*) FROM search").fetchone()[0])
    there.execute("CREATE TEMPORARY TABLE said (id BIGINT, words TEXT) ON COMMIT DROP")
    with there.cursor().copy("COPY said (id, words) FROM STDIN") as copy:
        done = 0
        for rows in _batches(here.execute("SELECT rowid, words FROM search")):
            for row in rows:
                copy.write_row(row)
            done += len(rows)
            told("search", done, of)
    there.execute(
        "INSERT INTO search (message_id, lexemes) SELECT id, to_tsvector('simple', words) FROM said"
    )


def _sequences(there: Connection) -> None:
    """The next row of each table comes after those that were copied."""
    found = there.execute(
        """
        SELECT table_name AS place, column_name AS name, pg_get_serial_sequence(table_name, column_name) AS sequence
          FROM information_schema.columns
         WHERE table_schema = current_schema() AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL
        """
    ).fetchall()
    for row in found:
        there.execute(
            sql.SQL("SELECT setval(%s, coalesce(max({}), 0) + 1, false) FROM {}").format(
                _name(row["name"]), _name(row["place"])
            ),
            (row["sequence"],),
        )


def _checked(here: sqlite3.Connection, view: View) -> snapshot.Facts:
    """Counted on both sides, the sum of the counters, and the chain read through on the other side. Raises Differs."""
    facts = snapshot.facts(view)
    for name, n in facts.tables.items():
        if name != "lease":
            _same(name, here.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0], n)
    row = view.one("SELECT coalesce(sum(n), 0) AS n FROM counter")
    _same(
        "counter.n",
        here.execute("SELECT coalesce(sum(n), 0) FROM counter").fetchone()[0],
        row and int(row["n"]),
    )
    head = here.execute("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").fetchone() or (0, "")
    _same("audit", head, (facts.events, facts.head))
    after, before = 0, ""
    while True:
        broken, last, before = trail.first_broken(view, after=after, before=before, most=EVENTS)
        if broken is not None:
            _same("audit", facts.events, broken - 1)
        if broken is not None or last == after:
            return facts
        after = last


def _same(what: str, here: object, there: object) -> None:
    if here != there:
        raise Differs(what, here, there)
