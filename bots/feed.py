"""A bot's updates, by our own long polling or webhook: acknowledged only after what they ask for is on disk (P1)."""

import asyncio
import json
import random
from collections import defaultdict
from collections.abc import Awaitable, Iterable
from datetime import datetime, timedelta
from typing import Any, Protocol
from weakref import WeakValueDictionary

import msgspec
import structlog

from bots.api import Api, Away, Refusal
from bots.hook import Malformed
from desk import inbound
from desk.desk import Desk
from sop.errors import Unavailable
from store import memory

log = structlog.get_logger(__name__)

ASKED_FOR = ["message", "callback_query", "my_chat_member"]
WAIT = 25  # seconds that Telegram keeps an empty question open
LONGEST_PAUSE = 30.0
FRESH = timedelta(days=6)  # after a week without updates Telegram starts their numbers anew
Update = dict[str, Any]

_batch = msgspec.json.Decoder(list[msgspec.Raw])


class Handler(Protocol):
    """What is done with one update. Raises what it met: `Unavailable` leaves the update with Telegram."""

    async def __call__(self, update: Update) -> None: ...


class Feed:
    """Updates of one chat are handled in order, chats side by side. What cannot be handled is parked raw, by name."""

    def __init__(self, name: str, bot: str, desk: Desk, handle: Handler) -> None:
        self._name = name
        self._bot = bot
        self._desk = desk
        self._handle = handle
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def take(self, raw: bytes) -> None:
        """One update of the webhook; answers when it is done. Raises Malformed, Unavailable."""
        update = decoded(raw)
        lock = self._turns.setdefault(chat_of(update), asyncio.Lock())
        async with lock:
            await self._once(update, raw)

    async def poll(self, api: Api) -> None:
        """Ask for updates until cancelled."""
        offset = await self._remembered()
        failures, done = 0, set[int]()
        while True:
            try:
                offset = await self._question(api, offset, done)
                failures, done = 0, set()
            except (Away, Refusal, Unavailable) as trouble:
                failures += 1
                await _mend(api, self._name, trouble, failures)

    async def _question(self, api: Api, offset: int, done: set[int]) -> int:
        """One question. Answers the next offset: 0 when all is confirmed, for numbers may start anew.

        `done` holds what was handled of a batch whose rest met trouble.
        """
        result = await api.call(
            "getUpdates", deadline=WAIT + 10, offset=offset, timeout=WAIT, allowed_updates=ASKED_FOR
        )
        try:
            batch = [(decoded(bytes(raw)), bytes(raw)) for raw in _batch.decode(result)]
        except (ValueError, Malformed):
            raise Away("not a list of updates") from None
        if not batch:
            return 0
        by_chat: dict[int, list[tuple[Update, bytes]]] = defaultdict(list)
        for update, raw in batch:
            if update["update_id"] not in done:
                by_chat[chat_of(update)].append((update, raw))
        await _all(self._in_order(updates, done) for updates in by_chat.values())
        offset = max(int(update["update_id"]) for update, _ in batch) + 1
        value = {"bot": self._bot, "offset": offset, "at": self._desk.clock().isoformat()}
        await self._desk.db.write(inbound.remember, f"{self._name}.offset", value)
        return offset

    async def _in_order(self, updates: list[tuple[Update, bytes]], done: set[int]) -> None:
        for update, raw in updates:
            await self._once(update, raw)
            done.add(update["update_id"])

    async def _once(self, update: Update, raw: bytes) -> None:
        """Returns when it is on disk, handled or parked. Raises Unavailable."""
        try:
            await self._handle(update)
        except Unavailable:
            raise
        except Exception as error:
            log.error("update parked", bot=self._name, cause=type(error).__name__)
            number, reason = str(update["update_id"]), f"{type(error).__name__}: {error}"[:500]
            await self._desk.db.write(inbound.park, self._name, number, raw, None, reason, self._desk.clock())

    async def _remembered(self) -> int:
        failures = 0
        while True:
            try:
                kept = await self._desk.db.read(memory.get, f"{self._name}.offset")
                break
            except Unavailable:
                failures += 1
                await asyncio.sleep(_pause(failures))
        if kept.get("bot") != self._bot:
            return 0
        if self._desk.clock() - datetime.fromisoformat(kept["at"]) > FRESH:
            return 0
        return int(kept["offset"])


def decoded(raw: bytes) -> Update:
    """The update as a plain dict. Raises Malformed: not JSON, or without a number."""
    try:
        update = json.loads(raw)
    except (ValueError, RecursionError):
        raise Malformed("not JSON") from None
    if not isinstance(update, dict) or type(update.get("update_id")) is not int:
        raise Malformed("not an update")
    return update


def chat_of(update: Update) -> int:
    """Whose turn it is; 0 for an update of no chat."""
    for kind in ASKED_FOR:
        found = update.get(kind)
        if isinstance(found, dict):
            message = found.get("message") if kind == "callback_query" else found
            chat = message.get("chat") if isinstance(message, dict) else None
            number = chat.get("id") if isinstance(chat, dict) else None
            return number if isinstance(number, int) else 0
    return 0


async def _all(works: Iterable[Awaitable[None]]) -> None:
    """Run them side by side, let all of them end, then raise the first trouble."""
    for outcome in await asyncio.gather(*works, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome


def _pause(failures: int) -> float:
    return min(2.0 ** min(failures, 10) / 2, LONGEST_PAUSE) * random.uniform(0.5, 1.0)


async def _mend(api: Api, name: str, trouble: Exception, failures: int) -> None:
    """Say what is wrong, and wait. A webhook that still stands although polling was chosen is taken down."""
    pause = _pause(failures)
    if isinstance(trouble, Refusal):
        log.error("telegram refuses getUpdates", bot=name, code=trouble.code, remedy=_remedy(trouble, name))
        pause = max(pause, trouble.retry_after)
        if trouble.code == 409 and "webhook" in trouble.description:
            pause = 0 if await quietly(api.call("deleteWebhook", drop_pending_updates=False)) else pause
        elif trouble.code in (401, 404):
            pause = LONGEST_PAUSE
    elif failures in (1, 5) or failures % 60 == 0:
        log.warning("polling waits", bot=name, cause=type(trouble).__name__, failures=failures)
    await asyncio.sleep(pause)


async def quietly(call: Awaitable[Any]) -> bool:
    """A call whose failure only the log needs to know."""
    try:
        await call
    except (Away, Refusal) as trouble:
        log.warning("telegram call failed", cause=str(trouble))
        return False
    return True


def _remedy(refusal: Refusal, name: str) -> str:
    if refusal.code in (401, 404):
        return f"the token in config.yaml (bots.{name}.token) is not, or no longer, this bot's: ask BotFather"
    if refusal.code == 409 and "webhook" in refusal.description:
        return "a webhook stood although mode is polling; it is being taken down"
    if refusal.code == 409:
        return "another process asks for this bot's updates: stop it, or give it a token of its own"
    return refusal.description[:200]
