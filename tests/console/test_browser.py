"""The page's own script in a real browser under the real policy: it helps, and touches nothing that is being typed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette

from desk import triage
from desk.desk import Desk
from store import drafts, messages
from tests import peers, samples
from tests.console.conftest import Browser, arrived
from tests.samples import NOW

FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"


@pytest.fixture
def db(sqlite: Any) -> Any:
    """The engine makes no difference to a browser."""
    return sqlite


@asynccontextmanager
async def browser(
    app: Starlette, signed: Browser, **options: Any
) -> AsyncIterator[tuple[Any, str, list[str]]]:
    """(a page, the console's address, what the browser complained of)."""
    program = peers.chromium()
    playwright = peers.library("chromium", "playwright.async_api")
    async with peers.serve(app) as url, playwright.async_playwright() as driver:
        running = await driver.chromium.launch(executable_path=program, args=FLAGS.split())
        context = await running.new_context(**({"viewport": {"width": 1440, "height": 900}} | options))
        await context.add_cookies([{"name": "tanggap", "value": signed.http.cookies["tanggap"], "url": url}])
        page = await context.new_page()
        page.set_default_timeout(20_000)
        complaints: list[str] = []
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        try:
            yield page, url, complaints
        finally:
            await running.close()


async def taken(desk: Desk, number: str) -> None:
    officer = await samples.officer(desk.db)
    await desk.db.write(triage.take, number, officer, key=f"take-{number}", now=NOW)


async def test_what_is_typed_is_a_draft_on_the_server_without_a_press(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    officer = await samples.officer(desk.db)
    async with browser(app, sari) as (page, url, complaints):
        await page.goto(f"{url}/tiket/{number}")
        await page.keyboard.press("r")
        await page.keyboard.type("Selamat pagi, KRS Anda")
        await page.wait_for_selector("#tersimpan:has-text('Tersimpan')")
        found = await desk.db.read(drafts.find, int(number), officer.id, "answer")
        await page.reload()

        assert found is not None
        assert found.text == "Selamat pagi, KRS Anda"
        assert await page.input_value("#isi") == "Selamat pagi, KRS Anda"
        assert complaints == []


async def test_a_template_opens_in_place_and_keeps_what_was_typed(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    async with browser(app, sari) as (page, url, complaints):
        await page.goto(f"{url}/tiket/{number}")
        await page.fill("#isi", "Selamat siang.")
        await page.keyboard.press("Alt+t")
        await page.wait_for_selector("text=Pakai templat")
        await page.keyboard.press("Escape")
        await page.wait_for_selector("text=Pakai templat", state="detached")
        assert await page.input_value("#isi") == "Selamat siang."
        await page.keyboard.press("Alt+t")
        await page.click("text=Pakai templat")
        await page.wait_for_selector("#isi:has-text('Sandi baru aktif')")

        assert (await page.input_value("#isi")).startswith("Selamat siang.\n\nSelamat pagi, Dewi.")
        await page.wait_for_url(f"{url}/tiket/{number}*")
        await page.focus("#isi")
        async with page.expect_navigation():
            await page.keyboard.press("Control+Enter")
        assert complaints == []
    said = await desk.db.read(messages.of_ticket, int(number))
    assert [each.text[:14] for each in said if each.author] == ["Selamat siang."]


async def test_news_comes_by_itself_and_leaves_the_composer_alone(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    await taken(desk, number)
    async with browser(app, sari) as (page, url, complaints):
        await page.goto(f"{url}/tiket/{number}")
        await page.fill("#isi", "Sedang saya tulis")
        await page.focus("#isi")
        await arrived(desk, text="Apakah sudah ada kabar?")
        other = await arrived(desk, text="Nilai saya belum muncul", key="2", sender="2")
        await taken(desk, other)
        await page.wait_for_selector("text=Apakah sudah ada kabar?")
        await page.wait_for_selector(f'#antrean a[href="/tiket/{other}"]')

        assert await page.input_value("#isi") == "Sedang saya tulis"
        assert await page.evaluate("document.activeElement.id") == "isi"
        assert complaints == []


async def test_the_queue_is_walked_by_keys(app: Starlette, sari: Browser, desk: Desk) -> None:
    numbers = [await arrived(desk, key=str(each), sender=str(each)) for each in range(3)]
    for number in numbers:
        await taken(desk, number)
    async with browser(app, sari) as (page, url, complaints):
        await page.goto(f"{url}/")
        for key in ("j", "j", "j", "k", "Enter"):
            await page.keyboard.press(key)
        await page.wait_for_url(f"**/tiket/{numbers[1]}*")
        await page.keyboard.press("?")
        assert await page.is_visible("#pintasan")
        await page.keyboard.press("Escape")
        await page.keyboard.press("n")
        await page.keyboard.type("rj?")
        assert await page.input_value("#catatan") == "rj?"
        assert not await page.is_visible("#isi")
        assert complaints == []


async def test_a_session_that_ends_says_what_to_do_and_keeps_the_words(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    async with browser(app, sari) as (page, url, _):
        await page.goto(f"{url}/tiket/{number}")
        await page.context.clear_cookies()
        await page.fill("#isi", "Panjang sekali")
        await page.wait_for_selector("text=Sesi Anda sudah berakhir.")

        assert await page.input_value("#isi") == "Panjang sekali"


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
async def test_no_page_scrolls_sideways(
    app: Starlette, sari: Browser, lestari: Browser, desk: Desk, width: int
) -> None:
    number = await arrived(desk, "Nama saya Dewi, NIM 231040112. " + "panjangsekali" * 30)
    async with browser(app, lestari, viewport={"width": width, "height": 780}) as (page, url, _):
        for path in (
            "/login",
            "/",
            f"/tiket/{number}",
            f"/tiket/{number}#rincian",
            f"/tiket/{number}?templat=",
            "/cari?q=nama",
            "/penyelia",
            "/templat",
            "/templat/1",
            "/profil",
            "/tiket/9999",
        ):
            await page.goto(url + path)
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
