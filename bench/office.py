"""A desk to measure: a fresh database file with the office that `tanggap init` gives."""

import asyncio
import itertools
import shutil
import sqlite3
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from desk import starter
from desk.ids import Ids
from sop.messages import Incoming
from store.db import open_database
from store.migrate import migrate
from store.pin import Pin
from store.sqlite import Turn

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # a Monday, 09.00 WIB
ZONE = "Asia/Jakarta"
WORDS = (
    "Selamat pagi, saya tidak bisa masuk ke SIAKAD sejak kemarin malam, sandinya ditolak. "
    "Nama saya Dewi, NIM 221040037. KRS terakhir hari ini, mohon bantuannya."
)
_numbers = itertools.count(1)


class Folder:
    """Where the databases of a run lie: all on the same disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.template = root / "template.db"
        migrate(f"sqlite:///{self.template}")
        asyncio.run(_seed(f"sqlite:///{self.template}"))

    def fresh(self) -> Path:
        path = self.root / f"desk-{next(_numbers)}.db"
        shutil.copy(self.template, path)
        return path

    def drop(self, path: Path) -> None:
        for end in ("", "-wal", "-shm"):
            Path(f"{path}{end}").unlink(missing_ok=True)


async def _seed(url: str) -> None:
    async with open_database(url) as db:
        await db.write(starter.seed, starter.office("Layanan Contoh", ZONE), ZONE, NOW)


def writer(path: Path, waiting: list[Any]) -> Turn:
    """The desk's own writing connection, without its thread: `commit()` does the acts that are `waiting`."""
    opening = partial(sqlite3.connect, isolation_level=None, cached_statements=512)
    connection = opening(path, factory=partial(Turn, waiting, "BEGIN IMMEDIATE", Pin()))
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    assert isinstance(connection, Turn)
    return connection


def message() -> tuple[Incoming, Ids]:
    """The first word of somebody nobody knows yet: the dearest kind of intake."""
    number = next(_numbers)
    incoming = Incoming(
        channel="telegram",
        external_id=f"x{number}",
        message_id=f"x{number}:1",
        key=f"x{number}",
        sender=f"x{number}",
        name="Dewi",
        at=NOW,
        text=WORDS,
    )
    return incoming, Ids(f"t{number}", f"c{number}", f"s{number}")
