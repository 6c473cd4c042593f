"""A million visits due at one moment: all are tended, batch after bounded batch, while intake keeps its pace."""

import asyncio
import statistics
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bench.office import NOW, Folder, message, writer
from desk import staff, sweep
from desk.intake import take_in
from store.db import Change, Database, View, open_database

SIZE = 1_000_000
CALLERS = 32
SECONDS = 4.0  # of a window
BEGAN = (NOW - timedelta(minutes=15)).isoformat(timespec="microseconds")
AT = NOW.isoformat(timespec="microseconds")
FILL = (
    "INSERT INTO contact (id, name, created_at) VALUES (1, 'Dewi', :began)",
    """
    INSERT INTO ticket (id, contact_id, conversation_id, channel, unit_id, procedure_id, subject, token, step, lane,
                        step_at, due_at, rank_at, opened_at, name)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :size)
    SELECT 1000 + i, 1, -i, 'telegram', 1, (SELECT id FROM procedure WHERE code = 'uc3-kantor-pusat'),
           'KRS terkunci ' || i, 'due-' || i, 'analisa', 'narahubung', :began, :at, :at, :began, 'Dewi'
      FROM n
    """,
    """
    INSERT INTO visit (case_id, step, lane, unit_id, opened_at, due_at, look_at)
    SELECT id, step, lane, unit_id, :began, :at, :at FROM ticket
    """,
    "INSERT INTO counter (name, n) VALUES ('open.1', :size), ('free.1', :size)",
    "ANALYZE",
)


@dataclass
class Windows:
    """What each window gave: messages taken in a second without and with the sweep, visits tended a second."""

    calm: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    tended: list[float] = field(default_factory=list)


def filled(folder: Folder, size: int) -> Path:
    """A desk with so many tickets of one agent's lane, all due now."""
    path = folder.fresh()
    connection = writer(path, [])
    for sql in FILL:
        words = {"size": size, "at": AT, "began": BEGAN}
        connection.execute(sql, {name: value for name, value in words.items() if f":{name}" in sql})
    connection.close()
    return path


def _agent(change: Change) -> None:
    """One who sits there and is reminded in chat."""
    staff.add(change, login="sari", name="Sari", password_hash="", now=NOW)
    staff.grant(change, "sari", lane="narahubung", unit="pusat", now=NOW)
    staff.offer_code(change, "sari", "staff", "SATU", NOW)
    staff.link(change, "staff", "8001", "SATU", NOW)


def _left(view: View) -> int:
    row = view.one("SELECT count(*) AS n FROM visit WHERE closed_at IS NULL AND look_at <= :now", now=NOW)
    return int(row["n"]) if row else 0


async def _intake(db: Database, seconds: float) -> float:
    """Messages taken in a second by that many callers at once."""
    done, begin = 0, time.perf_counter()

    async def caller() -> None:
        nonlocal done
        while time.perf_counter() - begin < seconds:
            await db.write(take_in, *message(), NOW)
            done += 1

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return done / (time.perf_counter() - begin)


async def _measure(path: Path, rounds: int) -> tuple[Windows, float, int]:
    """The windows, then all that is left by the sweep alone: seconds it took, and for how many visits."""
    found = Windows()
    async with open_database(f"sqlite:///{path}") as db:
        await db.write(_agent)
        for _ in range(rounds):
            found.calm.append(await _intake(db, SECONDS))
            before, begin = await db.read(_left), time.perf_counter()
            sweeping = asyncio.create_task(sweep.once(db, NOW))
            found.busy.append(await _intake(db, SECONDS))
            sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await sweeping
            found.tended.append((before - await db.read(_left)) / (time.perf_counter() - begin))
        left, begin = await db.read(_left), time.perf_counter()
        await sweep.once(db, NOW)
        took = time.perf_counter() - begin
        assert await db.read(_left) == 0
    return found, took, left


def run(folder: Folder, rounds: int, *, size: int = SIZE) -> str:
    begin = time.perf_counter()
    path = filled(folder, size)
    filling = time.perf_counter() - begin
    found, took, left = asyncio.run(_measure(path, rounds))
    folder.drop(path)
    ratio = statistics.median(busy / calm for calm, busy in zip(found.calm, found.busy, strict=True))
    return "\n".join(
        (
            f"\n### {size:,} visits due at once (filled in {filling:.0f} s)\n",
            "| what | measured |",
            "|---|---:|",
            f"| intake, {CALLERS} callers, no sweep | {statistics.median(found.calm):,.0f} a second |",
            f"| intake while the sweep works | {statistics.median(found.busy):,.0f} a second |",
            f"| ratio within a round | {ratio:.2f} |",
            f"| visits tended meanwhile | {statistics.median(found.tended):,.0f} a second |",
            f"| visits tended by the sweep alone | {left / took:,.0f} a second ({left:,} in {took:.0f} s) |",
            f"| the largest batch | {sweep.BATCH} visits |",
        )
    )
