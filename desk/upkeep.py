"""What the desk does beside its work: index words for search, fetch files, drop keys nobody repeats any more."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from msgspec.structs import replace

from desk.files import Files
from sop.delivery import wait
from sop.errors import Unavailable
from sop.messages import File, SendFailed, TooLarge
from store import attachments, search, seen
from store.attachments import Attachment
from store.db import Change, Database

log = structlog.get_logger()
KEYS_LAST = timedelta(days=60)
LARGEST = 25_000_000  # bytes of one attachment
AT_ONCE = 4
TICK = 5.0
MOST_TRIES = 8
DEADLINE = 300.0  # seconds for one file


class Fetcher(Protocol):
    """A channel whose attachments are fetched afterwards. Raises TooLarge, SendFailed (`retry`: later)."""

    def fetch(self, file: File) -> AsyncIterator[bytes]: ...


async def index_all(db: Database) -> int:
    """Make what was said findable; how many messages it were."""
    done = 0
    while new := await db.write(index_some):
        done += new
    return done


def index_some(change: Change) -> int:
    return search.index_some(change)


async def forget_old_keys(db: Database, now: datetime) -> None:
    """Keys of deliveries so old that no provider brings them again."""
    while await db.write(forget_some, now - KEYS_LAST):
        pass


def forget_some(change: Change, before: datetime) -> int:
    return seen.forget_before(change, before)


class Fetching:
    """The loop that brings attachments home. Telegram and Twilio keep them for a while; a mail's came with it."""

    def __init__(self, db: Database, files: Files, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._files = files
        self._clock = clock

    async def run(self, fetchers: Mapping[str, Fetcher]) -> None:
        """Until cancelled."""
        with self._db.bell.ear("files") as ear:
            while True:
                if not await self.once(fetchers):
                    await ear.wait(TICK)

    async def once(self, fetchers: Mapping[str, Fetcher]) -> int:
        """Fetch what is due now, a few at a time; how many were tried."""
        due = await self._db.read(attachments.to_fetch, self._clock(), AT_ONCE)
        mine = [(found, fetchers[channel]) for found, channel in due if channel in fetchers]
        await asyncio.gather(*(self._fetch(found, fetcher) for found, fetcher in mine))
        return len(mine)

    async def _fetch(self, found: Attachment, fetcher: Fetcher) -> None:
        try:
            async with asyncio.timeout(DEADLINE):
                kept = await self._files.keep(fetcher.fetch(found.file), limit=LARGEST)
        except TooLarge:
            await self._db.write(give_up, found, "too_large", "lebih dari 25 MB", None)
        except SendFailed as failure:
            again = failure.retry is not None or failure.unknown
            await self._db.write(
                give_up, found, "failed", failure.reason, self._again(found) if again else None
            )
        except (TimeoutError, OSError) as error:
            await self._db.write(give_up, found, "failed", type(error).__name__, self._again(found))
        except Unavailable:
            raise
        else:
            file = replace(found.file, path=kept.path, size=kept.size, sha256=kept.sha256)
            await self._db.write(brought, found, file)

    def _again(self, found: Attachment) -> datetime | None:
        return self._clock() + wait(found.attempts + 1, 0.5) if found.attempts + 1 < MOST_TRIES else None


def brought(change: Change, found: Attachment, file: File) -> None:
    """The file is on disk; the page that shows its message hears of it."""
    attachments.fetched(change, found.id, file)
    _tell(change, found)


def give_up(change: Change, found: Attachment, state: str, error: str, next_at: datetime | None) -> None:
    """Not yet (with `next_at`), or not at all."""
    attachments.not_fetched(
        change, found.id, state="waiting" if next_at else state, error=error, next_at=next_at
    )
    _tell(change, found)


def _tell(change: Change, found: Attachment) -> None:
    kept = attachments.get(change, found.id)
    if kept:
        change.tell(f"ticket.{kept[1]}")
