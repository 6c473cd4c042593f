"""Mails fetched from a Maildir. Each is moved on after it is on disk."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from channels.mail_inbox import MUCH, TOGETHER, Receive, watch

LOOK = 1.0  # seconds between looks


class Maildir:
    """Takes in what lies in `new/` and moves it to `cur/`, marked seen."""

    def __init__(self, path: Path, receive: Receive) -> None:
        self._path = path
        self._receive = receive

    async def listen(self) -> None:
        await watch(self._look)

    async def _look(self, through: Callable[[], None]) -> None:
        while True:
            await self.empty()
            through()
            await asyncio.sleep(LOOK)

    async def empty(self) -> None:
        """Take in all that lies in `new/` now. Raises what kept a mail from the disk."""
        for folder in ("tmp", "new", "cur"):
            (self._path / folder).mkdir(parents=True, exist_ok=True)
        waiting = await asyncio.to_thread(_oldest_first, self._path / "new")
        while waiting:
            waiting = waiting[await self._some(waiting) :]

    async def _some(self, waiting: list[Path]) -> int:
        """Take in the first of them together; how many that were. What was not kept stays, and its trouble is raised."""
        raws = await asyncio.to_thread(_together, waiting)
        there = [(path, raw) for path, raw in zip(waiting, raws, strict=False) if raw is not None]
        outcomes = await self._receive([raw for _, raw in there])
        kept = [path for (path, _), trouble in zip(there, outcomes, strict=False) if trouble is None]
        await asyncio.to_thread(_mark_seen, kept, self._path / "cur")
        if trouble := next(filter(None, outcomes), None):
            raise trouble
        return len(raws)


def _together(waiting: list[Path]) -> list[bytes | None]:
    """The first mails that are taken in together; None for one that somebody removed."""
    found: list[bytes | None] = []
    size = 0
    for path in waiting[:TOGETHER]:
        try:
            length = path.stat().st_size
            if found and size + length > MUCH:
                break
            found.append(path.read_bytes())
            size += length
        except FileNotFoundError:
            found.append(None)
    return found


def _mark_seen(kept: list[Path], cur: Path) -> None:
    for path in kept:
        path.rename(cur / f"{path.name.partition(':')[0]}:2,S")


def _oldest_first(folder: Path) -> list[Path]:
    found = [
        (path.stat().st_mtime_ns, path)
        for path in folder.iterdir()
        if path.is_file() and not path.name.startswith(".")
    ]
    return [path for _, path in sorted(found)]
