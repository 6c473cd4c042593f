"""The Humas bot's handlers around python-telegram-bot. `bots.humas` imports this file in a thread: it costs seconds."""

import re
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

from bots import handling, humas_commands, humas_files, humas_presses, humas_reading, linking
from bots.handling import LONGEST, STATES, App, Context, Handlers
from bots.sender import Sender
from bots.talk import Talk
from desk import staff_chats
from desk.desk import Desk
from sop.language import chosen
from sop.pace import Allowance
from sop.publication import LONGEST as NARRATION
from sop.text import clean

GREETINGS = ("start", "hubungkan", "link")
ON_CARD = re.compile(r"\bP-(\d{4,15})\b")
Act = Callable[[Talk], Awaitable[None]]


class Humas(Handlers):
    """The Humas bot's handlers: private chats of linked officers alone."""

    def wire(self) -> None:
        private = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
        add = self.app.add_handler
        add(TypeHandler(Update, self._arrive), group=-1)
        add(CommandHandler(GREETINGS, self._link, filters=private))
        for command in humas_commands.COMMANDS:
            add(CommandHandler((command.name, command.alias), self._asked(command.act), filters=private))
        add(CallbackQueryHandler(self._pressed))
        add(MessageHandler(private & filters.COMMAND, self._asked(humas_commands.unknown, whole=True)))
        add(MessageHandler(private, self._asked(humas_commands.heard, whole=True)))

    async def _arrive(self, update: Update, context: Context) -> None:
        """Who speaks. Strangers hear for whom this bot is; groups hear nothing."""
        self.seen(update)
        user, chat, member = update.effective_user, update.effective_chat, update.my_chat_member
        if member is not None and (state := STATES.get(member.new_chat_member.status)):
            await self.desk.db.write(
                staff_chats.heard,
                str(member.chat.id),
                state,
                self.desk.clock(),
                bot=humas_reading.BOT,
            )
        if user is None or chat is None or member or chat.id < 0:
            raise ApplicationHandlerStop
        context.officer = await self.desk.db.read(humas_reading.speaker, str(user.id), self.desk.clock())
        context.language = context.officer.language if context.officer else chosen(user.language_code or "")
        text = (update.message and update.message.text) or ""
        greets = text.partition(" ")[0].partition("@")[0].lower() in {f"/{name}" for name in GREETINGS}
        if context.officer is None and not greets:
            await linking.stranger(self.voice(update), context.language, humas_reading.BOT)
            raise ApplicationHandlerStop

    async def _link(self, update: Update, context: Context) -> None:
        user = update.effective_user
        assert user is not None
        code = clean(" ".join(context.args or ()), 64)
        await linking.chat(
            self.desk,
            self.voice(update),
            str(user.id),
            code,
            context.officer,
            context.language,
            humas_reading.BOT,
        )

    def _asked(
        self, act: Act, *, whole: bool = False
    ) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
        async def run(update: Update, context: Context) -> None:
            message = update.message
            assert message is not None
            text = clean(message.text or message.caption or "", NARRATION)
            first, newline, rest = text.partition("\n")
            words = text if whole else f"{first.partition(' ')[2]}{newline}{rest}".strip()
            files = await humas_files.kept(self.app.bot, self.desk, message)
            await act(self._talk(update, context, words, card=self._card(message), files=files))

        return run

    def _card(self, message: Message) -> str:
        """The publication on the message of ours to which this is a reply, or ""."""
        answered = message.reply_to_message
        ours = answered and answered.from_user and answered.from_user.id == self.app.bot.id
        found = ON_CARD.search((answered.text or "") if answered and ours else "")
        return found[1] if found else ""

    async def _pressed(self, update: Update, context: Context) -> None:
        press = update.callback_query
        assert press is not None
        message = press.message if isinstance(press.message, Message) else None
        place = (message.chat_id, message.message_id) if message else (0, 0)
        talk = self._talk(
            update, context, press.data or "", shown=(message and message.text) or "", place=place
        )
        await humas_presses.press(talk)

    def _talk(self, update: Update, context: Context, words: str, **more: Any) -> Talk:
        assert context.officer is not None
        return Talk(
            desk=self.desk,
            officer=context.officer,
            voice=self.voice(update),
            key=f"{humas_reading.BOT}:{update.update_id}",
            now=self.desk.clock(),
            words=words[:LONGEST] if words.startswith("/") else words,
            **more,
        )


def build(token: str, api: str, desk: Desk, allowance: Allowance) -> tuple[App, Humas, Sender]:
    """See `handling.build`."""
    return handling.build(token, api, desk, allowance, Humas)
