"""/petugas and /kalender: seats with their dates, deputies, vacancies, presence; cases nobody can hold; late decrees."""

from datetime import timedelta

from desk import decide
from desk.decide import Choice
from desk.desk import Desk
from store import cases, officers, tickets, trail, visits
from store.db import View
from tests import samples
from tests.console.conftest import Browser, Clock, arrived


async def lift(desk: Desk, clock: Clock) -> str:
    """A case of Kantor Pusat that stands with the wakil koordinator, where nobody sits."""
    number = await arrived(desk)
    sari = await samples.officer(desk.db, "sari", clock.now)
    current = await desk.db.read(visits.open_of, int(number))
    assert current
    up = Choice(decision="lapor", visit=current.id, reason="perlu kebijakan")
    await decide.put(desk.db, number, sari, up, key="", now=clock.now)
    return number


async def test_a_case_nobody_can_hold_is_shown_to_the_supervisor(
    lestari: Browser, desk: Desk, clock: Clock
) -> None:
    assert "tidak dapat dipegang" not in (await lestari.open("/petugas")).text
    await lift(desk, clock)

    page = await lestari.open("/petugas")

    assert "Perkara yang tidak dapat dipegang siapa pun" in page.text
    assert "1 perkara menunggu Wakil Koordinator di Kantor Pusat" in page.text


async def test_a_deputy_is_seated_with_decree_and_dates_and_can_decide_at_once(
    lestari: Browser, desk: Desk, clock: Clock
) -> None:
    number = await lift(desk, clock)
    await lestari.open("/petugas")
    form = {"login": "budi", "lajur": "wk", "unit": "pusat", "plh": "hendra"}

    refused = await lestari.press("/petugas/duduk", **form)
    assert refused.status_code == 409
    assert "surat perintah" in refused.text
    page = await lestari.press("/petugas/duduk", **form, surat="SK 12/2026", sampai="2026-03-06")

    assert "Plh/Plt untuk Hendra" in page.text
    assert "SK 12/2026" in page.text
    assert "tidak dapat dipegang" not in page.text
    budi = await samples.officer(desk.db, "budi", clock.now)
    assert (await desk.db.read(tickets.get, number, visible_to=budi)).lane == "wk"
    late = await samples.officer(desk.db, "budi", clock.now + timedelta(days=5))
    assert "wk" not in {seat.lane for seat in late.seats}


async def test_a_seat_that_begins_later_gives_nothing_before(
    lestari: Browser, desk: Desk, clock: Clock
) -> None:
    await lestari.open("/petugas")

    page = await lestari.press("/petugas/duduk", login="budi", lajur="wk", unit="pusat", mulai="2026-03-09")

    assert "mulai" in page.text
    now = await samples.officer(desk.db, "budi", clock.now)
    then = await samples.officer(desk.db, "budi", clock.now + timedelta(days=7))
    assert "wk" not in {seat.lane for seat in now.seats}
    assert "wk" in {seat.lane for seat in then.seats}


async def test_dates_that_cross_are_refused_and_what_was_typed_stays(lestari: Browser) -> None:
    await lestari.open("/petugas")

    page = await lestari.press(
        "/petugas/duduk", login="budi", lajur="wk", unit="pusat", mulai="2026-03-09", sampai="2026-03-04"
    )

    assert page.status_code == 409
    assert 'value="2026-03-09"' in page.text
    assert "Tanggal akhir lebih awal" in page.text


async def test_a_vacancy_is_registered_and_ended(lestari: Browser, desk: Desk, clock: Clock) -> None:
    await lestari.open("/petugas")

    page = await lestari.press("/petugas/lowong", lajur="wk", unit="pusat", sebab="pensiun")
    assert "pensiun" in page.text
    unit = next(iter((await desk.db.read(_units)).values()))
    assert await desk.db.read(cases.vacant, unit, clock.now) == {"wk"}
    [vacancy] = await desk.db.read(cases.vacancies, clock.now)

    await lestari.press("/petugas/terisi", nomor=str(vacancy["id"]))
    assert await desk.db.read(cases.vacant, unit, clock.now) == frozenset()


def _units(view: View) -> dict[str, int]:
    return {row["code"]: row["id"] for row in view.all("SELECT code, id FROM unit ORDER BY id")}


async def test_the_last_of_a_lane_with_open_cases_stays(lestari: Browser, desk: Desk, clock: Clock) -> None:
    number = await lift(desk, clock)
    await lestari.open("/petugas")
    await lestari.press("/petugas/duduk", login="budi", lajur="wk", unit="pusat")
    seat = await desk.db.read(_seat, "wk")

    page = await lestari.press("/petugas/berdiri", nomor=str(seat))

    assert page.status_code == 409
    assert f"#{number}" in page.text
    assert "Tunjuk pengganti" in page.text


def _seat(view: View, lane: str) -> int:
    row = view.one("SELECT max(id) AS id FROM seat WHERE lane = :lane", lane=lane)
    assert row
    return int(row["id"])


async def test_presence_is_changed_for_a_colleague(lestari: Browser, desk: Desk, clock: Clock) -> None:
    await lestari.open("/petugas")

    await lestari.press("/petugas/hadir", login="sari", hadir="0")

    unit = (await desk.db.read(_units))["pusat"]
    assert await desk.db.read(officers.present_in, "narahubung", unit, clock.now) == []


async def test_a_new_officer_gets_a_password_that_is_shown_once(lestari: Browser, desk: Desk) -> None:
    await lestari.open("/petugas")

    page = await lestari.press("/petugas/baru", nama="Putri", login="putri", jabatan="Narahubung")

    assert "hanya ditampilkan sekali" in page.text
    assert (await samples.officer(desk.db, "putri")).seats == ()
    assert "hanya ditampilkan sekali" not in (await lestari.open("/petugas")).text


async def test_a_late_decree_closes_a_day_and_moves_what_is_open(
    lestari: Browser, desk: Desk, clock: Clock
) -> None:
    number = await lift(desk, clock)  # due tomorrow, Tuesday 3 March, 09.00
    before = await desk.db.read(tickets.find, int(number))
    await lestari.open("/kalender")

    page = await lestari.press("/kalender", kode="kantor", tanggal="2026-03-03", dasar="SE 4/2026")

    assert "1 tenggat terbuka bergeser" in page.text
    assert "SE 4/2026" in page.text
    after = await desk.db.read(tickets.find, int(number))
    assert before
    assert after
    assert before.due_at
    assert after.due_at == before.due_at + timedelta(days=1)
    assert [each.kind for each in await desk.db.read(trail.of_case, int(number))][-1] == "due.moved"
    again = await lestari.press("/kalender", kode="kantor", tanggal="2026-03-03", dasar="SE 5/2026")
    assert again.status_code == 409
    assert "sudah tercatat libur" in again.text


async def test_an_agent_changes_neither(sari: Browser) -> None:
    for path in ("/petugas", "/kalender"):
        assert (await sari.open(path)).status_code == 403
