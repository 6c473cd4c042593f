"""The Humas bot: for the lanes of the chain and who asks them; announcements go out by the public bot, never by this one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bots import humas_commands
from bots.cards import Buttons
from bots.humas_progress import Progress
from bots.officer_bot import Kind, OfficerBot, connection, menus
from bots.sender_place import Place
from bots.settings import Settings
from desk.desk import Desk
from sop.pace import Allowance

NAME = "humas"


def _menus() -> list[dict[str, Any]]:
    """Private chats only; a group has none."""
    return menus("all_private_chats", humas_commands.COMMANDS)


class HumasBot(OfficerBot):
    """Beside updates it keeps the progress messages of announcements that leave up to date."""

    def __init__(self, kind: Kind, settings: Settings, desk: Desk, http: Any, allowance: Allowance) -> None:
        super().__init__(kind, settings, desk, http, allowance)
        self.progress = Progress(desk, self.edit)

    async def listen(self) -> None:
        """Until cancelled, in webhook mode too."""
        async with asyncio.TaskGroup() as group:
            group.create_task(super().listen())
            group.create_task(self.progress.run())

    async def edit(self, chat: int, message: int, text: str, buttons: Buttons) -> None:
        """Never raises: what could not be changed only the log hears."""
        sender = await self.sender()
        await sender.edit(Place(chat), message, text, buttons)


@asynccontextmanager
async def open_bot(
    settings: Settings, desk: Desk, *, allowance: Allowance | None = None
) -> AsyncIterator[HumasBot]:
    """The bot, open for as long as the block runs. `allowance`: how fast it may speak, Telegram's limits by default."""
    async with connection() as http:
        kind = Kind(NAME, "bots.humas_application", _menus)
        bot = HumasBot(kind, settings, desk, http, allowance or Allowance())
        try:
            yield bot
        finally:
            await bot.stop()
