"""A desk on SQLite moves to PostgreSQL by one command: whole, counted and checked, or not at all."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from desk import upkeep
from desk.intake import take_in
from store import snapshot, tickets, trail
from store.db import View, open_database
from tests.conftest import _named, _postgresql_run
from tests.samples import NOW, ids, incoming
from tests.tanggap.called import Call, Said, arrives, caller

ROOT = Path(__file__).parents[2]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], config: str) -> Call:
    return caller(capsys, config)


@pytest.fixture
def target(postgresql_server: str) -> Iterator[str]:
    """An empty database, without a schema."""
    _postgresql_run(postgresql_server, "DROP DATABASE IF EXISTS moved WITH (FORCE)")
    _postgresql_run(postgresql_server, "CREATE DATABASE moved")
    yield _named(postgresql_server, "moved")


def source(config: str) -> str:
    return f"sqlite:///{Path(config).parent / 'data/tanggap.db'}"


def busy(config: str) -> None:
    """Forty tickets, one of them with what PostgreSQL cannot hold, and words that can be found."""
    arrives(config, *(f"KRS saya terkunci, {n}" for n in range(39)))

    async def more() -> None:
        async with open_database(source(config)) as db:
            await db.write(take_in, incoming("Sandi \0 ditolak", key="nul", sender="nul"), ids(), NOW)
            await upkeep.index_all(db)

    asyncio.run(more())


def facts(url: str) -> snapshot.Facts:
    with snapshot.still(url) as still:
        return snapshot.facts(still.view)


def test_every_row_arrives_is_counted_and_checked_and_the_desk_goes_on_there(
    call: Call, config: str, target: str
) -> None:
    busy(config)

    said = call("store", "copy", "--to", target)

    assert said.code == 0, said.err
    assert "rantai kejadian utuh" in said.out and "TANGGAP_STORE_URL" in said.out
    here, there = facts(source(config)), facts(target)
    lease = {"lease": 0}
    assert here.tables | lease == there.tables | lease
    assert (here.events, here.head) == (there.events, there.head)
    assert asyncio.run(_goes_on(target)) == (40, True)


async def _goes_on(url: str) -> tuple[int, bool]:
    """(tickets found by a word before anything else was said, all is well after one more was taken in)."""
    async with open_database(url) as db:
        rows = await db.read(_texts)
        assert any("Sandi \ufffd ditolak" in text for text in rows)
        indexed = len(await db.read(_indexed))
        number = await db.write(take_in, incoming("Baru", key="new", sender="new"), ids(), NOW)
        await upkeep.index_all(db)
        broken, _, _ = await db.read(trail.first_broken)
        assert number is not None
        found = await db.read(tickets.find, number)
        return indexed // 2, broken is None and found is not None


def _texts(view: View) -> list[str]:
    return [row["text"] for row in view.all("SELECT text FROM message")]


def _indexed(view: View) -> list[int]:
    return [row["id"] for row in view.all("SELECT message_id AS id FROM search")]


def test_a_target_that_is_not_empty_is_refused_and_left_as_it_is(
    call: Call, config: str, target: str
) -> None:
    arrives(config, "KRS saya terkunci")
    assert call("store", "copy", "--to", target).code == 0
    before = facts(target)

    said = call("store", "copy", "--to", target)

    assert (said.code, "tidak kosong" in said.err) == (1, True)
    assert facts(target) == before


def test_a_copy_killed_in_between_leaves_nothing_and_begins_anew(
    call: Call, config: str, target: str
) -> None:
    busy(config)
    from store.migrate import migrate

    migrate(target)
    with closing(psycopg.connect(target)) as other, closing(psycopg.connect(target, autocommit=True)) as look:
        other.execute("LOCK TABLE visit IN ACCESS EXCLUSIVE MODE")
        words = ["-m", "tanggap", "store", "copy", "--to", target, "--config", config]
        process = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        _until_it_waits(look, process)
        process.send_signal(signal.SIGKILL)
        process.wait()
        other.rollback()
    assert sum(n for name, n in facts(target).tables.items() if name != "alembic_version") == 0

    said: Said = call("store", "copy", "--to", target)

    assert said.code == 0, said.err
    assert facts(target).tables["ticket"] == 40


def _until_it_waits(look: "psycopg.Connection[tuple[int, ...]]", process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        row = look.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
        if row and row[0]:
            return
    raise AssertionError("the copy ended before it met the lock")


def test_a_wrong_address_and_a_wrong_way_are_said_in_words(call: Call, config: str) -> None:
    nowhere = call("store", "copy", "--to", "postgresql://desk:rahasia@127.0.0.1:1/desk")
    assert nowhere.code == 1 and "tidak dapat dibuka" in nowhere.err and "rahasia" not in nowhere.err

    back = call("store", "copy", "--to", "sqlite:///x.db")
    assert back.code == 1 and "postgresql://" in back.err
