"""The progress of an announcement in its officer's chat: one message, edited every few seconds while it leaves."""

import asyncio
from collections.abc import Awaitable
from typing import Protocol

from bots import humas_push_cards
from bots.cards import Buttons
from desk import publication_following
from desk.desk import Desk
from desk.publication_following import News

EVERY = 3.0  # seconds between two edits of one message
QUIET = 30.0  # seconds until a look at what is followed when nothing rings


class Edit(Protocol):
    """How a message is changed; never raises."""

    def __call__(self, chat: int, message: int, text: str, buttons: Buttons) -> Awaitable[None]: ...


class Progress:
    """What is followed is in the store: after a restart the messages go on."""

    def __init__(self, desk: Desk, edit: Edit) -> None:
        self._desk = desk
        self._edit = edit
        self._said: dict[tuple[int, int], str] = {}

    async def run(self) -> None:
        """Until cancelled."""
        with self._desk.db.bell.ear("publications") as ear:
            while True:
                await self.once()
                await asyncio.sleep(EVERY)
                await ear.wait(QUIET)

    async def once(self) -> int:
        """One round: how many messages were changed."""
        return sum(
            [
                await self._told(each)
                for each in await self._desk.db.read(publication_following.news, self._desk.clock())
            ]
        )

    async def _told(self, news: News) -> bool:
        followed, language = news.followed, news.officer.language
        text, keys = humas_push_cards.progress(news.page, news.progress, language)
        place = (followed.chat, followed.message)
        fresh = self._said.get(place) != text
        if fresh:
            await self._edit(*place, text, keys)
            self._said[place] = text
        if news.over:
            self._said.pop(place, None)
            await self._desk.db.write(publication_following.forget, *place)
        return fresh
