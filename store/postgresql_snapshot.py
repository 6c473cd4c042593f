"""PostgreSQL's still picture: an exported snapshot, which pg_dump and our own reading share."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import dict_row

from store.db import View
from store.postgresql import PLAIN, translated
from store.snapshot import NeedsProgram, ProgramFailed, Told

INSTALLED = Path("/usr/lib/postgresql")  # where Debian keeps each version's programs
LOOK = 0.2  # seconds between two looks at how far a program is


class Still:
    def __init__(self, url: str, connection: psycopg.Connection[dict[str, Any]]) -> None:
        self._url = url
        self._connection = connection
        self.view = View(self._run, "postgresql")
        row = self.view.one(
            "SELECT pg_export_snapshot() AS name, pg_database_size(current_database()) AS size"
        )
        assert row is not None
        self._snapshot, self._size = str(row["name"]), int(row["size"])

    def _run(self, sql: str, params: Mapping[str, Any]) -> psycopg.Cursor[dict[str, Any]]:
        plain = {n: PLAIN[type(v)](v) if type(v) in PLAIN else v for n, v in params.items()}
        return self._connection.execute(translated(sql), plain)

    def dump(self, target: Path, told: Told) -> None:
        words = ["--format=custom", "--compress=0", "--no-owner", "--no-privileges"]
        version = self._connection.info.server_version // 10_000
        _run(
            program("pg_dump", version),
            [*words, f"--snapshot={self._snapshot}", f"--file={target}"],
            self._url,
            lambda: told(min(_size(target), self._size), self._size),
        )
        told(self._size, self._size)


@contextmanager
def still(url: str) -> Iterator[Still]:
    with _connected(url) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield Still(url, connection)


def is_empty(url: str) -> bool:
    with _connected(url) as connection:
        sql = "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() LIMIT 1"
        return connection.execute(sql).fetchone() is None


def load(url: str, dumped: Path) -> None:
    """One transaction: killed in between, the database is as empty as before."""
    with _connected(url) as connection:
        version = connection.info.server_version // 10_000
    words = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(dumped)]
    _run(program("pg_restore", version), words, url, lambda: None)


def program(name: str, version: int) -> str:
    """One that is at least as new as the server. Raises NeedsProgram."""
    newest = sorted(INSTALLED.glob(f"*/bin/{name}"), key=lambda path: _number(path.parts[-3]), reverse=True)
    for path in filter(None, (shutil.which(name), *map(str, newest))):
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
        if _number(said) >= version:
            return path
    raise NeedsProgram(name, version)


def _run(path: str, words: list[str], url: str, look: Any) -> None:
    """The password goes by the environment, since every user of the machine sees a program's words."""
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    running = subprocess.Popen(
        [
            path,
            f"--dbname={make_conninfo('', **{name: str(value) for name, value in parts.items()})}",
            *words,
        ],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        while True:
            try:
                _, said = running.communicate(timeout=LOOK)
                break
            except subprocess.TimeoutExpired:
                look()
    finally:
        if running.poll() is None:
            running.kill()
            running.wait()
    if running.returncode:
        lines = said.decode(errors="replace").strip().splitlines() or ["?"]
        raise ProgramFailed(Path(path).name, lines[0][:300])


def _connected(url: str) -> psycopg.Connection[dict[str, Any]]:
    return psycopg.connect(url, autocommit=True, row_factory=dict_row, connect_timeout=10)


def _number(text: str) -> int:
    found = re.search(r"\d+", text)
    return int(found[0]) if found else 0


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
