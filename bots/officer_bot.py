"""A bot for officers, open: their commands in by polling or webhook, words for them out."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any, NamedTuple, Protocol

import httpx2
import structlog

from bots.api import Api, Away, Refusal
from bots.feed import ASKED_FOR, LONGEST_PAUSE, Feed, quietly
from bots.hook import Hook, Routes
from bots.settings import Settings
from desk.desk import Desk
from sop.errors import Unavailable
from sop.language import Language, languages
from sop.messages import Outgoing, Receipt
from sop.pace import Allowance

log = structlog.get_logger(__name__)

MENU_LINE = 256  # characters that Telegram takes for a command's description


class Listed(Protocol):
    """A command as a menu shows it."""

    @property
    def name(self) -> str: ...

    @property
    def alias(self) -> str: ...

    def help(self, language: Language) -> str: ...


class Kind(NamedTuple):
    """What makes one bot another. `library` is the file that imports python-telegram-bot and has `build`; `menus` are the
    parameters of each setMyCommands."""

    name: str
    library: str
    menus: Callable[[], list[dict[str, Any]]]


class OfficerBot:
    """The open bot. `listen` is for polling, `routes` for the webhook; both acknowledge only what is on disk."""

    def __init__(
        self, kind: Kind, settings: Settings, desk: Desk, http: httpx2.AsyncClient, allowance: Allowance
    ) -> None:
        self.name = kind.name
        self._kind = kind
        self._settings = settings
        self._allowance = allowance
        self._desk = desk
        token = settings.token.get_secret_value()
        self._api = Api(http, settings.api, token)
        self._feed = Feed(kind.name, token.partition(":")[0], desk, self._handle)
        self._loading = asyncio.create_task(self._load())
        self._greeted = asyncio.create_task(self._greet())
        self._introduced = asyncio.create_task(self._introduce())

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Raises SendFailed, and nothing else. The first one waits until the library is there."""
        receipt: Receipt = await (await self.sender()).send(outgoing)
        return receipt

    async def sender(self) -> Any:
        """What speaks, once the library is there."""
        return (await asyncio.shield(self._loading))[2]

    @property
    def polls(self) -> bool:
        return self._settings.mode == "polling"

    @property
    def refused(self) -> bool:
        """Telegram does not know our token (any more)."""
        return self._api.refused

    async def ready(self) -> None:
        """Returns once the library is there and Telegram has told the bot its name."""
        await asyncio.shield(self._greeted)

    async def listen(self) -> None:
        """Ask for updates until cancelled. Returns at once in webhook mode."""
        if self.polls:
            await self.ready()
            await self._feed.poll(self._api)

    def routes(self) -> Routes:
        if self.polls or self._settings.secret is None:
            return ()
        secret = self._settings.secret.get_secret_value().encode()
        return ((f"/hooks/{self.name}", Hook(secret, self._feed.take)),)

    async def stop(self) -> None:
        for task in (self._introduced, self._greeted):
            task.cancel()
        await asyncio.gather(self._introduced, self._greeted, return_exceptions=True)
        app = (await asyncio.gather(self._loading, return_exceptions=True))[0]
        if not isinstance(app, BaseException):
            await app[0].bot.shutdown()

    async def _handle(self, update: dict[str, Any]) -> None:
        """Raises Unavailable until Telegram has told the bot its name, so that nothing is acknowledged before."""
        if not self._greeted.done():
            raise Unavailable("the bot is not ready yet")
        _, handlers, _ = self._loading.result()
        await handlers.handle(update)

    async def _load(self) -> Any:
        """The library costs seconds to import: in a thread, after the port answers."""
        os.environ.setdefault("PTB_TIMEDELTA", "true")  # else every 429 is a deprecation warning
        library = await asyncio.to_thread(import_module, self._kind.library)
        for name in ("telegram", "httpx", "httpcore"):
            logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger(name).level))
        token = self._settings.token.get_secret_value()
        return await asyncio.to_thread(library.build, token, self._settings.api, self._desk, self._allowance)

    async def _greet(self) -> None:
        """getMe, again until Telegram answers: a Telegram that is away must not keep the desk from starting."""
        app, _, _ = await asyncio.shield(self._loading)
        pause = 0.5
        while True:
            try:
                await app.initialize()
                return
            except Exception as error:
                log.warning("telegram does not know the bot yet", bot=self.name, cause=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _introduce(self) -> None:
        """Tell Telegram our address, in webhook mode, and our menus."""
        pause = 0.5
        while not await self._address_told():
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        for menu in self._kind.menus():
            await quietly(self._api.call("setMyCommands", **menu))

    async def _address_told(self) -> bool:
        if self.polls or self._settings.secret is None:
            return True
        try:
            await self._api.call(
                "setWebhook",
                url=f"{self._desk.public_url.rstrip('/')}/hooks/{self.name}",
                secret_token=self._settings.secret.get_secret_value(),
                allowed_updates=ASKED_FOR,
            )
        except (Away, Refusal) as trouble:
            log.warning("webhook not set yet", bot=self.name, cause=str(trouble))
            return False
        return True


def menus(scope: str, commands: Iterable[Listed]) -> list[dict[str, Any]]:
    """One scope's menu in each language: names in the reader's language; what follows the dash of a help line says what
    the command does."""
    return [
        {
            "commands": [_entry(command, language) for command in commands],
            "scope": {"type": scope},
            "language_code": "" if language == languages[0] else language,
        }
        for language in languages
    ]


def _entry(command: Listed, language: Language) -> dict[str, str]:
    line = command.help(language).partition(" - ")[2]
    return {"command": command.alias if language == "en" else command.name, "description": line[:MENU_LINE]}


@asynccontextmanager
async def connection() -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False, limits=httpx2.Limits(keepalive_expiry=20)) as http:
        yield http
