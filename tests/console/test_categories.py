"""/kategori, /unit, /mulai: the supervisor's tree with what a merge would do, units, and a new desk's first steps."""

import re

import pytest
from starlette.applications import Starlette

from desk import first_run, staff, suggesting, triage
from desk.desk import Desk
from sop.office import Category, Office
from store import office as offices
from store.db import Change
from tests import samples
from tests.console.conftest import Browser, arrived
from tests.console.test_browser import browser
from tests.samples import NOW


async def office(desk: Desk) -> Office:
    return await desk.db.read(offices.current)


async def category(desk: Desk, code: str) -> Category:
    return next(each for each in (await office(desk)).categories.values() if each.code == code)


async def test_a_category_is_made_renamed_and_hung_under_another(lestari: Browser, desk: Desk) -> None:
    parent = await category(desk, "akademik")
    await lestari.open("/kategori")
    form = {"kode": "krs", "nama": "KRS", "induk": str(parent.id), "kata": "prs, Batal Tambah\nkrs"}

    await lestari.press("/kategori", **form, identitas="stated", foto="on", retensi="365", urutan="2")

    made = await category(desk, "krs")
    assert lestari.page.url.path == f"/kategori/{made.id}"
    assert (made.parent, made.keywords) == (
        parent.id,
        frozenset({"prs", "batal tambah", "krs"}),
    )
    assert (made.identity, made.needs_photo, made.retention_days, made.position) == ("stated", True, 365, 2)
    page = await lestari.press(f"/kategori/{made.id}", nama="Rencana studi", induk="")
    assert "sebelumnya “KRS”" in page.text
    assert (await category(desk, "krs")).parent is None


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"kode": "Dua Kata", "nama": "X"}, "tidak dapat dipakai"),
        ({"kode": "akun", "nama": "X"}, "sudah dipakai"),
        ({"kode": "baru", "nama": " "}, "masih kosong"),
    ],
)
async def test_what_is_refused_keeps_what_was_typed(
    lestari: Browser, form: dict[str, str], told: str
) -> None:
    await lestari.open("/kategori")

    page = await lestari.press("/kategori", **form, kata="banding, cicilan")

    assert page.status_code == 409
    assert told in page.text
    assert lestari.area("kata") == "banding, cicilan"


async def test_a_merge_shows_what_it_does_before_and_is_undone_after(lestari: Browser, desk: Desk) -> None:
    source, target = await category(desk, "akun"), await category(desk, "akademik")
    number = await arrived(desk)
    await desk.db.write(triage.tag, number, await samples.officer(desk.db), "akun", key="", now=NOW)

    page = await lestari.open(f"/kategori/{source.id}?ke={target.id}")
    assert "1 tiket, 1 di antaranya masih terbuka, terhitung sebagai “Akademik”" in page.text
    page = await lestari.press(
        f"/kategori/{source.id}/gabung", ke=lestari.field("ke", f"/kategori/{source.id}/gabung")
    )
    assert page.url.path == f"/kategori/{target.id}"
    assert "digabung ke Akademik" in page.text
    assert "Akademik" in (await lestari.open(f"/tiket/{number}")).text

    await lestari.open(f"/kategori/{source.id}")
    await lestari.press(f"/kategori/{source.id}/pisah")

    assert await category(desk, "akun") == source


async def test_a_retired_category_leaves_the_forms_and_comes_back(lestari: Browser, desk: Desk) -> None:
    found = await category(desk, "akun")
    await lestari.open(f"/kategori/{found.id}")

    page = await lestari.press(f"/kategori/{found.id}/pensiun")
    assert "tidak dipilih lagi" in page.text
    assert "Akun" not in (await lestari.open("/lapor")).text
    await lestari.open(f"/kategori/{found.id}")
    await lestari.press(f"/kategori/{found.id}/aktif")

    assert "Akun" in (await lestari.open("/lapor")).text


async def test_the_accuracy_is_told_with_its_number_and_claims_nothing_on_few(
    lestari: Browser, desk: Desk
) -> None:
    assert "baru 0 tiket, belum cukup untuk dinilai" in (await lestari.open("/kategori")).text
    sari = await samples.officer(desk.db)
    for one in range(32):
        number = await arrived(desk, "Sandi siakad", key=str(one), sender=str(one))
        await suggesting.catch_up(desk.db, NOW)
        code = "akun" if one else "akademik"
        await desk.db.write(triage.tag, number, sari, code, key="", now=NOW)

    page = await lestari.open("/kategori")

    assert "96,9% dari 32 tiket (antara 84,3% dan 99,4%)" in page.text


async def test_the_suggestion_is_switched_off_and_on_for_the_whole_desk(lestari: Browser, desk: Desk) -> None:
    await lestari.open("/kategori")
    await lestari.press("/kategori/saran", saran="0")
    assert not (await office(desk)).suggests
    await lestari.press("/kategori/saran", saran="1")

    assert (await office(desk)).suggests


async def test_a_citizens_word_is_shown_as_written(sari: Browser, desk: Desk) -> None:
    """A word that explains comes out of what a stranger wrote."""
    number = await arrived(desk, "<b>sandi</b> {{ siakad }} &amp;")
    await suggesting.catch_up(desk.db, NOW)

    page = await sari.open(f"/tiket/{number}")

    assert re.search(r"“sandi” <span[^>]*>\+\d,\d</span>", page.text)
    assert "“<b>" not in page.text


async def test_one_key_accepts_the_suggestion(app: Starlette, sari: Browser, desk: Desk) -> None:
    number = await arrived(desk, "Sandi siakad saya")
    await suggesting.catch_up(desk.db, NOW)
    async with browser(app, sari) as (page, url, complaints):
        await page.goto(f"{url}/tiket/{number}")
        async with page.expect_navigation():
            await page.keyboard.press("s")

        assert await page.locator("[aria-label='Lepas kategori Akun']").count() == 1
        assert await page.locator("[data-suggested]").count() == 0
        assert complaints == []


async def test_a_unit_is_made_with_calendar_and_sop_and_changed(lestari: Browser, desk: Desk) -> None:
    await lestari.open("/unit")
    form = {
        "kode": "fmipa",
        "nama": "FMIPA",
        "jenis": "fakultas",
        "prosedur": "uc3-fakultas",
        "induk": "pusat",
    }

    await lestari.press("/unit", **form, kalender="kantor", pembagian="fair")

    made = next(each for each in (await office(desk)).units.values() if each.code == "fmipa")
    assert (made.kind, made.procedure, made.sharing) == ("fakultas", "uc3-fakultas", "fair")
    assert made.calendar.code == "kantor"
    assert (await office(desk)).units[made.parent or 0].code == "pusat"
    page = await lestari.press("/unit/fmipa", nama="Fakultas MIPA", kalender="kantor")
    assert "Fakultas MIPA" in page.text
    await lestari.open("/unit/pusat")
    await lestari.press("/unit/pusat", nama="Kantor Pusat", induk="fmipa")
    await lestari.open("/unit/fmipa")
    page = await lestari.press("/unit/fmipa", nama="FMIPA", induk="pusat")
    assert page.status_code == 409
    assert "unit bawahannya sendiri" in page.text


async def test_a_units_page_gives_the_code_that_links_its_group_once(lestari: Browser, desk: Desk) -> None:
    page = await lestari.open("/unit/pusat")
    assert "Belum terhubung." in page.text

    page = await lestari.press("/unit/pusat/grup")

    shown = re.search(r"/hubungkan (\w+)", page.text)
    assert shown is not None
    assert await desk.db.write(staff.link_group, "-100200", shown[1], NOW) == "Kantor Pusat"
    with pytest.raises(staff.CodeInvalid):
        await desk.db.write(staff.link_group, "-100300", shown[1], NOW)
    page = await lestari.open("/unit/pusat")
    assert "Sudah terhubung:" in page.text
    assert shown[1] not in page.text


async def test_the_queue_leads_a_supervisor_to_the_first_steps_until_dismissed(
    lestari: Browser, sari: Browser, desk: Desk
) -> None:
    assert "/mulai" not in (await lestari.open("/")).text
    supervisor = await samples.officer(desk.db, "lestari")
    await desk.db.write(first_run.dismiss, supervisor, True, NOW)

    assert 'href="/mulai"' in (await lestari.open("/")).text
    assert 'href="/mulai"' not in (await sari.open("/")).text
    assert "6 dari 7 langkah selesai" in (await lestari.open("/mulai")).text
    number = await arrived(desk)
    assert f"tiket #{number}" in (await lestari.open("/mulai")).text
    await lestari.press("/mulai", tampil="0")

    assert 'href="/mulai"' not in (await lestari.open("/")).text


async def test_the_first_steps_name_what_is_missing(lestari: Browser, desk: Desk) -> None:
    def poorer(change: Change) -> None:
        offices.save_unit(change, "baru", name="Unit Baru", kind="opd", calendar="kantor", procedure="")
        change.run("UPDATE category SET active = :no", no=False)
        change.run("UPDATE reply_template SET status = 'draft'")
        offices.changed(change)

    await desk.db.write(poorer)

    page = await lestari.open("/mulai")

    assert page.text.count("Belum ada di: Unit Baru.") == 1
    assert "3 dari 7 langkah selesai" in page.text
    assert "tiket tidak dapat ditutup" in page.text
    assert "Siapkan satu templat" in page.text
