"""Words that come in and go out, in the desk's own terms. No provider's type passes this point.

A channel decodes what its provider sent into an `Incoming` and turns an `Outgoing` into what its provider takes.
All times are aware and UTC, all sizes in bytes.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from msgspec import Struct


class Kind(StrEnum):
    """What a message mainly is. `UNKNOWN` is shown as not supported yet, and its raw form is kept."""

    TEXT = "text"
    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    AUDIO = "audio"
    VIDEO = "video"
    VIDEO_NOTE = "video_note"
    ANIMATION = "animation"
    STICKER = "sticker"
    LOCATION = "location"
    VENUE = "venue"
    CONTACT = "contact"
    POLL = "poll"
    DICE = "dice"
    STORY = "story"
    REACTION = "reaction"
    BUTTON = "button"
    UNKNOWN = "unknown"


class File(Struct, frozen=True, kw_only=True):
    """An attachment. Its bytes are either kept already (`path`, `sha256`) or still with the provider (`remote`)."""

    kind: Kind = Kind.DOCUMENT
    name: str = ""
    content_type: str = "application/octet-stream"
    size: int | None = None
    remote: str = ""
    path: str = ""
    sha256: str = ""


class Incoming(Struct, frozen=True, kw_only=True):
    """One message of a reporter.

    `external_id` is unique in its channel for one delivery (an edit has its own); `message_id` is the provider's name
    of the message itself within the conversation, to which edits (`edits`) and replies (`reply_to`) refer.
    `key` names the conversation (Telegram chat and topic, WhatsApp's provider id, mail thread); `sender` the address
    an answer goes to. `at` is when the desk received it: clocks run from receipt.
    """

    channel: str
    external_id: str
    key: str
    sender: str
    at: datetime
    message_id: str = ""
    name: str = ""
    text: str = ""
    quoted: str = ""  # the folded history or signature of a mail; text + quoted lose no word of the person
    subject: str = ""
    kind: Kind = Kind.TEXT
    files: tuple[File, ...] = ()
    location: tuple[float, float] | None = None  # latitude, longitude in degrees
    edits: str = ""  # message_id of the message that this one revises
    reply_to: str = ""  # message_id of the message that this one answers
    button: str = ""  # data of a pressed button
    group: str = ""  # album: messages of one group are one message on the desk
    phone: str = ""  # the sender's own number, proved by the provider (E.164)
    language: str = ""  # the sender's client language, as a tag such as "id" or "en"
    auto: bool = False  # a machine wrote it: stored, never answered (RFC 3834)
    proved: bool = True  # the provider vouches for `sender`; for mail: DMARC passed at our own server
    sent_at: datetime | None = None  # the sender's word about when
    order: int = 0  # the provider's own rising number within the conversation; 0 where it has none
    references: tuple[str, ...] = ()  # mail: ids of earlier messages of the thread, newest last
    token: str = ""  # mail: a reply token of ours that verified; Telegram: a deep link's payload
    payload: Mapping[str, Any] = {}  # kind-specific facts worth showing: a poll's question, a contact's name


class Presence(Struct, frozen=True, kw_only=True):
    """The person blocked or unblocked us, the chat moved, or they asked to hear no more. Not a message.

    With `place` ("channel" or "group") it tells of where we post: `state` is "ready", "refused" with its `reason`,
    "unknown" (the provider must be asked) or "moved"; `alias` is its public name, such as "@kabar_kampus".
    """

    channel: str
    external_id: str
    key: str
    sender: str
    at: datetime
    state: str  # "blocked" | "reachable" | "moved" | "opted_out" | "opted_in"
    moved_to: str = ""
    place: str = ""
    alias: str = ""
    reason: str = ""


class Delivered(Struct, frozen=True, kw_only=True):
    """A provider's word on something we sent: `state` is "sent", "delivered", "read" or "failed", moving forward only."""

    channel: str
    external_id: str  # the receipt's id
    state: str
    at: datetime
    reason: str = ""
    window: bool = False  # it failed because the person's window is closed


class Button(Struct, frozen=True, kw_only=True):
    label: str
    data: str = ""  # at most 64 bytes
    url: str = ""


class Priority(StrEnum):
    """Replies overtake announcements."""

    ANSWER = "answer"
    NOTICE = "notice"
    BROADCAST = "broadcast"


RANK = {Priority.ANSWER: 0, Priority.NOTICE: 1, Priority.BROADCAST: 2}


class Outgoing(Struct, frozen=True, kw_only=True):
    """One outbox row as its sender sees it. `id` stays the same over all attempts."""

    id: int
    channel: str
    to: str  # the address: chat id, "whatsapp:+62...", mail address
    key: str = ""  # the conversation
    text: str = ""
    html: str = ""
    subject: str = ""
    files: tuple[File, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    reply_to: str = ""  # message_id of the reporter's message that this answers
    references: tuple[str, ...] = ()  # mail: ids of the thread so far, newest last
    edits: str = ""  # message_id of a message of ours to edit instead of posting; `files`: it carries some
    deletes: str = ""  # message_ids of ours to take back, between blanks; else `text` stands there
    pins: str = ""  # message_id of a post of ours to pin in its chat, quietly
    unpins: str = ""  # message_id of a post of ours to unpin
    token: str = ""  # the conversation's token, of which mail makes a signed reply address
    link: str = ""  # token of the reporter's status page; the sender makes the address
    content: Mapping[str, Any] = {}  # an approved provider template: {"sid": ..., "variables": {...}}
    priority: Priority = Priority.ANSWER
    auto: bool = False  # our own machine wrote it (mail says Auto-Submitted)
    attempt: int = 1


def touches(outgoing: Outgoing) -> bool:
    """It does something to a post that stands; a channel whose posts stay as they are refuses it."""
    return bool(outgoing.edits or outgoing.deletes or outgoing.pins or outgoing.unpins)


class Receipt(Struct, frozen=True, kw_only=True):
    """The provider took it. `state`: "sent", "published" (a web page shows it) or "by_hand" (somebody must call).

    `more` are the provider's names of the further messages that it became (an album, a long text).
    """

    external_id: str = ""
    more: tuple[str, ...] = ()
    state: str = "sent"


class SendFailed(Exception):
    """The only thing a sender raises.

    `retry` None: never again, else not before that span (0: the loop's own back-off). `unknown`: it may have arrived.
    `blocked`: the person does not let us write. `moved_to`: the chat has a new address; try there.
    `window`: the person's window is closed (WhatsApp); only a template passes. `refused`: the provider does not take our
    own secret, whoever the message is for.
    """

    def __init__(
        self,
        reason: str,
        *,
        retry: timedelta | None = None,
        unknown: bool = False,
        blocked: bool = False,
        moved_to: str = "",
        window: bool = False,
        refused: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry = retry
        self.unknown = unknown
        self.blocked = blocked
        self.moved_to = moved_to
        self.window = window
        self.refused = refused


class Reception(Protocol):
    """The one way in. Each call answers when what it was given is on disk, and raises `Unavailable` when it is not."""

    async def take_in(self, incoming: Incoming, raw: bytes = b"") -> None:
        """A rule of ours that says no parks the message with its raw form; the caller acknowledges either way."""

    async def heard(self, word: Presence | Delivered) -> None: ...

    async def park(self, channel: str, external_id: str, raw: bytes, reason: str) -> None:
        """Keep what could not be decoded, visible to the supervisor."""

    async def keep(self, chunks: AsyncIterator[bytes], *, limit: int) -> File:
        """Store bytes before the act that refers to them; fsynced, hashed. Raises TooLarge above `limit` bytes."""

    async def remembered(self, name: str) -> dict[str, Any]:
        """What a channel asked to be remembered under `name` (offset, UIDVALIDITY), or {}."""

    async def remember(self, name: str, value: dict[str, Any]) -> None: ...


class TooLarge(Exception):
    """A file is larger than its channel's cap."""
