"""What waits for lanes, what steps took and who sits where: the same answers on both engines."""

from datetime import timedelta

from desk import decide, staff
from desk.decide import Choice
from desk.intake import take_in
from sop.calendar import office_hours
from sop.measured import measured
from store import inbox, roster, visits
from store import measured as measuring
from store import office as offices
from store.db import Database, View
from tests.samples import MINUTE, NOW, ids, incoming, officer, small_office


async def lifted(db: Database, minutes: int, key: str) -> int:
    """A case of Kantor Pusat that stands with the wakil koordinator since so many minutes after NOW."""
    at = NOW + minutes * MINUTE
    number = await db.write(take_in, incoming(key=key, sender=key, at=at), ids(), at)
    assert number
    current = await db.read(visits.open_of, number)
    assert current
    up = Choice(decision="lapor", visit=current.id, reason="perlu")
    await decide.put(db, str(number), await officer(db), up, key="", now=at)
    return number


async def test_the_next_deadline_comes_first_page_after_page(db: Database) -> None:
    await small_office(db)
    later, sooner = await lifted(db, 20, "a"), await lifted(db, 5, "b")
    waiting = await db.write(take_in, incoming(key="c", sender="c"), ids(), NOW)

    [first] = await db.read(inbox.page, [("wk", None)], most=1)
    [second] = await db.read(inbox.page, [("wk", None)], after=first.key, most=1)

    assert (first.ticket, second.ticket) == (sooner, later)
    assert await db.read(inbox.page, [("wk", None)], after=second.key) == []
    assert [each.ticket for each in await db.read(inbox.page, [("narahubung", None)])] == [waiting]


async def test_only_the_lanes_of_the_unit_count(db: Database) -> None:
    await small_office(db)
    number = await lifted(db, 0, "a")
    units = {each.code: each.id for each in (await db.read(offices.current)).units.values()}

    assert await db.read(inbox.page, [("wk", units["feb"]), ("koor", None)]) == []
    assert len(await db.read(inbox.page, [("wk", units["pusat"]), ("wk", units["feb"])])) == 1
    assert await db.read(inbox.page, []) == []
    assert await db.read(inbox.latest, number, ["koor"]) is None
    assert await db.read(inbox.latest, number, ["wk", "koor"]) is not None


async def test_the_measured_columns_look_back_a_bounded_while(db: Database) -> None:
    await small_office(db)
    for key, minutes in (("a", 0), ("b", 1)):
        await lifted(db, minutes, key)
    office = await db.read(offices.current)
    bound = office.in_force("uc3-kantor-pusat", NOW)
    assert bound

    stays = await db.read(measuring.stays, [bound.id], NOW - timedelta(days=1))

    assert [each.step for each in stays] == ["analisa", "analisa"]
    assert await db.read(measuring.stays, [bound.id], NOW + timedelta(days=1)) == []
    assert await db.read(measuring.stays, [], NOW) == []
    assert len(await db.read(measuring.stays, [bound.id], NOW - timedelta(days=1), most=1)) == 1
    assert set(measured(bound.procedure, stays, lambda _: office_hours())) == {"analisa"}


async def test_seats_of_today_and_to_come_are_listed_and_those_that_ended_are_not(db: Database) -> None:
    await small_office(db)
    later = NOW + timedelta(days=7)
    await db.write(staff.grant, "budi", lane="wk", unit="pusat", now=NOW, from_at=later)
    await db.write(staff.revoke, "hendra", lane="koor", unit="pusat", now=NOW - MINUTE)

    found = await db.read(roster.seats, NOW)

    assert {(each.lane, each.from_at > NOW) for each in found} == {
        ("narahubung", False),
        ("supervisor", False),
        ("wk", True),
    }
    people = {each.login: each for each in await db.read(roster.people)}
    assert (people["sari"].present, people["sari"].active, people["sari"].linked) == (True, True, False)
    assert await db.read(_absent) is None


def _absent(view: View) -> object:
    return roster.seat(view, 999_999)
