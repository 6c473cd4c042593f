"""One sender's storm, and what the others feel of it: time from a message's arrival to its COMMIT, by the whole reception."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass

from msgspec.structs import replace

from bench.office import NOW, Folder, message
from desk.files import Files
from desk.reception import Reception
from desk.turns import Turns
from sop.errors import Unavailable
from store.db import open_database

CALM = 20.0  # messages a second of the others, each of a person of their own
SECONDS = 6.0
STORM = 50.0
FLOOD = 400  # callers of one sender who wait for nothing


@dataclass
class Felt:
    """Seconds that the others' messages took; how many of the storm were taken, and how many left with the provider."""

    waits: list[float]
    taken: int = 0
    refused: int = 0


def run(folder: Folder, rounds: int) -> str:
    cases = {
        "nobody storms": (0.0, 0, Turns()),
        "one sender, 50 messages a second": (STORM, 0, Turns()),
        f"one sender, {FLOOD} callers without a pause": (0.0, FLOOD, Turns()),
        "the same, without turns": (0.0, FLOOD, Turns(at_once=100_000)),
    }
    lines = []
    for name, (rate, callers, turns) in cases.items():
        felt = asyncio.run(_felt(folder, rate, callers, turns))
        waits = sorted(felt.waits)
        p50, p99 = (waits[int(len(waits) * share)] * 1000 for share in (0.5, 0.99))
        lines.append(
            f"| {name} | {p50:.1f} | {p99:.1f} | {felt.taken / SECONDS:,.0f} | {felt.refused / SECONDS:,.0f} |"
        )
    return (
        f"\n| what the others feel ({CALM:.0f} messages a second) | p50 ms | p99 ms | storm taken/s | left with provider/s |\n"
        "|---|---|---|---|---|\n" + "\n".join(lines) + "\n"
    )


async def _felt(folder: Folder, rate: float, callers: int, turns: Turns) -> Felt:
    path = folder.fresh()
    felt = Felt([])
    async with open_database(f"sqlite:///{path}") as db:
        reception = Reception(db, Files(path.parent), lambda: NOW, turns=turns)
        end = time.perf_counter() + SECONDS
        storm = [asyncio.create_task(_blows(reception, rate, felt))] if rate else []
        storm += [asyncio.create_task(_floods(reception, felt, end)) for _ in range(callers)]
        await _others(reception, felt, end)
        for task in storm:
            task.cancel()
        await asyncio.gather(*storm, return_exceptions=True)
    folder.drop(path)
    return felt


async def _others(reception: Reception, felt: Felt, end: float) -> None:
    """At an even pace, whatever became of the ones before."""
    under_way: list[asyncio.Task[None]] = []
    while time.perf_counter() < end:
        under_way.append(asyncio.create_task(_one(reception, felt)))
        await asyncio.sleep(1 / CALM)
    await asyncio.gather(*under_way)


async def _one(reception: Reception, felt: Felt) -> None:
    incoming, _ = message()
    began = time.perf_counter()
    await reception.take_in(incoming)
    felt.waits.append(time.perf_counter() - began)


async def _blows(reception: Reception, rate: float, felt: Felt) -> None:
    under_way: set[asyncio.Task[None]] = set()
    with suppress(asyncio.CancelledError):
        while True:
            task = asyncio.create_task(_stormy(reception, felt))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            await asyncio.sleep(1 / rate)
    await asyncio.gather(*under_way, return_exceptions=True)


async def _floods(reception: Reception, felt: Felt, end: float) -> None:
    while time.perf_counter() < end:
        before = felt.refused
        await _stormy(reception, felt)
        if felt.refused > before:
            await asyncio.sleep(1.0)  # a provider comes again after a while


async def _stormy(reception: Reception, felt: Felt) -> None:
    incoming, _ = message()
    try:
        await reception.take_in(replace(incoming, sender="storm", key="storm"))
    except Unavailable:
        felt.refused += 1
    else:
        felt.taken += 1
