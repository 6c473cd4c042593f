"""A real database for every test that asks for one: a SQLite file, and PostgreSQL beside it."""

import logging
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog

from store.db import Database, open_database
from store.migrate import migrate
from tests import peers

SOONER = 0.6  # of the run, in which the slow files begin


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The rooms take turns, file by file, so that what waits runs beside what works; the slow ones are through before the end."""
    rooms: dict[Path, list[Path]] = {}
    for path in dict.fromkeys(item.path for item in items):
        rooms.setdefault(path.parent, []).append(path)
    turn = {
        path: n / len(files) * (SOONER if is_slow(path) else 1)
        for files in rooms.values()
        for n, path in enumerate(files)
    }
    items.sort(key=lambda item: (turn[item.path], item.path))


def is_slow(path: Path) -> bool:
    """Browsers, and desks that are killed."""
    return path.parent.name == "flows" or path.stem.endswith(("_browser", "_axe", "_rights"))


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """A command that ran in a test has set up the log of its process: the next test finds it as it was."""
    before, handlers, level = structlog.get_config(), logging.root.handlers[:], logging.root.level
    yield
    structlog.configure(**before)
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "desk.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The server of this worker, with a migrated database named `template_desk`."""
    with peers.postgresql() as url:
        _postgresql_run(url, "CREATE DATABASE template_desk")
        migrate(_named(url, "template_desk"))
        yield url


def _named(url: str, name: str) -> str:
    return url.replace("/postgres?", f"/{name}?")


def _postgresql_run(url: str, sql: str) -> None:
    import psycopg
    from psycopg import sql as words

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(words.SQL(sql))


@contextmanager
def fresh(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The URL of an empty desk of that engine."""
    if kind == "sqlite":
        path = folder / "desk.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgresql_server")
    _postgresql_run(server, "DROP DATABASE IF EXISTS desk WITH (FORCE)")
    _postgresql_run(server, "CREATE DATABASE desk TEMPLATE template_desk")
    yield _named(server, "desk")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty desk, on each engine in turn."""
    with fresh(request.param, request, tmp_path) as made:
        yield made


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    async with open_database(url) as database:
        yield database


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty desk on SQLite, where the engine makes no difference."""
    with fresh("sqlite", request, tmp_path) as made:
        yield made


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncIterator[Database]:
    async with open_database(sqlite_url) as database:
        yield database


@pytest.fixture
def postgresql_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty desk on PostgreSQL, for what several processes share."""
    with fresh("postgresql", request, tmp_path) as made:
        yield made
