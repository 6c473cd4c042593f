"""Who wants to hear of changes: loops and live pages are woken after COMMIT, never by a change that was undone."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class Ear:
    """Hears the topics it was opened for. What rings while nobody waits is kept until the next `wait`."""

    def __init__(self, topics: frozenset[str]) -> None:
        self._topics = topics
        self._heard: set[str] = set()
        self._rung = asyncio.Event()

    def hear(self, topics: Iterable[str]) -> None:
        mine = self._topics.intersection(topics) if self._topics else set(topics)
        if mine:
            self._heard |= mine
            self._rung.set()

    def hear_all(self) -> None:
        self._heard |= self._topics
        self._rung.set()

    async def wait(self, seconds: float) -> frozenset[str]:
        """The topics that rang; empty after `seconds` of silence."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return frozenset()
        heard = frozenset(self._heard)
        self._heard.clear()
        self._rung.clear()
        return heard


class Bell:
    def __init__(self) -> None:
        self._ears: set[Ear] = set()

    def ring(self, topics: Iterable[str]) -> None:
        for ear in tuple(self._ears):
            ear.hear(topics)

    def ring_all(self) -> None:
        """Something was told, and nobody knows what: every ear hears all that it listens to."""
        for ear in tuple(self._ears):
            ear.hear_all()

    @contextmanager
    def ear(self, *topics: str) -> Iterator[Ear]:
        """An open ear for `topics`, or for all when none is named."""
        ear = Ear(frozenset(topics))
        self._ears.add(ear)
        try:
            yield ear
        finally:
            self._ears.discard(ear)
