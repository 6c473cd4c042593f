"""The loop that feeds pushes into the outbox: begun at their time, a batch a write, ended when all has left."""

from collections.abc import Callable
from datetime import datetime

from desk import pushing
from store import pushes
from store.db import Database

TICK = 1.0  # seconds until due pushes are looked at again when nobody rings


class PushFeed:
    """What it does follows from rows alone: a crash goes on where it was."""

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock

    async def run(self) -> None:
        """Until cancelled."""
        with self._db.bell.ear("publications") as ear:
            while True:
                if not await self.once():
                    await ear.wait(TICK)

    async def once(self) -> int:
        """One round over the pushes that are due: how many of them have more to write."""
        due = await self._db.read(pushes.due, self._clock())
        return sum([await self._db.write(pushing.feed, each.id, self._clock()) for each in due])
