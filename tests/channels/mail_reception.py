"""A reception that keeps all it is given in memory: the channel's counterpart in its tests."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from channels.mail_settings import Settings
from sop.errors import Unavailable
from sop.messages import Delivered, File, Incoming, Presence, TooLarge

NOW = datetime(2026, 11, 19, 2, 12, tzinfo=UTC)
SECRET = "rahasia-meja-layanan-untuk-uji"


def clock() -> datetime:
    return NOW


def settings(**changes: str) -> Settings:
    plain = {
        "address": "care@contoh.ac.id",
        "inbox": "maildir:/tidak/dipakai",
        "outbox": "smtp://127.0.0.1:9",
        "authserv_id": "mx.contoh.ac.id",
        "name": "UC3 Care",
    }
    return Settings.model_validate(plain | changes)


class Recorder:
    """`away`: how many of the next calls of take_in answer that nothing was kept."""

    def __init__(self, away: int = 0) -> None:
        self.taken: list[Incoming] = []
        self.raws: list[bytes] = []
        self.words: list[Presence | Delivered] = []
        self.parked: list[tuple[str, str, bytes, str]] = []
        self.files: dict[str, bytes] = {}
        self.memory: dict[str, dict[str, Any]] = {}
        self.away = away
        self.changed = asyncio.Condition()

    async def take_in(self, incoming: Incoming, raw: bytes = b"") -> None:
        if self.away:
            self.away -= 1
            raise Unavailable
        self.taken.append(incoming)
        self.raws.append(raw)
        await self._tell()

    async def heard(self, word: Presence | Delivered) -> None:
        self.words.append(word)

    async def park(self, channel: str, external_id: str, raw: bytes, reason: str) -> None:
        self.parked.append((channel, external_id, raw, reason))
        await self._tell()

    async def keep(self, chunks: AsyncIterator[bytes], *, limit: int) -> File:
        data = b"".join([chunk async for chunk in chunks])
        if len(data) > limit:
            raise TooLarge
        name = f"{len(self.files)}.bin"
        self.files[name] = data
        return File(path=name, size=len(data), sha256=hashlib.sha256(data).hexdigest())

    async def remembered(self, name: str) -> dict[str, Any]:
        return self.memory.get(name, {})

    async def remember(self, name: str, value: dict[str, Any]) -> None:
        self.memory[name] = value
        await self._tell()

    async def until(self, mails: int) -> None:
        """Wait until so many mails were taken in or parked."""
        async with asyncio.timeout(20), self.changed:
            await self.changed.wait_for(lambda: len(self.taken) + len(self.parked) >= mails)

    async def until_remembered(self, uid: int) -> None:
        async with asyncio.timeout(20), self.changed:
            await self.changed.wait_for(
                lambda: any(fact.get("uid", 0) >= uid for fact in self.memory.values())
            )

    async def until_validity(self, other_than: int) -> None:
        """Wait until another UIDVALIDITY is remembered."""
        async with asyncio.timeout(20), self.changed:
            await self.changed.wait_for(
                lambda: all(fact.get("validity") != other_than for fact in self.memory.values())
            )

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()
