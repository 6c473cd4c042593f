"""Busy, locked, cut off, full: `Unavailable` after a bounded wait, and all is well again by itself (P8, P9)."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from sop.errors import DamagedStore
from store import memory
from store.db import Change, Database, Unavailable, View, open_database
from store.migrate import migrate
from tests.conftest import fresh
from tests.store.acts import Gate, chain_is_whole, note, noted

PAGE = 4096  # bytes
SHORT = 0.2  # seconds of patience where a test must run out of it


@pytest.fixture
def postgresql_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty desk on PostgreSQL, for what only a server can suffer."""
    with fresh("postgresql", request, tmp_path) as made:
        yield made


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Another program holds the right to write."""
    connection: Any
    if url.startswith("sqlite:"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
    else:
        connection = psycopg.connect(url)
        connection.execute("SELECT pg_advisory_xact_lock(7274)")
    try:
        yield
    finally:
        connection.rollback()
        connection.close()


async def test_a_full_line_refuses_after_the_time_limit(url: str) -> None:
    async with open_database(url, room=1, patience=SHORT) as db:
        gate = Gate()
        holding = asyncio.create_task(db.write(gate.hold, "a"))
        await gate.entered()

        with pytest.raises(Unavailable, match="too many"):
            await db.write(note, "b")

        gate.open()
        await holding
        assert await db.write(note, "c") == "c"
        assert await db.read(noted) == ["a", "c"]


async def test_who_stood_in_line_too_long_is_refused_and_not_served_late(url: str) -> None:
    async with open_database(url, room=2, patience=SHORT) as db:
        gate = Gate()
        holding = asyncio.create_task(db.write(gate.hold, "a"))
        await gate.entered()
        waiting = asyncio.create_task(db.write(note, "b"))
        await asyncio.sleep(0)
        with pytest.raises(Unavailable):
            await db.write(note, "c")  # came after b, and has run out of patience already

        gate.open()

        with pytest.raises(Unavailable, match="too long"):
            await waiting
        await holding
        assert await db.read(noted) == ["a"]


async def test_a_closed_database_refuses(url: str) -> None:
    async with open_database(url) as db:
        pass

    with pytest.raises(Unavailable):
        await db.write(note, "a")


async def test_a_locked_store_refuses_after_the_time_limit_and_stays_readable(url: str) -> None:
    async with open_database(url, patience=SHORT) as db:
        await db.write(note, "a")
        with locked(url):
            answers = await asyncio.gather(
                *(db.write(note, f"b{n}") for n in range(5)), return_exceptions=True
            )
            assert {type(answer) for answer in answers} == {Unavailable}
            assert await db.read(noted) == ["a"]

        assert await db.write(note, "c") == "c"
        assert await db.read(noted) == ["a", "c"]


async def test_a_store_that_is_locked_for_a_while_loses_and_refuses_nothing(url: str) -> None:
    async with open_database(url) as db:
        with locked(url):
            writing = [asyncio.create_task(db.write(note, f"k{n:02}")) for n in range(40)]
            for _ in range(5):
                assert await db.read(noted) == []
            assert not any(task.done() for task in writing)
        answers = await asyncio.gather(*writing)

        assert answers == await db.read(noted)
        assert await db.read(chain_is_whole)


def cut_all(url: str) -> None:
    """The server ends every connection to the desk but this one."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            """
            SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()
            """
        )


async def test_a_connection_that_was_cut_while_idle_is_made_anew_unseen(postgresql_url: str) -> None:
    async with open_database(postgresql_url) as db:
        await db.write(note, "a")
        await db.read(noted)

        await asyncio.to_thread(cut_all, postgresql_url)

        assert await db.write(note, "b") == "b"
        for _ in range(4):  # each of the readers
            assert await db.read(noted) == ["a", "b"]


async def test_an_act_whose_connection_is_cut_is_unavailable_and_leaves_nothing(postgresql_url: str) -> None:
    async with open_database(postgresql_url) as db:
        gate = Gate()

        def hold_then_write(change: Change) -> None:
            gate.hold(change, "a")
            note(change, "b")

        writing = asyncio.create_task(db.write(hold_then_write))
        await gate.entered()
        await asyncio.to_thread(cut_all, postgresql_url)
        gate.open()

        with pytest.raises(Unavailable):
            await writing
        assert await db.write(note, "c") == "c"
        assert await db.read(noted) == ["c"]


async def test_a_group_whose_connection_is_cut_at_its_end_is_told_so_and_can_be_repeated(
    postgresql_url: str,
) -> None:
    async with open_database(postgresql_url) as db:
        gate = Gate()
        holding = asyncio.create_task(db.write(gate.hold, "a"))
        await gate.entered()
        await asyncio.to_thread(cut_all, postgresql_url)
        gate.open()

        with pytest.raises(Unavailable):  # its COMMIT met the dead connection
            await holding
        assert await db.read(noted) == []
        assert await db.write(note, "a") == "a"


def pages(view: View) -> int:
    row = view.one("PRAGMA page_count")
    assert row is not None
    return int(row["page_count"])


def allow(change: Change, pages: int) -> None:
    """A disk of that many pages."""
    change.run(f"PRAGMA max_page_count = {pages}")


def fill(change: Change, name: str) -> None:
    note(change, name)
    change.run(
        "INSERT INTO memory (name, value_json) VALUES (:name, :value)",
        name=name,
        value={"words": "x" * 50_000},
    )


def damage(path: Path, table: str) -> None:
    """The page at which that table begins is overwritten."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [(root,)] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = :t", {"t": table})
    with path.open("r+b") as file:
        file.seek((root - 1) * PAGE)
        file.write(b"\xff" * PAGE)


async def test_a_damaged_page_is_said_to_be_and_what_does_not_touch_it_goes_on(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/desk.db"
    await asyncio.to_thread(migrate, url)
    async with open_database(url) as db:
        await db.write(note, "a")
        await db.write(memory.save, "backup", {})
        assert db.damage == ""
    await asyncio.to_thread(damage, tmp_path / "desk.db", "memory")

    async with open_database(url) as db:
        with pytest.raises(DamagedStore):
            await db.read(memory.get, "backup")
        with pytest.raises(DamagedStore):
            await db.write(memory.save, "backup", {})
        assert "malformed" in db.damage
        assert await db.write(note, "b") == "b"
        assert await db.read(noted) == ["a", "b"]


def raise_corruption(change: Change) -> None:
    """As the server says it of a page whose checksum does not fit."""
    change.run("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'XX001'; END $$")


async def test_damage_that_a_server_reports_is_said_to_be_damage(postgresql_url: str) -> None:
    async with open_database(postgresql_url) as db:
        with pytest.raises(DamagedStore):
            await db.write(raise_corruption)
        assert db.damage
        assert await db.write(note, "a") == "a"


async def test_a_full_disk_refuses_stays_readable_and_recovers_by_itself(sqlite: Database) -> None:
    await sqlite.write(note, "a")
    await sqlite.write(allow, await sqlite.read(pages) + 20)

    answers = await asyncio.gather(
        *(sqlite.write(fill, f"b{n:02}") for n in range(30)), return_exceptions=True
    )

    assert Unavailable in {type(answer) for answer in answers}
    assert {type(answer) for answer in answers} <= {type(None), Unavailable}
    kept = {f"b{n:02}" for n, answer in enumerate(answers) if answer is None}
    assert set(await sqlite.read(noted)) == {"a"} | kept
    await sqlite.write(allow, 1 << 30)
    await sqlite.write(fill, "c")
    assert "c" in await sqlite.read(noted)
    assert await sqlite.read(chain_is_whole)
    assert await sqlite.read(lambda view: view.all("PRAGMA integrity_check")) == [{"integrity_check": "ok"}]
