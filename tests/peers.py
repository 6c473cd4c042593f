"""Real counterparties on loopback, for tests of every room; each skips under its own name when it is missing."""

import asyncio
import importlib
import os
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
import uvicorn


def missing(peer: str, why: str) -> None:
    """Skip with the peer's name, or fail when REQUIRE_PEERS (comma-separated, or "all") names it."""
    required = {name.strip() for name in os.environ.get("REQUIRE_PEERS", "").split(",")}
    if required & {peer, "all"}:
        pytest.fail(f"the peer {peer} is required but missing: {why}")
    pytest.skip(f"peer {peer} is missing: {why}")


def library(peer: str, module: str) -> Any:
    """The module a peer is made of; `missing` when it is not installed."""
    try:
        return importlib.import_module(module)
    except ImportError as problem:
        missing(peer, str(problem))


def program(peer: str, name: str, *others: str) -> str:
    """The full path of a peer's program; `missing` when no such file is there."""
    found = next((path for one in (name, *others) if (path := shutil.which(one))), None)
    if found is None:
        missing(peer, f"no program {name}")
    return str(found)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers (they are the test runner's), and with a word when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serve(
    app: Any, *, port: int = 0, lifespan: Literal["auto", "on", "off"] = "auto"
) -> AsyncIterator[str]:
    """Run an ASGI application by uvicorn in this loop; gives its base URL, without a slash at the end."""
    config = uvicorn.Config(app, log_level="critical", lifespan=lifespan, timeout_graceful_shutdown=1)
    server = _Server(config)
    listening = socket.create_server(("127.0.0.1", port))
    running = asyncio.create_task(server.serve(sockets=[listening]))
    up = asyncio.create_task(server.listening.wait())
    try:
        await asyncio.wait({running, up}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            raise RuntimeError("the application did not start")
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        up.cancel()
        server.should_exit = True
        await running
        listening.close()


__all__ = ["Path", "free_port", "library", "missing", "program", "serve"]
