"""The outermost ASGI application: providers' webhooks and the machine's own pages first, all else is the console's."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from secrets import token_hex
from typing import Any, Protocol

import structlog

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Gate(Protocol):
    """May answer instead of everything behind it."""

    def stands_before(self, scope: Scope) -> bool: ...

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None: ...


class Front:
    """Exact paths by one look; paths that end in "/" are beginnings. A webhook passes no middleware.

    Every log line of a request carries the same id, `request`.
    """

    def __init__(self, rest: App, routes: Iterable[tuple[str, App]] = (), gate: Gate | None = None) -> None:
        self._rest = rest
        self._gate = gate
        self._exact: dict[str, App] = {}
        self._under: tuple[tuple[str, App], ...] = ()
        self.add(routes)

    def add(self, routes: Iterable[tuple[str, App]]) -> None:
        """Further routes, of a channel that opens after the port."""
        for path, app in routes:
            if path.endswith("/"):
                self._under += ((path, app),)
            else:
                self._exact[path] = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with structlog.contextvars.bound_contextvars(request=token_hex(6)):
            return await self._answered(scope, receive, send)

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._gate and self._gate.stands_before(scope):
            return await self._gate.answer(scope, receive, send)
        path = scope.get("path", "")
        app = self._exact.get(path)
        if app is None:
            app = next((each for start, each in self._under if path.startswith(start)), self._rest)
        return await app(scope, receive, send)
