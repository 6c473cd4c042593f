"""Any combination of filters shows exactly the tickets that match, in order, page by page, both ways."""

import random
import re
from typing import Any

import pytest

from desk import triage
from sop.ticket import NEVER
from store import queue
from store.db import Change, Database, View
from store.queue_sql import Cut, Key, Selection, counted, listed
from tests.desk.test_queue import many
from tests.samples import MINUTE, NOW, officer

CHANNELS, PROOFS, STEPS = ("telegram", "mail", "wa_x"), ("none", "stated", "rejected"), ("analisa", "t%")


def stir(change: Change, seed: int) -> None:
    """The tickets as a desk of years would have them: every filter has its tickets, in no order."""
    chance = random.Random(seed)
    for row in change.all("SELECT id, status FROM ticket ORDER BY id"):
        change.run(
            """
            UPDATE ticket SET channel = :channel, proof = :proof, step = :step, rank_at = :rank, opened_at = :opened,
                   holder_id = :holder, unit_id = :unit WHERE id = :id
            """,
            channel=chance.choice(CHANNELS),
            proof=chance.choice(PROOFS),
            step=chance.choice(STEPS) if row["status"] != "closed" else "",
            rank=chance.choice((NEVER, NOW, NOW + chance.randrange(4) * MINUTE)),
            opened=NOW + chance.randrange(9) * MINUTE,
            holder=chance.choice((1, 2, None)),
            unit=chance.choice((1, 2, None)),
            id=row["id"],
        )
        for category in chance.sample((1, 2, 3), chance.randrange(3)):
            change.run(
                "INSERT INTO ticket_category (ticket_id, category_id, tagged_at) VALUES (:id, :category, :at) ON CONFLICT DO NOTHING",
                id=row["id"],
                category=category,
                at=NOW,
            )


def wanted(chance: random.Random) -> Selection:
    def maybe(*values: Any, none: Any = "") -> Any:
        return chance.choice((none, *values))

    return Selection(
        kind=chance.choice(queue.VIEWS),
        officer=1,
        units=chance.choice(((0, 1, 2), (1,), (0, 2), (1, 2))),
        channel=maybe(*CHANNELS),
        proof=maybe(*PROOFS),
        step=maybe(*STEPS),
        categories=maybe((1,), (1, 2), (3, 2), (), none=None),
        holder=maybe(1, 2, none=None),
        since=maybe(NOW + 2 * MINUTE, none=None),
        until=maybe(NOW + 7 * MINUTE, none=None),
        few=chance.choice((3, 5000)),  # a period of many tickets, and one of few
    )


def matching(view: View, one: Selection) -> list[int]:
    """The same by looking at every ticket."""
    tags: dict[int, set[int]] = {}
    for row in view.all("SELECT ticket_id, category_id FROM ticket_category"):
        tags.setdefault(row["ticket_id"], set()).add(row["category_id"])
    found = []
    for row in view.all("SELECT * FROM ticket"):
        closed, holder = row["status"] == "closed", row["holder_id"]
        fits = (
            closed == (one.kind == "closed")
            and (one.kind != "mine" or holder == one.officer)
            and (one.kind != "free" or holder is None)
            and (row["unit_id"] or 0) in one.units
            and one.channel in ("", row["channel"])
            and one.proof in ("", row["proof"])
            and one.step in ("", row["step"])
            and (one.categories is None or tags.get(row["id"], set()) & set(one.categories))
            and one.holder in (None, holder)
            and (one.since is None or row["opened_at"] >= one.since)
            and (one.until is None or row["opened_at"] < one.until)
        )
        if fits:
            found.append((row["closed_at"] if closed else row["rank_at"], row["id"]))
    return [number for _, number in sorted(found, reverse=one.kind == "closed")]


def walked(view: View, one: Selection, most: int) -> tuple[list[int], list[int]]:
    """The list by pages from its beginning, and from its end backwards."""
    forth: list[queue.Line] = []
    key: Key | None = None
    while page := queue.some(view, one, Cut(key, False, most)):
        forth += page
        key = page[-1].key
    back: list[int] = []
    while key and (page := queue.some(view, one, Cut(key, True, most))):
        back = [line.id for line in page] + back
        key = page[0].key
    return [line.id for line in forth], back


@pytest.mark.parametrize("seed", [1, 2])
async def test_any_combination_shows_what_matches_and_nothing_else(db: Database, seed: int) -> None:
    await many(db)
    await db.write(stir, seed)
    chance = random.Random(seed)
    some = [wanted(chance) for _ in range(60)]
    for one in some:
        expected = await db.read(matching, one)
        forth, back = await db.read(walked, one, 3)
        assert forth == expected, one
        assert back == expected[:-1], one
    counts = await db.read(queue.few, [(one, 4) for one in some])
    assert counts == [min(4, len(await db.read(matching, one))) for one in some]


def plans(view: View, one: Selection) -> list[str]:
    """How SQLite reads the page and the count of a list."""
    queries = listed(view.engine, one, Cut(None, False, 31)), counted(view.engine, one, queue.CAP + 1)
    return [
        row["detail"]
        for query in queries
        for row in view.all(f"EXPLAIN QUERY PLAN {query.sql}", **query.params)
    ]


async def test_no_combination_reads_tickets_but_by_an_index_that_carries_it(db: Database) -> None:
    chance = random.Random(3)
    for one in [wanted(chance) for _ in range(200)]:
        if await db.read(lambda view: view.engine) != "sqlite":
            return  # the plans of PostgreSQL follow its statistics, and a small desk's are read whole
        looks = [each for each in await db.read(plans, one) if re.match(r"(SCAN|SEARCH) [tg]\b", each)]
        assert looks or one.units == ()
        whole = [each for each in looks if each.startswith("SCAN") or "(ANY(" in each]
        assert not whole, one
        if one.kind == "free" and one.since:
            assert not [each for each in looks if "ticket_holder" in each] or one.holder, one


async def test_a_categorys_list_follows_its_tickets_whoever_moves_them(db: Database) -> None:
    await many(db)
    lestari = await officer(db, "lestari")
    await db.write(triage.tag, "1020", lestari, "akun", key="tag", now=NOW)
    one = Selection(kind="free", officer=1, units=(0, 1, 2), categories=(3,))
    assert 1020 in [line.id for line in await db.read(queue.some, one, Cut(None, False, 50))]

    await db.write(triage.take, "1020", lestari, key="take", now=NOW)

    assert 1020 not in [line.id for line in await db.read(queue.some, one, Cut(None, False, 50))]
    held = Selection(kind="unit", officer=1, units=(0, 1, 2), categories=(3,))
    assert 1020 in [line.id for line in await db.read(queue.some, held, Cut(None, False, 50))]
