"""While the database is being changed, pages say so and webhooks answer 503: their messages wait at the providers."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from desk import maintenance
from sop.errors import Unavailable, UnderMaintenance
from store.db import Reader
from tanggap.front import App, Receive, Scope, Send

EVERY = 1.0  # seconds between two looks
HOOKS, STATIC = "/hooks/", "/static/"
MACHINES = frozenset({"/healthz", "/readyz", "/metrics"})
READS = frozenset({"GET", "HEAD"})
BUSY = ((b"retry-after", b"30"), (b"content-length", b"0"))


class Gate:
    """What is sent by a form goes on to its page, which keeps the words that were typed."""

    def __init__(
        self, db: Reader, clock: Callable[[], datetime], gone: Callable[[str], bool], page: App
    ) -> None:
        self._db, self._clock, self._gone, self._page = db, clock, gone, page
        self.closed = False

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        try:
            self.closed = await self._db.read(maintenance.is_on, self._clock(), self._gone)
        except UnderMaintenance:
            self.closed = True
        except Unavailable:
            pass  # cut off or busy: it stays as it was

    def stands_before(self, scope: Scope) -> bool:
        """Whether this request is answered here."""
        path = scope.get("path", "")
        if not self.closed or path in MACHINES or path.startswith(STATIC):
            return False
        return path.startswith(HOOKS) or scope.get("method") in READS

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith(HOOKS):
            return await self._page(scope, receive, send)
        await send({"type": "http.response.start", "status": 503, "headers": list(BUSY)})
        await send({"type": "http.response.body", "body": b""})
        return None
