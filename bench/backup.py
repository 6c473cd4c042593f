"""Backup and restore by the gigabyte, and a backup under 200 messages a second: what intake feels of it."""

import asyncio
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.office import ZONE, Folder
from desk import starter
from desk.ids import Ids
from desk.intake import take_in
from sop.messages import Incoming
from store import trail
from store.db import Change, Database, View, open_database
from store.migrate import migrate
from tanggap import backup, restore, sealing
from tanggap.settings import Settings, read_settings

SECRET = "k7Qm2xVb9Rt4Lw8Zs1Hn6Yd3Pf5Jc0Ga"
RATE = 200  # messages a second
WARM, QUIET, LOADED = 3.0, 8.0, 12.0  # seconds of intake without and with a backup beside it
FILES, OF = 250, 2_000_000  # attachments, and bytes of each
DATABASE = 500_000_000  # bytes
PIECE = 100_000  # bytes of one message that fills the database


def run(folder: Folder, rounds: int) -> str:
    del rounds  # each part is long enough to be measured once
    place = folder.root / "backup"
    settings = _made(place / "desk")
    lines = [
        "## Backup and restore",
        "",
        "One desk of 1 GB: half of it the database, half 250 attachments that do not shrink.",
        "",
        "| what | seconds | size |",
        "|---|---:|---:|",
    ]
    for name in ("desk.tar", "desk.tar.gz", "desk.tar.gz.age"):
        lines.append(_backed_up(settings, place / name, sealed=name.endswith(".age")))
    lines.append(_restored(_made(place / "other", full=False), place / "desk.tar"))
    return "\n".join([*lines, "", *asyncio.run(_under_load(settings, place))]) + "\n"


def _made(folder: Path, *, full: bool = True) -> Settings:
    folder.mkdir(parents=True)
    (folder / "config.yaml").write_text(
        f'desk: {{name: Bench, public_url: "http://127.0.0.1:8080", secret: "{SECRET}"}}\n', encoding="utf-8"
    )
    settings = read_settings(folder / "config.yaml", {})
    if full:
        (folder / "data").mkdir()
        migrate(settings.store.url)
        _keep_files(settings.store.files)
        asyncio.run(_filled(settings))
    return settings


def _keep_files(root: Path) -> None:
    for number in range(FILES):
        path = root / f"{number % 256:02x}" / f"{number % 256:02x}{number:030x}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(OF))


async def _filled(settings: Settings) -> None:
    async with open_database(settings.store.url) as db:
        await db.write(starter.seed, starter.office("Bench", ZONE), ZONE, datetime(2026, 1, 5, tzinfo=UTC))
        words = "KRS saya terkunci, mohon dibantu. " * (PIECE // 34)
        for first in range(0, DATABASE // PIECE, 50):
            await db.write(_heap, first, words)


def _heap(change: Change, first: int, words: str) -> None:
    """Rows that take room and that nobody reads."""
    for number in range(first, first + 50):
        change.run(
            """
            INSERT INTO parked (channel, external_id, raw, reason, parked_at)
            VALUES ('bench', :key, :raw, '', :at)
            """,
            key=str(number),
            raw=f"{number} {words}".encode(),
            at=datetime(2026, 1, 5, tzinfo=UTC),
        )


def _backed_up(settings: Settings, path: Path, *, sealed: bool) -> str:
    recipient = str(sealing.throwaway().to_public()) if sealed else ""
    began = time.perf_counter()
    taken = backup.take(settings, path, now=datetime.now(UTC), recipient=recipient)
    return _row(f"backup, read back: {path.name}", time.perf_counter() - began, taken.size)


def _restored(settings: Settings, path: Path) -> str:
    began = time.perf_counter()
    restore.examined(settings, path, None, told=backup.quiet)
    restore.put_back(settings, path, None, told=backup.quiet)
    return _row("restore, compared first: desk.tar", time.perf_counter() - began, path.stat().st_size)


def _row(what: str, seconds: float, size: int) -> str:
    return f"| {what} | {seconds:.1f} | {size / 1e6:.0f} MB |"


async def _under_load(settings: Settings, place: Path) -> list[str]:
    """The same rate before and during backups that follow one another."""
    async with open_database(settings.store.url) as db:
        await _intake(db, WARM, "w")
        quiet = await _intake(db, QUIET, "q")
        before = await db.read(_events)
        loading = asyncio.create_task(_intake(db, LOADED, "l"))
        began = time.perf_counter()
        taken = await asyncio.to_thread(
            backup.take, settings, place / "under-load.tar", now=datetime.now(UTC)
        )
        seconds = time.perf_counter() - began
        loaded = await loading
        after = await db.read(_events)
    other = _made(place / "drill", full=False)
    await asyncio.to_thread(restore.put_back, other, taken.path, None, told=backup.quiet)
    async with open_database(other.store.url) as db:
        broken, events = await db.read(_chain), await db.read(_events)
    assert broken is None
    assert before <= events <= after
    return [
        f"Under {RATE} messages a second the backup took {seconds:.1f} s. Restored, it holds every event from before it "
        f"began ({events} of {after} at the end), and its chain is whole.",
        "",
        "| intake | acknowledged a second | median ms | 99 of 100 below ms |",
        "|---|---:|---:|---:|",
        _figures("alone", quiet, QUIET),
        _figures("beside the backup", loaded, LOADED),
    ]


def _figures(name: str, waits: list[float], seconds: float) -> str:
    waits = sorted(waits)
    late = waits[int(len(waits) * 0.99)]
    return f"| {name} | {len(waits) / seconds:.0f} | {median(waits) * 1000:.1f} | {late * 1000:.1f} |"


def _events(view: View) -> int:
    return trail.last(view)


def _chain(view: View) -> int | None:
    return restore.chain(view, lambda _done, _of: None)


async def _intake(db: Database, seconds: float, name: str) -> list[float]:
    """How long each acknowledgement took. Messages come at their rate, whoever still waits."""
    waits: list[float] = []

    async def one(number: int) -> None:
        at = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
        who = f"{name}{number}"
        told = Incoming(
            channel="telegram",
            external_id=who,
            message_id=who,
            key=who,
            sender=who,
            at=at,
            text="KRS terkunci",
        )
        began = time.perf_counter()
        await db.write(take_in, told, Ids(who, who, who), at)
        waits.append(time.perf_counter() - began)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(int(seconds * RATE)):
            await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
            group.create_task(one(number))
    return waits
