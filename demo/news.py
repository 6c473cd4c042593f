"""Something changed: lets a test or the phone page wait for a fact without asking the time."""

import asyncio
from collections.abc import Callable


class News:
    """`tell` after every change; `until` looks again after each."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def tell(self) -> None:
        self._next.set()
        self._next = asyncio.Event()

    async def wait(self) -> None:
        """Return at the next change."""
        await self._next.wait()

    async def until(self, true: Callable[[], object], seconds: float = 20.0) -> None:
        """Return once `true()` holds. Raises TimeoutError when it never does within `seconds`."""
        async with asyncio.timeout(seconds):
            while not true():
                await self.wait()
