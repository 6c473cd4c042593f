"""The desk as a channel sees it: a reception that keeps in memory, and can be unable to keep."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sop.errors import Unavailable
from sop.messages import Delivered, File, Incoming, Presence, TooLarge

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


def clock() -> datetime:
    return NOW


class Recorder:
    """A Reception. `refuse` is how many calls are still answered with Unavailable; `broken` raises a fault of ours."""

    def __init__(self, folder: Path | None = None) -> None:
        self.taken: list[Incoming] = []
        self.raw: list[bytes] = []
        self.words: list[Presence | Delivered] = []
        self.parked: list[tuple[str, str, bytes, str]] = []
        self.memory: dict[str, dict[str, Any]] = {}
        self.refuse = 0
        self.broken = False
        self._folder = folder
        self._news = asyncio.Event()

    async def take_in(self, incoming: Incoming, raw: bytes = b"") -> None:
        self._be_there()
        if self.broken:
            raise ZeroDivisionError
        if incoming.external_id not in {known.external_id for known in self.taken}:
            self.taken.append(incoming)
            self.raw.append(raw)

    async def heard(self, word: Presence | Delivered) -> None:
        self._be_there()
        self.words.append(word)

    async def park(self, channel: str, external_id: str, raw: bytes, reason: str) -> None:
        self._be_there()
        self.parked.append((channel, external_id, raw, reason))

    async def keep(self, chunks: AsyncIterator[bytes], *, limit: int) -> File:
        assert self._folder is not None
        content = b"".join([chunk async for chunk in chunks])
        if len(content) > limit:
            raise TooLarge
        name = hashlib.sha256(content).hexdigest()
        (self._folder / name).write_bytes(content)
        return File(path=name, sha256=name, size=len(content))

    async def remembered(self, name: str) -> dict[str, Any]:
        return self.memory.get(name, {})

    async def remember(self, name: str, value: dict[str, Any]) -> None:
        self._be_there()
        self.memory[name] = value

    @property
    def texts(self) -> list[str]:
        return [incoming.text for incoming in self.taken]

    async def until(self, true: Callable[[], object], seconds: float = 20.0) -> None:
        """Return once `true()` holds, looked at whenever something was kept. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not true():
                self._news.clear()
                await self._news.wait()

    def _be_there(self) -> None:
        asyncio.get_running_loop().call_soon(self._news.set)
        if self.refuse:
            self.refuse -= 1
            raise Unavailable
