"""Fair shares of the way in: whoever sends a storm stands in a line of their own, and keeps nobody else waiting."""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager

from sop.errors import Unavailable
from store.line import PATIENCE

AT_ONCE = 4  # messages of one sender that stand in the desk's line together
WAITING = 256  # further ones that wait for that; more are left with the provider, who brings them again


class _Line:
    __slots__ = ("seats", "standing")

    def __init__(self, at_once: int) -> None:
        self.seats = asyncio.Semaphore(at_once)
        self.standing = 0


class Turns:
    """The line of each sender who is here now. A sender's messages keep the order in which they came (P4)."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING, patience: float = PATIENCE) -> None:
        self._at_once = at_once
        self._most = at_once + waiting
        self._patience = patience
        self._lines: dict[Hashable, _Line] = {}

    @asynccontextmanager
    async def of(self, sender: Hashable) -> AsyncIterator[None]:
        """One's turn. Raises Unavailable when the line is full, or when the turn has not come in time."""
        line = self._lines.setdefault(sender, _Line(self._at_once))
        if line.standing >= self._most:
            raise Unavailable("this sender's messages fill their line")
        line.standing += 1
        try:
            await self._seated(line)
            try:
                yield
            finally:
                line.seats.release()
        finally:
            line.standing -= 1
            if not line.standing:
                del self._lines[sender]

    async def _seated(self, line: _Line) -> None:
        if not line.seats.locked():
            await line.seats.acquire()
            return
        try:
            async with asyncio.timeout(self._patience):
                await line.seats.acquire()
        except TimeoutError:
            raise Unavailable("this sender's messages wait for each other") from None
