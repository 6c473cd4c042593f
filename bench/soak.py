"""`python -m bench.soak [--kills 100] [--posters 32] [--seed N]`: kill -9 under load, then count what is missing (P1-P4).

A real `tanggap serve` takes reporters' messages and officers' commands over two webhooks, is killed at random moments
and started again; what was not acknowledged is sent again, as Telegram does. Exit 1 when a promise was broken.
"""

import argparse
import asyncio
import random
import socket
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from bench.posters import Posters
from bench.verdict import Verdict, judge
from bench.victim import PUBLIC, STAFF, Victim
from demo.telegram import Telegram
from store.db import open_database

REPORTERS = 10_000
OFFICERS = 90_000


async def soak(folder: Path, *, kills: int, posters: int, seed: int) -> Verdict:
    """A quarter of the posters are officers."""
    chance = random.Random(seed)
    officers = {OFFICERS + n: f"petugas{n}" for n in range(max(1, posters // 4))}
    reporters = [REPORTERS + n for n in range(posters - len(officers))]
    async with telegram(folder, reporters, list(officers)) as (provider, api):
        victim = Victim(folder, free_port(), api)
        await victim.prepare(officers)
        post = Posters((victim.port,), reporters, list(officers), seed)
        post.start()
        try:
            for number in range(kills):
                await victim.start()
                notes = (
                    chance.randrange(len(officers)) if number % 2 else 0
                )  # its bot loads seconds after the port
                await post.acknowledged(1 + chance.randrange(posters * 4), notes=notes)
                await asyncio.sleep(chance.uniform(0, 0.1))
                await victim.kill()
                sys.stderr.write(f"\rkilled {number + 1} of {kills}, {len(post.record.reports)} messages ")
            await victim.start()
            await post.acknowledged(posters, notes=len(officers))
            await post.finish()
        finally:
            await victim.stop()
        heard = Counter(
            (chat, text) for chat in reporters for text in provider.sent(chat, PUBLIC) if "#" in text
        )
        sys.stderr.write(
            f"\nrepeated: {post.record.repeats}, answers other than 200: {post.record.refused}\n"
        )
        async with open_database(victim.url) as db:
            return await judge(db, post.record, heard)


@asynccontextmanager
async def telegram(
    folder: Path, reporters: list[int], officers: list[int]
) -> AsyncIterator[tuple[Telegram, str]]:
    """The provider that answers and echoes go to; it pushes nothing itself."""
    async with Telegram(folder / "telegram", lambda: datetime.now(UTC), push_retry=5.0) as provider:
        for token, chats in ((PUBLIC, reporters), (STAFF, officers)):
            provider.add_bot(token, f"bot{token[:3]}_bot", "Layanan Contoh")
            for chat in chats:
                provider.phone(token).person(chat, f"Orang {chat}")
                provider.phone(token).start(chat)
            provider.world.forget_before(token, 1 << 62)
        listening = socket.create_server(("127.0.0.1", 0), backlog=512)
        config = uvicorn.Config(
            provider.app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield provider, f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            provider.outage = True
            server.should_exit = True
            await serving


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--posters", type=int, default=32)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--folder", type=Path, help="where the desk lies: the disk that is tried")
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else random.randrange(1 << 30)
    print(f"kills={asked.kills} posters={asked.posters} seed={seed}")
    with tempfile.TemporaryDirectory(prefix="tanggap-soak-", dir=asked.folder) as folder:
        verdict = asyncio.run(soak(Path(folder), kills=asked.kills, posters=asked.posters, seed=seed))
    print(verdict)
    sys.exit(0 if verdict.kept else 1)


if __name__ == "__main__":
    main()
