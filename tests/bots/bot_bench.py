"""What the tests of both officers' bots share: a bot on a real desk, against the simulated Bot API."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Generic, Self, TypeVar

from bots.officer_bot import OfficerBot
from bots.settings import Settings
from demo.memory import Json
from demo.telegram import Telegram
from demo.telegram_phone import Phone
from desk.desk import Desk
from desk.files import Files
from desk.reception import Reception
from sop.pace import Allowance
from store.db import Database
from tests.clock import Clock

B = TypeVar("B", bound=OfficerBot)


@dataclass
class BotBench(Generic[B]):
    """The bot's surroundings."""

    provider: Telegram
    desk: Desk
    clock: Clock
    api: str

    token: ClassVar[str]
    open_bot: ClassVar[Callable[..., AbstractAsyncContextManager[Any]]]
    """`open_bot` of the bot's own file."""

    @property
    def db(self) -> Database:
        return self.desk.db

    @property
    def phone(self) -> Phone:
        return self.provider.phone(self.token)

    def with_db(self, db: Any) -> Self:
        return replace(self, desk=replace(self.desk, db=db))

    @asynccontextmanager
    async def opened(self, **options: Any) -> AsyncIterator[B]:
        settings = Settings.model_validate({"token": self.token, "api": self.api, **options})
        async with self.open_bot(settings, self.desk, allowance=Allowance(1000.0, 1000.0, 1000)) as bot:
            yield bot

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[B]:
        async with self.opened() as bot:
            task = asyncio.create_task(bot.listen())
            try:
                yield bot
            finally:
                task.cancel()
                await asyncio.wait([task])

    async def quiet(self) -> None:
        """Until every update is acknowledged."""
        await self.provider.until(lambda: not self.provider.world.waiting(self.token))


def buttons(message: Json) -> list[Json]:
    rows: list[list[Json]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def desk_at(db: Database, folder: Path, clock: Clock, name: str) -> Desk:
    files = Files(folder / "files")
    return Desk(
        db=db,
        clock=clock,
        real=clock,
        files=files,
        reception=Reception(db, files, clock),
        name=name,
        language="id",
        zone="Asia/Jakarta",
        public_url="https://care.example.ac.id",
        secret="rahasia-yang-panjang-sekali-1234567890",
        secure=True,
    )
