"""Trouble on demand: what a test or the demo's visitor may ask a simulated provider to do wrong."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

HANG_UP = "demo.hang_up"


@dataclass
class Fault:
    """`method`, `chat`: where it strikes ("" everywhere). `seconds`: retry_after, or the time a slow answer takes."""

    kind: str
    method: str = ""
    chat: str = ""
    times: int = 1
    seconds: float = 1.0


class Faults:
    """Faults wait in the order they were asked for; the first that fits a request strikes, `times` times."""

    def __init__(self, kinds: frozenset[str]) -> None:
        self._kinds = kinds
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        if fault.kind not in self._kinds:
            raise ValueError(f"unknown fault {fault.kind!r}; known are {', '.join(sorted(self._kinds))}")
        self._waiting.append(fault)

    def take(self, method: str, chat: str = "") -> Fault | None:
        for fault in self._waiting:
            if fault.method in ("", method) and fault.chat in ("", chat):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        self._waiting.clear()


class BreakableApp(Starlette):
    """A Starlette application that can close a caller's connection without an answer.

    uvicorn's `send` belongs to an object that holds the transport. Mounted below other middleware it cannot be
    reached; then `HangUp` breaks the answer off after its head, which clients also see as a lost connection.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = getattr(getattr(send, "__self__", None), "transport", None)
        if transport is not None:
            scope.setdefault(HANG_UP, transport.abort)
        await super().__call__(scope, receive, send)


class HangUp(Response):
    """Closes the connection without an answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if HANG_UP not in scope:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
            return
        scope[HANG_UP]()
        await left(receive)


class Hang(Response):
    """Never answers: waits until the caller gives up, or the simulator is closed (`over`)."""

    def __init__(self, over: asyncio.Event) -> None:
        super().__init__()
        self._over = over

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        gone, over = asyncio.create_task(left(receive)), asyncio.create_task(self._over.wait())
        try:
            await asyncio.wait({gone, over}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            over.cancel()
        await HangUp()(scope, receive, send)


async def left(receive: Receive) -> None:
    """Return when the caller has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def trickle(body: bytes, seconds: float) -> AsyncIterator[bytes]:
    """The body byte by byte, over `seconds` in all."""
    for index in range(len(body)):
        yield body[index : index + 1]
        await asyncio.sleep(seconds / max(len(body), 1))
