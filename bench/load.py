"""A load of Telegram updates over kept-alive connections, from a process of its own so that the client is no brake.

`python -m bench.load PORT PID CALLERS SECONDS FIRST` prints one JSON object: what was answered, how fast, at what cost
to the process PID. Every caller waits for its answer before it sends the next update; each update is a person's first.
"""

import asyncio
import json
import os
import sys
import time
from functools import partial
from pathlib import Path
from typing import cast

from bench.office import WORDS
from bench.serving import PATH, SECRET

WARM_UP = 0.4
_TICK = os.sysconf("SC_CLK_TCK")
_BODY = json.dumps(
    {
        "update_id": "@1",
        "message": {
            "message_id": 7,
            "date": 1772416800,
            "chat": {"id": "@2", "type": "private", "first_name": "Dewi", "last_name": "Contoh"},
            "from": {
                "id": "@2",
                "is_bot": False,
                "first_name": "Dewi",
                "last_name": "Contoh",
                "language_code": "id",
            },
            "text": WORDS,
        },
    },
    ensure_ascii=False,
).encode()
_HEAD = (
    f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: "
).encode()


def update(number: int, person: int) -> bytes:
    """A whole HTTP request."""
    body = _BODY.replace(b'"@1"', b"%d" % number).replace(b'"@2"', b"%d" % person)
    return b"%s%d\r\n\r\n%s" % (_HEAD, len(body), body)


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has used, all its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


class Load:
    def __init__(self, first: int) -> None:
        self.next = first
        self.begin = float("inf")
        self.end = float("inf")
        self.waits: list[float] = []
        self.bad: dict[int, int] = {}

    def request(self) -> bytes:
        self.next += 1
        return update(self.next, self.next)


class Caller(asyncio.Protocol):
    """One connection: send, wait for the whole answer, send again."""

    def __init__(self, load: Load, left: asyncio.Future[None]) -> None:
        self._load = load
        self._left = left
        self._heard = b""
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def _send(self) -> None:
        self._transport.write(self._load.request())
        self._sent = time.perf_counter()

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, found, body = self._heard.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        self._heard = b""
        now = time.perf_counter()
        status = int(head[9:12])
        if status != 200:
            self._load.bad[status] = self._load.bad.get(status, 0) + 1
        elif self._load.begin <= self._sent and now <= self._load.end:
            self._load.waits.append(now - self._sent)
        if now < self._load.end:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._left.done():
            self._left.set_result(None)


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


async def run(port: int, pid: int, callers: int, seconds: float, first: int) -> dict[str, object]:
    loop, load = asyncio.get_running_loop(), Load(first)
    load.begin = time.perf_counter() + WARM_UP
    load.end = load.begin + seconds
    leaving = [loop.create_future() for _ in range(callers)]
    await asyncio.gather(
        *(loop.create_connection(partial(Caller, load, left), "127.0.0.1", port) for left in leaving)
    )
    await asyncio.sleep(load.begin - time.perf_counter())
    cpu, own = cpu_of(pid), time.process_time()
    await asyncio.sleep(load.end - time.perf_counter())
    cpu, own = cpu_of(pid) - cpu, time.process_time() - own
    await asyncio.gather(*leaving)
    waits = sorted(load.waits)
    return {
        "done": len(waits),
        "rate": len(waits) / seconds,
        "cpu": cpu / max(1, len(waits)) * 1e6,
        "client": own / seconds,
        "p50": waits[len(waits) // 2] * 1000 if waits else 0,
        "p99": waits[len(waits) * 99 // 100] * 1000 if waits else 0,
        "bad": load.bad,
        "next": load.next,
    }


if __name__ == "__main__":
    import uvloop

    port, pid, callers, first = (int(sys.argv[index]) for index in (1, 2, 3, 5))
    print(json.dumps(uvloop.run(run(port, pid, callers, float(sys.argv[4]), first))))
