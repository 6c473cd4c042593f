"""The night's backup: taken while the desk serves, the oldest dropped once the newest was read back."""

import asyncio
import shutil
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from desk import backups
from desk.backups import Outcome
from sop.errors import DeskError
from store.db import Database
from tanggap import backup
from tanggap.blocks import Backup
from tanggap.faults import system_says
from tanggap.opened import reason_of
from tanggap.settings import Settings

log = structlog.get_logger()
LOOK = 30.0  # seconds between two looks at the clock
STALE = 86_400  # seconds after which a folder of a killed backup is swept


class Stopped(Exception):
    """The desk stops: the backup ends in the middle, and nothing of it stays."""


class Nightly:
    def __init__(
        self, settings: Settings, block: Backup, db: Database, clock: Callable[[], datetime]
    ) -> None:
        self._settings, self._block, self._db, self._clock = settings, block, db, clock

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.once()
            await asyncio.sleep(LOOK)

    async def once(self) -> Outcome | None:
        """Take it if it is due. What went wrong is kept for the page of the machine's state, and for the alert."""
        now = self._clock()
        before = await self._db.read(backups.last)
        if not backups.due(self._block.at, self._settings.desk.timezone, now, before):
            return None
        began = time.monotonic()
        try:
            outcome = await self._taken(now, began)
            self._tidy(now)
        except Exception as error:  # whatever it was: the night is over, and somebody must hear of it
            outcome = Outcome(
                at=now.isoformat(),
                good=False,
                reason=_reason(error),
                seconds=round(time.monotonic() - began, 1),
            )
            log.error("backup failed", reason=type(error).__name__)
        await self._db.write(backups.note, outcome)
        return outcome

    async def _taken(self, now: datetime, began: float) -> Outcome:
        stop = threading.Event()

        def told(_stage: str, _done: int, _of: int) -> None:
            if stop.is_set():
                raise Stopped

        local = now.astimezone(ZoneInfo(self._settings.desk.timezone))
        target = self._block.folder / backup.named(local, sealed=bool(self._block.recipient))
        try:
            taken = await asyncio.to_thread(
                backup.take,
                self._settings,
                target,
                now=now,
                recipient=self._block.recipient,
                told=told,
            )
        except asyncio.CancelledError:
            stop.set()
            raise
        return backup.outcome(taken, time.monotonic() - began)

    def _tidy(self, now: datetime) -> None:
        """Only backups that this loop made itself are dropped, the oldest first."""
        folder = self._block.folder
        for path in backup.nightly_ones(folder)[: -self._block.keep]:
            path.unlink(missing_ok=True)
        for path in folder.glob(".tanggap-*"):
            if path.is_dir() and now.timestamp() - path.stat().st_mtime > STALE:
                shutil.rmtree(path, ignore_errors=True)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        where = f"{Path(str(error.filename)).parent}: " if error.filename else ""
        return f"{where}{system_says(error)}"[:300]
    if isinstance(error, DeskError):
        return str(error)[:300]
    return f"{type(error).__name__}: {reason_of(error)}"[:300]
