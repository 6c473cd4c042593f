"""Words to whatever started this process and watches it: systemd's notify socket (`Type=notify`, `WatchdogSec=`)."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

READY = "READY=1"
STOPPING = "STOPPING=1"
ALIVE = "WATCHDOG=1"
ASK = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
WELL = b"HTTP/1.1 200"
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


@dataclass(frozen=True)
class Supervisor:
    """`address` is a datagram socket's path, "@" first for an abstract one, "" for nobody. `within`: seconds, 0 for ever."""

    address: str = ""
    within: float = 0

    def tell(self, *words: str) -> None:
        """Never fails: a supervisor that is gone is no reason to stop serving."""
        if not self.address:
            return
        to = f"\0{self.address[1:]}" if self.address.startswith("@") else self.address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.setblocking(False)
            out.sendto("\n".join(words).encode(), to)

    async def watch(self, well: Callable[[], Awaitable[bool]]) -> None:
        """Say that we live, three times within the time allowed, only while `well`. Until cancelled."""
        while self.address and self.within:
            if await well():
                self.tell(ALIVE)
            await asyncio.sleep(self.within / 3)


NOBODY = Supervisor()


def named_in(environ: Mapping[str, str], pid: int | None = None) -> Supervisor:
    """As systemd tells it. A watchdog meant for another process is none of ours."""
    micro, meant = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", "")
    ours = not meant or meant == str(pid or os.getpid())
    within = int(micro) / 1_000_000 if micro.isdigit() and ours else 0
    return Supervisor(environ.get("NOTIFY_SOCKET", ""), within)


async def answers(host: str, port: int, patience: float) -> bool:
    """Whether /healthz answers 200 through the port itself within `patience` seconds, as a stranger would find it."""
    try:
        async with asyncio.timeout(patience):
            reader, writer = await asyncio.open_connection(EVERYWHERE.get(host, host), port)
            try:
                writer.write(ASK)
                return (await reader.readline()).startswith(WELL)
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
