"""Posts in groups at the public bot: who speaks to us there is shown the way to the private chat, and nothing is answered.

What is decided, and why: docs/decisions/0013-group-posts.md. Pure.
"""

from channels.telegram_updates import ASKED_FOR, Entity, Message, Update
from sop.errors import N_
from sop.language import chosen, translate
from sop.messages import Button, Outgoing, Priority

GROUPS = ("group", "supergroup")
POINTER = N_(
    "Agar data Anda terjaga, laporan dan pertanyaan kami terima di obrolan pribadi, bukan di grup. "
    "Silakan lanjutkan di sana; pesan di grup ini tidak kami simpan."
)
LABEL = N_("Buka obrolan pribadi")


def ignored(update: Update) -> str:
    """As what an update that the desk reads nothing from is counted; "" for one of a private chat."""
    message = update.message or update.edited_message
    if message is None:
        known = (getattr(update, name) for name in ASKED_FOR)
        return "" if any(each is not None for each in known) else "other"
    return "" if message.chat.type == "private" else message.chat.type


def pointer(update: Update, channel: str, bot: int, username: str) -> Outgoing | None:
    """The one line for whoever spoke to us in a group; None for all other posts, and from machines."""
    message = update.message
    if message is None or message.chat.type not in GROUPS or not username:
        return None
    person = message.from_
    if person is None or person.is_bot or not _addressed(message, bot, username):
        return None
    language = chosen(person.language_code)
    chat = str(message.chat.id)
    topic = f":{message.message_thread_id}" if message.is_topic_message else ""
    return Outgoing(
        id=0,
        channel=channel,
        to=chat,
        key=f"{chat}{topic}",
        text=translate(POINTER, language),
        buttons=((Button(label=translate(LABEL, language), url=f"https://t.me/{username}?start=grup"),),),
        reply_to=f"{chat}:{message.message_id}",
        priority=Priority.NOTICE,
    )


def _addressed(message: Message, bot: int, username: str) -> bool:
    """A command of ours, our name in the words, or a reply to a message of ours."""
    answered = message.reply_to_message
    if answered is not None and answered.from_ is not None and answered.from_.id == bot:
        return True
    words, marks = message.text or message.caption, message.entities or message.caption_entities
    said = [(mark.type, _part(words, mark)) for mark in marks]
    name = f"@{username.lower()}"
    for kind, part in said:
        if kind == "mention" and part == name:
            return True
        if kind == "bot_command" and part.partition("@")[2] in ("", name[1:]):
            return True
    return False


def _part(text: str, mark: Entity) -> str:
    """The words under a mark. Offsets count UTF-16 units."""
    units = text.encode("utf-16-le", "replace")
    return (
        units[max(0, mark.offset) * 2 : max(0, mark.offset + mark.length) * 2]
        .decode("utf-16-le", "replace")
        .lower()
    )
