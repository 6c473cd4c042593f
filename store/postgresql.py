"""PostgreSQL: the same lanes on psycopg, each connection on its own thread."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import lru_cache, partial
from secrets import token_hex
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from sop.errors import DamagedStore
from store import counters
from store.bell import Bell
from store.db import Change, Conflict, Database, Unavailable, utc
from store.line import ROOM, Group, Job, Lane, Measured, Pool
from store.pin import Pin
from store.postgresql_ear import CHANNEL, Listening, notice

WRITING = ("BEGIN ISOLATION LEVEL READ COMMITTED", "SELECT pg_advisory_xact_lock(7274)")
DAMAGED = (psycopg.errors.DataCorrupted, psycopg.errors.IndexCorrupted)
READING = ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",)


class Turn:
    def __init__(
        self, url: str, opening: Sequence[str], patience: float, pin: Pin, process: str = ""
    ) -> None:
        self._url = url
        self._process = process
        self._pin = pin
        self._options = f"-c timezone=UTC -c lock_timeout={int(patience * 1000)}"
        self._opening = opening
        self._connection = self._connect()
        self._change = Change(self._statement, "postgresql")
        self._failed: Exception | None = None

    def _connect(self) -> psycopg.Connection[dict[str, Any]]:
        connection = psycopg.connect(
            self._url,
            autocommit=True,
            row_factory=dict_row,
            options=self._options,
            prepare_threshold=1,
            connect_timeout=10,
        )
        connection.prepared_max = 512
        return connection

    def serve(self, group: Group) -> None:
        try:
            if not self._together(group):
                self._apart(group)
        except BaseException as error:
            for job in group:
                job.error = self._told(error)
            self._undo()

    def _open(self) -> None:
        """Begin. A connection that died while nobody used it is made anew, once: nothing was sent on it yet."""
        self._change.begin()
        self._failed = None
        if self._connection.closed:
            self._connection = self._connect()
        try:
            self._begin()
        except psycopg.OperationalError:
            if not self._connection.closed:
                raise
            self._connection = self._connect()
            self._begin()

    def _begin(self) -> None:
        for sql in self._opening:
            self._connection.execute(sql)
        if self._pin.revision:
            row = self._connection.execute("SELECT version_num FROM alembic_version").fetchone()
            self._pin.compare(row["version_num"] if row else "")

    def _undo(self) -> None:
        self._change.forget()
        if not self._connection.closed:
            self._connection.execute("ROLLBACK")

    def _together(self, group: Group) -> bool:
        self._open()
        for job in group:
            self._attempt(job)
            if job.error is not None:
                self._undo()
                return len(group) == 1
        counters.write(self._change)
        self._tell_others(group)
        self._connection.execute("COMMIT")
        return True

    def _apart(self, group: Group) -> None:
        self._open()
        for job in group:
            self._connection.execute("SAVEPOINT act")
            self._attempt(job)
            if job.error is not None:
                self._connection.execute("ROLLBACK TO act")
                self._change.forget()
            counters.write(self._change)
            self._connection.execute("RELEASE act")
        self._tell_others(group)
        self._connection.execute("COMMIT")

    def _tell_others(self, group: Group) -> None:
        """Other processes hear with the COMMIT, and not without it."""
        topics = [topic for job in group if job.error is None for topic in job.topics]
        if topics:
            self._connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, notice(self._process, topics)))

    def _attempt(self, job: Job[Any]) -> None:
        self._failed = None
        self._change.topics = job.topics
        job.attempt(self._change)
        job.error = self._failed or job.error

    def _statement(self, sql: str, params: Mapping[str, Any]) -> psycopg.Cursor[dict[str, Any]]:
        if self._failed:
            raise self._failed
        try:
            return self._connection.execute(
                translated(sql), {n: PLAIN[type(v)](v) if type(v) in PLAIN else v for n, v in params.items()}
            )
        except psycopg.Error as error:
            self._failed = self._told(error)
            raise self._failed from error

    def _told(self, error: BaseException) -> Any:
        if isinstance(error, psycopg.IntegrityError):
            return Conflict(str(error))
        if isinstance(error, DAMAGED):
            self._pin.damage = str(error)
            return DamagedStore(str(error))
        return Unavailable(str(error)) if isinstance(error, psycopg.OperationalError) else error

    def close(self) -> None:
        self._connection.close()


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _on(thread: ThreadPoolExecutor, work: Callable[..., None], *args: Any) -> None:
    await asyncio.get_running_loop().run_in_executor(thread, work, *args)


PLAIN: dict[type, Callable[[Any], Any]] = {datetime: utc, dict: Jsonb, list: Jsonb}
_TOKEN = re.compile(r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | :: | :(?P<name>[a-z_]\w*) | %""", re.X)


@lru_cache(maxsize=1024)
def translated(sql: str) -> str:
    """`:name` as psycopg's `%(name)s`, but not inside quotes, comments or casts."""

    def word(token: re.Match[str]) -> str:
        return f"%({token['name']})s" if token["name"] else token[0].replace("%", "%%")

    return _TOKEN.sub(word, sql)


@asynccontextmanager
async def open_database(
    url: str,
    readers: int = 2,
    room: int = ROOM,
    patience: float = 12.0,
    measured: Measured | None = None,
) -> AsyncIterator[Database]:
    """The writers of all processes take turns by one advisory lock, as SQLite's do: nothing needs to be tried again."""
    bell, pin, process = Bell(), Pin(), token_hex(8)
    async with AsyncExitStack() as stack:
        loop = asyncio.get_running_loop()

        async def lane(opening: Sequence[str], room: int, measured: Measured | None = None) -> Lane:
            thread = ThreadPoolExecutor(1, "postgresql")
            stack.callback(thread.shutdown)
            turn = await loop.run_in_executor(thread, Turn, url, opening, patience, pin, process)
            stack.push_async_callback(_on, thread, turn.close)
            lane = Lane(
                partial(_on, thread, turn.serve), room, patience=patience, told=bell.ring, measured=measured
            )
            stack.push_async_callback(lane.close)
            return lane

        writer = await lane(WRITING, room, measured)
        listening = asyncio.create_task(Listening(url, process, bell.ring, bell.ring_all).run())
        stack.push_async_callback(_ended, listening)
        yield Database(writer, Pool([await lane(READING, 64) for _ in range(readers)]), bell, pin)
