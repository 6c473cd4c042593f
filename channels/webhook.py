"""Raw ASGI for the providers' webhooks: read with a cap, refuse in order, answer only what is kept."""

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog

from sop.errors import Unavailable
from sop.messages import Delivered, Incoming, Presence, Reception

log = structlog.get_logger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Routes = tuple[tuple[str, ASGIApp], ...]

LIMIT = 1_000_000
EMPTY = ((b"content-length", b"0"),)


class Refused(Exception):
    """The request is answered with this HTTP status and leaves no trace."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Hook:
    """One POST address of a provider, an ASGI app.

    `admit` sees the head alone, before any byte of the body is read: 403 when it says no. `take` answers when what it
    was given is on disk; it raises `Refused` for what its provider cannot have sent, and `Unavailable` becomes 503, at
    which the provider comes again. A body above `limit` bytes is 413.
    """

    __slots__ = ("admit", "limit", "take")

    def __init__(
        self,
        admit: Callable[[Scope], bool],
        take: Callable[[Scope, bytes], Awaitable[None]],
        limit: int = LIMIT,
    ) -> None:
        self.admit = admit
        self.take = take
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await answer(send, await self._status(scope, receive))

    async def _status(self, scope: Scope, receive: Receive) -> int:
        if not self.admit(scope):
            return 403
        if scope["method"] != "POST":
            return 405
        try:
            await self.take(scope, await read_body(scope, receive, self.limit))
        except Refused as refused:
            return refused.status
        except Unavailable:
            return 503
        return 200


async def answer(send: Send, status: int) -> None:
    """An empty answer. The messages are made anew: middleware may write into them."""
    await send({"type": "http.response.start", "status": status, "headers": EMPTY})
    await send({"type": "http.response.body", "body": b""})


def header(scope: Scope, name: bytes) -> bytes:
    """The first header of this lower-case name, or b""."""
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value)
    return b""


def same(left: bytes, right: bytes) -> bool:
    """Equal, and equally long to say so wherever they differ. Nothing is equal to an empty secret."""
    return bool(right) and hmac.compare_digest(left, right)


async def read_body(scope: Scope, receive: Receive, limit: int = LIMIT) -> bytes:
    """The whole body. Raises Refused: 413 above `limit` bytes, 400 when the caller went away within it."""
    length = header(scope, b"content-length")
    if length.isdigit() and int(length[:20]) > limit:
        raise Refused(413)
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        body: bytes = message.get("body", b"")
        if len(body) > limit:
            raise Refused(413)
        return body
    return await _rest(message, receive, limit)


async def _rest(message: Message, receive: Receive, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        if message["type"] != "http.request":
            raise Refused(400)
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise Refused(413)
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)
        message = await receive()


async def hand_over(reception: Reception, word: Incoming | Presence | Delivered, raw: bytes) -> None:
    """Returns when it is on disk. Raises Unavailable, and nothing else: what meets a fault of ours is parked."""
    try:
        if isinstance(word, Incoming):
            await reception.take_in(word, raw)
        else:
            await reception.heard(word)
    except Unavailable:
        raise
    except Exception as error:
        log.error("message parked", channel=word.channel, cause=type(error).__name__)
        await reception.park(word.channel, word.external_id, raw, f"{type(error).__name__}: {error}"[:500])
