"""ITB's distributed tickets: a unit that shares fairly gives a case to the one present who holds fewest (pembagian adil)."""

from datetime import timedelta

from desk import assigning, decide, office_file, roster, staff, triage
from desk.decide import Choice
from desk.intake import take_in
from sop import office_file as reading
from store import office as offices
from store import tickets, visits
from store.db import Database, View
from tests.samples import MINUTE, NOW, OFFICE, ids, incoming, officer

DAY = timedelta(days=1)
FAIR = OFFICE.replace("nama: Kantor Pusat,", "nama: Kantor Pusat, pembagian: adil,")


async def fair_office(db: Database, *logins: str) -> None:
    """The head office shares fairly among Sari, who was there first, and these."""
    assert FAIR != OFFICE
    await db.write(office_file.bring_in, reading.read(FAIR), NOW - 30 * DAY)
    for login in logins:
        await db.write(staff.add, login=login, name=login.title(), password_hash="", now=NOW - DAY)
        await db.write(staff.grant, login, lane="narahubung", unit="pusat", now=NOW - DAY)


async def arrive(db: Database, times: int = 1) -> list[str]:
    """So many new persons write; the logins of who got their cases, "" for nobody."""
    got = []
    for _ in range(times):
        who = incoming()
        fresh = incoming(key=who.external_id, sender=who.external_id)
        number = await db.write(take_in, fresh, ids(), NOW)
        assert number is not None
        got.append(await holder(db, number))
        opened = await db.read(visits.open_of, number)
        assert opened and (opened.visit.holder is None) == (got[-1] == "")
    return got


async def holder(db: Database, number: int) -> str:
    ticket = await db.read(tickets.find, number)
    assert ticket
    known = {(await officer(db, login)).id: login for login in ("sari", "budi", "lestari")}
    for login in ("dian", "agus"):
        found = await db.read(staff_id, login)
        known |= {found: login} if found else {}
    return known[ticket.holder] if ticket.holder else ""


def staff_id(view: View, login: str) -> int | None:
    row = view.one("SELECT id FROM officer WHERE login = :login", login=login)
    return int(row["id"]) if row else None


def nobody_for(view: View) -> list[tuple[str, int | None, int]]:
    return assigning.unheld(view, offices.current(view), NOW)


async def away(db: Database, login: str, present: bool = False) -> None:
    await db.write(roster.set_present, await officer(db, "lestari"), login, present, NOW)


async def test_each_new_case_goes_to_the_one_who_holds_fewest(db: Database) -> None:
    await fair_office(db, "dian", "agus")

    assert await arrive(db, 4) == ["sari", "dian", "agus", "sari"]
    await db.write(
        triage.assign, "1001", await officer(db, "lestari"), "dian", key="k1", now=NOW
    )  # Sari one, Dian two, Agus one

    assert await arrive(db, 3) == ["sari", "agus", "sari"]


async def test_who_is_away_gets_none_and_is_first_when_back(db: Database) -> None:
    await fair_office(db, "dian")
    await away(db, "sari")

    assert await arrive(db, 2) == ["dian", "dian"]
    await away(db, "sari", present=True)

    assert await arrive(db, 3) == ["sari", "sari", "sari"]


async def test_a_deputy_shares_while_the_decree_lasts(db: Database) -> None:
    await fair_office(db)
    await db.write(staff.add, login="dian", name="Dian", password_hash="", now=NOW - DAY)
    await db.write(
        staff.grant,
        "dian",
        lane="narahubung",
        unit="pusat",
        now=NOW - DAY,
        until_at=NOW + DAY,
        deputy_of="sari",
        decree="Plh 12/2026",
    )
    await away(db, "sari")

    assert await arrive(db) == ["dian"]
    late = await db.write(
        take_in, incoming(key="late", sender="late", at=NOW + 2 * DAY), ids(), NOW + 2 * DAY
    )

    assert late is not None and await holder(db, late) == ""


async def test_where_nobody_is_present_the_case_stays_free_and_is_no_orphan(db: Database) -> None:
    await fair_office(db)
    await away(db, "sari")

    assert await arrive(db) == [""]

    assert await db.read(nobody_for) == []  # Sari sits in the lane: she finds it in the queue


async def test_where_nobody_sits_in_the_lane_the_supervisor_sees_the_cases(db: Database) -> None:
    await fair_office(db)
    await db.write(staff.revoke, "sari", lane="narahubung", unit="pusat", now=NOW - MINUTE)

    assert await arrive(db, 2) == ["", ""]

    assert await db.read(nobody_for) == [("narahubung", 1, 2)]
    await db.write(staff.grant, "sari", lane="narahubung", unit="pusat", now=NOW - MINUTE)
    assert await db.read(nobody_for) == []


async def test_a_unit_that_gives_by_hand_gives_to_nobody_by_itself(db: Database) -> None:
    await db.write(office_file.bring_in, reading.read(OFFICE), NOW - 30 * DAY)

    assert await arrive(db, 2) == ["", ""]


async def test_a_case_that_comes_back_stays_with_who_held_it(db: Database) -> None:
    await fair_office(db, "dian")
    await db.write(staff.grant, "hendra", lane="wk", unit="pusat", now=NOW - DAY)
    assert await arrive(db) == ["sari"]
    up = Choice(decision="lapor", visit=await stay(db), reason="Perlu kebijakan.")
    await decide.put(db, "1001", await officer(db), up, key="k1", now=NOW)
    down = Choice(decision="kebijakan", visit=await stay(db), reason="Beri keringanan.")
    await decide.put(db, "1001", await officer(db, "hendra"), down, key="k2", now=NOW + MINUTE)

    back = await db.read(tickets.find, 1001)

    assert back and (back.lane, await holder(db, 1001)) == ("narahubung", "sari")


async def stay(db: Database) -> int:
    found = await db.read(visits.open_of, 1001)
    assert found
    return found.id
