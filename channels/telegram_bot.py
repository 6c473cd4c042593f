"""Messages out, by aiogram. `channels.telegram` imports this file in a thread: aiogram costs seconds."""

import asyncio
import gc
import re
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import structlog
from aiogram import Bot
from aiogram import exceptions as refusal
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import Response, SendChatAction, SendMessage
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from msgspec.structs import replace
from pydantic import TypeAdapter

from channels.pace import Departure, Pace, in_parts
from channels.telegram_files import Method, action, captioned, form_of, grouped, in_albums
from channels.telegram_posts import done_already, number, otherwise, touched
from channels.telegram_session import Session
from channels.telegram_uploads import STALE, Sent, Uploaded
from sop.errors import N_
from sop.messages import RANK, File, Outgoing, Priority, Receipt, SendFailed, touches
from sop.preview import CAPTION
from sop.text import split, utf16_length

log = structlog.get_logger(__name__)

LARGEST_UPLOAD = 50_000_000
SIGNS = 4  # signs of an upload that are under way together; further messages go without
RIGHTS = re.compile(
    "not enough rights|need administrator rights|have no rights|CHAT_ADMIN_REQUIRED|CHAT_WRITE_FORBIDDEN"
)
SIGN = 5.0  # seconds that one may take, and that Telegram shows it


def warm() -> None:
    """Let pydantic build now what reads Telegram's answers: at the first message it would hold up the loop for a second.

    What a library built is for good; kept out of the collector's sight, no full collection walks it for a fifth of one.
    """
    for built in (Response[Message], Response[list[Message]], Response[bool], Response[Message | bool]):
        TypeAdapter(built)
    gc.freeze()


class Where(NamedTuple):
    """A chat, the topic in it, and the business connection through which it is written."""

    chat: int | str
    topic: int | None
    business: str | None

    @property
    def group(self) -> bool:
        return isinstance(self.chat, str) or self.chat < 0


class Become:
    """What one message became with Telegram: the posts so far, and the files that are still to be posted."""

    __slots__ = ("files", "ids")

    def __init__(self, files: Sequence[Sent]) -> None:
        self.ids: list[str] = []
        self.files = iter(files)


class Sender:
    """Sends outbox rows through one bot, at Telegram's pace."""

    def __init__(
        self,
        *,
        token: str,
        api: str,
        public_url: str,
        files_root: Path,
        pace: Pace,
        paid: float | None = None,
    ) -> None:
        """`paid`: announcements a second where the bot's owner pays Telegram for them."""
        self._bot = Bot(token, session=Session(TelegramAPIServer.from_base(api)))
        self._public_url = public_url
        self._root = files_root
        self._pace = pace
        self._paid = pace.beside(paid) if paid else None
        self._uploaded = Uploaded()
        self._signs: set[asyncio.Task[None]] = set()

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Raises SendFailed, and nothing else. A word of our machine's own ends with the status page's address."""
        where = _where(outgoing)
        try:
            methods = self._methods(outgoing, where)
        except ValueError:
            raise SendFailed(
                N_("Pesan ini tidak dapat disusun untuk Telegram; periksa teks dan tombolnya.")
            ) from None
        become = Become(self._sent(outgoing) if self._shared(outgoing) else ())
        paid = self._paid if outgoing.priority is Priority.BROADCAST else None
        if paid is not None:
            methods = [_paid_for(method) for method in methods]
        pace = paid or self._pace
        left: list[Departure] = []
        parts = [partial(self._answered, pace, left, where, method, become, outgoing) for method in methods]
        if not parts:
            raise SendFailed(N_("Pesan ini kosong: tidak ada teks dan tidak ada berkas."))
        if not self._shared(outgoing):
            self._show_upload(where, outgoing.files)

        async def turn() -> None:
            left.append(await pace.turn(str(where.chat), group=where.group, rank=RANK[outgoing.priority]))

        first = await in_parts(parts, turn)
        return Receipt(external_id=first, more=tuple(each for each in become.ids if each != first))

    def _show_upload(self, where: Where, files: tuple[File, ...]) -> None:
        """Telegram shows that a file is on its way. Beside the line: nothing waits for it, and nobody asks what came of it."""
        if files and len(self._signs) < SIGNS:
            method = SendChatAction(
                chat_id=where.chat,
                action=action(files[0]),
                message_thread_id=where.topic,
                business_connection_id=where.business,
            )
            sign = asyncio.create_task(self._sign(method))
            self._signs.add(sign)
            sign.add_done_callback(self._signs.discard)

    async def _sign(self, method: SendChatAction) -> None:
        try:
            async with asyncio.timeout(SIGN):
                await self._bot(method)
        except (SendFailed, refusal.AiogramError, TimeoutError) as error:
            log.info("no sign of an upload", cause=type(error).__name__)

    async def close(self) -> None:
        """No sign and no connection goes on after the channel."""
        for sign in self._signs:
            sign.cancel()
        await asyncio.gather(*self._signs, return_exceptions=True)
        await self._bot.session.close()

    def _methods(self, outgoing: Outgoing, where: Where) -> list[Method]:
        keyboard = _keyboard(outgoing)
        methods = (
            touched(outgoing, where.chat, where.business)
            if touches(outgoing)
            else self._new(outgoing, where, alone=keyboard is not None)
        )
        if methods and keyboard is not None:
            methods[-1] = methods[-1].model_copy(update={"reply_markup": keyboard})
        return methods

    def _new(self, outgoing: Outgoing, where: Where, *, alone: bool) -> list[Method]:
        text = outgoing.text
        if outgoing.link and outgoing.auto:
            text = f"{text}\n\n{self._public_url}/status/{outgoing.link}".strip()
        common = _common(outgoing, where)
        known = self._uploaded.name if self._shared(outgoing) else lambda _: ""
        files = [(file, self._path(file)) for file in outgoing.files]
        methods: list[Method] = []
        for album in in_albums(files, alone=alone):
            methods.append(grouped(album, common, known))
        if text and len(methods) == 1 and utf16_length(text) <= CAPTION:
            methods = [captioned(methods[0], text)]
        elif text:
            methods = [*_worded(text, common), *methods]
        return methods

    @staticmethod
    def _shared(outgoing: Outgoing) -> bool:
        """The same files go to thousands."""
        return outgoing.priority is Priority.BROADCAST and bool(outgoing.files) and not touches(outgoing)

    def _sent(self, outgoing: Outgoing) -> list[Sent]:
        return [(form_of((file, self._path(file))), file.path) for file in outgoing.files]

    def _path(self, file: File) -> Path:
        path = self._root / file.path
        if not file.path or not path.is_file():
            raise SendFailed(f"Berkas {file.name or file.path} tidak ada lagi di penyimpanan.")
        if path.stat().st_size > LARGEST_UPLOAD:
            raise SendFailed(f"Berkas {file.name} lebih besar dari 50 MB; Telegram tidak menerimanya.")
        return path

    async def _answered(
        self,
        pace: Pace,
        left: list[Departure],
        where: Where,
        method: Method,
        become: Become,
        outgoing: Outgoing,
    ) -> str:
        """The request whose turn came last; the pace hears when Telegram had counted it at the latest."""
        try:
            return await self._call(where, method, become, outgoing)
        finally:
            pace.answered(left[-1])

    async def _call(self, where: Where, method: Method, become: Become, outgoing: Outgoing) -> str:
        """One request. Answers the first message's id as `Incoming.message_id` writes it; `become` gets all of them."""
        try:
            answer: Any = await self._bot(method)
        except SendFailed:
            raise
        except refusal.TelegramRetryAfter as wait:
            self._pace.hold(str(where.chat), wait.retry_after)
            raise SendFailed(
                N_("Telegram meminta menunggu."), retry=timedelta(seconds=wait.retry_after)
            ) from None
        except refusal.TelegramBadRequest as bad:
            if STALE.search(bad.message) and outgoing.files:
                self._uploaded.forget(self._sent(outgoing))
                raise SendFailed(
                    N_("Telegram meminta berkasnya diunggah lagi."), retry=timedelta(0)
                ) from None
            if done_already(method, bad.message):
                return _named(where, method)
            if other := otherwise(method, bad.message, outgoing, where.chat):
                return await self._call(where, other, become, replace(outgoing, text=""))
            raise _failure(bad, where) from None
        except refusal.AiogramError as error:
            raise _failure(error, where) from None
        if isinstance(answer, bool):  # nothing new stands there
            return _named(where, method)
        made = answer if isinstance(answer, list) else [answer]
        if len(made) > 1:  # Telegram counts each picture of an album
            self._pace.hold(str(where.chat), float(len(made)))
        self._uploaded.learn(become.files, made)
        become.ids += [f"{message.chat.id}:{message.message_id}" for message in made]
        return become.ids[-len(made)]


def _named(where: Where, method: Method) -> str:
    """The post that a method is about, as `Incoming.message_id` writes it."""
    return f"{where.chat}:{getattr(method, 'message_id', 0)}"


def _paid_for(method: Method) -> Method:
    """Announcements that the bot's owner pays for leave beside the free allowance."""
    fits = "allow_paid_broadcast" in type(method).model_fields
    return method.model_copy(update={"allow_paid_broadcast": True}) if fits else method


def _failure(error: refusal.AiogramError, where: Where) -> SendFailed:
    """A refusal of Telegram's in words; what is not said to pass by itself is for good."""
    if isinstance(error, refusal.TelegramMigrateToChat):
        return SendFailed(N_("Grup ini pindah alamat."), moved_to=str(error.migrate_to_chat_id))
    if isinstance(error, refusal.TelegramForbiddenError) and where.group:
        return SendFailed(
            N_("Bot kita bukan lagi anggota atau admin di sana; jadikan admin yang boleh mengirim")
            + f": {error.message}",
            blocked=True,
        )
    if isinstance(error, refusal.TelegramForbiddenError):
        return SendFailed(N_("Orang ini memblokir kita di Telegram") + f": {error.message}", blocked=True)
    if isinstance(error, refusal.TelegramUnauthorizedError):
        return SendFailed(
            N_("Telegram menolak token bot kita; periksa pengaturan."),
            retry=timedelta(minutes=1),
            refused=True,
        )
    if isinstance(error, refusal.ClientDecodeError):
        return SendFailed(N_("Jawaban Telegram tidak terbaca."), unknown=True)
    if isinstance(error, refusal.TelegramBadRequest) and "chat not found" in error.message and where.group:
        return SendFailed(
            N_("Saluran atau grup itu tidak ada lagi, atau bot kita belum dimasukkan ke sana."), blocked=True
        )
    if isinstance(error, refusal.TelegramBadRequest) and RIGHTS.search(error.message):
        return SendFailed(
            N_(
                "Bot kita tidak berhak melakukannya di sana; jadikan admin dengan hak kirim, ubah, hapus, dan sematkan"
            )
            + f": {error.message}"
        )
    if isinstance(error, refusal.TelegramBadRequest) and "chat not found" in error.message:
        return SendFailed(
            N_("Orang ini belum pernah menyapa bot kita, atau akunnya sudah tidak ada."), blocked=True
        )
    words = error.message if isinstance(error, refusal.TelegramAPIError) else type(error).__name__
    return SendFailed(N_("Telegram menolak pesan ini") + f": {words}")


def _where(outgoing: Outgoing) -> Where:
    chat, _, business = (
        outgoing.to.partition("@") if not outgoing.to.startswith("@") else (outgoing.to, "", "")
    )
    topic = outgoing.key.rpartition(":")[2] if ":" in outgoing.key else ""
    try:
        return Where(
            chat if chat.startswith("@") else int(chat), int(topic) if topic else None, business or None
        )
    except ValueError:
        raise SendFailed(f"Alamat Telegram {outgoing.to!r} tidak sah.") from None


def _common(outgoing: Outgoing, where: Where) -> dict[str, Any]:
    answered = number(outgoing.reply_to)
    reply = None
    if answered:
        reply = ReplyParameters(message_id=answered, allow_sending_without_reply=True)
    return {
        "chat_id": where.chat,
        "message_thread_id": where.topic,
        "business_connection_id": where.business,
        "reply_parameters": reply,
    }


def _worded(text: str, common: dict[str, Any]) -> list[Method]:
    return [
        SendMessage(text=part, link_preview_options=LinkPreviewOptions(is_disabled=True), **common)
        for part in split(text)
    ]


def _keyboard(outgoing: Outgoing) -> InlineKeyboardMarkup | None:
    if not outgoing.buttons:
        return None
    rows = [
        [
            InlineKeyboardButton(text=button.label, url=button.url)
            if button.url
            else InlineKeyboardButton(text=button.label, callback_data=button.data)
            for button in row
        ]
        for row in outgoing.buttons
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows)
