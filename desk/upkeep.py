"""What the desk does beside its work: index words for search, fetch and look at files, drop keys nobody repeats any more."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from msgspec.structs import replace

from desk import cards, publication_requests, sniffing, thumbnails
from desk.files import Files
from sop import vcard
from sop.delivery import wait
from sop.errors import Unavailable
from sop.messages import File, Kind, SendFailed, TooLarge
from sop.vcard import Card
from store import attachments, search, seen, tickets
from store.attachments import Attachment
from store.db import Change, Database

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
    """The loop that brings attachments home, and looks at each: what it is, and its small picture.

    Telegram and Twilio keep them for a while; a mail's, a form's and an officer's came along, and are looked at after.
    """

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
        """Fetch and look at what is due now, a few at a time; how many were tried."""
        return await self._bring(fetchers) + await self._look()

    async def _bring(self, fetchers: Mapping[str, Fetcher]) -> int:
        due = await self._db.read(attachments.to_fetch, self._clock(), AT_ONCE)
        mine = [(found, fetchers[channel]) for found, channel in due if channel in fetchers]
        await asyncio.gather(*(self._fetch(found, fetcher) for found, fetcher in mine))
        return len(mine)

    async def _look(self) -> int:
        """At files that were kept before their message was."""
        new = await self._db.read(attachments.unseen, AT_ONCE)
        for found in new:
            file, small = await self._seen(found.file)
            if not await self._db.write(looked_at, found, file, small):
                self._files.drop(small)
        return len(new)

    async def _seen(self, file: File) -> tuple[File, str]:
        """The file as what its content says it is, and where its small picture lies."""
        try:
            path = self._files.path(file)
            content_type = await asyncio.to_thread(sniffing.typed, path, file.content_type)
        except OSError:
            return file, thumbnails.NONE
        pictured = file.kind is Kind.PHOTO and not content_type.startswith("image/")
        file = replace(file, content_type=content_type, kind=Kind.DOCUMENT if pictured else file.kind)
        return file, await thumbnails.make(self._files, file)

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
            card = await self._card(file) if file.kind is Kind.CONTACT else None
            await self._db.write(brought, found, *await self._seen(file), self._clock(), card)

    async def _card(self, file: File) -> Card:
        """Whose contact card that file is."""
        try:
            with await asyncio.to_thread(self._files.path(file).open, "rb") as opened:
                return vcard.read(await asyncio.to_thread(opened.read, vcard.LARGEST))
        except OSError:
            return Card()

    def _again(self, found: Attachment) -> datetime | None:
        return self._clock() + wait(found.attempts + 1, 0.5) if found.attempts + 1 < MOST_TRIES else None


def brought(
    change: Change, found: Attachment, file: File, thumbnail: str, now: datetime, card: Card | None = None
) -> None:
    """The file is on disk; the page that shows its message hears of it, and the publication that it asks for.

    A contact card says whose it is in the message's own words, as one of Telegram's does.
    """
    attachments.fetched(change, found.id, file, thumbnail)
    if card is not None and (card.name or card.phones):
        cards.introduce(change, found.message, card)
    _tell(change, found)
    kept = attachments.get(change, found.id)
    if kept and (ticket := tickets.find(change, kept[1])):
        publication_requests.brought(change, ticket, file, now)


def looked_at(change: Change, found: Attachment, file: File, thumbnail: str) -> bool:
    """What it is, and its small picture. False: another process was first."""
    first = attachments.looked_at(
        change, found.id, content_type=file.content_type, kind=file.kind, thumbnail=thumbnail
    )
    if first:
        _tell(change, found)
    return first


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
