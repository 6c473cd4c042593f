"""The simulated Telegram with its strict window, a process of its own: `python -m bench.counterparty FOLDER PERSONS`.

Prints its port; at a line on stdin it prints what it saw as one JSON object, and ends.
"""

import asyncio
import gc
import json
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import uvicorn

from demo.telegram import Telegram

TOKEN = "110001:publik"
FIRST = 5_000_000  # id of the first person; answers go to those before it
ANSWERED = 200
TICK = 0.005  # seconds
LATE = 0.03  # seconds; what lies between 96 % of the allowance and all of it is 0.04 in each second


class Witness:
    """Notes when an announcement was taken, and how often each chat got one, before the simulator's own memory ends."""

    def __init__(self, provider: Telegram) -> None:
        self._provider = provider
        self._seen = 0
        self.begin = self.end = 0.0
        self.taken: Counter[int] = Counter()
        self.refused = self.late = 0
        self._all: list[float] = []

    async def watch_itself(self) -> None:
        """Count how often this process was too late to say when something arrived."""
        while True:
            due = time.monotonic() + TICK
            await asyncio.sleep(TICK)
            self.late += time.monotonic() - due > LATE

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._provider.app(scope, receive, send)
        calls = self._provider.calls
        if scope["type"] == "http" and calls and calls[-1].method == "sendMessage":
            self._note(calls[-1].status, int(calls[-1].chat))

    def _note(self, status: int, chat: int) -> None:
        self.refused += status == 429
        if status == 200:
            self._all.append(time.monotonic())
        if status == 200 and chat >= FIRST:
            self.end = self._all[-1]
            self.begin = self.begin or self.end
            self.taken[chat] += 1

    def told(self) -> dict[str, object]:
        return {
            "seconds": self.end - self.begin,
            "in_all": sum(self.begin <= at <= self.end for at in self._all),
            "taken": sum(self.taken.values()),
            "persons": len(self.taken),
            "refused": self.refused,
            "late": self.late,
            "copies": [chat for chat, times in self.taken.items() if times > 1],
            "who": sorted(self.taken),
        }


async def run(folder: Path, persons: int) -> None:
    async with Telegram(folder, lambda: datetime.now(UTC), strict=True) as provider:
        provider.add_bot(TOKEN)
        for number in (*range(FIRST - ANSWERED, FIRST), *range(FIRST, FIRST + persons)):
            person = {"id": number, "met": [TOKEN], "blocked": [], "first_name": "Dewi"}
            provider.world.memory.put("person", number, person)
        witness = Witness(provider)
        listening = socket.create_server(("127.0.0.1", 0), backlog=512)
        config = uvicorn.Config(
            witness, log_level="critical", lifespan="off", access_log=False, timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        watching = asyncio.create_task(witness.watch_itself())
        gc.freeze()
        gc.disable()  # a provider that stops for its own collector would count what waited meanwhile as too much
        print(listening.getsockname()[1], flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        print(json.dumps(witness.told()), flush=True)
        watching.cancel()
        server.should_exit = True
        await serving


class Counterparty:
    """The running process: `api` is its address."""

    def __init__(self, process: "Popen[str]") -> None:
        self._process = process
        assert process.stdout is not None
        self.api = f"http://127.0.0.1:{int(process.stdout.readline())}"

    def told(self) -> dict[str, Any]:
        """What it saw. It ends by that."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found


@contextmanager
def counterparty(folder: Path, persons: int) -> Iterator[Counterparty]:
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "bench.counterparty", str(folder), str(persons)]
    process = Popen(command, stdin=PIPE, stdout=PIPE, text=True)
    try:
        yield Counterparty(process)
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    import uvloop

    uvloop.run(run(Path(sys.argv[1]), int(sys.argv[2])))
