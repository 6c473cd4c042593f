"""Mails from files into tickets, by the same intake as the mailbox's. Clocks run from the import, the mail's own Date
is kept as the sender's word; so an archive of last year does not come in late."""

import asyncio
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from errno import ENOENT
from pathlib import Path

from channels.mail_files import mails
from channels.mail_in import hand_over, read_all
from channels.mail_inbox import MUCH, TOGETHER
from channels.mail_parse import Mail
from channels.mail_settings import Settings as MailSettings
from channels.mail_threads import NAME, external_id
from desk.files import Files
from desk.reception import Reception
from sop.errors import Unavailable
from store import seen
from store.db import View
from tanggap.opened import Opened
from tanggap.progress import Progress


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
    counts = Counts()
    work = _Import(desk, settings, counts)
    for lot in _lots(_each(paths, counts)):
        await work.lot(lot)
        progress.at(counts.all)
        if counts.trouble:
            break
    progress.done()
    return counts


def _each(paths: Iterable[Path], counts: Counts) -> Iterator[tuple[str, bytes]]:
    """What cannot be read ends the import; what was read before stays taken in."""
    try:
        for path in paths:
            yield from mails(path)
    except OSError as trouble:
        counts.trouble = trouble


def _lots(each: Iterator[tuple[str, bytes]]) -> Iterator[list[tuple[str, bytes]]]:
    """Mails that are taken in together: few enough, and small enough."""
    lot: list[tuple[str, bytes]] = []
    size = 0
    for name, raw in each:
        if lot and (len(lot) == TOGETHER or size + len(raw) > MUCH):
            yield lot
            lot, size = [], 0
        lot.append((name, raw))
        size += len(raw)
    if lot:
        yield lot


class _Import:
    """One import: the desk it goes into, and what it counts."""

    def __init__(self, desk: Opened, settings: MailSettings, counts: Counts) -> None:
        self._desk, self._settings, self._counts = desk, settings, counts
        self._reception = Reception(desk.db, Files(desk.settings.store.files), desk.now)
        self._secret = desk.settings.desk.secret.get_secret_value()

    async def lot(self, lot: list[tuple[str, bytes]]) -> None:
        """A mail that came before leaves no trace, not even its files."""
        keys, read = await asyncio.to_thread(self._read, [raw for _, raw in lot])
        known = await self._desk.db.read(_known, keys)
        fresh = [n for n, key in enumerate(keys) if not key or (key not in known and keys.index(key) == n)]
        outcomes = await hand_over(
            [read[n] for n in fresh],
            [lot[n][1] for n in fresh],
            self._reception,
            self._settings,
            secret=self._secret,
            at=self._desk.now(),
        )
        self._counts.known += len(lot) - len(fresh)
        here = await self._desk.db.read(_known, [keys[n] for n in fresh])
        for n, trouble in zip(fresh, outcomes, strict=False):
            if isinstance(trouble, Unavailable | OSError):
                self._counts.trouble = self._counts.trouble or trouble
            elif keys[n] in here:
                self._counts.new += 1
            else:
                self._counts.parked.append(lot[n][0])

    def _read(self, raws: list[bytes]) -> tuple[list[str], list[Mail | None]]:
        """Each mail, and its key as the intake will know it, "" for one that cannot be read."""
        read = read_all(raws, self._settings.authserv_id)
        keys = [external_id(mail, raw) if mail else "" for mail, raw in zip(read, raws, strict=True)]
        return keys, read


def _known(view: View, keys: list[str]) -> set[str]:
    return {key for key in keys if key and seen.find(view, NAME, key) is not None}
