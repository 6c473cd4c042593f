"""The queue's page and the sweeper's question at growing sizes: neither may grow with the desk."""

import asyncio
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bench.office import NOW, Folder, writer
from bench.rounds import Case, Measured, interleave, table
from store import queue, visits
from store.db import View, open_database

SIZES = (1_000, 100_000)
LARGE = 1_000_000
LOOKS = 200
UNITS = frozenset({1})
AT = NOW.isoformat(timespec="microseconds")
FILL = (
    "INSERT INTO contact (id, name, created_at) VALUES (1, 'Dewi', :at)",
    """
    INSERT INTO ticket (id, contact_id, conversation_id, channel, unit_id, subject, token, step, lane, step_at, due_at,
                        rank_at, opened_at, name)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :size)
    SELECT 1000 + i, 1, i, 'telegram', 1, 'KRS terkunci ' || i, 't' || i, 'analisa', 'narahubung', :at,
           strftime('%Y-%m-%dT%H:%M:%S.000000+00:00', '2026-03-03', (i * 864000 / :size) || ' seconds'),
           strftime('%Y-%m-%dT%H:%M:%S.000000+00:00', '2026-03-03', (i * 864000 / :size) || ' seconds'), :at, 'Dewi'
      FROM n
    """,
    """
    INSERT INTO visit (case_id, step, lane, unit_id, opened_at, due_at, look_at)
    SELECT id, step, lane, unit_id, :at, due_at, due_at FROM ticket
    """,
    "INSERT INTO counter (name, n) VALUES ('open.1', :size), ('free.1', :size)",
    "ANALYZE",
)


def filled(folder: Folder, size: int) -> Path:
    """A desk with so many open tickets of one unit, none of them due yet."""
    path = folder.fresh()
    connection = writer(path, [])
    for sql in FILL:
        connection.execute(sql, {"size": size, "at": AT} if ":" in sql else {})
    connection.close()
    return path


def first_page(view: View) -> object:
    counts = queue.counts(view, officer=1, units=UNITS)
    return counts, queue.page(view, "free", officer=1, units=UNITS)


def deep_page(view: View) -> object:
    middle = (NOW + timedelta(days=6), 0)
    return queue.page(view, "free", officer=1, units=UNITS, after=middle)


def sweep(view: View) -> object:
    return visits.to_look_at(view, NOW, 100)


def looking(path: Path, query: Callable[[View], object]) -> Case:
    def timed(view: View) -> float:
        begin = time.perf_counter()
        query(view)
        return time.perf_counter() - begin

    async def look() -> list[float]:
        async with open_database(f"sqlite:///{path}") as db:
            await db.read(timed)
            return [await db.read(timed) for _ in range(LOOKS)]

    def case() -> Measured:
        took = sorted(asyncio.run(look()))
        p50 = statistics.median(took)
        return Measured(rate=1 / p50, p50=p50 * 1000, p99=took[len(took) * 99 // 100] * 1000)

    return case


def run(folder: Folder, rounds: int, *, sizes: tuple[int, ...] = SIZES) -> str:
    cases: dict[str, Case] = {}
    for size in sizes:
        path = filled(folder, size)
        cases[f"queue, first page and counts, {size:,} open"] = looking(path, first_page)
        cases[f"queue, a page in the middle, {size:,} open"] = looking(path, deep_page)
        cases[f"sweep, none due of {size:,} visits"] = looking(path, sweep)
    result = interleave(cases, rounds)
    return table(result, "Pages and sweep", next(iter(cases)), "queries a second")


def run_large(folder: Folder, rounds: int) -> str:
    return run(folder, rounds, sizes=(*SIZES, LARGE))
