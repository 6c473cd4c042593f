"""The supervisor's and the officer's own work in a real browser: templates, filters, putting off, identity, the second step."""

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from starlette.applications import Starlette

from desk import passwords, staff
from desk.desk import Desk
from store import prepared, search, templates
from tests.console.conftest import Browser, arrived, as_officer
from tests.console.test_browser import browser, taken
from tests.samples import NOW

PHONE = {"viewport": {"width": 360, "height": 740}}


@pytest.fixture
def db(sqlite: Any) -> Any:
    """The engine makes no difference to a browser."""
    return sqlite


async def test_a_template_is_written_with_a_living_preview_corrected_approved_and_put_in_force(
    app: Starlette, lestari: Browser, sari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    before = len(await desk.db.read(templates.newest))
    async with browser(app, lestari) as (page, url, complaints):
        await page.goto(f"{url}/templat")
        await page.fill("#k", "minta-nim")
        await page.fill("#n", "Minta NIM")
        await page.locator("#b").press_sequentially("Yth. {{ nama }}, tiket {{ nomor }}")
        await page.wait_for_selector(f"#pratinjau mark:has-text('#{number}')")
        await page.wait_for_selector("#pratinjau mark:has-text('Dewi')")
        assert len(await desk.db.read(templates.newest)) == before
        await page.fill("#b", "Yth.\n{% for i in range(1000000000) %}x{% endfor %}")
        await page.click("button:has-text('Simpan konsep')")
        await page.wait_for_selector("#be:has-text('baris 2, kolom 1')")
        assert (await page.input_value("#b")).startswith("Yth.\n{% for")
        assert await page.input_value("#n") == "Minta NIM"
        await page.fill("#b", "Yth. {{ nama }}, mohon kirim NIM Anda.")
        await page.click("button:has-text('Simpan konsep')")
        await page.wait_for_selector("text=Konsep templat tersimpan.")
        await page.click("button:has-text('Setujui')")
        await page.wait_for_selector("text=Templat disetujui; belum berlaku.")
        await page.click("button:has-text('Berlakukan')")
        await page.wait_for_selector("text=Templat berlaku.")
        assert [each for each in complaints if "409" not in each] == []
    async with browser(app, sari, **PHONE) as (page, url, complaints):
        await page.goto(f"{url}/tiket/{number}?templat=")
        await page.click("#tulis button:has-text('Minta NIM')")
        await page.wait_for_selector("#pratinjau:has-text('mohon kirim NIM Anda')")
        await page.click("text=Pakai templat")
        await page.wait_for_selector("#isi:has-text('Yth. Dewi, mohon kirim NIM Anda.')")
        assert complaints == []


async def test_filters_are_combined_kept_as_a_list_and_searched(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    mail = await arrived(desk, "Surat keterangan", channel="mail", key="m", sender="a@contoh.ac.id")
    chat = await arrived(desk)
    async with browser(app, sari) as (page, url, complaints):
        await page.goto(f"{url}/antrean?tampilan=all")
        await page.select_option("#f-kanal", "mail")
        await page.click("button:has-text('Terapkan')")
        await page.wait_for_selector("#antrean .chips .tag")
        assert await page.locator(f".row[href^='/tiket/{chat}']").count() == 0
        assert await page.locator(f".row[href^='/tiket/{mail}']").count() == 1
        await page.fill("input[name=nama]", "Surel saja")
        await page.click("button:has-text('Simpan')")
        await page.wait_for_selector("text=Tampilan tersimpan.")
        await page.goto(f"{url}/antrean?tampilan=all")
        await page.click(".tabs.kept a:has-text('Surel saja')")
        await page.wait_for_selector(".tabs.kept [aria-current]")
        assert "kanal=mail" in page.url
        await desk.db.write(search.index_some)
        await page.keyboard.press("/")
        await page.keyboard.type("dewi")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("mark:has-text('Dewi')")
        rows = await page.eval_on_selector_all(".row", "all => all.map(one => one.pathname)")
        assert rows == [f"/tiket/{chat}", f"/tiket/{mail}"]
        assert complaints == []


async def test_an_answer_is_put_off_on_a_phone_and_called_off_with_its_words(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    await taken(desk, number)
    async with browser(app, sari, **PHONE) as (page, url, complaints):
        await page.goto(f"{url}/tiket/{number}")
        await page.fill("#isi", "Besok pagi kami kabari.")
        await page.click("#tulis details.menu > summary")
        await page.click("#tulis .pop button[value^='nanti.']")
        await page.wait_for_selector("#menunggu-kirim:has-text('Besok pagi kami kabari.')")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
        await page.click("#menunggu-kirim button")
        await page.wait_for_selector("#isi:has-text('Besok pagi kami kabari.')")
        assert complaints == []
    assert await desk.db.read(prepared.waiting) == []


async def test_what_a_reporter_states_is_checked_with_where_and_how(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    number = await arrived(desk, "Nama saya Dewi, NIM 231040112. KRS saya terkunci")
    async with browser(app, sari) as (page, url, complaints):
        await page.goto(f"{url}/tiket/{number}")
        await page.click(".claim summary:has-text('NIM')")
        await page.fill(".claim[open] input[name=cara]", "Situs NIC")
        await page.click(".claim[open] button:has-text('Sah') >> nth=0")
        await page.wait_for_selector("text=Hasil pemeriksaan identitas tersimpan.")
        await page.wait_for_selector(".head .who.ok")
        await page.goto(f"{url}/antrean?tampilan=all")
        assert await page.is_visible(f".row[href^='/tiket/{number}'] .who.ok")
        assert complaints == []


async def test_a_deputy_sits_with_dates_and_the_second_step_is_set_up_and_asked_for(
    app: Starlette, lestari: Browser, desk: Desk
) -> None:
    await desk.db.write(staff.set_password, "lestari", passwords.hash_password("sangat-rahasia"), NOW)
    lestari = await as_officer(desk, lestari, "lestari")
    async with browser(app, lestari, locale="id-ID") as (page, url, complaints):
        await page.goto(f"{url}/petugas")
        await page.select_option("#d-login", "sari")
        await page.select_option("#d-lajur", "koor")
        await page.select_option("#d-unit", "pusat")
        await page.select_option("#d-plh", "hendra")
        await page.fill("#d-sampai", "2026-03-06")
        await page.fill("#d-surat", "ST-12/2026")
        await page.click("text=Simpan penugasan")
        await page.wait_for_selector("td:has-text('Sari'):has-text('Hendra')")
        await page.wait_for_selector("td:has-text('6 Maret 2026')")

        await page.goto(f"{url}/profil")
        await page.click("#dua button:has-text('Pasang')")
        await page.wait_for_selector("img.qr")
        secret = await page.inner_text("#dua code")
        await page.fill("#d1", pyotp.TOTP(secret).at(desk.real()))
        await page.fill("#d2", "sangat-rahasia")
        await page.click("text=Aktifkan")
        await page.wait_for_selector("text=Verifikasi dua langkah aktif.")
        await page.context.clear_cookies()
        await page.goto(f"{url}/login")
        await page.fill("#u", "lestari")
        await page.fill("#p", "sangat-rahasia")
        await page.click("form button.primary")
        await page.fill("#k", pyotp.TOTP(secret).at(desk.real() + timedelta(seconds=30)))
        await page.click("form button.primary")
        await page.wait_for_selector("text=Antrean")
        assert complaints == []
