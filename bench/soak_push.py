"""`python -m bench.soak_push [--kills 3] [--subscribers 5000] [--seed N]`: kill -9 while an announcement goes out (P14).

A real `tanggap serve` is killed at random moments of a push and started again. Exit 1 when somebody was left out whose
row does not say so, or got it twice.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench.announced import ready
from bench.counterparty import FIRST
from bench.soak import free_port, telegram
from bench.victim import PUBLIC, Victim
from demo.telegram import Telegram
from store import pushes, trail
from store.db import View, open_database

PATIENCE = 180.0  # seconds for one part of a push


@dataclass(frozen=True)
class Verdict:
    """`lost`: got none, and their row does not say that it is unknown or failed. `unknown`: nobody can tell."""

    subscribers: int
    arrived: int
    lost: int
    doubled: int
    unknown: int
    unfinished: int
    broken_chain: bool

    @property
    def kept(self) -> bool:
        return not (self.lost or self.doubled or self.unfinished or self.broken_chain)

    def __str__(self) -> str:
        return (
            f"announced to {self.subscribers:,}: {self.arrived:,} have it\n"
            f"LOST={self.lost} DUP={self.doubled} UNKNOWN={self.unknown} "
            f"unfinished={self.unfinished}, chain {'BROKEN' if self.broken_chain else 'whole'}"
        )


async def soak(folder: Path, *, kills: int, subscribers: int, seed: int) -> Verdict:
    chance = random.Random(seed)
    async with telegram(folder, [], []) as (provider, api):
        for number in range(FIRST, FIRST + subscribers):
            person = {"id": number, "met": [PUBLIC], "blocked": [], "first_name": "Dewi"}
            provider.world.memory.put("person", number, person)
        victim = Victim(folder, free_port(), api)
        words = victim.config.read_text()
        victim.config.write_text(words.replace("mode: webhook", "mode: webhook, paid_broadcast: true", 1))
        await victim.prepare({})
        async with open_database(victim.url) as db:
            push = await ready(db, subscribers, datetime.now(UTC))
        try:
            for moment in sorted(chance.sample(range(subscribers // 20, subscribers * 9 // 10), kills)):
                await victim.start()
                await provider.until(partial(_called, provider, moment), PATIENCE)
                await asyncio.sleep(chance.uniform(0, 0.05))
                await victim.kill()
                sys.stderr.write(f"\rkilled at {len(_heard(provider))} of {subscribers} ")
            await victim.start()
            await _ended(victim.url, push)
        finally:
            await victim.stop()
        async with open_database(victim.url) as db:
            states = await db.read(_states, push)
            broken = (await db.read(trail.first_broken, most=1 << 40))[0] is not None
        return _verdict(_heard(provider), states, subscribers, broken)


async def _ended(url: str, push: int) -> None:
    """Another process writes and nothing rings here: look once a second."""
    async with open_database(url) as db, asyncio.timeout(PATIENCE):
        with db.bell.ear("publications") as ear:
            while (found := await db.read(pushes.get, push)) and found.state != "done":
                await ear.wait(1.0)


def _called(provider: Telegram, times: int) -> bool:
    return len(provider.calls) >= times


def _heard(provider: Telegram) -> Counter[int]:
    """How often each person got it, as the provider saw it."""
    return Counter(
        int(call.chat)
        for call in tuple(provider.calls)
        if call.method == "sendMessage" and call.status == 200 and int(call.chat) >= FIRST
    )


def _states(view: View, push: int) -> dict[int, str]:
    rows = view.all("SELECT recipient, state FROM outbox WHERE push_id = :push", push=push)
    return {int(row["recipient"]): row["state"] for row in rows}


def _verdict(heard: Counter[int], states: dict[int, str], subscribers: int, broken: bool) -> Verdict:
    told = {chat for chat, state in states.items() if state in ("unknown", "failed")}
    everybody = set(range(FIRST, FIRST + subscribers))
    return Verdict(
        subscribers=subscribers,
        arrived=len(heard),
        lost=len(everybody - set(heard) - told),
        doubled=sum(times > 1 for times in heard.values()),
        unknown=sum(state == "unknown" for state in states.values()),
        unfinished=sum(state in ("queued", "sending") for state in states.values()),
        broken_chain=broken,
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.soak_push", description=__doc__)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--subscribers", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--folder", type=Path, help="where the desk lies: the disk that is tried")
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else random.randrange(1 << 30)
    print(f"kills={asked.kills} subscribers={asked.subscribers} seed={seed}")
    with tempfile.TemporaryDirectory(prefix="tanggap-soak-", dir=asked.folder) as folder:
        verdict = asyncio.run(soak(Path(folder), kills=asked.kills, subscribers=asked.subscribers, seed=seed))
    print(verdict)
    sys.exit(0 if verdict.kept else 1)


if __name__ == "__main__":
    main()
