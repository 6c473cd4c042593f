"""What the Humas pages read, on both stores: lanes, archive, calendar, figures, reach, and the sheet with its deputies."""

from datetime import date

from desk import (
    disposition_sheet,
    publication_diary,
    publication_figures,
    publication_page,
    publication_reading,
    publication_shelf,
)
from desk.publication_diary import Diary
from sop.officer import Officer
from store import cases, officers, publication_lists, targets
from store import office as offices
from store.db import Change, Database
from tests.flows.publishing import Chain
from tests.offices import wib

ASKED = "02-18 08.00"


async def opened(db: Database) -> Chain:
    chain = Chain(db)
    await chain.office("02-13 15.30")
    await chain.ask(ASKED, letter_number="12/UN25/2026", letter_date="2026-02-12", sender="Biro Akademik")
    return chain


async def test_the_board_has_the_lanes_in_paper_order_and_what_is_late(db: Database) -> None:
    chain = await opened(db)
    await chain.go("wr3", "disposisi", "02-18 09.00")
    actor = await chain.officer("bpkh", "02-18 12.05")
    board = await db.read(publication_reading.board, actor, wib("02-18 12.05"))

    assert [(each.lane, len(each.cards), each.mine) for each in board.columns] == [
        ("wr3", 0, False),
        ("bpkh", 1, True),
        ("koor-pkih", 0, False),
        ("wk-humas", 0, False),
        ("petugas", 0, False),
    ]
    assert (board.late, board.inside, board.open) == (1, True, True)
    assert await db.read(publication_reading.waits, actor) == 1
    other = await chain.officer("wr3", "02-18 12.05")
    assert await db.read(publication_reading.waits, other) == 0


async def test_the_archive_is_searched_by_all_words_that_are_in_it(db: Database) -> None:
    chain = await opened(db)
    await chain.go("wr3", "tolak", "02-18 09.00", reason="bukan wewenang")
    second = await chain.ask("02-18 09.10", sender="100%_benar")
    await chain.go("wr3", "tolak", "02-18 09.20", reason="bukan wewenang")
    actor = await chain.officer("wr3", "02-18 10.00")

    async def found(words: str) -> list[str]:
        shelf = await db.read(publication_shelf.shelf, actor, wib("02-18 10.00"), words=words)
        return [each.publication.number for each in shelf.cases]

    assert await found("") == [second.number, "P-0101"]
    assert await found("UN25") == ["P-0101"]
    assert await found("desember") == [second.number, "P-0101"]
    assert await found("100%_") == [second.number]
    assert await found("akademik wisuda") == ["P-0101"]
    assert await found("x%") == []
    first = await db.read(publication_shelf.shelf, actor, wib("02-18 10.00"), most=1)
    assert first.more
    rest = await db.read(publication_shelf.shelf, actor, wib("02-18 10.00"), before=first.more, most=1)
    assert [each.publication.number for each in rest.cases] == ["P-0101"]
    assert rest.more is None


async def test_the_archive_tells_nobody_of_what_is_not_theirs(db: Database) -> None:
    chain = await opened(db)
    await chain.go("wr3", "tolak", "02-18 09.00", reason="bukan wewenang")
    stranger = Officer(id=9_999, login="tamu", name="Tamu")

    assert (await db.read(publication_shelf.shelf, stranger, wib("02-18 10.00"))).cases == ()
    assert await db.read(publication_figures.figures, stranger, wib("02-18 10.00")) == ()


async def test_a_day_of_the_calendar_is_the_offices_own_day(db: Database) -> None:
    chain = await opened(db)
    await chain.ask("02-18 08.10", wished_at=wib("02-20 00.30"))
    actor = await chain.officer("wr3", "02-18 09.00")
    month = date(2026, 2, 1)
    diary: Diary = await db.read(publication_diary.diary, actor, wib("02-18 09.00"), month, "Asia/Jakarta")

    days = {day.day: day for week in diary.weeks for day in week}
    assert [each.kind for each in days[date(2026, 2, 20)].entries] == ["wish"]
    assert not days[date(2026, 2, 19)].entries
    assert (diary.before, diary.after) == (date(2026, 1, 1), date(2026, 3, 1))
    assert len(days) % 7 == 0


async def test_figures_stand_beside_the_limit_and_segera_is_told_apart(db: Database) -> None:
    chain = await opened(db)
    await chain.go("wr3", "disposisi", "02-18 09.00")
    await chain.ask("02-18 08.00", urgent=True)
    await chain.go("wr3", "disposisi", "02-18 23.00")
    actor = await chain.officer("lestari", "02-19 09.00")
    found = (await db.read(publication_figures.figures, actor, wib("02-19 09.00")))[0]

    assert [each.step.number for each in found.ordinary] == ["1", "2", "3", "4", "5", "6", "7"]
    assert (found.ordinary[0].median, found.urgent[0].median) == ("1 j 00 mnt", "15 j 00 mnt")
    assert found.ordinary[1].found is None


async def test_somebody_on_two_lists_of_a_channel_is_reached_once(db: Database) -> None:
    chain = await opened(db)
    chosen = [chain.target, *await db.write(_lists)]

    assert await db.read(publication_lists.reach, chosen) == {"mail": 1, "telegram": 3}


def _lists(change: Change) -> list[int]:
    """Two topics on Telegram with one reader in both, and one by mail."""
    found, now = [], wib("02-13 15.30")
    for code, readers in (("a", ("1", "2")), ("b", ("2",))):
        topic = targets.add_topic(change, code=code, name=code, unit=None)
        assert topic
        for each in readers:
            targets.join(change, topic, "telegram", each, contact=None, at=now)
        targets.join(change, topic, "mail", "a@contoh.ac.id", contact=None, at=now)
        for channel in ("telegram", "mail"):
            found.append(
                targets.add(
                    change,
                    kind="subscribers",
                    channel=channel,
                    address="",
                    name=code,
                    topic=topic,
                    unit=None,
                    at=now,
                )
            )
    return found


async def test_the_sheet_marks_who_stood_in_and_by_what(db: Database) -> None:
    chain = await opened(db)
    await db.write(_deputies)
    await chain.go("petugas", "disposisi", "02-18 09.00", reason="<i>Segera</i>")
    await chain.go("koor-pkih", "kembalikan", "02-18 09.30", reason="Tanggal keliru")
    actor = await chain.officer("lestari", "02-18 10.00")
    sheet = await db.read(disposition_sheet.read, actor, chain.number, wib("02-18 10.00"))
    page = disposition_sheet.document(sheet)

    assert [(each.acting, each.acting_for, each.decree) for each in sheet.stops[:2]] == [
        ("Plh", "Wr3", "SP 7/2026"),
        ("Plt", "Bpkh", "SP 8/2026"),
    ]
    assert "Plh untuk Wr3, SP 7/2026" in page
    assert "12 Februari 2026" in page and "12/UN25/2026" in page
    assert "&lt;i&gt;Segera&lt;/i&gt;" in page
    assert sheet.stops[-1].state == "now"


def _deputies(change: Change) -> None:
    """Petugas stands in for Wakil Rektor III who is away; the Koordinator for a Kepala BPKH whose office is empty."""
    now = wib("02-18 08.00")
    people = {each.login: each.id for each in officers.all_of(change, now)}
    unit = next(iter(offices.current(change).units))
    for login, lane, decree in (("petugas", "wr3", "SP 7/2026"), ("koor-pkih", "bpkh", "SP 8/2026")):
        officers.seat(
            change,
            people[login],
            lane=lane,
            role="humas",
            unit=unit,
            from_at=now,
            until_at=wib("03-01 08.00"),
            deputy_of=people[lane],
            decree=decree,
        )
    cases.add_vacancy(change, lane="bpkh", unit=unit, reason="mutasi", from_at=now, until_at=None)


async def test_the_page_offers_each_reader_what_they_may_do(db: Database) -> None:
    chain = await opened(db)
    for login, decide, write, withdraw in (
        ("wr3", True, True, False),
        ("petugas", False, True, False),
        ("lestari", False, True, True),
    ):
        actor = await chain.officer(login, "02-18 09.00")
        case = await db.read(publication_page.case, actor, chain.number, wib("02-18 09.00"))
        assert (case.may.decide, case.may.write, case.may.withdraw) == (decide, write, withdraw), login
        assert bool(case.offers) == decide
