"""Receipts of announcements, kept many in one act: a commit for each would be what a thousand a second wait for."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from sop.messages import Receipt
from store.outbox import Letter

log = structlog.get_logger()
LINGER = 0.02  # seconds that a receipt waits for others: a crash meanwhile leaves its row unknown, never lost

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
        if not taken:
            return
        try:
            await self._keep(taken)
        except Exception:
            log.exception("receipts not kept together", receipts=len(taken))
            for each in taken:
                await self._alone(each)

    async def _alone(self, each: tuple[Letter, Receipt]) -> None:
        """One that cannot be kept keeps no other from it: its row stays under way, and is unknown in time."""
        try:
            await self._keep([each])
        except Exception:
            log.exception("receipt not kept", outbox=each[0].id)

    async def close(self) -> None:
        """All that was collected is on disk when this answers."""
        if self._keeping is not None:
            await self._keeping
        await self._write()
