"""`tanggap audit verify` over a chain of a million events: seconds and events a second, beside a bare read of the rows."""

import asyncio
import sqlite3
import time
from hashlib import sha256
from pathlib import Path

from bench.office import NOW, Folder
from desk.verifying import verify
from store import trail
from store.db import open_database

SIZE = 1_000_000


def filled(folder: Folder, size: int) -> Path:
    """A desk whose chain is that long, each event as an intake writes it."""
    path = folder.fresh()
    connection = sqlite3.connect(path)
    (last, before) = connection.execute("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").fetchone() or (
        0,
        "",
    )
    rows = []
    for number in range(last + 1, size + 1):
        words = sha256(b"%d" % number).hexdigest()
        body = f'{{"at":"{NOW.isoformat()}","by":null,"case":{number},"message":{number},"words":"{words}","unit":1,"step":"analisa"}}'
        before = trail.link(before, number, "opened", body)
        rows.append((number, "ticket", number, "opened", body, before))
    with connection:
        connection.executemany(
            "INSERT INTO audit (id, case_kind, case_id, kind, body, hash) VALUES (?, ?, ?, ?, ?, ?)", rows
        )
    connection.close()
    return path


def run(folder: Folder, rounds: int) -> str:
    path = filled(folder, SIZE)
    verified = min(asyncio.run(_verified(path)) for _ in range(max(1, rounds)))
    bare = min(_bare(path) for _ in range(max(1, rounds)))
    folder.drop(path)
    return (
        f"\n| audit verify, {SIZE:,} events | seconds | events a second |\n|---|---|---|\n"
        f"| `tanggap audit verify` | {verified:.1f} | {SIZE / verified:,.0f} |\n"
        f"| the rows read by sqlite3 and hashed, no more | {bare:.1f} | {SIZE / bare:,.0f} |\n"
    )


async def _verified(path: Path) -> float:
    async with open_database(f"sqlite:///{path}") as db:
        began = time.perf_counter()
        whole = await verify(db)
        took = time.perf_counter() - began
    assert whole.events == SIZE
    return took


def _bare(path: Path) -> float:
    connection = sqlite3.connect(path)
    began, before = time.perf_counter(), ""
    for number, kind, body, _ in connection.execute("SELECT id, kind, body, hash FROM audit ORDER BY id"):
        before = sha256(f"{before}\n{number}\n{kind}\n{body}".encode()).hexdigest()
    took = time.perf_counter() - began
    connection.close()
    return took
