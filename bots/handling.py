"""What every bot for officers shares of python-telegram-bot. Imported in a thread with its bot: the library costs seconds."""

from typing import Any, TypeVar

from telegram import Bot, Message, Update
from telegram.ext import Application, CallbackContext, ContextTypes, ExtBot
from telegram.request import HTTPXRequest

from bots.sender import Buttons, Sender
from bots.sender_place import Place
from desk.desk import Desk
from sop.errors import N_, DeskError, Unavailable
from sop.language import Language, explained, translate
from sop.officer import Officer
from sop.pace import Allowance

LONGEST = 8192  # characters of one command
STATES = {"kicked": "blocked", "left": "blocked", "member": "reachable", "administrator": "reachable"}


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """What is known of an update once it was seen who speaks."""

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


class Handlers:
    """The handlers of one bot, and what each update met: the feed asks `handle`, which raises it. A bot says in `wire`
    what it hears."""

    def __init__(self, desk: Desk, app: App, sender: Sender) -> None:
        self.desk = desk
        self.app = app
        self.sender = sender
        self._met: dict[int, Exception | None] = {}
        self._voices: dict[int, Voice] = {}
        self.wire()
        app.add_error_handler(self._failed)

    def wire(self) -> None:
        """Add the bot's handlers to `app`; the first of them calls `seen`."""
        raise NotImplementedError

    async def handle(self, raw: dict[str, Any]) -> None:
        """One update, whole. Raises `Unavailable`, or whatever else is no answer of the desk's."""
        update = Update.de_json(raw, self.app.bot)
        number = update.update_id
        self._voices[number] = Voice(self.sender, update)
        try:
            await self.app.process_update(update)
            met = self._met.get(number, LookupError("no handler was reached"))
        finally:
            self._met.pop(number, None)
            voice = self._voices.pop(number)
        if isinstance(met, Unavailable):
            raise met
        await voice.close()
        if met is not None:
            raise met

    def seen(self, update: Update) -> None:
        """A handler was reached."""
        self._met[update.update_id] = None

    def voice(self, update: Update) -> Voice:
        return self._voices[update.update_id]

    async def _failed(self, update: object, context: Context) -> None:
        """The one place where errors are answered: a rule's in its words; others are noted for the feed."""
        error = context.error
        assert isinstance(update, Update) and isinstance(error, Exception)
        voice = self.voice(update)
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


H = TypeVar("H", bound=Handlers)


def build(token: str, api: str, desk: Desk, allowance: Allowance, handlers: type[H]) -> tuple[App, H, Sender]:
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
    return app, handlers(desk, app, sender), sender


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
