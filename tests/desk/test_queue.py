"""The queue's pages: by the next deadline, complete, without a gap or a double, whatever moves meanwhile."""

import asyncio
from datetime import timedelta

import pytest

from desk import answer, closing, triage
from desk.intake import take_in
from store import queue
from store.db import Database, View
from store.queue import Key, Line, Name
from tests.samples import MINUTE, NOW, ids, incoming, officer, small_office

BOTH = frozenset({1, 2})


async def many(db: Database) -> None:
    """40 tickets of two units, many due at the same moment; 10 held by Sari, 8 of them closed."""
    await small_office(db)
    words = ("KRS saya terkunci", "UKT saya belum masuk", "Tanya saja")
    for batch in range(4):
        await asyncio.gather(
            *(
                db.write(
                    take_in,
                    incoming(words[n % 3], key=f"{batch}.{n}", sender=f"{batch}.{n}"),
                    ids(),
                    NOW + batch * MINUTE,
                )
                for n in range(10)
            )
        )
    lestari = await officer(db, "lestari")
    for number in range(1001, 1011):
        key = str(number)
        await db.write(triage.take, key, lestari, key=f"t{key}", now=NOW)
        if number < 1009:
            await db.write(triage.tag, key, lestari, "akun", key=f"g{key}", now=NOW)
            await db.write(answer.reply, key, lestari, "Ya.", key=f"a{key}", ids=ids(), now=NOW)
            await db.write(closing.close, key, lestari, key=f"c{key}", now=NOW + timedelta(hours=number % 3))


async def pages(db: Database, name: Name, most: int, units: frozenset[int] = BOTH) -> list[Line]:
    lestari = await officer(db, "lestari")
    found: list[Line] = []
    after: Key | None = None
    while page := await db.read(queue.page, name, officer=lestari.id, units=units, after=after, most=most):
        found += page
        after = page[-1].key
    return found


def wanted(view: View, name: Name) -> list[int]:
    where = {
        "mine": "status <> 'closed' AND holder_id IS NOT NULL",
        "free": "status <> 'closed' AND holder_id IS NULL",
        "unit": "status <> 'closed'",
        "closed": "status = 'closed'",
    }[name]
    order = "closed_at DESC, id DESC" if name == "closed" else "rank_at, id"
    return [row["id"] for row in view.all(f"SELECT id FROM ticket WHERE {where} ORDER BY {order}")]


async def test_pages_of_every_view_are_complete_in_order_and_counted(db: Database) -> None:
    await many(db)
    lestari = await officer(db, "lestari")
    counts = await db.read(queue.counts, officer=lestari.id, units=BOTH)

    for name in queue.VIEWS:
        expected = await db.read(wanted, name)
        for most in (1, 7, 100):
            assert [line.id for line in await pages(db, name, most)] == expected
        assert counts[name] == len(expected)


async def test_an_officer_sees_the_pages_of_their_units_only(db: Database) -> None:
    await many(db)

    for name in ("free", "unit", "closed"):
        assert {line.unit for line in await pages(db, name, 9, frozenset({2}))} <= {2}
        assert await pages(db, name, 9, frozenset()) == []


@pytest.mark.parametrize("most", [3, 10])
async def test_what_arrives_between_two_pages_neither_hides_nor_doubles_what_was_there(
    db: Database, most: int
) -> None:
    await many(db)
    lestari = await officer(db, "lestari")
    before = await db.read(wanted, "unit")
    found: list[int] = []
    after: Key | None = None
    number = 0
    while page := await db.read(queue.page, "unit", officer=lestari.id, units=BOTH, after=after, most=most):
        found += [line.id for line in page]
        after = page[-1].key
        if (number := number + 1) < 5:
            who = f"late{number}"
            await db.write(take_in, incoming(key=who, sender=who), ids(), NOW + number * MINUTE)

    assert len(found) == len(set(found))
    assert [each for each in found if each in before] == before


async def test_rows_of_a_search_keep_its_order(db: Database) -> None:
    await many(db)

    lines = await db.read(queue.by_numbers, [1020, 1003, 9999, 1011])

    assert [line.id for line in lines] == [1020, 1003, 1011]
    assert await db.read(queue.by_numbers, []) == []
