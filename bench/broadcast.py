"""An announcement to thousands through the whole way out, against a provider that counts strictly; answers meanwhile."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.announced import ready
from bench.counterparty import ANSWERED, FIRST, TOKEN, Counterparty, counterparty
from bench.office import Folder
from channels.telegram import FREE, PAID, Settings, open_channel
from desk.delivery import Delivery
from desk.files import Files
from desk.push_feed import PushFeed
from desk.reception import Reception
from sop.messages import Outgoing, Priority, Receipt
from store import outbox, pushes
from store.db import Change, Database, open_database

SUBSCRIBERS = 10_000
BETWEEN = 0.25  # seconds from one answer to the next


@dataclass
class Way:
    """The channel, and when each answer was with the provider."""

    channel: Any
    at: dict[int, float] = field(default_factory=dict)
    rung: asyncio.Event = field(default_factory=asyncio.Event)

    async def warm(self, db: Database) -> None:
        """The first answer waits for the library; a desk that pushes has loaded it long before."""
        number = await db.write(_queued, FIRST - 1)
        while number not in self.at:
            self.rung.clear()
            await self.rung.wait()

    async def send(self, outgoing: Outgoing) -> Receipt:
        receipt: Receipt = await self.channel.send(outgoing)
        if outgoing.priority is Priority.ANSWER:
            self.at[outgoing.id] = time.perf_counter()
            self.rung.set()
        return receipt


def clock() -> datetime:
    return datetime.now(UTC)


def run(folder: Folder, rounds: int) -> str:
    """`rounds` is not asked: 10,000 at 30 a second take six minutes."""
    import uvloop

    lines = [
        f"\n### An announcement to {SUBSCRIBERS:,} subscribers against a strict window\n",
        "| allowance | a second | of the allowance | 429 | provider late | lost | doubled | answers | answers p50 ms | p99 ms |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for allowance in (FREE, PAID):
        path = folder.fresh()
        with counterparty(folder.root / f"provider-{allowance:.0f}", SUBSCRIBERS) as provider:
            waits = uvloop.run(_pushed(path, provider, allowance))
            lines.append(_line(allowance, provider.told(), waits))
        folder.drop(path)
    return "\n".join(lines)


def _line(allowance: float, told: dict[str, Any], waits: list[float]) -> str:
    """Answers use the same allowance where announcements are not paid for, so all that the provider took is counted."""
    taken = told["taken"] if allowance == PAID else told["in_all"]
    rate = (taken - 1) / told["seconds"]
    parts = statistics.quantiles(waits, n=100)
    cells = (
        f"{allowance:.0f}/s",
        f"{rate:.1f}",
        f"{rate / allowance:.1%}",
        told["refused"],
        told["late"],
        SUBSCRIBERS - told["persons"],
        len(told["copies"]),
        len(waits),
        f"{parts[49]:.1f}",
        f"{parts[98]:.1f}",
    )
    return f"| {' | '.join(str(each) for each in cells)} |"


async def _pushed(path: Path, provider: Counterparty, allowance: float) -> list[float]:
    """Push to all; how long each answer that was written meanwhile took to the provider, in ms."""
    async with (
        open_database(f"sqlite:///{path}") as db,
        _out(db, provider, path.parent, paid=allowance == PAID) as way,
    ):
        await way.warm(db)
        push = await ready(db, SUBSCRIBERS, clock())
        left: list[tuple[int, float]] = []
        answering = asyncio.create_task(_answer(db, left))
        with db.bell.ear("publications") as ear:
            while (found := await db.read(pushes.get, push)) and found.state != "done":
                await ear.wait(1.0)
        answering.cancel()
        with suppress(asyncio.CancelledError):
            await answering
        return [1000 * (way.at[number] - at) for number, at in left if number in way.at]


async def _answer(db: Database, left: list[tuple[int, float]]) -> None:
    """One after another, each noted with its row when it was committed."""
    while True:
        for person in range(FIRST - ANSWERED, FIRST):
            number = await db.write(_queued, person)
            left.append((number, time.perf_counter()))
            await asyncio.sleep(BETWEEN)


def _queued(change: Change, person: int) -> int:
    letter = Outgoing(id=0, channel="telegram", to=str(person), text="KRS Anda sudah kami buka.")
    return outbox.add(change, letter, now=clock(), kind="notice")


@asynccontextmanager
async def _out(db: Database, provider: Counterparty, folder: Path, *, paid: bool) -> AsyncIterator[Way]:
    """The channel, the delivery loop and the loop that feeds it, as `tanggap serve` runs them."""
    settings = Settings.model_validate(
        {
            "token": TOKEN,
            "mode": "webhook",
            "secret": "x" * 16,
            "api": provider.api,
            "paid_broadcast": paid,
        }
    )
    reception = Reception(db, Files(folder), clock)
    async with open_channel(
        settings, reception, clock=clock, public_url="http://127.0.0.1", files_root=folder
    ) as channel:
        way = Way(channel)
        loops = [
            asyncio.create_task(Delivery(db, clock, grace=0.0).run({"telegram": way})),
            asyncio.create_task(PushFeed(db, clock).run()),
        ]
        try:
            yield way
        finally:
            for each in loops:
                each.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
