"""The same act without HTTP, and the disk's own limit: how much one commit costs, and how little in a group."""

import asyncio
import itertools
import sqlite3
import time
from pathlib import Path
from typing import Any

from bench.office import NOW, WORDS, Folder, message, writer
from bench.rounds import Case, Measured
from desk.intake import take_in
from store.db import Change, open_database

SECONDS = 2.0
TABLES = """
CREATE TABLE one (id INTEGER PRIMARY KEY, address TEXT, status TEXT, at TEXT);
CREATE TABLE two (id INTEGER PRIMARY KEY, one_id INTEGER, text TEXT, at TEXT);
"""
_addresses = itertools.count()


class Act:
    """Waiting work as the writer's thread sees it, with nobody who waits for it."""

    def __init__(self) -> None:
        self.message = message()
        self.topics: list[str] = []
        self.error: BaseException | None = None

    def attempt(self, change: Change) -> None:
        take_in(change, *self.message, NOW)


def direct(folder: Folder, group: int) -> Case:
    """The act on the desk's own writing connection, `group` of them in a transaction; no loop, no other thread."""

    def case() -> Measured:
        path = folder.fresh()
        waiting: list[Any] = []
        connection = writer(path, waiting)
        done, begin, cpu = 0, time.perf_counter(), time.process_time()
        while time.perf_counter() - begin < SECONDS:
            waiting[:] = [Act() for _ in range(group)]
            connection.commit()
            assert not any(act.error for act in waiting)
            done += group
        measured = _measured(done, begin, cpu)
        connection.close()
        folder.drop(path)
        return measured

    return case


def through_the_line(folder: Folder, callers: int) -> Case:
    """`db.write` by that many callers at once."""

    async def produce(path: Path) -> Measured:
        done, begin, cpu = 0, time.perf_counter(), time.process_time()

        async def caller() -> None:
            nonlocal done
            while time.perf_counter() - begin < SECONDS:
                await db.write(take_in, *message(), NOW)
                done += 1

        async with open_database(f"sqlite:///{path}") as db:
            await asyncio.gather(*(caller() for _ in range(callers)))
            return _measured(done, begin, cpu)

    def case() -> Measured:
        path = folder.fresh()
        measured = asyncio.run(produce(path))
        folder.drop(path)
        return measured

    return case


def two_rows(folder: Folder, group: int = 1) -> Case:
    """A bare transaction of two rows on a bare connection: what this disk gives at most for one commit each."""

    def case() -> Measured:
        path = folder.root / "two-rows.db"
        connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.executescript(TABLES)
        done, begin, cpu = 0, time.perf_counter(), time.process_time()
        while time.perf_counter() - begin < SECONDS:
            connection.execute("BEGIN IMMEDIATE")
            for _ in range(group):
                row = connection.execute(
                    "INSERT INTO one (address, status, at) VALUES (?, 'open', '2026')",
                    (f"a{next(_addresses)}",),
                ).lastrowid
                connection.execute("INSERT INTO two (one_id, text, at) VALUES (?, ?, '2026')", (row, WORDS))
            connection.execute("COMMIT")
            done += group
        measured = _measured(done, begin, cpu)
        connection.close()
        folder.drop(path)
        return measured

    return case


def _measured(done: int, begin: float, cpu: float) -> Measured:
    took, used = time.perf_counter() - begin, time.process_time() - cpu
    return Measured(rate=done / took, cpu=used / done * 1e6)
