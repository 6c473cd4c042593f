"""A database older or newer than the code is refused in words; a migration that was killed begins again (P13)."""

import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sop.errors import DeskError
from store import schema
from store.db import Change, Database, View, open_database

ROOT = Path(__file__).parents[2]
OPEN = """
import asyncio, sys
from store import memory, schema
from store.db import open_database
async def main():
    async with open_database(sys.argv[1]) as db:
        await schema.check(db)
        print(await db.read(memory.get, "nothing"))
asyncio.run(main())
print([name for name in sys.modules if name.split(".")[0] in ("sqlalchemy", "alembic", "mako", "psycopg")])
"""


def python(*args: str, folder: Path = ROOT) -> str:
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *args],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def call_it(change: Change, revision: str) -> None:
    change.run("UPDATE alembic_version SET version_num = :revision", revision=revision)


async def test_a_database_at_the_head_is_served(db: Database) -> None:
    """Any other is refused by an error, as below."""
    await schema.check(db)


@pytest.mark.parametrize(
    ("revision", "error", "words"),
    [
        ("0000", schema.SchemaOlder, "tanggap migrate"),
        ("9999", schema.SchemaNewer, "lebih baru"),
    ],
)
async def test_another_revision_is_refused_with_the_words_of_what_to_run(
    db: Database, revision: str, error: type[DeskError], words: str
) -> None:
    await db.write(call_it, revision)

    with pytest.raises(error, match=f"{revision}.*{words}"):
        await schema.check(db)


async def test_a_database_without_a_schema_is_an_older_one(db: Database) -> None:
    def empty(change: Change) -> None:
        change.run("DROP TABLE alembic_version")

    await db.write(empty)

    with pytest.raises(schema.SchemaOlder, match=re.escape("tanggap migrate")):
        await schema.check(db)


async def test_an_empty_file_is_an_older_one(tmp_path: Path) -> None:
    async with open_database(f"sqlite:///{tmp_path}/new.db") as db:
        with pytest.raises(schema.SchemaOlder):
            await schema.check(db)


def test_a_normal_start_imports_nothing_of_the_migrations(sqlite_url: str) -> None:
    assert python("-c", OPEN, sqlite_url).split("\n")[:2] == ["{}", "[]"]


@pytest.fixture(params=["sqlite", "postgresql"])
def unmigrated(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database in which there is nothing at all."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/killed.db"
        return
    server = request.getfixturevalue("postgresql_server")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS killed WITH (FORCE)")
        connection.execute("CREATE DATABASE killed")
    yield server.replace("/postgres?", "/killed?")


def test_a_migration_killed_at_any_statement_begins_again(unmigrated: str, tmp_path: Path) -> None:
    script = str(Path(__file__).parent / "killed_migration.py")
    whole = int(python(script, f"sqlite:///{tmp_path}/counted.db", "0"))
    chosen = sorted(random.Random(7).sample(range(2, whole), 12))

    ends = python(script, unmigrated, *map(str, chosen), "0").split()

    killed = ends.count(
        "-9"
    )  # a revision that was whole is not begun again, so that the last ones may find nothing to do
    assert killed >= 6
    assert ends[:killed] == ["-9"] * killed
    assert all(int(end) >= 0 for end in ends[killed:])
    assert python("-m", "store.migrate", unmigrated) == ""


async def test_a_migration_that_was_killed_leaves_the_same_schema(
    tmp_path: Path, migrated_sqlite: Path
) -> None:
    script = str(Path(__file__).parent / "killed_migration.py")
    url = f"sqlite:///{tmp_path}/killed.db"
    python(script, url, "9", "40", "0")

    assert made(tmp_path / "killed.db") == made(migrated_sqlite)
    async with open_database(url) as db:
        await schema.check(db)


def made(path: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(path) as connection:
        return connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
        ).fetchall()


def test_a_migration_that_fails_halfway_leaves_nothing_of_itself(tmp_path: Path) -> None:
    for room in ("store", "sop"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "store/migrations/versions/0999_bad.py").write_text(
        "from alembic import op\n"
        f"revision, down_revision = '0999', '{schema.HEAD}'\n"
        "def upgrade():\n"
        "    op.execute('CREATE TABLE half (a INTEGER)')\n"
        "    op.execute('CREATE TABLE half (a INTEGER)')\n"
    )
    url = f"sqlite:///{tmp_path}/desk.db"

    with pytest.raises(subprocess.CalledProcessError):
        python("-m", "store.migrate", url, folder=tmp_path)

    names = {name for name, _ in made(tmp_path / "desk.db")}
    assert "half" not in names
    assert "ticket" in names


async def test_every_constraint_and_index_has_a_name_of_ours(db: Database) -> None:
    def unnamed(view: View) -> list[str]:
        if view.engine == "sqlite":
            rows = view.all(
                "SELECT sql FROM sqlite_master WHERE sql LIKE '%FOREIGN KEY%' OR sql LIKE '%CHECK%'"
            )
            lines = [line for row in rows for line in row["sql"].splitlines()]
            return [
                line for line in lines if "FOREIGN KEY" in line or "CHECK" in line if "CONSTRAINT" not in line
            ]
        rows = view.all(
            "SELECT conname FROM pg_constraint WHERE contype IN ('f', 'c', 'u') AND conname LIKE '%$%'"
        )
        return [row["conname"] for row in rows]

    assert await db.read(unnamed) == []
