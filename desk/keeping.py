"""Receipts of announcements, kept many in one act: a commit for each would be what a thousand a second wait for."""

import asyncio
from collections.abc import Awaitable, Callable

from sop.messages import Receipt
from store.outbox import Letter

LINGER = (
    0.02  # seconds that a receipt waits for others; a crash within them leaves its row unknown, never lost
)

Taken = list[tuple[Letter, Receipt]]


class Keeper:
    """`keep` writes what was collected, and answers when it is on disk."""

    def __init__(self, keep: Callable[[Taken], Awaitable[object]]) -> None:
        self._keep = keep
        self._taken: Taken = []
        self._keeping: asyncio.Task[None] | None = None

    def add(self, letter: Letter, receipt: Receipt) -> None:
        self._taken.append((letter, receipt))
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while self._taken:
            await asyncio.sleep(LINGER)
            await self._write()

    async def _write(self) -> None:
        taken, self._taken = self._taken, []
        if taken:
            await self._keep(taken)

    async def close(self) -> None:
        """All that was collected is on disk when this answers."""
        if self._keeping is not None:
            await self._keeping
        await self._write()
