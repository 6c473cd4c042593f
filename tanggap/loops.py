"""The desk's loops: each runs until the desk stops, and comes back by itself when something unforeseen ended it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from desk import loose_files, prepared, suggesting, sweep, upkeep
from sop.errors import Unavailable
from store.db import Database

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger()
PAUSE = 2.0  # seconds before a loop that fell over starts again
SWEEP = 5  # seconds between two looks at the visits that are due
INDEX = 2  # seconds until a message can be found by its words


async def keep_running(
    name: str, work: Callable[[], Awaitable[None]], fell: Callable[[str], None] = lambda name: None
) -> None:
    """Run `work` again whenever it raises. What it has done is in the store; a return is its own wish to end.

    `fell` hears of what was not foreseen.
    """
    while True:
        try:
            await work()
            return
        except Unavailable as error:
            log.warning("loop waits for the store", loop=name, reason=str(error))
        except Exception:
            log.exception("loop fell over", loop=name)
            fell(name)
        await asyncio.sleep(PAUSE)


def ticker(
    db: Database, clock: Callable[[], datetime], fell: Callable[[str], None] = lambda name: None
) -> "AsyncIOScheduler":
    """The ticker. It only asks: due times are rows, so a missed tick loses nothing. Loaded after the port answers."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})

    async def tick(name: str, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
        except Unavailable as error:
            log.warning("tick waits for the store", tick=name, reason=str(error))
        except Exception:
            log.exception("tick failed", tick=name)
            fell(name)

    async def swept() -> None:
        await tick("sweep", lambda: sweep.once(db, clock()))
        await tick("prepared", lambda: prepared.once_over(db, clock()))

    async def indexed() -> None:
        await tick("search", lambda: upkeep.index_all(db))
        await tick("suggestions", lambda: suggesting.catch_up(db, clock()))

    async def cleaned() -> None:
        await tick("upkeep", lambda: upkeep.forget_old_keys(db, clock()))
        await tick("loose files", lambda: db.write(loose_files.let_go_of_old, clock()))

    scheduler.add_job(swept, "interval", seconds=SWEEP)
    scheduler.add_job(indexed, "interval", seconds=INDEX)
    scheduler.add_job(cleaned, "interval", hours=6)
    return scheduler
