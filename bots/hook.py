"""Raw ASGI for a bot's webhook. `channels/webhook.py` is its twin: neither room may import the other."""

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from sop.errors import Unavailable

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Routes = tuple[tuple[str, ASGIApp], ...]

LIMIT = 1_000_000
SECRET = b"x-telegram-bot-api-secret-token"


class Malformed(Exception):
    """Telegram cannot have sent this: answered 400, nothing is kept."""


class Hook:
    """POST of updates. The secret is looked at before any byte of the body; 200 only for what is on disk.

    A body above `LIMIT` bytes is 413, what is no update 400; `Unavailable` is 503, at which Telegram comes again.
    """

    __slots__ = ("_secret", "_take")

    def __init__(self, secret: bytes, take: Callable[[bytes], Awaitable[None]]) -> None:
        self._secret = secret
        self._take = take

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = await self._status(scope, receive)
        headers = [(b"content-length", b"0")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _status(self, scope: Scope, receive: Receive) -> int:
        given = next((value for name, value in scope["headers"] if name == SECRET), b"")
        if not self._secret or not hmac.compare_digest(given, self._secret):
            return 403
        if scope["method"] != "POST":
            return 405
        body = await _body(receive)
        if body is None:
            return 413
        try:
            await self._take(body)
        except Malformed:
            return 400
        except Unavailable:
            return 503
        return 200


async def _body(receive: Receive) -> bytes | None:
    """The whole body; b"" when the caller went away within it, None above the limit."""
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > LIMIT:
            return None
        more = message.get("more_body", False)
    return b"".join(parts)
