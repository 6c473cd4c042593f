"""One call of a raw ASGI app, as a server makes it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from channels.webhook import ASGIApp, Message


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes
    read: int  # how many times the app asked for a piece of the body


async def call(
    app: ASGIApp,
    body: bytes | Sequence[bytes] = b"",
    headers: Mapping[str, str] | None = None,
    *,
    method: str = "POST",
    query: str = "",
    cut_off: bool = False,
) -> Answer:
    """`cut_off`: the caller goes away before the last piece."""
    pieces = [body] if isinstance(body, bytes) else list(body)
    coming: list[Message] = [
        {"type": "http.request", "body": piece, "more_body": number < len(pieces)}
        for number, piece in enumerate(pieces, 1)
    ]
    if cut_off:
        coming[-1] = {"type": "http.disconnect"}
    waiting = iter(coming)
    sent: list[Message] = []
    read = 0

    async def receive() -> Message:
        nonlocal read
        read += 1
        return next(waiting)

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": "/",
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
    }
    await app(scope, receive, send)
    start, *parts = sent
    shown = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    return Answer(start["status"], shown, b"".join(part["body"] for part in parts), read)
