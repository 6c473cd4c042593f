"""What a Telegram message holds: its words, files, place, and the facts worth showing. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from channels.telegram_updates import Contact, Entity, Media, Message, User, names
from sop.messages import File, Kind

FORMS = (
    ("voice", Kind.VOICE, "audio/ogg"),
    ("animation", Kind.ANIMATION, "video/mp4"),
    ("document", Kind.DOCUMENT, "application/octet-stream"),
    ("video", Kind.VIDEO, "video/mp4"),
    ("audio", Kind.AUDIO, "audio/mpeg"),
    ("video_note", Kind.VIDEO_NOTE, "video/mp4"),
    ("sticker", Kind.STICKER, "image/webp"),
)
NOT_A_DIGIT = re.compile("[^0-9]")
ABOUT_THE_CHAT = {
    "pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "forum_topic_created",
    "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened", "chat_background_set", "boost_added",
}  # fmt: skip


class Content(Struct):
    kind: Kind
    text: str = ""
    files: tuple[File, ...] = ()
    location: tuple[float, float] | None = None
    phone: str = ""
    payload: Mapping[str, Any] = {}


def full_name(who: Any) -> str:
    return f"{who.first_name} {who.last_name}" if who.last_name else str(who.first_name)


def content_of(message: Message) -> Content | None:
    """None: nothing of a kind we know; `unknown` says what it is then."""
    if message.text:
        return Content(Kind.TEXT, _with_links(message.text, message.entities))
    words = _with_links(message.caption, message.caption_entities)
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return Content(Kind.PHOTO, words, (_file(largest, Kind.PHOTO, "image/jpeg"),))
    for name, kind, content_type in FORMS:
        media: Media | None = getattr(message, name)
        if media is not None:
            return Content(kind, words or media.emoji, (_file(media, kind, content_type),))
    return _thing(message)


def _thing(message: Message) -> Content | None:
    """What is neither words nor a file."""
    if (venue := message.venue) is not None:
        place = (venue.location.latitude, venue.location.longitude)
        payload = {"title": venue.title, "address": venue.address}
        return Content(Kind.VENUE, _lines(venue.title, venue.address), location=place, payload=payload)
    if message.location is not None:
        return Content(Kind.LOCATION, location=(message.location.latitude, message.location.longitude))
    if message.contact is not None:
        return _contact(message.contact, message.from_)
    if (poll := message.poll) is not None:
        options = [option.text for option in poll.options]
        payload_of_poll = {"question": poll.question, "options": options}
        return Content(
            Kind.POLL, _lines(poll.question, *(f"- {o}" for o in options)), payload=payload_of_poll
        )
    if (dice := message.dice) is not None:
        return Content(Kind.DICE, f"{dice.emoji} {dice.value}", payload={"value": dice.value})
    if message.story is not None:
        return Content(Kind.STORY)
    if (checklist := message.checklist) is not None:
        return Content(Kind.UNKNOWN, _lines(checklist.title, *(f"- {task.text}" for task in checklist.tasks)))
    return None


def _contact(contact: Contact, sender: User | None) -> Content:
    """A shared number is the sender's own only when Telegram says so by the same user id."""
    number = "+" + NOT_A_DIGIT.sub("", contact.phone_number)
    own = sender is not None and contact.user_id == sender.id
    name = full_name(contact)
    payload = {"name": name, "phone": number, "own": own}
    return Content(Kind.CONTACT, _lines(name, number), phone=number if own else "", payload=payload)


def unknown(raw: bytes, name: str) -> Content | None:
    """A kind newer than us, or None for a service message about the chat itself."""
    kinds = names(raw, name) - set(Message.__struct_encode_fields__) if raw else set()
    if kinds & ABOUT_THE_CHAT:
        return None
    return Content(Kind.UNKNOWN, payload={"kinds": sorted(kinds)})


def _file(media: Media, kind: Kind, content_type: str) -> File:
    if kind is Kind.STICKER and (media.is_animated or media.is_video):
        content_type = "video/webm" if media.is_video else "application/x-tgsticker"
    return File(
        kind=kind,
        name=media.file_name,
        content_type=media.mime_type or content_type,
        size=media.file_size,
        remote=media.file_id,
    )


def _with_links(text: str, entities: list[Entity]) -> str:
    """Plain text with the address of each hidden link behind its words. Offsets count UTF-16 units."""
    links = [entity for entity in entities if entity.url]
    if not links:
        return text
    units = text.encode("utf-16-le")
    for link in sorted(links, key=lambda entity: entity.offset, reverse=True):
        end = max(0, link.offset + link.length) * 2
        units = units[:end] + f" ({link.url})".encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le", "replace")


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)
