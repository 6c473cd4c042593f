"""The queue as an agent reads it: the next deadline first, exact counts, pages that neither skip nor repeat."""

import re
from datetime import timedelta
from typing import Any

import pytest

from console.app import build
from desk import triage, views
from desk.desk import Desk
from sop.filters import Filters
from store.db import View
from tests import samples
from tests.console.conftest import Browser, Clock, arrived, as_officer, browsing
from tests.samples import MINUTE, NOW

NUMBERS = re.compile(r'class="row[^"]*" href="/tiket/(\d+)')


async def test_rows_stand_under_when_they_fall_due(sari: Browser, desk: Desk, clock: Clock) -> None:
    late = await arrived(desk, key="1", sender="1")
    clock.pass_by(20 * MINUTE)
    today = await arrived(desk, key="2", sender="2")

    page = (await sari.open("/antrean?tampilan=unit")).text

    assert NUMBERS.findall(page) == [late, today]
    assert page.index("Lewat baku mutu") < page.index(f"/tiket/{late}") < page.index("Tenggat hari ini")
    assert "lewat 5 mnt" in page
    assert "sisa 15 mnt" in page


async def test_counts_are_exact_and_move_with_what_is_done(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk, key="1", sender="1")
    await arrived(desk, key="2", sender="2")
    await sari.open(f"/tiket/{number}")

    await sari.press(f"/tiket/{number}/ambil")

    page = (await sari.open("/")).text
    assert re.findall(r'(Saya|Belum diambil|Unit) <span class="n">(\d+)', page) == [
        ("Saya", "1"),
        ("Belum diambil", "1"),
        ("Unit", "2"),
    ]


async def test_pages_follow_each_other_without_gap_or_repetition(
    sari: Browser, desk: Desk, clock: Clock
) -> None:
    made = []
    for each in range(65):
        made.append(await arrived(desk, key=str(each), sender=str(each)))
        clock.pass_by(timedelta(seconds=1))

    page, seen = (await sari.open("/antrean?tampilan=unit")).text, []
    while True:
        seen += NUMBERS.findall(page)
        following = re.search(r'href="(/antrean\?[^"]*setelah[^"]*)" rel="next"', page)
        if not following:
            break
        page = (await sari.open(following[1].replace("&amp;", "&"))).text

    assert seen == made


@pytest.mark.parametrize(
    "place", ["x", "2026-01-01~", "0001-01-01T00:00:00+14:00~1", "~" * 500, "2026-01-01T00:00:00Z~-3"]
)
async def test_a_nonsensical_place_is_the_first_page(sari: Browser, desk: Desk, place: str) -> None:
    number = await arrived(desk)

    page = await sari.http.get("/antrean", params={"tampilan": "unit", "setelah": place})

    assert page.status_code == 200
    assert NUMBERS.findall(page.text) == [number]


async def test_an_empty_queue_says_so_and_leads_on(sari: Browser, desk: Desk) -> None:
    await arrived(desk)

    page = (await sari.open("/")).text

    assert "Tidak ada yang menunggu Anda" in page
    assert "Lihat yang belum diambil" in page


async def test_a_ticket_that_no_unit_holds_yet_is_seen_by_every_agent(sari: Browser, desk: Desk) -> None:
    office = samples.OFFICE.replace("masuk: {lainnya: pusat}", "masuk: {}")
    assert office != samples.OFFICE
    await desk.db.write(_without_intake)
    number = await arrived(desk, "Halo, saya mau bertanya sesuatu")

    page = (await sari.open("/antrean?tampilan=free")).text

    assert NUMBERS.findall(page) == [number]
    assert "Menunggu kategori" in page


def _without_intake(change: Any) -> None:
    from store import office

    office.set_setting(change, "intake", {})
    office.changed(change)


async def test_another_units_tickets_are_not_in_ones_queue(sari: Browser, budi: Browser, desk: Desk) -> None:
    number = await arrived(desk)

    assert number in NUMBERS.findall((await sari.open("/antrean?tampilan=unit")).text)
    assert number not in NUMBERS.findall((await budi.open("/antrean?tampilan=unit")).text)


class Counting(View):
    """The same picture, with every statement noted."""

    def __init__(self, view: View, noted: list[str]) -> None:
        def execute(sql: str, params: Any) -> Any:
            noted.append(sql)
            return view._execute(sql, params)

        super().__init__(execute, view.engine)
        self._kept = view._kept


class Watched:
    """A database whose reads are counted."""

    def __init__(self, db: Any) -> None:
        self._db, self.statements, self.trips = db, list[str](), 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    async def read(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        self.trips += 1
        return await self._db.read(lambda view: query(Counting(view, self.statements), *args, **kwargs))


async def counted(desk: Desk, path: str) -> tuple[int, int]:
    """(trips to the database, statements) of one page, after the office was read once."""
    from dataclasses import replace

    watched = Watched(desk.db)
    async with browsing(build(replace(desk, db=watched))) as http:  # type: ignore[arg-type]  # the same by shape
        browser = await as_officer(desk, Browser(http), "sari")
        for _ in range(4):  # each reader reads the office once
            assert (await browser.open(path)).status_code == 200
        watched.statements.clear()
        watched.trips = 0
        await browser.open(path)
    return watched.trips, len(watched.statements)


async def test_the_queue_takes_one_trip_and_six_queries(desk: Desk) -> None:
    for each in range(40):
        await arrived(desk, key=str(each), sender=str(each))

    assert await counted(desk, "/antrean?tampilan=unit") == (1, 3)

    sari = await samples.officer(desk.db)
    for name in ("Surel", "Loket"):
        wanted = Filters(tab="all", channel="mail", category="akademik", since=NOW.date())
        await desk.db.write(views.save, sari, name, wanted, "", key=name, now=NOW)
    assert await counted(desk, "/antrean?tampilan=all&kanal=mail&kategori=akademik&sejak=2026-01-01") == (
        1,
        4,
    )


async def test_a_tickets_queries_do_not_grow_with_its_length(desk: Desk) -> None:
    number = await arrived(desk)
    officer = await samples.officer(desk.db)
    await desk.db.write(triage.take, number, officer, key="t", now=desk.clock())
    short = await counted(desk, f"/tiket/{number}")
    for each in range(60):
        await arrived(desk, text=f"kata ke-{each}")

    assert await counted(desk, f"/tiket/{number}") == short
    assert short == (1, 1 + 4)  # who is reading; the ticket, its dossier, its messages, the list beside it
