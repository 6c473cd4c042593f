"""What other processes tell: LISTEN on a connection of its own rings this process's bell."""

import asyncio
from collections.abc import Callable, Iterable

import psycopg
import structlog

log = structlog.get_logger()
CHANNEL = "tanggap"
LONGEST = 7000  # bytes of a notice: the server takes 8000
EVERYTHING = "*"
PAUSE = 2.0  # seconds before a connection that was lost is opened again


def notice(process: str, topics: Iterable[str]) -> str:
    """What a group of acts tells, as one notice; too much for one tells everybody of everything."""
    words = " ".join(dict.fromkeys(topics))
    return f"{process} {words if len(words.encode()) <= LONGEST else EVERYTHING}"


class Listening:
    """Rings for what others told, until cancelled. `all_of_it` rings every ear: something may have been missed."""

    def __init__(
        self, url: str, process: str, ring: Callable[[Iterable[str]], None], all_of_it: Callable[[], None]
    ) -> None:
        self._url = url
        self._process = process
        self._ring = ring
        self._all = all_of_it
        self.ready = asyncio.Event()

    async def run(self) -> None:
        while True:
            try:
                await self._listen()
            except psycopg.Error as error:
                log.warning("listening to other processes was cut off", cause=type(error).__name__)
            await asyncio.sleep(PAUSE)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, connect_timeout=10
        ) as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self._all()
            self.ready.set()
            async for notice in connection.notifies():
                self._hear(notice.payload)

    def _hear(self, payload: str) -> None:
        process, _, words = payload.partition(" ")
        if process == self._process:
            return
        if words == EVERYTHING:
            self._all()
        else:
            self._ring(words.split())
