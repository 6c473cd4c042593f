"""The fixed views of the queue count exactly, whatever happened to the tickets they count."""

import asyncio
import random
from datetime import timedelta
from typing import Any

import pytest

from desk import answer, closing, sweep, triage
from desk.intake import take_in
from sop.errors import DeskError
from sop.officer import Officer
from store import counters, trail
from store.db import Database, View
from tests.samples import MINUTE, NOW, ids, incoming, officer, small_office

WORDS = ("KRS saya terkunci", "UKT belum masuk", "Sandi salah", "Terima kasih", "buka lagi", "Kapan wisuda")
NAMES = {
    "open": "status <> 'closed'",
    "free": "status <> 'closed' AND holder_id IS NULL",
    "closed": "status = 'closed'",
}


def counted(view: View) -> dict[str, int]:
    """The same numbers as the counters, by counting."""
    found: dict[str, int] = {}
    for name, where in NAMES.items():
        for row in view.all(
            f"SELECT COALESCE(unit_id, 0) AS unit, count(*) AS n FROM ticket WHERE {where} GROUP BY unit_id"
        ):
            found[f"{name}.{row['unit']}"] = row["n"]
    held = "SELECT holder_id, count(*) AS n FROM ticket WHERE status <> 'closed' AND holder_id IS NOT NULL GROUP BY holder_id"
    return found | {f"held.{row['holder_id']}": row["n"] for row in view.all(held)}


def kept(view: View) -> dict[str, int]:
    return {
        name: n
        for start in ("open.", "free.", "closed.", "held.")
        for name, n in counters.like(view, start).items()
        if n
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_counters_equal_counts_after_any_walk_of_acts(db: Database, seed: int) -> None:
    chance = random.Random(seed)
    await small_office(db)
    people = [await officer(db, login) for login in ("sari", "budi", "lestari")]
    now = NOW
    for round in range(12):
        now += chance.choice((MINUTE, 20 * MINUTE, timedelta(hours=5), timedelta(days=2)))
        acts = [step(db, chance, people, f"{seed}.{round}.{n}", now) for n in range(12)]
        answers = await asyncio.gather(*acts, return_exceptions=True)
        assert [
            each for each in answers if isinstance(each, Exception) and not isinstance(each, DeskError)
        ] == []
        await sweep.once(db, now)
        assert await db.read(kept) == await db.read(counted)
    assert (await db.read(trail.first_broken))[0] is None


async def step(db: Database, chance: random.Random, people: list[Officer], key: str, now: Any) -> Any:
    person, number = chance.choice(people), str(1001 + chance.randrange(8))
    who = f"p{chance.randrange(8)}"
    match chance.randrange(8):
        case 0 | 1:
            said = incoming(chance.choice(WORDS), key=who, sender=who)
            return await db.write(take_in, said, ids(), now)
        case 2:
            return await db.write(triage.take, number, person, key=key, now=now)
        case 3:
            login = chance.choice(("sari", "budi", "lestari"))
            return await db.write(triage.assign, number, person, login, key=key, now=now)
        case 4:
            category = chance.choice(("akademik", "keuangan", "akun"))
            return await db.write(triage.tag, number, person, category, key=key, now=now)
        case 5:
            return await db.write(answer.reply, number, person, "Baik.", key=key, ids=ids(), now=now)
        case 6:
            return await db.write(closing.close, number, person, key=key, now=now)
        case _:
            return await db.write(closing.reopen, number, person, key=key, now=now)


async def test_a_change_reads_the_counters_it_has_just_moved(db: Database) -> None:
    def move(change: Any) -> dict[str, int]:
        counters.add(change, {"open.7": 2, "free.7": 1})
        counters.add(change, {"open.7": -1})
        return counters.read(change, ["open.7", "free.7", "closed.7"])

    assert await db.write(move) == {"open.7": 1, "free.7": 1, "closed.7": 0}
    assert await db.read(counters.read, ["open.7"]) == {"open.7": 1}


async def test_an_act_that_was_refused_moves_no_counter(db: Database) -> None:
    def move(change: Any, *, refuse: bool) -> None:
        counters.add(change, {"open.7": 1})
        if refuse:
            raise ValueError

    await asyncio.gather(
        *(db.write(move, refuse=each % 2 == 0) for each in range(10)), return_exceptions=True
    )

    assert await db.read(counters.read, ["open.7"]) == {"open.7": 5}
