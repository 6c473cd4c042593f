"""An answer's way out on one channel while another provider hangs: latency from COMMIT to the provider, with and without."""

import asyncio
import statistics
import time
from contextlib import suppress
from datetime import UTC, datetime

from bench.office import Folder
from bench.rounds import Case, Measured, Result, interleave
from desk.delivery import AT_ONCE, Delivery
from sop.messages import Outgoing, Priority, Receipt
from store import outbox
from store.db import Change, Database, open_database

ANSWERS = 400  # a case
BETWEEN = 0.01  # seconds from one answer to the next
STUCK = 4 * AT_ONCE  # rows that wait for the provider that hangs


class Quick:
    """A provider that answers at once, and notes when each row reached it."""

    def __init__(self) -> None:
        self.at: dict[int, float] = {}
        self.rung = asyncio.Event()

    async def send(self, outgoing: Outgoing) -> Receipt:
        self.at[outgoing.id] = time.perf_counter()
        self.rung.set()
        return Receipt(external_id=str(outgoing.id))


class Hangs:
    """A provider that takes the connection and never answers."""

    async def send(self, outgoing: Outgoing) -> Receipt:
        await asyncio.Event().wait()
        raise AssertionError


def run(folder: Folder, rounds: int) -> str:
    cases = {"all providers answer": _case(folder, False), "mail's provider hangs": _case(folder, True)}
    return _table(interleave(cases, rounds))


def _case(folder: Folder, hangs: bool) -> Case:
    def case() -> Measured:
        path = folder.fresh()
        try:
            return asyncio.run(_measured(f"sqlite:///{path}", hangs))
        finally:
            folder.drop(path)

    return case


async def _measured(url: str, hangs: bool) -> Measured:
    async with open_database(url) as db:
        quick = Quick()
        if hangs:
            for person in range(STUCK):
                await db.write(_queue, "mail", person)
        delivery = Delivery(db, lambda: datetime.now(UTC), grace=0.0)
        loops = asyncio.create_task(delivery.run({"telegram": quick, "mail": Hangs()}))
        begin = time.perf_counter()
        try:
            left = [await _answer(db, number) for number in range(ANSWERS)]
            while len(quick.at) < ANSWERS:
                quick.rung.clear()
                await quick.rung.wait()
        finally:
            spent = time.perf_counter() - begin
            loops.cancel()
            with suppress(asyncio.CancelledError):
                await loops
    took = [1000 * (quick.at[number] - at) for number, at in left]
    parts = statistics.quantiles(took, n=100)
    return Measured(rate=ANSWERS / spent, p50=parts[49], p99=parts[98])


async def _answer(db: Database, person: int) -> tuple[int, float]:
    """(its row, when it was committed)."""
    await asyncio.sleep(BETWEEN)
    number = await db.write(_queue, "telegram", person)
    return number, time.perf_counter()


def _queue(change: Change, channel: str, person: int) -> int:
    to = f"{person}@contoh.id" if channel == "mail" else str(person)
    letter = Outgoing(id=0, channel=channel, to=to, text="Sudah kami buka.", priority=Priority.ANSWER)
    return outbox.add(change, letter, now=datetime.now(UTC), kind="notice")


def _table(result: Result) -> str:
    lines = [
        "\n### An answer's way out while another provider hangs\n",
        "| case | p50 ms | p99 ms | p99 x base |",
        "|---|---:|---:|---:|",
    ]
    base = "all providers answer"
    for name in result.rounds:
        p50, p99 = result.median(name, "p50") or 0, result.median(name, "p99") or 0
        lines.append(f"| {name} | {p50:.2f} | {p99:.2f} | {result.ratio(name, base, 'p99') or 0:.2f} |")
    return "\n".join(lines)
