"""The loop that feeds pushes into the outbox: begun at their time, a batch a write, ended when all has left."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

from desk import pushing, targets
from desk.targets import Inspector
from store import pushes
from store.db import Database

BREATH = 0.04  # seconds between two batches: faster than any allowance, and no other act waits for thousands of rows
TICK = 1.0  # seconds until due pushes are looked at again when nobody rings


class PushFeed:
    """What it does follows from rows alone: a crash goes on where it was. `inspectors` are asked once more, right before
    an announcement begins, whether its channels and groups let us post: what refuses us is shown with why."""

    def __init__(
        self, db: Database, clock: Callable[[], datetime], inspectors: Mapping[str, Inspector] | None = None
    ) -> None:
        self._db = db
        self._clock = clock
        self._inspectors = inspectors or {}

    async def run(self) -> None:
        """Until cancelled."""
        with self._db.bell.ear("publications") as ear:
            while True:
                await (asyncio.sleep(BREATH) if await self.once() else ear.wait(TICK))

    async def once(self) -> int:
        """One round over the pushes that are due: how many of them have more to write."""
        more = 0
        for each in await self._db.read(pushes.due, self._clock()):
            if each.state == "planned" and each.kind == "publish":
                await targets.ask_before(self._db, self._inspectors, each.publication, self._clock())
            more += await self._db.write(pushing.feed, each.id, self._clock())
        return more
