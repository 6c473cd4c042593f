"""A desk that stands on a backup sends nothing by itself that may have been sent since (P5, P14)."""

from desk import backups
from store import outbox, pushes, trail
from store.db import Database, View
from tests.flows.test_pushing import begin, feed, ordered
from tests.offices import wib

TAKEN, BACK = "2026-02-18T04:15:00+00:00", "02-18 12.00"


def states(view: View) -> set[str]:
    return {row["state"] for row in view.all("SELECT DISTINCT state FROM outbox")}


async def test_an_announcement_that_was_going_out_waits_for_humas(db: Database) -> None:
    chain = await ordered(db)
    await begin(chain, "02-18 11.12")

    await db.write(backups.restored, TAKEN, wib(BACK))
    await feed(chain, BACK)

    assert [each.state for each in await db.read(pushes.coming)] == ["paused"]
    assert await db.read(states) == {"unknown"}


async def test_one_that_is_planned_for_later_goes_out_at_its_time(db: Database) -> None:
    chain = await ordered(db)
    await begin(chain, "02-18 11.12", start="02-19 09.00")

    await db.write(backups.restored, TAKEN, wib(BACK))

    assert [each.state for each in await db.read(pushes.coming)] == ["planned"]


async def test_what_had_not_left_is_for_a_person_and_the_chain_says_so(db: Database) -> None:
    chain = await ordered(db)

    held = await db.write(backups.restored, TAKEN, wib(BACK))

    dead = await db.read(outbox.dead)
    assert held == len(dead) > 0
    assert all(each.doubtful and "cadangan" in each.error for each in dead)
    [event] = await db.read(lambda view: list(trail.since(view, trail.last(view) - 1, 1)))
    assert (event.kind, event.facts["backup"], event.facts["held"]) == ("restored", TAKEN, held)
    assert chain.number
