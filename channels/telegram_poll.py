"""Long polling of our own: the offset advances only after everything before it is on disk."""

import asyncio
import random
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog

from channels.telegram_api import Api, Away, Refusal
from channels.telegram_updates import ASKED_FOR
from sop.errors import Unavailable
from sop.messages import Reception

log = structlog.get_logger(__name__)

WAIT = 25
"""Seconds that Telegram keeps an empty question open."""
LONGEST_PAUSE = 30.0
FRESH = timedelta(days=6)
"""After a week without updates Telegram starts their numbers anew: an older offset would skip some."""

_batch = msgspec.json.Decoder(list[msgspec.Raw])


class Place(msgspec.Struct, frozen=True, gc=False):
    id: int = 0


class Placed(msgspec.Struct):
    chat: Place = Place()
    message: "Placed | None" = None


class Sorted(msgspec.Struct):
    """What polling must know of an update before it is decoded: its number, and whose it is."""

    update_id: int
    message: Placed | None = None
    edited_message: Placed | None = None
    callback_query: Placed | None = None
    my_chat_member: Placed | None = None

    def chat(self) -> int:
        placed = self.message or self.edited_message or self.my_chat_member
        if placed is None and self.callback_query is not None:
            placed = self.callback_query.message
        return placed.chat.id if placed else 0


_sorted = msgspec.json.Decoder(Sorted)


class Polling:
    """Asks one bot for its updates, for as long as it is awaited.

    `take` answers when an update is on disk. The updates of a batch are taken in their chat's order, chats side by
    side; when one cannot be kept now, the whole batch is asked for again.
    """

    def __init__(
        self,
        api: Api,
        bot: str,
        take: Callable[[bytes], Awaitable[None]],
        reception: Reception,
        clock: Callable[[], datetime],
    ) -> None:
        self._api = api
        self._bot = bot
        self._take = take
        self._reception = reception
        self._clock = clock

    async def run(self) -> None:
        offset = await self._remembered()
        failures = 0
        while True:
            try:
                offset = await self._once(offset)
                failures = 0
            except (Away, Refusal, Unavailable) as trouble:
                failures += 1
                await self._mend(trouble, failures)

    async def _once(self, offset: int) -> int:
        """One question. Answers the next offset: 0 when all is confirmed, for numbers may start anew."""
        raw = await self._api.call(
            "getUpdates", deadline=WAIT + 10, offset=offset, timeout=WAIT, allowed_updates=ASKED_FOR
        )
        try:
            batch = [bytes(update) for update in _batch.decode(raw)]
        except ValueError:
            raise Away("not a list of updates") from None
        if not batch:
            return 0
        by_chat: dict[int, list[bytes]] = defaultdict(list)
        for update in batch:
            by_chat[_chat(update)].append(update)
        await _all(self._in_order(updates) for updates in by_chat.values())
        offset = max(number(update) for update in batch) + 1
        await self._reception.remember(
            "telegram.offset", {"bot": self._bot, "offset": offset, "at": self._clock().isoformat()}
        )
        return offset

    async def _in_order(self, updates: list[bytes]) -> None:
        for update in updates:
            await self._take(update)

    async def _remembered(self) -> int:
        while True:
            try:
                kept = await self._reception.remembered("telegram.offset")
                break
            except Unavailable as trouble:
                await self._mend(trouble, 3)
        if kept.get("bot") != self._bot or self._clock() - datetime.fromisoformat(kept["at"]) > FRESH:
            return 0
        return int(kept["offset"])

    async def _mend(self, trouble: Exception, failures: int) -> None:
        """Say what is wrong, and wait."""
        pause = min(2.0**failures / 2, LONGEST_PAUSE) * random.uniform(0.5, 1.0)
        if isinstance(trouble, Refusal):
            log.error("telegram refuses getUpdates", code=trouble.code, remedy=_remedy(trouble))
            pause = max(pause, trouble.retry_after)
            if trouble.code == 409 and "webhook" in trouble.description:
                await self._leave_webhook()
                pause = 0
            elif trouble.code in (401, 404):
                pause = LONGEST_PAUSE
        elif failures in (1, 5) or failures % 60 == 0:
            log.warning("telegram polling waits", cause=type(trouble).__name__, failures=failures)
        await asyncio.sleep(pause)

    async def _leave_webhook(self) -> None:
        """Polling was chosen, and a webhook still stands: take it down; waiting updates stay."""
        try:
            await self._api.call("deleteWebhook", drop_pending_updates=False)
        except (Away, Refusal) as trouble:
            log.warning("telegram webhook not taken down", cause=type(trouble).__name__)


async def _all(works: Any) -> None:
    """Run them side by side, let all of them end, then raise the first trouble."""
    for outcome in await asyncio.gather(*works, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome


def _chat(update: bytes) -> int:
    try:
        return _sorted.decode(update).chat()
    except (ValueError, RecursionError):
        return 0


def number(update: bytes) -> int:
    """The update's id, also where the rest cannot be decoded."""
    try:
        return _sorted.decode(update).update_id
    except (ValueError, RecursionError):
        found = re.search(rb'"update_id"\s*:\s*(\d{1,18})', update)
        return int(found[1]) if found else 0


def _remedy(refusal: Refusal) -> str:
    if refusal.code in (401, 404):
        return "the token in config.yaml (channels.telegram.token) is not, or no longer, this bot's: ask BotFather"
    if refusal.code == 409 and "webhook" in refusal.description:
        return "a webhook stood although mode is polling; it is being taken down"
    if refusal.code == 409:
        return "another process asks for this bot's updates: stop it, or give it a token of its own"
    return refusal.description[:200]
