"""`tanggap audit verify` names the first broken event: changed, dropped, swapped, cut off, written anew."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from desk import anchoring, archiving, seal
from desk.alerts import Telling
from sop.publication import Publication, Status
from store import publications, trail
from store.archives import Archive
from store.db import Change, open_database
from tests.samples import NOW
from tests.tanggap.called import Call, arrives, caller

TELLING = Telling(zone="Asia/Jakarta", language="id", url="")


@pytest.fixture
def base(config: str) -> Iterator[sqlite3.Connection]:
    """A desk with some events, the last of them anchored."""
    arrives(config, *(f"KRS saya terkunci {n}" for n in range(6)))
    path = Path(config).parent / "data/tanggap.db"

    async def anchored() -> None:
        async with open_database(f"sqlite:///{path}") as db:
            await db.write(anchoring.daily, TELLING, NOW)

    asyncio.run(anchored())
    with closing(sqlite3.connect(path, isolation_level=None)) as opened:
        yield opened


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], config: str) -> Call:
    return caller(capsys, config)


def last(base: sqlite3.Connection) -> int:
    return int(base.execute("SELECT max(id) FROM audit").fetchone()[0])


def test_a_whole_chain_is_told_with_its_head(base: sqlite3.Connection, call: Call) -> None:
    said = call("audit", "verify")

    head = base.execute("SELECT id || ':' || hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()[0]
    assert said.code == 0 and "utuh" in said.out and "1 jangkar" in said.out
    assert said.out.splitlines()[1] == head
    assert call("audit", "verify", "--head", head).code == 0


def test_a_changed_byte_is_found(base: sqlite3.Connection, call: Call) -> None:
    broken = last(base) - 2
    base.execute("UPDATE audit SET body = replace(body, 'opened', 'Opened') || ' ' WHERE id = ?", (broken,))

    said = call("audit", "verify")

    assert said.code == 1 and f"kejadian {broken}:" in said.err


def test_a_dropped_event_is_found(base: sqlite3.Connection, call: Call) -> None:
    broken = last(base) - 2
    base.execute("DELETE FROM audit WHERE id = ?", (broken,))

    said = call("audit", "verify")

    assert said.code == 1 and f"kejadian {broken}: kejadian itu hilang" in said.err


def test_two_swapped_events_are_found_at_the_first(base: sqlite3.Connection, call: Call) -> None:
    first, second = last(base) - 2, last(base) - 1
    for old, new in ((first, -1), (second, first), (-1, second)):
        base.execute("UPDATE audit SET id = ? WHERE id = ?", (new, old))

    assert f"kejadian {first}:" in call("audit", "verify").err


def test_a_tail_that_was_cut_off_is_found_by_the_anchor(base: sqlite3.Connection, call: Call) -> None:
    cut = last(base)
    base.execute("DELETE FROM audit WHERE id >= ?", (cut,))

    said = call("audit", "verify")

    assert said.code == 1 and "terpotong" in said.err and str(cut) in said.err


def test_a_chain_that_was_written_anew_is_found_by_the_anchor_and_by_a_kept_head(
    base: sqlite3.Connection, call: Call
) -> None:
    head = base.execute("SELECT id || ':' || hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()[0]
    _forged(base)
    assert "ditulis ulang" in call("audit", "verify").err

    base.execute("UPDATE anchor SET hash = (SELECT hash FROM audit WHERE id = event_id)")
    assert call("audit", "verify").code == 0
    said = call("audit", "verify", "--head", head)
    assert said.code == 1 and "ditulis ulang" in said.err


def _forged(base: sqlite3.Connection) -> None:
    """Every hash made anew after one body was changed, as somebody with the whole file can."""
    base.execute("UPDATE audit SET body = body || ' ' WHERE id = 2")
    before = ""
    for number, kind, body in base.execute("SELECT id, kind, body FROM audit ORDER BY id").fetchall():
        before = trail.link(before, number, kind, body)
        base.execute("UPDATE audit SET hash = ? WHERE id = ?", (before, number))


def test_what_is_no_head_is_said_so(call: Call) -> None:
    said = call("audit", "verify", "--head", "sebelas")

    assert said.code == 1 and "sebelas" in said.err


def test_an_archive_is_held_against_the_chain(config: str, call: Call, tmp_path: Path) -> None:
    kept = tmp_path / "arsip.zip"
    kept.write_bytes(asyncio.run(archived(config)))
    foreign = tmp_path / "lain.zip"
    foreign.write_bytes(b"bukan zip")

    said = call("audit", "archive", str(kept))
    assert said.code == 0 and said.out == "arsip.zip: isi arsip P-0001 utuh, edisi 1 dari 1.\n"

    said = call("audit", "archive", str(kept), str(foreign))
    assert said.code == 1 and "arsip.zip: isi arsip" in said.out and "lain.zip bukan arsip" in said.err

    said = call("audit", "archive", str(tmp_path / "tiada.zip"))
    assert said.code == 1 and "tiada.zip" in said.err


async def archived(config: str) -> bytes:
    """A publication of nothing but its request, archived; its ZIP."""
    folder = Path(config).parent / "data"

    def gather(change: Change) -> Archive:
        publication = Publication(id=1, subject="Libur", source="web", status=Status.ARCHIVED, opened_at=NOW)
        publications.add(change, publication)
        return archiving.gather(change, publication, None, NOW)

    async with open_database(f"sqlite:///{folder / 'tanggap.db'}") as db:
        return seal.packed(await db.write(gather), folder / "files", "Asia/Jakarta")
