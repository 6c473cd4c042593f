"""Merging, splitting, linking, following and a refusal in a real browser under the real policy, at the desk and on a phone."""

from typing import Any

import pytest
from starlette.applications import Starlette

from desk import office_file, triage
from desk.desk import Desk
from sop import office_file as reading
from store import followers
from tests import samples
from tests.console.conftest import Browser, arrived
from tests.console.test_browser import browser
from tests.console.test_joining import STRICT
from tests.samples import NOW

PHONE = {"viewport": {"width": 360, "height": 740}}


@pytest.fixture
def db(sqlite: Any) -> Any:
    """The engine makes no difference to a browser."""
    return sqlite


async def test_tickets_are_joined_and_parted_again(app: Starlette, sari: Browser, desk: Desk) -> None:
    first = await arrived(desk)
    second = await arrived(desk, text="Nilai saya belum muncul", key="7001.2")
    async with browser(app, sari) as (page, url, complaints):
        await page.goto(f"{url}/tiket/{second}")
        await page.click(".head summary")
        await page.click("text=Gabungkan ke tiket lain")
        await page.check(f"input[value='{first}']")
        await page.click("button:has-text('Gabungkan')")
        await page.wait_for_url(f"**/tiket/{first}?*")
        assert await page.is_visible("#percakapan >> text=Nilai saya belum muncul")
        await page.goto(f"{url}/tiket/{second}")
        await page.click("text=Batalkan penggabungan")
        await page.wait_for_selector("text=Penggabungan dibatalkan.")
        assert await page.is_visible("#tulis")
        assert complaints == []


async def test_on_a_phone_a_message_is_split_off_and_brought_back(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    await arrived(desk, text="Selain itu sandi surel saya lupa")
    async with browser(app, sari, **PHONE) as (page, url, complaints):
        await page.goto(f"{url}/tiket/{number}/pisah")
        await page.check("label:has-text('sandi surel') input")
        await page.fill("#pokok", "Sandi surel")
        await page.click("main button:has-text('Pisahkan')")
        await page.wait_for_selector("h1:has-text('Sandi surel')")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
        await page.click("text=Batalkan pemisahan")
        await page.wait_for_url(f"**/tiket/{number}?*")
        assert await page.is_visible("#percakapan >> text=Selain itu sandi surel")
        assert complaints == []


async def test_a_second_address_is_found_linked_and_taken_back(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    await arrived(desk, "NIM saya 231040112", channel="whatsapp", key="w1", sender="whatsapp:+628123334471")
    async with browser(app, sari) as (page, url, complaints):
        await page.goto(f"{url}/tiket/{number}")
        await page.click("text=Tautkan alamat lain")
        await page.fill("main #q", "231040112")
        await page.press("main #q", "Enter")
        await page.click("text=Orang yang sama, tautkan")
        await page.wait_for_selector("text=Alamat ditautkan ke pelapor ini.")
        assert await page.is_visible("#rincian >> text=4471")
        await page.click("#rincian button:has-text('Batalkan')")
        await page.wait_for_selector("text=Perubahan alamat dibatalkan.")
        assert not await page.is_visible("#rincian >> text=4471")
        assert complaints == []


async def test_a_login_is_completed_in_a_note_and_its_officer_follows(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    async with browser(app, sari) as (page, url, complaints):
        await page.goto(f"{url}/tiket/{number}")
        await page.keyboard.press("n")
        await page.keyboard.type("Mohon dilihat @les")
        await page.wait_for_selector("#rekan-daftar [role=option]:visible")
        await page.keyboard.press("Enter")
        await page.keyboard.type("segera")
        assert await page.input_value("#catatan") == "Mohon dilihat @lestari segera"
        await page.click("button[value=catatan]:visible")
        await page.wait_for_selector("text=Catatan tersimpan.")
        assert await page.is_visible("#rincian >> text=Lestari")
        assert complaints == []
    lestari = await samples.officer(desk.db, "lestari")
    assert await desk.db.read(followers.of, int(number)) == [lestari.id]


async def test_what_a_category_asks_stands_there_before_one_types(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    await desk.db.write(office_file.bring_in, reading.read(STRICT), NOW)
    number = await arrived(desk, text="Saya Dewi, NIM 231040112, nilai saya berapa")
    officer = await samples.officer(desk.db)
    await desk.db.write(triage.tag, number, officer, "akademik", key="t", now=NOW)
    async with browser(app, sari, **PHONE) as (page, url, complaints):
        await page.goto(f"{url}/tiket/{number}")
        assert await page.is_visible("#syarat-identitas")
        await page.fill("#isi", "Nilai Anda A.")
        await page.click("#tulis button[value=jawab]:visible")
        await page.wait_for_selector("[role=alert]:has-text('identitas pelapor diperiksa')")
        assert await page.input_value("#isi") == "Nilai Anda A."
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
        assert [each for each in complaints if "409" not in each] == []
