"""A desk opened for one command: its settings and its store, without pages, channels and loops."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from sop.clock import midnight
from sop.errors import N_, DamagedStore, DeskError
from store import schema
from store.db import Database, open_database
from tanggap.clock import now
from tanggap.settings import Settings, read_settings

T = TypeVar("T")
SQLITE = "sqlite:///"
DRIVERS = {"sqlite3", "psycopg"}


class NotADate(DeskError):
    def __init__(self, text: str) -> None:
        super().__init__(N_("“{text}” bukan tanggal; tulis misalnya 2026-10-31."), text=text[:40])


class NotOpened(DeskError):
    """The database is there but cannot be opened: a wrong address, a wrong password, a damaged file."""

    def __init__(self, reason: str) -> None:
        super().__init__(N_("Basis data tidak dapat dibuka: {reason}"), reason=reason)


class DamagedFile(DeskError):
    def __init__(self, reason: str) -> None:
        super().__init__(
            N_(
                "Basis data tidak dapat dibuka: {reason}. Berkasnya rusak atau bukan basis data; jangan dihapus. Hentikan "
                "meja, pindahkan berkas itu, lalu pulihkan cadangan terakhir dengan: tanggap restore BERKAS"
            ),
            reason=reason,
        )


class NotWritable(DeskError):
    def __init__(self, reason: str) -> None:
        super().__init__(
            N_(
                "Basis data tidak dapat dibuka: {reason}. Foldernya tidak dapat ditulis oleh pengguna ini; periksa "
                "pemiliknya, ruang yang tersisa, dan apakah disknya terpasang baca-saja. Pesan menunggu di penyedianya."
            ),
            reason=reason,
        )


class ServerAway(DeskError):
    def __init__(self, reason: str) -> None:
        super().__init__(
            N_(
                "Basis data tidak dapat dibuka: {reason}. Server PostgreSQL tidak menjawab; periksa dengan pg_isready, "
                "lalu jalankan lagi. Pesan menunggu di penyedianya."
            ),
            reason=reason,
        )


@dataclass(frozen=True)
class Opened:
    settings: Settings
    db: Database

    @property
    def zone(self) -> str:
        return self.settings.desk.timezone

    def now(self) -> datetime:
        return now()

    def local(self, at: datetime) -> str:
        """The wall clock of the desk, "2026-03-02 09:00"."""
        return f"{at.astimezone(ZoneInfo(self.zone)):%Y-%m-%d %H:%M}"

    def start_of(self, day: str) -> datetime | None:
        """The midnight at which that day begins here; None for "". Raises NotADate."""
        return midnight(self.zone, a_date(day)) if day else None

    def end_of(self, day: str) -> datetime | None:
        """The midnight after that day; None for "". Raises NotADate."""
        return midnight(self.zone, a_date(day) + timedelta(days=1)) if day else None


def a_date(text: str) -> date:
    """Raises NotADate."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise NotADate(text) from None
    if not date(1970, 1, 1) <= found < date(9999, 1, 1):
        raise NotADate(text)
    return found


def ask(config: Path, work: Callable[[Opened], Awaitable[T]]) -> T:
    """What `work` gives on the open desk. Raises BadSettings, SchemaOlder, SchemaNewer, NotOpened, DamagedFile."""
    settings = read_settings(config, os.environ)
    file = settings.store.url.removeprefix(SQLITE)
    if file != settings.store.url and not Path(file).is_file():
        raise schema.SchemaOlder("0000")
    return asyncio.run(_work(settings, work))


async def _work(settings: Settings, work: Callable[[Opened], Awaitable[T]]) -> T:
    async with AsyncExitStack() as stack:
        db = await _open(settings.store.url, stack)
        try:
            return await work(Opened(settings, db))
        except DamagedStore as error:
            raise DamagedFile(str(error)) from error


def reason_of(error: Exception) -> str:
    """The first line of what a driver says; never the address, which may hold a password."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


@contextmanager
def plainly() -> Iterator[None]:
    """What a driver raises, as NotOpened, or in words that say what to do: DamagedFile, NotWritable, ServerAway."""
    try:
        yield
    except DamagedStore as error:
        raise DamagedFile(str(error)) from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in DRIVERS:
            raise
        raise _in_words(error) from error


def _in_words(error: Exception) -> DeskError:
    reason = reason_of(error)
    name = str(getattr(error, "sqlite_errorname", ""))  # with what happened in detail after it
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return DamagedFile(reason)
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_IOERR")):
        return NotWritable(reason)
    if type(error).__name__ in ("OperationalError", "ConnectionTimeout") and not name:
        return ServerAway(reason)
    return NotOpened(reason)


async def _open(url: str, stack: AsyncExitStack) -> Database:
    with plainly():
        db = await stack.enter_async_context(open_database(url))
        await schema.check(db)
    return db
