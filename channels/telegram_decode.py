"""What a Telegram update says, in the desk's own words. Pure: tested on recorded updates."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from channels.telegram_content import content_of, full_name, unknown
from channels.telegram_rights import KINDS, state
from channels.telegram_updates import (
    Card,
    Chat,
    Membering,
    Message,
    Origin,
    Pressed,
    Reacted,
    Unreadable,
    Update,
    decode,
    names,
)
from sop.messages import Incoming, Kind, Presence

NAME = "telegram"
RAW = 32_768  # bytes kept of an update whose kind is not supported yet
STATES = {"kicked": "blocked", "left": "blocked", "member": "reachable", "administrator": "reachable"}
NOT_ASKED_FOR = {
    "channel_post", "edited_channel_post", "deleted_business_messages", "business_connection", "poll", "poll_answer",
    "chat_member", "chat_join_request", "chat_boost", "removed_chat_boost", "message_reaction_count", "inline_query",
    "chosen_inline_result", "shipping_query", "pre_checkout_query", "purchased_paid_media",
}  # fmt: skip
Word = Incoming | Presence | None


def parse(update: bytes | Update, at: datetime, raw: bytes = b"") -> Word:
    """One update, received `at`. None: nothing for the desk (groups, channels, words about the chat itself).

    `raw` is the update as it came, when it is given decoded: it tells the names of kinds newer than us.
    Raises Malformed when it is no update, Unreadable when it must be parked.
    """
    if isinstance(update, bytes):
        return parse(decode(update), at, update)
    try:
        return _word(update, at, raw)
    except (ValueError, OverflowError, OSError) as error:
        raise Unreadable(str(update.update_id), str(error)) from error


def _word(update: Update, at: datetime, raw: bytes) -> Word:
    number = str(update.update_id)
    if update.message is not None:
        return _message(number, update.message, at, raw, "message")
    if update.callback_query is not None:
        return _pressed(number, update.callback_query, at)
    if update.edited_message is not None:
        return _message(number, update.edited_message, at, raw, "edited_message")
    if update.my_chat_member is not None:
        return _membership(number, update.my_chat_member, at)
    if update.message_reaction is not None:
        return _reacted(number, update.message_reaction, at)
    if update.business_message is not None:
        return _message(number, update.business_message, at, raw, "business_message")
    if update.edited_business_message is not None:
        return _message(number, update.edited_business_message, at, raw, "edited_business_message")
    new = names(raw) - {"update_id"} - NOT_ASKED_FOR if raw else set()
    if new:
        raise Unreadable(number, f"update of a kind newer than us: {', '.join(sorted(new))}"[:200])
    return None


def _message(number: str, message: Message, at: datetime, raw: bytes, name: str) -> Word:
    chat, person = message.chat, message.from_
    if message.migrate_to_chat_id:
        moved_to = str(message.migrate_to_chat_id)
        return _presence(number, chat, at, "moved", moved_to=moved_to, place="group")
    if chat.type != "private" or (message.business_connection_id and _by_ourselves(message)):
        return None
    content = content_of(message)
    if content is None and (content := unknown(raw, name)) is None:
        return None
    if content.kind is Kind.UNKNOWN and raw:
        content.payload = {**content.payload, "raw": raw[:RAW].decode("utf-8", "replace")}
    text, token = content.text, ""
    if text.startswith("/start "):
        text, _, token = text.partition(" ")
    here = f"{chat.id}:{message.message_id}"
    return Incoming(
        channel=NAME,
        external_id=number,
        key=_key(message),
        sender=_address(message),
        at=at,
        message_id=here,
        order=message.message_id,
        name=full_name(person or chat),
        text=text,
        kind=content.kind,
        files=content.files,
        location=content.location,
        edits=here if name.startswith("edited") else "",
        reply_to=f"{chat.id}:{message.reply_to_message.message_id}" if message.reply_to_message else "",
        group=message.media_group_id,
        phone=content.phone,
        language=person.language_code if person else "",
        auto=person.is_bot if person else False,
        sent_at=datetime.fromtimestamp(message.edit_date or message.date, UTC),
        token=token.strip(),
        payload=_payload(message, content.payload),
    )


def _by_ourselves(message: Message) -> bool:
    """In a business account's chat with a person, what the account's owner wrote."""
    return message.from_ is None or message.from_.id != message.chat.id


def _address(message: Message | Card) -> str:
    """Where an answer goes: the chat, and for a business account the connection through which it is written."""
    chat, business = message.chat.id, message.business_connection_id
    return f"{chat}@{business}" if business else str(chat)


def _key(message: Message | Card) -> str:
    address = _address(message)
    return f"{address}:{message.message_thread_id}" if message.is_topic_message else address


def _payload(message: Message, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    if message.forward_origin is None and message.quote is None:
        return facts
    more = dict(facts)
    if message.forward_origin is not None:
        more["forwarded_from"] = _origin(message.forward_origin)
    if message.quote is not None:
        more["quote"] = message.quote.text
    return more


def _origin(origin: Origin) -> str:
    if origin.sender_user is not None:
        return full_name(origin.sender_user)
    chat = origin.sender_chat or origin.chat
    return chat.title if chat is not None else origin.sender_user_name


def _pressed(number: str, pressed: Pressed, at: datetime) -> Word:
    card = pressed.message
    if card is None or card.chat.type != "private":
        return None
    return Incoming(
        channel=NAME,
        external_id=number,
        key=_key(card),
        sender=_address(card),
        at=at,
        message_id=f"{card.chat.id}:callback:{pressed.id}",
        name=full_name(pressed.from_),
        kind=Kind.BUTTON,
        reply_to=f"{card.chat.id}:{card.message_id}",
        button=pressed.data,
        language=pressed.from_.language_code,
    )


def _membership(number: str, membership: Membering, at: datetime) -> Presence | None:
    """A person's chat is shut or open to us; in a channel or group we may post, or no longer."""
    chat, me = membership.chat, membership.new_chat_member
    if chat.type in KINDS:
        now, reason = state(chat.type, me)
        return _presence(number, chat, at, now, place=KINDS[chat.type], reason=reason)
    known = STATES.get(me.status)
    return _presence(number, chat, at, known) if known else None


def _presence(
    number: str,
    chat: Chat,
    at: datetime,
    state: str,
    *,
    moved_to: str = "",
    place: str = "",
    reason: str = "",
) -> Presence:
    key = str(chat.id)
    return Presence(
        channel=NAME,
        external_id=number,
        key=key,
        sender=key,
        at=at,
        state=state,
        moved_to=moved_to,
        place=place,
        alias=f"@{chat.username}" if place and chat.username else "",
        reason=reason,
    )


def _reacted(number: str, reacted: Reacted, at: datetime) -> Word:
    """An emoji set under a message; None when it was taken back."""
    emojis = "".join(reaction.emoji for reaction in reacted.new_reaction)
    if reacted.chat.type != "private" or not emojis or reacted.user is None:
        return None
    return Incoming(
        channel=NAME,
        external_id=number,
        key=str(reacted.chat.id),
        sender=str(reacted.chat.id),
        at=at,
        message_id=f"{reacted.chat.id}:reaction:{number}",
        name=full_name(reacted.user),
        text=emojis,
        kind=Kind.REACTION,
        reply_to=f"{reacted.chat.id}:{reacted.message_id}",
        language=reacted.user.language_code,
    )
