"""A past for the phones: what was said before the demo began, kept without a word to any desk."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from demo.memory import Json
from demo.stage import Stage
from demo.telegram_memory import bot_user

NOTHING = ["poll"]  # kinds of update that a bot asks for which is to hear of none


@contextmanager
def unheard(stage: Stage) -> Iterator[None]:
    """Inside, no update waits for a bot and no webhook is pushed: whoever makes the past tells the desk itself."""
    memory = stage.telegram.world.memory
    before = {token: dict(stage.telegram.world.bot(token)) for token in stage.bots}
    for token, bot in before.items():
        memory.put("bot", token, bot | {"allowed": NOTHING})
    stage.twilio.outage = True
    try:
        yield
    finally:
        stage.twilio.outage = False
        for token, bot in before.items():
            memory.put("bot", token, bot)
        for letter in (stage.mailbox.maildir / "new").iterdir():
            letter.unlink()


def telegram_answer(stage: Stage, token: str, chat: int, text: str, buttons: Sequence[Sequence[Json]]) -> int:
    """What a bot said; the message's number."""
    world = stage.telegram.world
    place = world.find_chat(token, chat)
    markup = {"inline_keyboard": buttons} if buttons else None
    sender = bot_user(world.bot(token))
    message = world.add_message(world.room(token, chat), place, sender, text=text, reply_markup=markup)
    return int(message["message_id"])


def whatsapp_answer(stage: Stage, to: str, text: str) -> str:
    """What the desk's number said; its sid."""
    message = stage.twilio.account.add_message("outbound-api", to, text, callback="", buttons=[], content="")
    message["status"] = "read"
    stage.twilio.account.memory.put("message", message["sid"], message)
    return str(message["sid"])
