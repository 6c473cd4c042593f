"""Telegram's updates as it sends them: only the fields the desk uses, decoded by one msgspec decoder."""

import json
import re

import msgspec
from msgspec import Struct, field

from channels.telegram_rights import Membership


class User(Struct, gc=False):
    id: int
    first_name: str = ""
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False


class Chat(Struct, gc=False):
    id: int
    first_name: str = ""
    last_name: str = ""
    title: str = ""
    username: str = ""
    type: str = "private"


class Entity(Struct, gc=False):
    type: str
    offset: int = 0
    length: int = 0
    url: str = ""


class Media(Struct, gc=False):
    """Photo size, document, voice, audio, video, video note, animation or sticker."""

    file_id: str
    file_name: str = ""
    mime_type: str = ""
    file_size: int | None = None
    width: int = 0
    height: int = 0
    duration: int = 0
    title: str = ""
    performer: str = ""
    emoji: str = ""
    is_animated: bool = False
    is_video: bool = False


class Location(Struct, gc=False):
    latitude: float
    longitude: float


class Venue(Struct):
    location: Location
    title: str = ""
    address: str = ""


class Contact(Struct, gc=False):
    phone_number: str
    first_name: str = ""
    last_name: str = ""
    user_id: int = 0


class Choice(Struct, gc=False):
    text: str


class Poll(Struct):
    question: str
    options: list[Choice] = []


class Checklist(Struct):
    title: str = ""
    tasks: list[Choice] = []


class Dice(Struct, gc=False):
    emoji: str
    value: int


class Origin(Struct):
    """Where a forwarded message was first written."""

    type: str
    sender_user: User | None = None
    sender_user_name: str = ""
    sender_chat: Chat | None = None
    chat: Chat | None = None


class Reference(Struct, gc=False):
    message_id: int
    from_: User | None = field(default=None, name="from")


class Quote(Struct, gc=False):
    text: str


class Story(Struct, gc=False):
    id: int


class Message(Struct):
    message_id: int
    chat: Chat
    from_: User | None = field(default=None, name="from")
    date: int = 0
    text: str = ""
    message_thread_id: int = 0
    is_topic_message: bool = False
    entities: list[Entity] = []
    edit_date: int = 0
    caption: str = ""
    caption_entities: list[Entity] = []
    media_group_id: str = ""
    reply_to_message: Reference | None = None
    quote: Quote | None = None
    forward_origin: Origin | None = None
    photo: list[Media] = []
    document: Media | None = None
    voice: Media | None = None
    audio: Media | None = None
    video: Media | None = None
    video_note: Media | None = None
    animation: Media | None = None
    sticker: Media | None = None
    location: Location | None = None
    venue: Venue | None = None
    contact: Contact | None = None
    poll: Poll | None = None
    dice: Dice | None = None
    story: Story | None = None
    checklist: Checklist | None = None
    migrate_to_chat_id: int = 0
    business_connection_id: str = ""


class Card(Struct):
    """The message of ours under which a button was pressed; it may be too old for Telegram to show."""

    message_id: int
    chat: Chat
    message_thread_id: int = 0
    is_topic_message: bool = False
    business_connection_id: str = ""


class Pressed(Struct):
    id: str
    from_: User = field(name="from")
    data: str = ""
    message: Card | None = None


class Membering(Struct):
    """What our bot has become in a chat."""

    chat: Chat
    new_chat_member: Membership


class Emoji(Struct, gc=False):
    type: str
    emoji: str = ""


class Reacted(Struct):
    chat: Chat
    message_id: int
    user: User | None = None
    new_reaction: list[Emoji] = []


class Update(Struct):
    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Pressed | None = None
    my_chat_member: Membering | None = None
    message_reaction: Reacted | None = None
    business_message: Message | None = None
    edited_business_message: Message | None = None


ASKED_FOR = tuple(name for name in Update.__struct_fields__ if name != "update_id")
"""The kinds of update we ask Telegram for."""
HALF_LETTER = re.compile(rb"\\u[dD][89a-fA-F]")
LONE = re.compile("[\ud800-\udfff]")


class Malformed(ValueError):
    """Not an update: Telegram cannot have sent it."""


class Unreadable(Exception):
    """An update that we cannot decode. To be parked under `external_id`."""

    def __init__(self, external_id: str, reason: str) -> None:
        super().__init__(reason)
        self.external_id = external_id
        self.reason = reason


class Envelope(Struct, gc=False):
    update_id: int


_update = msgspec.json.Decoder(Update)
_envelope = msgspec.json.Decoder(Envelope)
_names = msgspec.json.Decoder(dict[str, msgspec.Raw])


def decode(raw: bytes) -> Update:
    """Raises Malformed for what is no update, Unreadable for an update of a shape we do not know."""
    try:
        return _update.decode(raw)
    except (ValueError, RecursionError) as error:
        return _decode_again(raw, error)


def _decode_again(raw: bytes, error: Exception) -> Update:
    """Half letters mended; else the whole body is looked at before it is called an update."""
    try:
        whole = mended(raw)
        number = _envelope.decode(whole).update_id
    except (ValueError, RecursionError):
        raise Malformed(str(error)) from None
    try:
        return _update.decode(whole)
    except (ValueError, RecursionError) as still:
        raise Unreadable(str(number), str(still)) from None


def mended(raw: bytes) -> bytes:
    """JSON whose lone surrogates, which no UTF-8 can hold, are replaced by the sign for unreadable."""
    if HALF_LETTER.search(raw) is None:
        return raw
    return LONE.sub("\ufffd", json.dumps(json.loads(raw), ensure_ascii=False)).encode()


def names(raw: bytes, *path: str) -> set[str]:
    """The names of the fields of the object at `path`, also of those unknown to us."""
    fields = _names.decode(raw)
    for name in path:
        fields = _names.decode(fields[name])
    return set(fields)
