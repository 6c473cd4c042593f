"""Twilio fetches our attachments itself: a signed address that ends after an hour, and the route behind it."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import msgspec

from channels.webhook import Receive, Scope, Send, answer, same
from sop.messages import File

ROUTE = "/hooks/whatsapp/media"
VALID = timedelta(hours=1)
CHUNK = 65_536


class Ticket(msgspec.Struct, array_like=True):
    """What a signed address grants: one kept file, until then."""

    path: str
    content_type: str
    until: int


_ticket = msgspec.json.Decoder(Ticket)


class Lending:
    """Gives kept files to whoever shows an address that we signed; an ASGI app."""

    def __init__(self, secret: str, public_url: str, files_root: Path, clock: Callable[[], datetime]) -> None:
        self._key = hashlib.sha256(b"whatsapp media\0" + secret.encode()).digest()
        self._address = public_url.rstrip("/") + ROUTE
        self._root = files_root
        self._clock = clock

    def address(self, file: File) -> str:
        until = int((self._clock() + VALID).timestamp())
        words = base64.urlsafe_b64encode(msgspec.json.encode(Ticket(file.path, file.content_type, until)))
        return f"{self._address}?{urlencode({'f': words.decode(), 's': self._sign(words)})}"

    def _sign(self, words: bytes) -> str:
        return hmac.digest(self._key, words, "sha256").hex()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ticket = self._read(scope)
        if ticket is None or scope["method"] not in ("GET", "HEAD"):
            return await answer(send, 403)
        path = (self._root / ticket.path).resolve()
        if not path.is_relative_to(self._root.resolve()) or not await asyncio.to_thread(path.is_file):
            return await answer(send, 404)
        return await _give(path, ticket.content_type, send)

    def _read(self, scope: Scope) -> Ticket | None:
        try:
            query = parse_qs(scope.get("query_string", b"").decode("latin-1"), max_num_fields=10)
        except ValueError:
            return None
        words, signature = query.get("f", [""])[0].encode(), query.get("s", [""])[0].encode()
        if not same(signature, self._sign(words).encode()):
            return None
        ticket = _ticket.decode(base64.urlsafe_b64decode(words))
        return ticket if self._clock().timestamp() <= ticket.until else None


async def _give(path: Path, content_type: str, send: Send) -> None:
    size = (await asyncio.to_thread(path.stat)).st_size
    kind = content_type.replace("\r", "").replace("\n", "").encode("latin-1", "replace")
    headers = [
        (b"content-type", kind or b"application/octet-stream"),
        (b"content-length", str(size).encode()),
        (b"content-disposition", b"attachment"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    async for chunk in _chunks(path):
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk
