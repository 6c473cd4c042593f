"""SQLite's still picture: its online backup, page by page, beside a writer that goes on."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from store.db import View
from store.snapshot import Damaged, Told
from store.sqlite import PLAIN, Rows

PAGES = 1024  # of 4 KiB each between two words on how far it is
DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class Still:
    """The connection holds a read transaction, so that the copy is of one moment and never begins anew."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.view = View(self._run)

    def _run(self, sql: str, params: dict[str, Any]) -> sqlite3.Cursor:
        plain = {n: PLAIN[type(v)](v) if type(v) in PLAIN else v for n, v in params.items()}
        return self._connection.cursor(Rows).execute(sql, plain)

    def dump(self, target: Path, told: Told) -> None:
        """Copied and then looked through page by page: what is damaged is not called a backup."""
        with closing(sqlite3.connect(target)) as copy, _in_our_words():
            self._connection.backup(
                copy, pages=PAGES, progress=lambda _status, left, of: told(of - left, of), sleep=0.05
            )
            copy.execute("PRAGMA journal_mode = DELETE")
            if found := fault(copy):
                raise Damaged(found)
        _settle(target)


def fault(connection: sqlite3.Connection) -> str:
    """The first fault that SQLite's own check finds; "" when all is well."""
    try:
        row = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    found = str(next(iter(row.values())) if isinstance(row, dict) else row[0])
    return "" if found == "ok" else (found.strip().splitlines() or ["?"])[-1]


def fault_in(url: str) -> str:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=12.0)) as connection:
        return fault(connection)


@contextmanager
def still(url: str) -> Iterator[Still]:
    path = Path(url.removeprefix("sqlite:///"))
    if not path.is_file():
        raise FileNotFoundError(2, os.strerror(2), str(path))
    with closing(sqlite3.connect(path, isolation_level=None, timeout=12.0)) as connection, _in_our_words():
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
        yield Still(connection)


def is_empty(url: str) -> bool:
    path = Path(url.removeprefix("sqlite:///"))
    beside = (path, path.with_name(f"{path.name}-wal"))
    return not any(each.exists() and each.stat().st_size for each in beside)


def load(url: str, dumped: Path) -> None:
    """`dumped` lies on the same file system."""
    path = Path(url.removeprefix("sqlite:///"))
    _settle(dumped)
    dumped.replace(path)
    _settle(path.parent)


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in DAMAGE:
            raise Damaged(str(error)) from error
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL:
            raise OSError(28, os.strerror(28)) from error
        raise


def _settle(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
