"""python-telegram-bot's Application around the staff bot. `bots.staff` imports this file in a thread: it costs seconds."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog
from telegram import Bot, Message, Update
from telegram.ext import (
    Application,
    ApplicationHandlerStop,
    CallbackContext,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ExtBot,
    MessageHandler,
    TypeHandler,
    filters,
)
from telegram.request import HTTPXRequest

from bots import commands, linking, presses, reading
from bots.sender import Buttons, Place, Sender
from bots.talk import ON_CARD, Talk
from desk import staff_chats
from desk.desk import Desk
from sop.errors import N_, DeskError, Unavailable
from sop.language import Language, chosen, explained, translate
from sop.officer import Officer
from sop.pace import Allowance
from sop.text import clean

log = structlog.get_logger(__name__)

LONGEST = 8192  # characters of one command
STATES = {"kicked": "blocked", "left": "blocked", "member": "reachable", "administrator": "reachable"}
GREETINGS = ("start", "hubungkan", "link")
Act = Callable[[Talk], Awaitable[None]]


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """What is known of an update once `arrive` has seen it."""

    officer: Officer | None = None
    unit: int | None = None
    language: Language = "id"


App = Application[ExtBot[None], Context, dict[Any, Any], dict[Any, Any], dict[Any, Any], None]


class Voice:
    """Answers where an update came from. Fits `bots.talk.Voice` by shape."""

    def __init__(self, sender: Sender, update: Update) -> None:
        self._sender = sender
        self._press = update.callback_query
        self._message = update.effective_message
        self._chat = update.effective_chat
        self._open = self._press is not None

    async def say(self, text: str, buttons: Buttons = ()) -> None:
        if self._chat is None:
            return
        message = self._message if isinstance(self._message, Message) else None
        topic = message.message_thread_id if message and message.is_topic_message else None
        answered = message.message_id if message and self._chat.id < 0 else None
        await self._sender.echo(Place(self._chat.id, topic, answered), text, buttons)

    async def become(self, text: str, buttons: Buttons = ()) -> None:
        if self._press and self._message and self._chat:
            await self._sender.edit(Place(self._chat.id), self._message.message_id, text, buttons)

    async def close(self, text: str = "", *, alert: bool = False) -> None:
        if self._press and self._open:
            self._open = False
            await self._sender.answer(self._press.id, text, alert=alert)


class Staff:
    """The handlers of one bot, and what each update met: the feed asks `handle`, which raises it."""

    def __init__(self, desk: Desk, app: App, sender: Sender) -> None:
        self._desk = desk
        self._app = app
        self._sender = sender
        self._met: dict[int, Exception | None] = {}
        self._voices: dict[int, Voice] = {}
        self._wire()

    async def handle(self, raw: dict[str, Any]) -> None:
        """One update, whole. Raises `Unavailable`, or whatever else is no answer of the desk's."""
        update = Update.de_json(raw, self._app.bot)
        number = update.update_id
        self._voices[number] = Voice(self._sender, update)
        try:
            await self._app.process_update(update)
            met = self._met.get(number, LookupError("no handler was reached"))
        finally:
            self._met.pop(number, None)
            voice = self._voices.pop(number)
        if isinstance(met, Unavailable):
            raise met
        await voice.close()
        if met is not None:
            raise met

    def _wire(self) -> None:
        fresh = filters.UpdateType.MESSAGE
        add = self._app.add_handler
        add(TypeHandler(Update, self._arrive), group=-1)
        add(CommandHandler(GREETINGS, self._link, filters=fresh))
        for command in commands.COMMANDS:
            names = (command.name, command.alias)
            add(CommandHandler(names, self._asked(command.act), filters=fresh))
        add(CallbackQueryHandler(self._pressed))
        private = fresh & filters.ChatType.PRIVATE
        add(MessageHandler(private & filters.COMMAND, self._asked(commands.unknown, whole=True)))
        add(MessageHandler(private & filters.TEXT, self._asked(commands.no_command)))
        self._app.add_error_handler(self._failed)

    async def _arrive(self, update: Update, context: Context) -> None:
        """Who speaks. Strangers hear how to link, and only where they speak to the bot."""
        self._met[update.update_id] = None
        user, chat = update.effective_user, update.effective_chat
        await self._chat_news(update)
        if user is None or chat is None or update.my_chat_member:
            raise ApplicationHandlerStop
        found = await self._desk.db.read(
            reading.arrival, str(user.id), str(chat.id), _topic(update), self._desk.clock()
        )
        context.officer, context.unit = found.officer, found.unit
        context.language = found.officer.language if found.officer else chosen(user.language_code or "")
        if self._command(update) in GREETINGS:
            return
        group = chat.id < 0
        addressed = update.callback_query or self._command(update) or not group
        if not addressed:
            raise ApplicationHandlerStop
        if found.officer is None:
            await linking.stranger(self._voices[update.update_id], context.language)
            raise ApplicationHandlerStop
        if group and found.unit is None:
            await linking.not_here(self._voices[update.update_id], context.language)
            raise ApplicationHandlerStop

    async def _chat_news(self, update: Update) -> None:
        """Somebody blocked the bot or let it in again, a group took it out or moved: kept before anything else."""
        member, message = update.my_chat_member, update.message
        db, now = self._desk.db, self._desk.clock()
        if member is not None and (state := STATES.get(member.new_chat_member.status)):
            await db.write(staff_chats.heard, str(member.chat.id), state, now)
        elif message is not None and message.migrate_to_chat_id:
            to = str(message.migrate_to_chat_id)
            await db.write(staff_chats.moved, str(message.chat.id), to, now)

    def _command(self, update: Update) -> str:
        """The command that the message is, if it is meant for this bot; ""."""
        text = update.message.text if update.message and update.message.text else ""
        name, at, bot = text.partition(" ")[0].partition("\n")[0].partition("@")
        if not name.startswith("/") or (at and bot.lower() != self._app.bot.username.lower()):
            return ""
        known = {name for command in commands.COMMANDS for name in (command.name, command.alias)}
        name = name[1:].lower()
        group = update.effective_chat is not None and update.effective_chat.id < 0
        return name if name in known or name in GREETINGS or not group else ""

    async def _link(self, update: Update, context: Context) -> None:
        voice, user, chat = self._voices[update.update_id], update.effective_user, update.effective_chat
        assert user is not None and chat is not None
        code = clean(" ".join(context.args or ()), 64)
        if chat.id < 0:
            topic = _topic(update)
            place = f"{chat.id}:{topic}" if topic else str(chat.id)
            await linking.group(self._desk, voice, place, code, context.unit, context.language)
        else:
            await linking.chat(self._desk, voice, str(user.id), code, context.officer, context.language)

    def _asked(
        self, act: Act, *, whole: bool = False
    ) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
        async def run(update: Update, context: Context) -> None:
            text = clean((update.message and update.message.text) or "", LONGEST)
            first, newline, rest = text.partition("\n")
            tail = first.partition(" ")[2]
            words = text if whole else f"{tail}{newline}{rest}".strip()
            answered = update.message.reply_to_message if update.message else None
            ours = answered and answered.from_user and answered.from_user.id == self._app.bot.id
            found = ON_CARD.search((answered.text or "") if answered and ours else "")
            await act(self._talk(update, context, words, card=found[1] if found else ""))

        return run

    async def _pressed(self, update: Update, context: Context) -> None:
        press = update.callback_query
        assert press is not None
        shown = press.message.text if isinstance(press.message, Message) else ""
        await presses.press(self._talk(update, context, press.data or "", shown=shown or ""))

    def _talk(self, update: Update, context: Context, words: str, *, card: str = "", shown: str = "") -> Talk:
        assert context.officer is not None
        return Talk(
            desk=self._desk,
            officer=context.officer,
            voice=self._voices[update.update_id],
            key=f"{reading.BOT}:{update.update_id}",
            now=self._desk.clock(),
            words=words,
            card=card,
            shown=shown,
            unit=context.unit,
        )

    async def _failed(self, update: object, context: Context) -> None:
        """The one place where errors are answered: a rule's in its words; others are noted for the feed."""
        error = context.error
        assert isinstance(update, Update) and isinstance(error, Exception)
        voice = self._voices[update.update_id]
        if isinstance(error, Unavailable):
            self._met[update.update_id] = error
            return
        if isinstance(error, DeskError):
            words = explained(error, context.language)
        else:
            self._met[update.update_id] = error
            words = translate(
                N_("Terjadi kesalahan pada kami. Perintah Anda disimpan dan diteruskan kepada penyelia."),
                context.language,
            )
        if update.callback_query:
            await voice.close(words, alert=True)
        else:
            await voice.say(words)


def _topic(update: Update) -> str:
    """The forum topic in which it was said, "" outside topics."""
    message = update.effective_message
    known = isinstance(message, Message) and message.is_topic_message and message.message_thread_id
    return str(known or "")


def build(token: str, api: str, desk: Desk, allowance: Allowance) -> tuple[App, Staff, Sender]:
    """The library's parts, not yet greeted by Telegram: `initialize` asks getMe and may be tried again."""
    app: App = (
        Application.builder()
        .token(token)
        .base_url(f"{api.rstrip('/')}/bot")
        .base_file_url(f"{api.rstrip('/')}/file/bot")
        .request(_request())
        .updater(None)
        .job_queue(None)
        .context_types(ContextTypes(context=Context))
        .build()
    )
    bot: Bot = app.bot
    sender = Sender(bot, allowance)
    return app, Staff(desk, app, sender), sender


def _request() -> HTTPXRequest:
    """Connections to Telegram: as in the channels, no proxy of the environment's."""
    return HTTPXRequest(
        connection_pool_size=16,
        connect_timeout=10.0,
        read_timeout=15.0,
        write_timeout=15.0,
        pool_timeout=10.0,
        httpx_kwargs={"trust_env": False},
    )
