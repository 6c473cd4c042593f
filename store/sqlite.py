"""SQLite: one writer that keeps waiting acts together, and a few readers that cannot write."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

import aiosqlite
import msgspec

from sop.errors import DamagedStore
from store import counters
from store.bell import Bell
from store.db import Change, Conflict, Database, Row, Unavailable, utc
from store.line import ROOM, Group, Job, Lane, Measured, Pool
from store.pin import Pin

PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
}
DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class Turn(sqlite3.Connection):
    """A connection whose `commit()` first does the waiting work, so that one fsync serves every caller.

    aiosqlite runs `commit()` on the connection's own thread: that is our trip there. Both doors are public:
    `factory=` of sqlite3.connect and `commit` of aiosqlite.
    """

    def __init__(self, group: Group, begin: str, pin: Pin, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._group = group
        self._begin = begin
        self._pin = pin
        self._cookie = -1
        self._change = Change(self._statement)
        self._failed: Exception | None = None

    def commit(self) -> None:
        try:
            if not self._together():
                self._apart()
        except BaseException as error:
            for job in self._group:
                job.error = self._told(error)
        finally:
            if self.in_transaction:
                self._undo()

    def _together(self) -> bool:
        """The common case, and the quick one: FTS5 writes to disk at each savepoint, so there are none."""
        self._open()
        for job in self._group:
            self._attempt(job)
            if job.error is not None:
                self._undo()
                return len(self._group) == 1
        counters.write(self._change)
        super().commit()
        return True

    def _apart(self) -> None:
        """One of them raised: all again, and each undone alone."""
        self._open()
        for job in self._group:
            self.execute("SAVEPOINT act")
            self._attempt(job)
            if job.error is not None:
                if not self.in_transaction:
                    raise job.error  # disk full, I/O error: SQLite has undone the whole group, and all are told
                self.execute("ROLLBACK TO act")
                self._change.forget()
            counters.write(self._change)
            self.execute("RELEASE act")
        super().commit()

    def _open(self) -> None:
        self._change.begin()
        self._failed = None
        self.execute(self._begin)
        if self._pin.revision:
            self._compare()

    def _compare(self) -> None:
        """SQLite counts changes of its schema: only when the count moved is the revision read."""
        cookie = self.execute("PRAGMA schema_version").fetchone()[0]
        if cookie != self._cookie:
            row = self.execute("SELECT version_num FROM alembic_version").fetchone()
            self._pin.compare(row[0] if row else "")
            self._cookie = cookie

    def _undo(self) -> None:
        self._change.forget()
        self.rollback()

    def _attempt(self, job: Job[Any]) -> None:
        self._failed = None
        self._change.topics = job.topics
        job.attempt(self._change)
        job.error = self._failed or (job.error and self._told(job.error))  # reading its rows may fail as well

    def _statement(self, sql: str, params: dict[str, Any]) -> sqlite3.Cursor:
        """As on PostgreSQL, an act cannot go on after a statement failed."""
        if self._failed:
            raise self._failed
        for name, value in params.items():
            if type(value) in PLAIN:
                params[name] = PLAIN[type(value)](value)  # the words of this one call, made for it
        try:
            return self.cursor(Rows).execute(sql, params)
        except sqlite3.Error as error:
            self._failed = self._told(error)
            raise self._failed from error

    def _told(self, error: BaseException) -> Any:
        """The driver's error in the store's words; a mistake of ours stays as it is."""
        if isinstance(error, sqlite3.IntegrityError):
            return Conflict(str(error))
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
        if code in DAMAGED:
            self._pin.damage = str(error)
            return DamagedStore(str(error))
        return Unavailable(str(error)) if code in PASSING else error


@lru_cache(maxsize=256)
def _moment(value: datetime) -> str:
    return utc(value).isoformat(timespec="microseconds")


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


PLAIN: dict[type, Callable[[Any], str]] = {datetime: _moment, dict: _json, list: _json}


@lru_cache(maxsize=1024)
def reading(column: str) -> Callable[[str], Any] | None:
    """How what stands in a column of that name is read, where it is not as it stands."""
    if column.endswith("_at"):
        return datetime.fromisoformat
    return msgspec.json.decode if column.endswith("_json") else None


class Rows(sqlite3.Cursor):
    """What was found, read column by column: most need nothing."""

    def fetchall(self) -> list[Row]:
        found = super().fetchall()
        if not found:
            return found
        names = [each[0] for each in self.description]
        rows = [dict(zip(names, values, strict=True)) for values in found]
        for name in rows[0]:
            if read := reading(name):
                for row in rows:
                    if row[name] is not None:
                        row[name] = read(row[name])
        return rows


@asynccontextmanager
async def open_database(
    url: str,
    readers: int = 2,
    room: int = ROOM,
    patience: float = 12.0,
    measured: Measured | None = None,
) -> AsyncIterator[Database]:
    """Opens the file that the URL names. `patience`: seconds until a locked file or a full line is `Unavailable`.

    `measured` hears of each group of acts that was written.
    """
    path = url.removeprefix("sqlite:///")
    bell, pin = Bell(), Pin()
    async with AsyncExitStack() as stack:

        async def lane(begin: str, room: int, *pragmas: str, measured: Measured | None = None) -> Lane:
            group: Group = []
            opening = aiosqlite.connect(
                path,
                factory=partial(Turn, group, begin, pin),
                isolation_level=None,
                timeout=patience,
                cached_statements=512,
            )
            connection = await stack.enter_async_context(opening)
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", *pragmas):
                await connection.execute(f"PRAGMA {pragma}")

            async def trip(jobs: Group) -> None:
                group[:] = jobs
                await connection.commit()

            lane = Lane(trip, room, patience=patience, told=bell.ring, measured=measured)
            stack.push_async_callback(lane.close)
            return lane

        writer = await lane("BEGIN IMMEDIATE", room, "secure_delete = ON", measured=measured)
        yield Database(
            writer, Pool([await lane("BEGIN", 64, "query_only = ON") for _ in range(readers)]), bell, pin
        )
