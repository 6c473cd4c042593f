"""`/metrics` in Prometheus' form: counts of this process, and how the desk stands by one query of the moment."""

import asyncio
from hmac import compare_digest
from importlib import import_module
from ipaddress import ip_address

from pydantic import SecretStr

from desk import state
from desk.desk import Desk
from sop.errors import Unavailable
from store.state import Standing
from tanggap.front import App, Receive, Scope, Send

FORWARDED = frozenset(
    {b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip"}
)
HERE = frozenset({b"127.0.0.1", b"localhost", b"[::1]"})


def routes(desk: Desk, token: SecretStr | None) -> tuple[tuple[str, App], ...]:
    """Open to this machine itself, and to whoever shows the token; to everybody else there is no such page."""
    secret = token.get_secret_value().encode() if token else b""

    async def metrics(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") not in ("GET", "HEAD") or not admitted(scope, secret):
            return await _answer(send, 404, b"", b"text/plain")
        try:
            standing = await desk.db.read(state.standing, desk.clock())
        except Unavailable:
            standing = None
        form, body = await asyncio.to_thread(_exposed, desk, standing)
        return await _answer(send, 200, body, form.encode())

    return (("/metrics", metrics),)


def admitted(scope: Scope, secret: bytes) -> bool:
    """The token; or, where none is set, a caller on this machine whom no proxy stands before."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    if secret:
        shown = headers.get(b"authorization", b"").removeprefix(b"Bearer ")
        return compare_digest(shown, secret)
    if FORWARDED & headers.keys() or scope.get("http_version") == "1.0":
        return False  # a proxy, also one that was told to say nothing of it: it speaks HTTP/1.0
    host = headers.get(b"host", b"").rpartition(b":")
    name = host[0] if host[1] and host[2].isdigit() else headers.get(b"host", b"")
    return name in HERE and _loopback(scope)


def _loopback(scope: Scope) -> bool:
    client = scope.get("client")
    try:
        return client is not None and ip_address(client[0]).is_loopback
    except ValueError:
        return False


def _exposed(desk: Desk, standing: Standing | None) -> tuple[str, bytes]:
    """The library is loaded by the first who asks."""
    exposed: tuple[str, bytes] = import_module("tanggap.exposition").exposed(
        desk.meter, standing, desk.live(), desk
    )
    return exposed


async def _answer(send: Send, status: int, body: bytes, form: bytes) -> None:
    headers = [
        (b"content-type", form),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
