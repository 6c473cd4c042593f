"""What is done to a post of ours that stands: other words, taken back, pinned, unpinned. Beside `telegram_bot`."""

import re
from typing import Any

from aiogram.methods import (
    DeleteMessage,
    EditMessageCaption,
    EditMessageText,
    PinChatMessage,
    TelegramMethod,
    UnpinChatMessage,
)
from aiogram.types import LinkPreviewOptions
from msgspec.structs import replace

from sop.errors import N_
from sop.messages import Outgoing, SendFailed
from sop.preview import CAPTION
from sop.text import utf16_length

MESSAGE_ID = re.compile(r"[^:]*:(\d{1,18})")
NO_TEXT = "there is no text in the message to edit"
NO_CAPTION = "there is no caption in the message to edit"
SAME = "message is not modified"
TOO_OLD = "message can't be deleted"
GONE = ("message to delete not found", "message to unpin not found")

Method = TelegramMethod[Any]


def number(message_id: str) -> int:
    """The message's number in its chat; 0 for what is no message, such as a pressed button."""
    found = MESSAGE_ID.fullmatch(message_id)
    return int(found[1]) if found else 0


def touched(outgoing: Outgoing, chat: int | str, business: str | None) -> list[Method]:
    """What to do to posts that stand; nothing: this is a new one. Raises SendFailed for what cannot be done to it."""
    if outgoing.edits:
        return [_edit(outgoing, chat, business)]
    ids = [number(each) for each in (outgoing.deletes or outgoing.pins or outgoing.unpins).split()]
    if not all(ids):
        raise SendFailed(N_("Kiriman itu tidak dikenal di Telegram; periksa tanda terimanya."))
    if outgoing.deletes:
        return [DeleteMessage(chat_id=chat, message_id=each) for each in ids]
    if outgoing.pins:
        return [PinChatMessage(chat_id=chat, message_id=ids[0], disable_notification=True)]
    return [UnpinChatMessage(chat_id=chat, message_id=ids[0])] if ids else []


def _edit(outgoing: Outgoing, chat: int | str, business: str | None) -> Method:
    """Words under a picture are its caption; which of both a post has is told by whether it carries files."""
    message = number(outgoing.edits)
    if not message or not outgoing.text:
        raise SendFailed(N_("Hanya teks dari pesan kita sendiri yang dapat diubah."))
    if outgoing.files and utf16_length(outgoing.text) <= CAPTION:
        return EditMessageCaption(
            chat_id=chat, message_id=message, caption=outgoing.text, business_connection_id=business
        )
    return EditMessageText(
        chat_id=chat,
        message_id=message,
        text=outgoing.text,
        business_connection_id=business,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )


def otherwise(method: Method, refusal: str, outgoing: Outgoing, chat: int | str) -> Method | None:
    """Another way when Telegram refused this one: words and caption change places, and what is too old to be taken
    back says so in its place. None: there is none, or it was tried (without words)."""
    if not outgoing.text:
        return None
    if isinstance(method, EditMessageText) and NO_TEXT in refusal:
        return EditMessageCaption(chat_id=chat, message_id=method.message_id, caption=str(method.text))
    if isinstance(method, EditMessageCaption) and NO_CAPTION in refusal:
        return EditMessageText(chat_id=chat, message_id=method.message_id, text=str(method.caption))
    if isinstance(method, DeleteMessage) and TOO_OLD in refusal:
        return _edit(replace(outgoing, edits=f"{chat}:{method.message_id}"), chat, None)
    return None


def done_already(method: Method, refusal: str) -> bool:
    """Telegram refuses because it is as we wish it already."""
    if isinstance(method, EditMessageText | EditMessageCaption):
        return SAME in refusal
    return isinstance(method, DeleteMessage | UnpinChatMessage) and any(each in refusal for each in GONE)
