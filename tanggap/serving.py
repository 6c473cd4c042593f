"""Serve a house by uvicorn: the port answers first, then the channels' libraries load."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import uvicorn

from tanggap.house import House
from tanggap.supervisor import NOBODY, READY, STOPPING, Supervisor, answers

GRACE = 3  # seconds for requests under way when the desk stops; live pages come back by themselves
FIRST_PAGE = 0.7  # seconds that the port answers before libraries begin to load
WAITING = 2048  # connections that may wait to be accepted


@contextmanager
def libraries_later() -> Iterator[threading.Event]:
    """Threads that would import bot libraries wait at this gate: they would take the first page's time."""
    gate = threading.Event()
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(initializer=gate.wait))
    try:
        yield gate
    finally:
        gate.set()


def open_soon(gate: threading.Event) -> None:
    """The port answers: the libraries may come once a first page had its turn."""
    asyncio.get_running_loop().call_later(FIRST_PAGE, gate.set)


class Server(uvicorn.Server):
    """Says when it listens, and when it stops listening."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()
        self.leaving = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.leaving.set()
        await super().shutdown(sockets)


async def serve(
    house: House,
    *,
    host: str,
    port: int,
    trusted_proxies: Sequence[str] = (),
    ready: Callable[[], None] = lambda: None,
    leaving: Callable[[], None] = lambda: None,
    grace: int = GRACE,
    supervisor: Supervisor = NOBODY,
) -> None:
    """Until a signal stops it: no new requests, the loops ended, those under way answered, the store closed.

    `supervisor` hears when the port answers, that it still does, and when it ends.
    """
    config = uvicorn.Config(
        house.front,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=list(trusted_proxies) or None,
        timeout_graceful_shutdown=grace,
        backlog=WAITING,
        server_header=False,
    )
    server = Server(config)
    serving = asyncio.create_task(server.serve())
    listening = asyncio.create_task(server.listening.wait())
    await asyncio.wait({serving, listening}, return_when=asyncio.FIRST_COMPLETED)
    listening.cancel()
    if serving.done():
        return await serving
    ready()
    supervisor.tell(READY)
    running = asyncio.create_task(house.run())
    watching = asyncio.create_task(supervisor.watch(lambda: answers(host, port, supervisor.within / 3)))
    stopping = asyncio.create_task(server.leaving.wait())
    try:
        await asyncio.wait({serving, running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        server.should_exit = True
        supervisor.tell(STOPPING)
        stopping.cancel()
        leaving()
        running.cancel()
        await asyncio.gather(serving, running, return_exceptions=True)
        watching.cancel()
    return None
