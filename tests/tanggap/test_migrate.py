"""An upgrade says what it will do, keeps a backup first, and tells those who serve; it refuses a newer database (P13)."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from store import schema
from store.migrate import migrate
from tanggap import archive, upgrade
from tests.tanggap.called import Call, caller

ROOT = Path(__file__).parents[2]


@pytest.fixture
def call(config: str, capsys: pytest.CaptureFixture[str]) -> Call:
    return caller(capsys, config)


def made(config: str, revision: str) -> Path:
    """The desk's database as an older version left it."""
    path = Path(config).parent / "data/tanggap.db"
    for each in path.parent.glob("tanggap.db*"):
        each.unlink()
    migrate(f"sqlite:///{path}", revision)
    return path


def revision(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_each_migration_has_its_words() -> None:
    assert set(upgrade.WORDS) >= set(schema.ALL)


def test_an_older_desk_is_backed_up_and_brought_to_this_version(call: Call, config: str) -> None:
    path = made(config, "0002")

    shown = call("migrate", "--show")
    assert [line[:4] for line in shown.out.splitlines()[:-1]] == list(schema.ALL[2:])
    assert revision(path) == "0002"
    done = call("migrate")

    assert done.code == 0, done.err
    assert revision(path) == schema.HEAD
    [kept] = (Path(config).parent / upgrade.FOLDER).iterdir()
    assert archive.read(kept).about.facts.revision == "0002"
    assert str(kept) in done.out
    through = [line for line in done.out.splitlines() if line.endswith("selesai")]
    assert through == [f"{number} selesai" for number in schema.ALL[2:]]


def test_the_backup_from_before_the_upgrade_restores_and_is_upgraded(call: Call, config: str) -> None:
    path = made(config, "0002")
    call("migrate")
    [kept] = (Path(config).parent / upgrade.FOLDER).iterdir()
    for each in path.parent.glob("tanggap.db*"):
        each.unlink()

    restored = call("restore", str(kept))

    assert restored.code == 0, restored.err
    assert revision(path) == schema.HEAD


def test_without_a_backup_when_it_is_wished(call: Call, config: str) -> None:
    made(config, "0002")

    assert call("migrate", "--no-backup").code == 0
    assert not (Path(config).parent / upgrade.FOLDER).exists()


def test_an_empty_desk_and_one_of_this_version_need_no_backup(call: Call, config: str) -> None:
    assert call("migrate").out == "Basis data siap.\n"
    path = Path(config).parent / "data/tanggap.db"
    for each in path.parent.glob("tanggap.db*"):
        each.unlink()
    assert call("migrate").code == 0
    assert revision(path) == schema.HEAD
    assert not (Path(config).parent / upgrade.FOLDER).exists()


def test_a_newer_database_is_refused_and_left_as_it_is(call: Call, config: str) -> None:
    path = Path(config).parent / "data/tanggap.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")

    refused = call("migrate")

    assert refused.code == 1
    assert "lebih baru" in refused.err
    assert revision(path) == "0999"


def test_a_backup_that_cannot_be_made_stops_the_upgrade(call: Call, config: str) -> None:
    path = made(config, "0002")
    (Path(config).parent / upgrade.FOLDER).write_text("ini berkas")

    assert call("migrate").code == 1
    assert revision(path) == "0002"


def test_serve_on_an_older_schema_says_what_to_run(config: str) -> None:
    made(config, "0002")

    done = subprocess.run(
        [sys.executable, "-m", "tanggap", "serve", "--config", config],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert "tanggap migrate" in done.stderr


def test_who_serves_is_told_and_told_again_when_it_is_over(config: str) -> None:
    path = made(config, "0002")
    asyncio.run(upgrade.say(f"sqlite:///{path}", None))
    with closing(sqlite3.connect(path)) as connection:
        [row] = connection.execute("SELECT value_json FROM memory WHERE name = 'maintenance'").fetchall()
    assert row == ("{}",)
