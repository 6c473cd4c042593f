"""The public's Telegram bot: updates in by polling or webhook, messages out through aiogram."""

import asyncio
import hashlib
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, Protocol, Self

import httpx2
import msgspec
import pydantic
import structlog

from channels.pace import Pace
from channels.telegram_api import Api, Away, Refusal
from channels.telegram_decode import NAME, parse
from channels.telegram_groups import ignored, pointer
from channels.telegram_places import inspect
from channels.telegram_poll import LONGEST_PAUSE, Polling, number
from channels.telegram_updates import ASKED_FOR, Malformed, Unreadable, Update, User, decode
from channels.webhook import Hook, Refused, Routes, Scope, hand_over, header, same
from sop.errors import N_, StillUnreadable, Unavailable
from sop.messages import Delivered, File, Incoming, Outgoing, Presence, Receipt, Reception, SendFailed
from sop.place import Inspection

log = structlog.get_logger(__name__)

SHORTEST_SECRET = 16
FREE, PAID = 30.0, 1000.0  # messages a second that Telegram allows one bot in all
REMEMBERED = "telegram.me"  # our own name, which the links of doors need
POINTED = 60.0  # seconds in which a group is pointed to the private chat once
ECHO = 10.0  # seconds
SIGN = 5.0  # seconds for which Telegram shows that somebody writes
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
COMMANDS = {
    "": (
        ("lapor", "menyampaikan laporan atau pertanyaan"),
        ("status", "melihat sampai di mana laporan Anda"),
        ("langganan", "memilih pengumuman yang ingin Anda terima"),
        ("bantuan", "cara memakai layanan ini"),
        ("berhenti", "berhenti menerima pesan otomatis"),
    ),
    "en": (
        ("report", "send a report or a question"),
        ("status", "see where your report stands"),
        ("subscribe", "choose the announcements you want to hear"),
        ("help", "how to use this service"),
        ("stop", "receive no more automatic messages"),
    ),
}
"""Menu of the private chat by client language; "" is for every other one."""


class Settings(pydantic.BaseModel, frozen=True, extra="forbid"):
    """`channels.telegram` of config.yaml."""

    token: pydantic.SecretStr
    mode: Literal["polling", "webhook"] = "polling"
    secret: pydantic.SecretStr = pydantic.SecretStr("")
    api: str = "https://api.telegram.org"
    paid_broadcast: bool = False  # the bot's owner pays Telegram in stars for 1000 messages a second

    @pydantic.model_validator(mode="after")
    def _refuses_to_start_without_its_secrets(self) -> Self:
        bot, _, key = self.token.get_secret_value().partition(":")
        if not bot.isdigit() or not key:
            raise ValueError(
                N_("token kosong atau bukan token bot; salin dari BotFather, bentuknya 123456:ABC...")
            )
        secret = self.secret.get_secret_value()
        if self.mode == "webhook" and len(secret) < SHORTEST_SECRET:
            raise ValueError(
                f"mode webhook memerlukan secret, paling sedikit {SHORTEST_SECRET} karakter acak"
            )
        if self.mode == "webhook" and not all(c.isascii() and (c.isalnum() or c in "_-") for c in secret):
            raise ValueError(N_("secret hanya boleh berisi huruf, angka, garis bawah dan tanda hubung"))
        return self


class Sender(Protocol):
    """`channels.telegram_bot.Sender`, which brings aiogram with it."""

    async def send(self, outgoing: Outgoing) -> Receipt: ...
    async def close(self) -> None: ...


class Telegram:
    """The open channel. `listen` is for polling, `routes` for the webhook; both acknowledge only what is on disk."""

    name = NAME

    def __init__(
        self,
        settings: Settings,
        api: Api,
        reception: Reception,
        clock: Callable[[], datetime],
        public_url: str,
    ) -> None:
        self._settings = settings
        self._api = api
        self._reception = reception
        self._clock = clock
        self._public_url = public_url
        self._secret = settings.secret.get_secret_value().encode()
        self.username = ""
        self.ignored: Counter[str] = Counter()  # posts of groups and channels, by the kind of chat
        self._pointed: dict[str, float] = {}
        self._signed: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._sender: asyncio.Task[Sender] | None = None

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Raises SendFailed, and nothing else. The first one waits until the library is there."""
        assert self._sender is not None
        sender = await asyncio.shield(self._sender)
        return await sender.send(outgoing)

    def fetch(self, file: File) -> AsyncIterator[bytes]:
        """The bytes of a file that is still with Telegram. Raises TooLarge, SendFailed (`retry`: later)."""
        return self._api.download(file.remote)

    def routes(self) -> Routes:
        return (
            (("/hooks/telegram", Hook(self._admit, self._hook)),) if self._settings.mode == "webhook" else ()
        )

    @property
    def polls(self) -> bool:
        return self._settings.mode == "polling"

    @property
    def refused(self) -> bool:
        """Telegram does not know our token (any more)."""
        return self._api.refused

    async def listen(self) -> None:
        """Ask for updates until cancelled. Returns at once in webhook mode."""
        if self.polls:
            bot = self._settings.token.get_secret_value().partition(":")[0]
            await Polling(self._api, bot, self._taken_or_parked, self._reception, self._clock).run()

    def _admit(self, scope: Scope) -> bool:
        return same(header(scope, b"x-telegram-bot-api-secret-token"), self._secret)

    async def _hook(self, scope: Scope, body: bytes) -> None:
        try:
            await self._take(body)
        except Malformed:
            raise Refused(400) from None

    async def _taken_or_parked(self, raw: bytes) -> None:
        try:
            await self._take(raw)
        except Malformed as error:
            name = str(number(raw) or hashlib.sha256(raw).hexdigest())
            await self._reception.park(NAME, name, raw, str(error))

    async def redecode(self, raw: bytes, at: datetime) -> Incoming | Presence | Delivered:
        """A parked update once more, received `at`. Raises StillUnreadable."""
        try:
            word = parse(raw, at)
        except (Malformed, Unreadable) as error:
            raise StillUnreadable(str(error)) from error
        if word is None:
            raise StillUnreadable(N_("kabar tanpa isi untuk meja"))
        return word

    async def _take(self, raw: bytes) -> None:
        """One update. Returns when it is on disk, taken in or parked. Raises Malformed, Unavailable."""
        try:
            update = decode(raw)
            word = parse(update, self._clock(), raw)
        except Unreadable as error:
            return await self._reception.park(NAME, error.external_id, raw, error.reason)
        if word is not None:
            await hand_over(self._reception, word, raw)
        else:
            self._point_to_private(update)
        self._answer_button(update)
        return None

    def _point_to_private(self, update: Update) -> None:
        """Nothing of a group is kept. Who spoke to us there is shown the private chat: once a minute and group, no more."""
        if kind := ignored(update):
            self.ignored[kind] += 1
        bot = int(self._settings.token.get_secret_value().partition(":")[0])
        words = pointer(update, NAME, bot, self.username)
        now = asyncio.get_running_loop().time()
        if words is None or now - self._pointed.get(words.to, -POINTED) < POINTED:
            return
        self._pointed = {to: at for to, at in self._pointed.items() if now - at < POINTED} | {words.to: now}
        self._in_background(self._echo(words))

    async def _echo(self, words: Outgoing) -> None:
        """A word that answers one's own, about no case: its failure only the log hears."""
        try:
            async with asyncio.timeout(ECHO):
                await self.send(words)
        except (SendFailed, TimeoutError) as failure:
            log.info("not pointed to the private chat", cause=type(failure).__name__)

    def _answer_button(self, update: Update) -> None:
        """Telegram shows a waiting sign on a pressed button until it is answered, once."""
        if update.callback_query is not None:
            self._in_background(self._call("answerCallbackQuery", callback_query_id=update.callback_query.id))

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _call(self, method: str, **params: Any) -> None:
        """A call whose failure only the log needs to know."""
        try:
            await self._api.call(method, **params)
        except (Away, Refusal) as trouble:
            code = trouble.code if isinstance(trouble, Refusal) else 0
            log.warning("telegram call failed", method=method, cause=type(trouble).__name__, code=code)

    def link(self, payload: str) -> str:
        """A deep link that opens a chat with us and hands us `payload` as `Incoming.token`; "" until we know our name.

        `payload` is opaque: at most 64 letters, digits, "_" and "-". Raises ValueError for any other.
        """
        if not PAYLOAD.fullmatch(payload):
            raise ValueError("deep link payload")
        return f"https://t.me/{self.username}?start={payload}" if self.username else ""

    async def inspect(self, address: str) -> Inspection:
        """What a channel or group is, and whether we may post there. Never raises."""
        return await inspect(
            self._api, int(self._settings.token.get_secret_value().partition(":")[0]), address
        )

    def typing(self, to: str) -> None:
        """Show that somebody is writing an answer; it fades after five seconds, and is shown no oftener."""
        now = asyncio.get_running_loop().time()
        if now - self._signed.get(to, -SIGN) < SIGN:
            return
        self._signed = {chat: at for chat, at in self._signed.items() if now - at < SIGN} | {to: now}
        chat, _, business = to.partition("@")
        more = {"business_connection_id": business} if business else {}
        self._in_background(self._call("sendChatAction", chat_id=int(chat), action="typing", **more))

    async def _introduce(self) -> None:
        """Learn our own name, tell Telegram our menus and, in webhook mode, our address; again until it is told."""
        pause = 1.0
        while not await self._introduced():
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        for language, commands in COMMANDS.items():
            menu = [{"command": command, "description": words} for command, words in commands]
            scope = {"type": "all_private_chats"}
            await self._call("setMyCommands", commands=menu, scope=scope, language_code=language)

    async def _introduced(self) -> bool:
        try:
            self.username = msgspec.json.decode(await self._api.call("getMe"), type=User).username
            await self._reception.remember(REMEMBERED, {"username": self.username})
            if self.polls:
                return True
            await self._api.call(
                "setWebhook",
                url=f"{self._public_url}/hooks/telegram",
                secret_token=self._secret.decode(),
                allowed_updates=ASKED_FOR,
            )
        except (Away, Refusal, Unavailable, ValueError) as trouble:
            log.warning("telegram does not know us yet", cause=str(trouble))
            return False
        return True

    def start(self, sender: asyncio.Task[Sender]) -> None:
        self._sender = sender
        self._in_background(self._introduce())

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._sender is not None and self._sender.done() and not self._sender.cancelled():
            await self._sender.result().close()


async def _load(settings: Settings, public_url: str, files_root: Path) -> Sender:
    """aiogram costs seconds to import: in a thread, after the port answers."""
    library = await asyncio.to_thread(import_module, "channels.telegram_bot")
    await asyncio.to_thread(library.warm)
    sender: Sender = library.Sender(
        token=settings.token.get_secret_value(),
        api=settings.api,
        public_url=public_url,
        files_root=files_root,
        pace=Pace(FREE, clock=time.monotonic),
        paid=PAID if settings.paid_broadcast else None,
    )
    return sender


@asynccontextmanager
async def open_channel(
    settings: Settings,
    reception: Reception,
    *,
    clock: Callable[[], datetime],
    public_url: str,
    files_root: Path,
    secret: str = "",
) -> AsyncIterator[Telegram]:
    """The channel, open for as long as the block runs. `secret` is the desk's; Telegram needs none of it."""
    async with httpx2.AsyncClient(trust_env=False, limits=httpx2.Limits(keepalive_expiry=20)) as http:
        api = Api(http, settings.api, settings.token.get_secret_value())
        public_url = public_url.rstrip("/")
        channel = Telegram(settings, api, reception, clock, public_url)
        loading = asyncio.create_task(_load(settings, public_url, files_root))
        channel.start(loading)
        try:
            yield channel
        finally:
            loading.cancel()
            await channel.stop()
