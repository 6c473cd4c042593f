"""Words for officers, by python-telegram-bot: outbox rows, and the echo of one's own command."""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import timedelta

import httpx
import structlog
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram import error as refusal

from bots.sender_place import Place
from sop.errors import N_
from sop.messages import Button, Outgoing, Receipt, SendFailed
from sop.pace import Allowance
from sop.text import split

log = structlog.get_logger(__name__)

DEADLINE = 30.0  # seconds for one outbox row, waiting for its turn included
ECHO = 5.0  # seconds for the echo of a command
NOW = timedelta(0)
PLAIN = LinkPreviewOptions(is_disabled=True)
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

Buttons = tuple[tuple[Button, ...], ...]


class Sender:
    """Sends through one bot at Telegram's pace. Fits `desk.delivery.Sender` by shape."""

    def __init__(self, bot: Bot, allowance: Allowance) -> None:
        self._bot = bot
        self._allowance = allowance

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Raises SendFailed, and nothing else."""
        place = _place(outgoing)
        if outgoing.edits:
            number = outgoing.edits.rpartition(":")[2]
            if not number.isdigit():
                raise SendFailed(N_("Hanya pesan kita sendiri yang dapat diubah."))
            await self._edited(place, int(number), outgoing.text, outgoing.buttons)
            return Receipt(external_id=outgoing.edits)
        parts = split(outgoing.text)
        if not parts or outgoing.files:
            raise SendFailed(N_("Bot petugas hanya mengirim teks; pesan ini kosong atau membawa berkas."))
        return Receipt(external_id=await self._posted(place, parts, outgoing.buttons))

    async def echo(self, place: Place, text: str, buttons: Buttons = ()) -> None:
        """The answer to an officer's own command, within 5 seconds; that it failed only the log hears."""
        await self._echoed(self._all_posted(place, text, buttons), "echo")

    async def edit(self, place: Place, number: int, text: str, buttons: Buttons = ()) -> None:
        """A card becomes its result; that it failed only the log hears."""
        await self._echoed(self._edited(place, number, text, buttons), "edit")

    async def answer(self, press: str, text: str, *, alert: bool = False) -> None:
        """Telegram shows a waiting sign on a pressed button until it is answered, once."""
        try:
            await self._bot.answer_callback_query(press, text[:200] or None, show_alert=alert or None)
        except refusal.TelegramError as error:
            log.warning("button not answered", cause=type(error).__name__)

    async def _echoed(self, work: Awaitable[object], what: str) -> None:
        try:
            async with asyncio.timeout(ECHO):
                await work
        except (SendFailed, TimeoutError) as error:
            log.warning("not echoed", what=what, cause=type(error).__name__)

    async def _all_posted(self, place: Place, text: str, buttons: Buttons) -> None:
        await self._posted(place, split(text), buttons)

    async def _posted(self, place: Place, parts: Sequence[str], buttons: Buttons) -> str:
        """Post the parts in order, the buttons under the last. When only some left, the whole is `unknown`."""
        sent: list[str] = []
        for part in parts:
            keyboard = _keyboard(buttons) if part is parts[-1] else None
            try:
                sent.append(await self._post(place, part, keyboard))
            except SendFailed as failure:
                if not sent:
                    raise
                said = f"Baru {len(sent)} dari {len(parts)} bagian terkirim. {failure.reason}"
                raise SendFailed(said, unknown=True, blocked=failure.blocked) from None
        return sent[0]

    async def _post(self, place: Place, text: str, keyboard: InlineKeyboardMarkup | None) -> str:
        await self._turn(place)
        reply = None
        if place.message is not None:
            reply = ReplyParameters(place.message, allow_sending_without_reply=True)
        try:
            message = await self._bot.send_message(
                place.chat,
                text,
                message_thread_id=place.topic,
                reply_markup=keyboard,
                reply_parameters=reply,
                link_preview_options=PLAIN,
            )
        except refusal.TelegramError as error:
            raise self._failure(place, error) from None
        return f"{message.chat_id}:{message.message_id}"

    async def _edited(self, place: Place, number: int, text: str, buttons: Buttons) -> Message | bool | None:
        await self._turn(place)
        try:
            return await self._bot.edit_message_text(
                split(text)[0],
                chat_id=place.chat,
                message_id=number,
                reply_markup=_keyboard(buttons),
                link_preview_options=PLAIN,
            )
        except refusal.BadRequest as error:
            if "not modified" in error.message:
                return None
            raise self._failure(place, error) from None
        except refusal.TelegramError as error:
            raise self._failure(place, error) from None

    async def _turn(self, place: Place) -> None:
        """Wait for the chat's turn; one that is too far off is left to the outbox."""
        now = asyncio.get_running_loop().time()
        at = self._allowance.book(str(place.chat), now, group=place.group, within=DEADLINE)
        if at is None:
            raise SendFailed(N_("Giliran kirim belum tiba."), retry=timedelta(seconds=DEADLINE))
        if at > now:
            await asyncio.sleep(at - now)

    def _failure(self, place: Place, error: refusal.TelegramError) -> SendFailed:
        """A refusal of Telegram's in words; what is not said to pass by itself is for good."""
        if isinstance(error, refusal.RetryAfter):
            seconds = _seconds(error)
            self._allowance.hold(str(place.chat), asyncio.get_running_loop().time() + seconds)
            return SendFailed(N_("Telegram meminta menunggu."), retry=timedelta(seconds=seconds))
        if isinstance(error, refusal.ChatMigrated):
            return SendFailed(N_("Grup ini pindah alamat."), moved_to=str(error.new_chat_id))
        if isinstance(error, refusal.Forbidden):
            return SendFailed(
                N_("Petugas atau grup ini menutup bot kita") + f": {error.message}", blocked=True
            )
        if isinstance(error, refusal.InvalidToken):
            return SendFailed(
                N_("Telegram menolak token bot petugas; periksa pengaturan."),
                retry=timedelta(minutes=1),
                refused=True,
            )
        if isinstance(error, refusal.BadRequest):
            return SendFailed(
                N_("Telegram menolak pesan ini") + f": {error.message}",
                blocked="chat not found" in error.message.lower(),
            )
        if isinstance(error, refusal.NetworkError):
            return _lost(error)
        return SendFailed(N_("Telegram menolak pesan ini") + f": {error.message}")


def _lost(error: refusal.NetworkError) -> SendFailed:
    """No connection, or an answer that was lost: only the latter may have arrived."""
    cause = error.__cause__
    if isinstance(cause, NEVER_SENT):
        return SendFailed(N_("Telegram tidak terhubung") + f": {type(cause).__name__}", retry=NOW)
    if isinstance(cause, httpx.HTTPError) or isinstance(error, refusal.TimedOut):
        return SendFailed(N_("Jawaban Telegram hilang") + f": {type(cause or error).__name__}", unknown=True)
    if error.message.startswith(("Bad Gateway", "Gateway Time")):
        return SendFailed(N_("Telegram terganggu."), unknown=True)
    return SendFailed(N_("Telegram terganggu."), retry=NOW)


def _seconds(wait: refusal.RetryAfter) -> float:
    span = wait.retry_after
    return span.total_seconds() if isinstance(span, timedelta) else float(span)


def _place(outgoing: Outgoing) -> Place:
    topic = outgoing.key.rpartition(":")[2] if ":" in outgoing.key else ""
    reply = outgoing.reply_to.rpartition(":")[2]
    try:
        return Place(int(outgoing.to), int(topic) if topic else None, int(reply) if reply else None)
    except ValueError:
        raise SendFailed(f"Alamat Telegram {outgoing.to!r} tidak sah.") from None


def _keyboard(buttons: Buttons) -> InlineKeyboardMarkup | None:
    rows = [
        [
            InlineKeyboardButton(button.label, url=button.url)
            if button.url
            else InlineKeyboardButton(button.label, callback_data=button.data)
            for button in row
        ]
        for row in buttons
    ]
    return InlineKeyboardMarkup(rows) if rows else None
