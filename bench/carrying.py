"""A desk of 100,000 tickets carried over from SQLite to PostgreSQL: seconds, with and without looking through."""

import asyncio
import time
from pathlib import Path

from bench.office import NOW, Folder, message
from bench.soak_two import server
from desk import upkeep
from desk.intake import take_in
from store import copying, snapshot
from store.db import open_database
from store.migrate import migrate

SIZE = 100_000
AT_ONCE = 500


def run(folder: Folder, rounds: int) -> str:
    """One copy: `rounds` is of no use here."""
    path = folder.fresh()
    url = f"sqlite:///{path}"
    asyncio.run(_filled(url))
    with server(folder.root) as target:
        migrate(target)
        began = time.perf_counter()
        copied = copying.copy(url, target, lambda *_: None)
        seconds = time.perf_counter() - began
        with snapshot.still(target) as still:
            assert snapshot.facts(still.view).tables["ticket"] == SIZE
    rows = sum(copied.tables.values())
    return (
        "\n### Copy to PostgreSQL\n\n| tickets | rows | file | seconds | rows a second |\n|---:|---:|---:|---:|---:|\n"
        f"| {SIZE:,} | {rows:,} | {_size(path):,} MB | {seconds:.1f} | {rows / seconds:,.0f} |"
    )


async def _filled(url: str) -> None:
    """Each ticket by the whole act: a person, two messages, their words in the search."""
    async with open_database(url) as db:
        for _ in range(SIZE // AT_ONCE):
            await asyncio.gather(*(db.write(take_in, *message(), NOW) for _ in range(AT_ONCE)))
        await upkeep.index_all(db)


def _size(path: Path) -> int:
    return path.stat().st_size >> 20
