"""One act on many tickets: each by the ordinary act, with its own rights and rules, and a report of what could not be."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, get_args

from msgspec import Struct

from desk import closing, triage
from sop.errors import N_, DeskError
from sop.officer import Officer
from store.db import Database

Act = Literal["tag", "assign", "close"]
ACTS: tuple[Act, ...] = get_args(Act)
MOST = 100
BATCH = 20  # tickets written together


class NothingChosen(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Belum ada tiket yang dipilih. Centang sedikitnya satu tiket."))


class NoTarget(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Pilih dahulu kategori atau petugasnya, lalu kirim lagi."))


class Order(Struct, frozen=True):
    """What to do: `target` is a category's code or a colleague's login, "" for closing."""

    act: Act
    target: str = ""


class Outcome(Struct, frozen=True):
    """`error` is why it could not be; None: it is done."""

    number: str
    error: DeskError | None = None


async def run(
    db: Database, numbers: Sequence[str], actor: Officer, order: Order, *, key: str, now: datetime
) -> list[Outcome]:
    """Each ticket alone, some at a time. The same key again does nothing twice and reports the same.

    Raises NothingChosen, NoTarget, Unavailable (what was kept stays; the same key may be sent again).
    """
    chosen = list(dict.fromkeys(numbers))[:MOST]
    if not chosen:
        raise NothingChosen
    if order.act != "close" and not order.target:
        raise NoTarget
    found: list[Outcome] = []
    for start in range(0, len(chosen), BATCH):
        batch = chosen[start : start + BATCH]
        found += await asyncio.gather(
            *(_one(db, number, actor, order, f"{key}.{number}", now) for number in batch)
        )
    return found


async def _one(db: Database, number: str, actor: Officer, order: Order, key: str, now: datetime) -> Outcome:
    try:
        match order.act:
            case "tag":
                await db.write(triage.tag, number, actor, order.target, key=key, now=now)
            case "assign":
                await db.write(triage.assign, number, actor, order.target, key=key, now=now)
            case "close":
                await db.write(closing.close, number, actor, key=key, now=now)
    except DeskError as error:
        return Outcome(number, error)
    return Outcome(number)
