"""Mails from files into tickets, by the same intake as the mailbox's. Clocks run from the import, the mail's own Date
is kept as the sender's word; so an archive of last year does not come in late."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from errno import ENOENT
from pathlib import Path
from typing import Any

from channels.mail_files import mails
from channels.mail_in import receive
from channels.mail_parse import parse
from channels.mail_settings import Settings as MailSettings
from channels.mail_threads import NAME, external_id
from desk.files import Files
from desk.reception import Reception
from sop.errors import Unavailable
from sop.messages import Delivered, File, Incoming, Presence
from store import seen
from tanggap.opened import Opened
from tanggap.progress import Progress

AT_ONCE = 32
"""Mails on their way together, so that their acts share a COMMIT; they are still taken in in the order of the files."""


@dataclass
class Counts:
    """What became of the mails; `parked` names the broken ones."""

    new: int = 0
    known: int = 0
    parked: list[str] = field(default_factory=list)
    trouble: Unavailable | OSError | None = None

    @property
    def all(self) -> int:
        return self.new + self.known + len(self.parked)


def check_paths(paths: Iterable[Path]) -> None:
    """Raises FileNotFoundError before anything is taken in."""
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(ENOENT, os.strerror(ENOENT), str(path))


def settings_of(desk: Opened) -> tuple[MailSettings, bool]:
    """The mail channel's block, and whether there is one: without it mails come in, and no sender counts as proved."""
    found = desk.settings.channels.get(NAME)
    if isinstance(found, MailSettings):
        return found, True
    stand_in = {"address": "impor@meja.invalid", "inbox": "maildir:.", "outbox": "smtp://127.0.0.1"}
    return MailSettings.model_validate(stand_in), False


async def bring_in(paths: Iterable[Path], desk: Opened, settings: MailSettings, progress: Progress) -> Counts:
    """Take in every mail that was not here before. What the store or disk refused ends it, in `trouble`."""
    counts, room = Counts(), asyncio.Semaphore(AT_ONCE)
    work = _Import(desk, settings, counts)
    before = asyncio.Event()
    before.set()
    async with asyncio.TaskGroup() as group:
        for name, raw in _each(paths, counts):
            await room.acquire()
            if counts.trouble:
                break
            after = asyncio.Event()
            task = group.create_task(work.one(name, raw, before, after))
            task.add_done_callback(lambda _: room.release())
            before = after
            progress.at(counts.all)
    progress.done()
    return counts


def _each(paths: Iterable[Path], counts: Counts) -> Iterator[tuple[str, bytes]]:
    """What cannot be read ends the import; what was read before stays taken in."""
    try:
        for path in paths:
            yield from mails(path)
    except OSError as trouble:
        counts.trouble = trouble


class _Import:
    """One import: the desk it goes into, and what it counts."""

    def __init__(self, desk: Opened, settings: MailSettings, counts: Counts) -> None:
        self._desk, self._settings, self._counts = desk, settings, counts
        self._reception = Reception(desk.db, Files(desk.settings.store.files), desk.now)
        self._secret = desk.settings.desk.secret.get_secret_value()
        self._under_way: set[str] = set()

    async def one(self, name: str, raw: bytes, before: asyncio.Event, after: asyncio.Event) -> None:
        """A mail that came before leaves no trace, not even its files."""
        key = ""
        try:
            key = await asyncio.to_thread(_key, raw)
            await before.wait()
            if key in self._under_way or await self._is_known(key):
                self._counts.known += 1
                return
            self._under_way.add(key)
            turn = _InTurn(self._reception, after)
            await receive(raw, turn, self._settings, secret=self._secret, clock=self._desk.now)
            if await self._is_known(key):
                self._counts.new += 1
            else:
                self._counts.parked.append(name)
        except (Unavailable, OSError) as trouble:
            self._counts.trouble = trouble
        finally:
            after.set()
            self._under_way.discard(key)

    async def _is_known(self, key: str) -> bool:
        return bool(key) and await self._desk.db.read(seen.find, NAME, key) is not None


def _key(raw: bytes) -> str:
    """As the intake will know the mail; "" for one that cannot be read."""
    try:
        return external_id(parse(raw), raw)
    except Exception:  # any bytes may come; `receive` parks what it cannot read
        return ""


class _InTurn:
    """A Reception that lets the next mail go on as soon as this one stands in line for the store."""

    def __init__(self, inner: Reception, after: asyncio.Event) -> None:
        self._inner, self._after = inner, after

    async def take_in(self, incoming: Incoming, raw: bytes = b"") -> None:
        standing = asyncio.create_task(self._inner.take_in(incoming, raw))
        self._after.set()
        await standing

    async def heard(self, word: Presence | Delivered) -> None:
        await self._inner.heard(word)

    async def park(self, channel: str, external_id: str, raw: bytes, reason: str) -> None:
        await self._inner.park(channel, external_id, raw, reason)

    async def keep(self, chunks: AsyncIterator[bytes], *, limit: int) -> File:
        return await self._inner.keep(chunks, limit=limit)

    async def remembered(self, name: str) -> dict[str, Any]:
        return await self._inner.remembered(name)

    async def remember(self, name: str, value: dict[str, Any]) -> None:
        await self._inner.remember(name, value)
