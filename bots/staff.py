"""The staff bot: officers' commands in by polling or webhook, words for officers out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bots import commands
from bots.officer_bot import Kind, OfficerBot, connection, menus
from bots.settings import Settings
from desk.desk import Desk
from sop.pace import Allowance

NAME = "staff"
SCOPES = ("all_private_chats", "all_group_chats")


def _menus() -> list[dict[str, Any]]:
    return [menu for scope in SCOPES for menu in menus(scope, commands.COMMANDS)]


@asynccontextmanager
async def open_bot(
    settings: Settings, desk: Desk, *, allowance: Allowance | None = None
) -> AsyncIterator[OfficerBot]:
    """The bot, open for as long as the block runs. `allowance`: how fast it may speak, Telegram's limits by default."""
    async with connection() as http:
        kind = Kind(NAME, "bots.application", _menus)
        bot = OfficerBot(kind, settings, desk, http, allowance or Allowance())
        try:
            yield bot
        finally:
            await bot.stop()
