"""/prosedur: the paper's table, where a ticket stands, what steps took; revisions are drafted, compared and put in force."""

from datetime import datetime, timedelta

from desk import answer, decide, ids
from desk.decide import Choice
from desk.desk import Desk
from sop.procedure_file import shipped
from store import office as offices
from store import visits
from store.db import View
from tests import samples
from tests.console.conftest import Browser, Clock, arrived
from tests.samples import MINUTE

CODE = "uc3-kantor-pusat"


def revised(text: str = "waktu: 15 menit", by: str = "waktu: 30 menit") -> str:
    source = shipped()[CODE]
    assert text in source
    return source.replace(text, by, 1).replace("revisi: 0", "revisi: 1", 1)


async def answered(desk: Desk, clock: Clock, minutes: int, key: str) -> None:
    number = await arrived(desk, key=key, sender=key)
    clock.pass_by(minutes * MINUTE)
    sari = await samples.officer(desk.db, "sari", clock.now)
    await desk.db.write(
        answer.reply, number, sari, "Sudah kami buka.", key="", ids=ids.fresh(), now=clock.now
    )


async def test_everybody_finds_the_sops_with_their_dates_and_units(sari: Browser) -> None:
    page = await sari.open("/prosedur")

    assert f'href="/prosedur/{CODE}"' in page.text
    assert "PK 5.5" in page.text
    assert "Kantor Pusat" in page.text
    assert "6 hari kerja + 15 menit" in page.text
    assert "Naskah baru" not in page.text  # the supervisor's


async def test_the_papers_own_table_stands_there_lanes_limits_and_readings(sari: Browser) -> None:
    page = await sari.open(f"/prosedur/{CODE}")

    for words in ("Wakil Koordinator", "Rektor", "Menganalisa laporan", "15 menit", "Bacaan yang dipilih"):
        assert words in page.text
    assert '<svg class="flow"' in page.text
    assert "style=" not in page.text  # the strict policy holds


async def test_the_diagram_shows_where_a_ticket_stands(sari: Browser, desk: Desk, clock: Clock) -> None:
    number = await arrived(desk)
    officer = await samples.officer(desk.db, "sari", clock.now)
    current = await desk.db.read(visits.open_of, int(number))
    assert current
    up = Choice(decision="lapor", visit=current.id, reason="perlu kebijakan")
    await decide.put(desk.db, number, officer, up, key="", now=clock.now)

    page = await sari.open(f"/prosedur?tiket={number}")

    assert page.url.path == f"/prosedur/{CODE}"
    assert 'class="stay now"' in page.text
    assert "sekarang di sini" in page.text
    assert page.text.count('class="stay done"') == 1
    assert "way taken" in page.text
    assert "Melaporkan ke atasan" in page.text


async def test_a_foreign_ticket_and_an_unknown_sop_are_absent(budi: Browser, desk: Desk) -> None:
    number = await arrived(desk)

    assert (await budi.open(f"/prosedur?tiket={number}")).status_code == 404
    assert (await budi.open(f"/prosedur/{CODE}?tiket={number}")).status_code == 404
    assert (await budi.open("/prosedur/tidak-ada")).status_code == 404


async def test_beside_the_paper_stands_what_the_steps_took(sari: Browser, desk: Desk, clock: Clock) -> None:
    for key, minutes in (("a", 5), ("b", 10), ("c", 30)):
        await answered(desk, clock, minutes, key)

    page = await sari.open(f"/prosedur/{CODE}")

    assert "median <b>10 mnt</b>" in page.text
    assert "P90 30 mnt" in page.text
    assert "66,7%" in page.text  # two of three analyses within 15 minutes


async def test_faults_are_told_by_line_with_their_remedy_and_nothing_is_kept(lestari: Browser) -> None:
    await lestari.open("/prosedur/naskah")
    broken = revised("waktu: 15 menit", "waktu: 3 hari kerja 2")

    page = await lestari.press("/prosedur/naskah", naskah=broken)

    assert page.status_code == 409
    assert "Baris" in page.text
    assert "3 hari kerja 2" in lestari.area("naskah")
    assert "Belum ada konsep." in (await lestari.open("/prosedur/naskah")).text


async def test_a_draft_shows_its_difference_and_is_put_in_force_from_a_day(
    lestari: Browser, desk: Desk, clock: Clock
) -> None:
    number = await arrived(desk)
    before = await desk.db.read(_in_force, clock.now)
    await lestari.open("/prosedur/naskah")

    page = await lestari.press("/prosedur/naskah", naskah=revised())
    assert "Langkah analisa" in page.text
    assert "30 menit" in page.text
    refused = await lestari.press(f"/prosedur/naskah/{CODE}/berlakukan", mulai="2020-01-01")
    assert refused.status_code == 409
    assert "tidak diubah lagi" in refused.text
    page = await lestari.press(f"/prosedur/naskah/{CODE}/berlakukan", mulai="2026-03-09")

    assert page.url.path == f"/prosedur/{CODE}"
    assert await desk.db.read(_in_force, clock.now) == before
    clock.now += timedelta(days=7)
    after = await desk.db.read(_in_force, clock.now)
    assert after != before
    ticket_page = await lestari.open(f"/prosedur/{CODE}?tiket={number}")
    assert "revisi 0" in ticket_page.text  # pinned when it was opened
    assert "Belum ada konsep." in (await lestari.open("/prosedur/naskah")).text


def _in_force(view: View, now: datetime) -> int:
    found = offices.current(view).in_force(CODE, now)
    assert found
    return found.id


async def test_an_uploaded_file_is_read_like_a_pasted_one(lestari: Browser) -> None:
    await lestari.open("/prosedur/naskah")
    token = lestari.field("token", "/prosedur/naskah")

    page = await lestari.http.post(
        "/prosedur/naskah",
        data={"token": token, "naskah": ""},
        files={"berkas": ("sop.yaml", revised().encode(), "text/yaml")},
        follow_redirects=True,
    )

    assert "30 menit" in page.text
    assert "Berlakukan" in page.text


async def test_an_agent_drafts_nothing(sari: Browser) -> None:
    await sari.open("/prosedur")

    assert (await sari.open("/prosedur/naskah")).status_code == 403
    await sari.open("/profil")
    token = sari.field("token")
    sent = await sari.http.post("/prosedur/naskah", data={"token": token, "naskah": revised()})
    assert sent.status_code == 403


async def test_the_schema_and_the_source_are_downloads(sari: Browser) -> None:
    schema = await sari.open("/prosedur/skema.json")
    assert schema.json()["title"] == "SOP"

    source = await sari.open(f"/prosedur/{CODE}/sumber.yaml")
    assert source.text.startswith("sop:") or "sop: uc3-kantor-pusat" in source.text
    assert "attachment" in source.headers["content-disposition"]
