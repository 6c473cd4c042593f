"""The staff bot's handlers around python-telegram-bot. `bots.staff` imports this file in a thread: it costs seconds."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from telegram import Message, Update
from telegram.ext import (
    ApplicationHandlerStop,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bots import commands, handling, linking, presses, reading
from bots.handling import LONGEST, STATES, App, Context, Handlers
from bots.sender import Sender
from bots.talk import ON_CARD, Talk
from desk import staff_chats
from desk.desk import Desk
from sop.language import chosen
from sop.pace import Allowance
from sop.text import clean

GREETINGS = ("start", "hubungkan", "link")
Act = Callable[[Talk], Awaitable[None]]


class Staff(Handlers):
    """The staff bot's handlers."""

    def wire(self) -> None:
        fresh = filters.UpdateType.MESSAGE
        add = self.app.add_handler
        add(TypeHandler(Update, self._arrive), group=-1)
        add(CommandHandler(GREETINGS, self._link, filters=fresh))
        for command in commands.COMMANDS:
            names = (command.name, command.alias)
            add(CommandHandler(names, self._asked(command.act), filters=fresh))
        add(CallbackQueryHandler(self._pressed))
        private = fresh & filters.ChatType.PRIVATE
        add(MessageHandler(private & filters.COMMAND, self._asked(commands.unknown, whole=True)))
        add(MessageHandler(private & filters.TEXT, self._asked(commands.no_command)))

    async def _arrive(self, update: Update, context: Context) -> None:
        """Who speaks. Strangers hear how to link, and only where they speak to the bot."""
        self.seen(update)
        user, chat = update.effective_user, update.effective_chat
        await self._chat_news(update)
        if user is None or chat is None or update.my_chat_member:
            raise ApplicationHandlerStop
        found = await self.desk.db.read(
            reading.arrival, str(user.id), str(chat.id), _topic(update), self.desk.clock()
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
            await linking.stranger(self.voice(update), context.language)
            raise ApplicationHandlerStop
        if group and found.unit is None:
            await linking.not_here(self.voice(update), context.language)
            raise ApplicationHandlerStop

    async def _chat_news(self, update: Update) -> None:
        """Somebody blocked the bot or let it in again, a group took it out or moved: kept before anything else."""
        member, message = update.my_chat_member, update.message
        db, now = self.desk.db, self.desk.clock()
        if member is not None and (state := STATES.get(member.new_chat_member.status)):
            await db.write(staff_chats.heard, str(member.chat.id), state, now)
        elif message is not None and message.migrate_to_chat_id:
            to = str(message.migrate_to_chat_id)
            await db.write(staff_chats.moved, str(message.chat.id), to, now)

    def _command(self, update: Update) -> str:
        """The command that the message is, if it is meant for this bot; ""."""
        text = update.message.text if update.message and update.message.text else ""
        name, at, bot = text.partition(" ")[0].partition("\n")[0].partition("@")
        if not name.startswith("/") or (at and bot.lower() != self.app.bot.username.lower()):
            return ""
        known = {name for command in commands.COMMANDS for name in (command.name, command.alias)}
        name = name[1:].lower()
        group = update.effective_chat is not None and update.effective_chat.id < 0
        return name if name in known or name in GREETINGS or not group else ""

    async def _link(self, update: Update, context: Context) -> None:
        voice, user, chat = self.voice(update), update.effective_user, update.effective_chat
        assert user is not None and chat is not None
        code = clean(" ".join(context.args or ()), 64)
        if chat.id < 0:
            topic = _topic(update)
            place = f"{chat.id}:{topic}" if topic else str(chat.id)
            await linking.group(self.desk, voice, place, code, context.unit, context.language)
        else:
            await linking.chat(self.desk, voice, str(user.id), code, context.officer, context.language)

    def _asked(
        self, act: Act, *, whole: bool = False
    ) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
        async def run(update: Update, context: Context) -> None:
            text = clean((update.message and update.message.text) or "", LONGEST)
            first, newline, rest = text.partition("\n")
            tail = first.partition(" ")[2]
            words = text if whole else f"{tail}{newline}{rest}".strip()
            answered = update.message.reply_to_message if update.message else None
            ours = answered and answered.from_user and answered.from_user.id == self.app.bot.id
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
            desk=self.desk,
            officer=context.officer,
            voice=self.voice(update),
            key=f"{reading.BOT}:{update.update_id}",
            now=self.desk.clock(),
            words=words,
            card=card,
            shown=shown,
            unit=context.unit,
        )


def _topic(update: Update) -> str:
    """The forum topic in which it was said, "" outside topics."""
    message = update.effective_message
    known = isinstance(message, Message) and message.is_topic_message and message.message_thread_id
    return str(known or "")


def build(token: str, api: str, desk: Desk, allowance: Allowance) -> tuple[App, Staff, Sender]:
    """See `handling.build`."""
    return handling.build(token, api, desk, allowance, Staff)
