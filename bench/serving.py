"""Servers to measure, each a process of its own: `python -m bench.serving KIND DATABASE` prints its port."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import uvicorn

TOKEN, SECRET = "110001:publik", "rahasia_webhook_yang_panjang"
PATH = "/hooks/telegram"


async def bare(scope: Any, receive: Any, send: Any) -> None:
    """The least that answers a POST: read it, say 200."""
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": ((b"content-length", b"0"),)})
    await send({"type": "http.response.body", "body": b""})


async def lost(scope: Any, receive: Any, send: Any) -> None:
    """What is not a webhook's."""
    await send({"type": "http.response.start", "status": 404, "headers": ((b"content-length", b"0"),)})
    await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def intake(database: str) -> AsyncIterator[Any]:
    """Our whole intake: front, webhook, signature, decoding, reception, act, COMMIT with synchronous=FULL."""
    import httpx2

    from channels.telegram import Settings, Telegram
    from channels.telegram_api import Api
    from desk.files import Files
    from desk.reception import Reception
    from store.db import open_database
    from tanggap.front import Front

    def clock() -> datetime:
        return datetime.now(UTC)

    settings = Settings.model_validate({"token": TOKEN, "mode": "webhook", "secret": SECRET})
    async with open_database(f"sqlite:///{database}") as db, httpx2.AsyncClient() as http:
        reception = Reception(db, Files(Path(database).parent), clock)
        channel = Telegram(settings, Api(http, settings.api, TOKEN), reception, clock, "https://x")
        yield Front(lost, channel.routes())


def serve_asgi(kind: str, database: str, listening: socket.socket) -> None:
    """Under uvicorn as `tanggap serve` runs it: uvloop, httptools, no access log."""

    async def run(app: Any) -> None:
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level="warning",
            access_log=False,
            lifespan="off",
            server_header=False,
            backlog=2048,
        )
        await uvicorn.Server(config).serve(sockets=[listening])

    async def main() -> None:
        if kind == "bare":
            return await run(bare)
        async with intake(database) as app:
            await run(app)
        return None

    import uvloop

    uvloop.run(main())


def serve_aiogram(listening: socket.socket, *, background: bool, fast: bool) -> None:
    """aiogram's own webhook with an empty handler.

    `background` is its default: it answers before the handler ran. `fast` puts it on uvloop, which its manual does not.
    """
    import uvloop
    from aiogram import Bot, Dispatcher
    from aiogram.types import Message
    from aiogram.webhook.aiohttp_server import SimpleRequestHandler
    from aiohttp import web

    async def empty(message: Message) -> None:
        return None

    async def main() -> None:
        dispatcher = Dispatcher()
        dispatcher.message()(empty)
        app = web.Application()
        handler = SimpleRequestHandler(
            dispatcher, Bot(TOKEN), handle_in_background=background, secret_token=SECRET
        )
        handler.register(app, path=PATH)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.SockSite(runner, listening).start()
        await asyncio.Event().wait()

    (uvloop.run if fast else asyncio.run)(main())


@contextmanager
def served(kind: str, database: Path | None = None) -> Iterator[tuple[int, int]]:
    """(port, process id) of a server that listens."""
    process = Popen(
        [sys.executable, "-m", "bench.serving", kind, str(database or "")], stdout=PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline()), process.pid
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    here = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(here.getsockname()[1], flush=True)
    try:
        if sys.argv[1].startswith("aiogram"):
            serve_aiogram(here, background="waiting" not in sys.argv[1], fast="uvloop" in sys.argv[1])
        else:
            serve_asgi(sys.argv[1], sys.argv[2], here)
    except KeyboardInterrupt:
        pass
