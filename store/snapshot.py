"""One still picture of a database while others write to it: what is in it, a file of it, and the way back."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from sop.errors import N_, DeskError
from store.db import View

Told = Callable[[int, int], None]  # so much is done, of so much

BATCH = 5_000
FILES = {  # table -> its columns with a place in the folder of files, each with the column of its hash
    "attachment": (("path", "sha256"), ("thumbnail", "")),
    "template_file": (("path", "sha256"),),
    "publication_file": (("path", "sha256"),),
}
DRAFTS = ("draft", "prepared")  # tables whose `files_json` lists files of an answer that did not leave yet


class Damaged(DeskError):
    """The database's own check found a fault: a copy of it would carry the fault on."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            N_(
                "Basis data rusak ({reason}). Cadangan yang ada jangan dihapus. Hentikan meja, pindahkan berkas basis "
                "datanya, lalu pulihkan cadangan terakhir dengan: tanggap restore BERKAS"
            ),
            reason=reason,
        )


class NeedsProgram(DeskError):
    def __init__(self, name: str, version: int) -> None:
        super().__init__(
            N_(
                "Program {name} versi {version} atau lebih baru tidak ditemukan di mesin ini. "
                "Pasang dahulu: sudo apt install postgresql-client-{version}"
            ),
            name=name,
            version=version,
        )


class ProgramFailed(DeskError):
    def __init__(self, name: str, reason: str) -> None:
        super().__init__(N_("{name} berhenti dengan kesalahan: {reason}"), name=name, reason=reason)


class Still(Protocol):
    """`view` reads the picture; `dump` writes the whole of it into a new file."""

    @property
    def view(self) -> View: ...

    def dump(self, target: Path, told: Told) -> None:
        """Raises Damaged, NeedsProgram, ProgramFailed, OSError."""


class Facts(Struct, frozen=True):
    """`tables`: rows of each; `events` and `head`: number and hash of the chain's newest event."""

    revision: str
    tables: dict[str, int]
    events: int
    head: str


def still(url: str) -> AbstractContextManager[Still]:
    """Nobody waits for it: on SQLite a reader beside the writer, on PostgreSQL an exported snapshot."""
    opened: AbstractContextManager[Still] = _engine(url).still(url)
    return opened


def is_empty(url: str) -> bool:
    """There is no table, or no database at all."""
    empty: bool = _engine(url).is_empty(url)
    return empty


def fault(url: str) -> str:
    """The first fault of a SQLite file by its own check, which reads every page; "" when all is well."""
    found: str = _engine(url).fault_in(url)
    return found


def load(url: str, dumped: Path) -> None:
    """Make the database of a dump. It stands whole or not at all; the place was empty. Raises as `dump`."""
    _engine(url).load(url, dumped)


def engine(url: str) -> str:
    """ "sqlite" or "postgresql"."""
    return url.partition(":")[0]


def _engine(url: str) -> Any:
    return import_module(f"store.{engine(url)}_snapshot")


def facts(view: View) -> Facts:
    names = tables(view)
    row = view.one("SELECT version_num FROM alembic_version")
    last = view.one("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1")
    return Facts(
        revision=str(row["version_num"]) if row else "",
        tables={name: _count(view, name) for name in names},
        events=last["id"] if last else 0,
        head=last["hash"] if last else "",
    )


def tables(view: View) -> list[str]:
    """Our tables, without the engine's own and those that search keeps for itself."""
    if view.engine == "sqlite":
        rows = view.all(
            """
            SELECT name FROM sqlite_master
             WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search\\_%' ESCAPE '\\'
                OR name = 'search_word'
             ORDER BY name
            """
        )
    else:
        rows = view.all(
            "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY name"
        )
    return [row["name"] for row in rows]


def _count(view: View, table: str) -> int:
    """The name comes from the catalogue, never from outside."""
    row = view.one(f'SELECT count(*) AS n FROM "{table}"')
    return int(row["n"]) if row else 0


def kept_files(view: View) -> Iterator[tuple[str, str]]:
    """(place, SHA-256 or "" where none is kept) of each file that a row refers to. Tables of an older schema too."""
    there = set(tables(view))
    for table, pairs in FILES.items():
        if table in there:
            yield from _of_table(view, table, pairs)
    for table in DRAFTS:
        if table in there and (table != "draft" or _has_files(view)):
            yield from _of_drafts(view, table)
    yield from _of_talks(view)
    yield from _of_parked(view)


def _of_table(view: View, table: str, pairs: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    """`SELECT *`, since a column of today may be missing in an older schema."""
    after = 0
    while rows := view.all(f"SELECT * FROM {table} WHERE id > :after ORDER BY id LIMIT {BATCH}", after=after):
        for row in rows:
            if row.get("removed_at"):
                continue
            for column, hashed in pairs:
                place = row.get(column) or ""
                if len(place) > 1:  # "-": looked at, and has none
                    yield place, str(row.get(hashed) or "") if hashed else ""
        after = rows[-1]["id"]


def _has_files(view: View) -> bool:
    row = view.one("SELECT * FROM draft LIMIT 1")
    return row is not None and "files_json" in row


def _of_drafts(view: View, table: str) -> Iterator[tuple[str, str]]:
    for row in view.all(f"SELECT files_json FROM {table} WHERE files_json IS NOT NULL"):
        yield from _listed(msgspec.convert(row["files_json"], list[dict[str, Any]]))


def _of_talks(view: View) -> Iterator[tuple[str, str]]:
    """Letters and pictures of a request that is being written in chat."""
    for row in view.all("SELECT value_json FROM memory WHERE name LIKE 'humas.talk.%'"):
        draft = row["value_json"].get("draft") or {}
        yield from _listed([*draft.get("letters", ()), *draft.get("pictures", ())])


def _of_parked(view: View) -> Iterator[tuple[str, str]]:
    """Files of a message that came whole and could not be taken in yet."""
    for row in view.all(
        "SELECT incoming_json FROM parked WHERE state = 'parked' AND incoming_json IS NOT NULL"
    ):
        yield from _listed(row["incoming_json"].get("files") or ())


def _listed(files: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for file in files:
        if place := file.get("path"):
            yield str(place), str(file.get("sha256") or "")
