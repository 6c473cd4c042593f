"""The whole intake by one process and by two: on SQLite, and on PostgreSQL where their writers take turns."""

import asyncio
import itertools
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.office import Folder, message
from bench.rounds import Case, Measured, interleave, table
from bench.soak import free_port
from bench.soak_two import server
from bench.victim import Victim
from bench.webhook import over_http
from desk.intake import take_in
from store.db import open_database

NOBODY = "http://127.0.0.1:9"  # no provider: what goes out waits
COMMITS = 200
_numbers = itertools.count(1)


def run(folder: Folder, rounds: int) -> str:
    with ExitStack() as stack:
        url = stack.enter_context(server(folder.root))
        alone = Victim(_home(folder.root), free_port(), NOBODY)
        pair = [Victim(_home(folder.root), free_port(), NOBODY, url=url) for _ in range(2)]
        asyncio.run(alone.prepare({}))
        asyncio.run(pair[0].prepare({}))
        stack.enter_context(_serving([alone, *pair]))
        cases: dict[str, Case] = {
            "SQLite, acts one by one": _commits(alone.url),
            "PostgreSQL, acts one by one": _commits(url),
        }
        for callers in (1, 32):
            cases[f"SQLite, one process over HTTP, {callers}"] = over_http(alone.port, alone.pid, callers)
            one, two = pair
            cases[f"PostgreSQL, one process over HTTP, {callers}"] = over_http(one.port, one.pid, callers)
            each = max(1, callers // 2)
            cases[f"PostgreSQL, two processes over HTTP, {each} each"] = _both(
                over_http(one.port, one.pid, each), over_http(two.port, two.pid, each)
            )
        result = interleave(cases, rounds)
    return table(result, "One process and two", "SQLite, acts one by one")


def _home(root: Path) -> Path:
    home = root / f"home-{next(_numbers)}"
    home.mkdir()
    return home


@contextmanager
def _serving(victims: Sequence[Victim]) -> Iterator[None]:
    """All of them, until the end. Their processes outlive the loop that started them."""
    with asyncio.Runner() as runner:
        try:
            for each in victims:
                runner.run(each.start())
            yield
        finally:
            for each in victims:
                runner.run(each.stop())


def _both(one: Case, other: Case) -> Case:
    """Side by side: the rates together, the mean of the rest."""

    def case() -> Measured:
        with ThreadPoolExecutor(2) as threads:
            found = [each.result() for each in (threads.submit(one), threads.submit(other))]
        return Measured(
            rate=sum(each.rate for each in found),
            cpu=statistics.mean(each.cpu or 0 for each in found),
            p50=statistics.mean(each.p50 or 0 for each in found),
            p99=max(each.p99 or 0 for each in found),
        )

    return case


def _commits(url: str) -> Case:
    """Latency of one act with its COMMIT, nobody beside it."""

    async def measure() -> list[float]:
        waits = []
        async with open_database(url) as db:
            for _ in range(COMMITS):
                incoming, ids = message()
                began = time.perf_counter()
                await db.write(take_in, incoming, ids, datetime.now(UTC))
                waits.append(time.perf_counter() - began)
        return waits

    def case() -> Measured:
        waits = sorted(asyncio.run(measure()))
        return Measured(
            rate=len(waits) / sum(waits),
            p50=waits[len(waits) // 2] * 1000,
            p99=waits[len(waits) * 99 // 100] * 1000,
        )

    return case
