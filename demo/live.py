"""The page follows the phones: one stream of server-sent events for each open page."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Self

from starlette.responses import StreamingResponse

from demo.news import News
from demo.stage import Stage

QUIET = 10.0  # seconds without news until a sign of life, which also moves the clock on the page
GATHER = 0.03  # seconds in which several changes become one


class Live:
    """Counts every change on the stage while it is open. Leaving it ends all streams: a stopping server waits for none."""

    def __init__(self, stage: Stage) -> None:
        self._sources = (stage.telegram.news, stage.twilio.news, stage.mailbox.news)
        self._news = News()
        self._watching: list[asyncio.Task[None]] = []
        self.count = 0
        self.closed = False

    async def __aenter__(self) -> Self:
        self._watching = [asyncio.create_task(self._watch(source)) for source in self._sources]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()
        for task in self._watching:
            task.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)

    def tell(self) -> None:
        self.count += 1
        self._news.tell()

    def close(self) -> None:
        self.closed = True
        self.tell()

    async def after(self, count: int) -> None:
        """Return when there was a change after the `count`-th, or after a quiet while."""
        try:
            await self._news.until(lambda: self.count > count, QUIET)
        except TimeoutError:
            pass

    async def _watch(self, source: News) -> None:
        while True:
            await source.wait()
            self.tell()


def stream(live: Live, render: Callable[[], str], headers: Mapping[str, str]) -> StreamingResponse:
    return StreamingResponse(_events(live, render), media_type="text/event-stream", headers=dict(headers))


async def _events(live: Live, render: Callable[[], str]) -> AsyncIterator[str]:
    """What the page shows, whenever it is something else than before."""
    before = ""
    while not live.closed:
        count, now = live.count, render()
        if now != before:
            yield "".join(f"data: {line}\n" for line in now.splitlines()) + "\n"
            before = now
        else:
            yield ": \n\n"
        await live.after(count)
        await asyncio.sleep(GATHER)
