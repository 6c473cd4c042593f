"""Two agents at one ticket in two browsers: the second sees what the first did, and loses no word typed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette

from desk import triage
from desk.desk import Desk
from store import messages, tickets
from tests import samples
from tests.console.conftest import Browser, arrived
from tests.console.test_browser import browser
from tests.console.test_joining import two
from tests.samples import NOW

TYPED = "Selamat pagi, Bapak/Ibu. Kami sudah memeriksa."


@pytest.fixture
def db(sqlite: Any) -> Any:
    """The engine makes no difference to a browser."""
    return sqlite


@asynccontextmanager
async def both(
    app: Starlette, first: Browser, second: Browser, number: str
) -> AsyncIterator[tuple[Any, Any, str]]:
    """(the first's page, the second's, the console's address); both have the ticket open, the second is writing."""
    async with browser(app, first) as (one, url, _):
        context = await one.context.browser.new_context(viewport={"width": 1440, "height": 900})
        await context.add_cookies([{"name": "tanggap", "value": second.http.cookies["tanggap"], "url": url}])
        other = await context.new_page()
        other.set_default_timeout(20_000)
        await one.goto(f"{url}/tiket/{number}")
        await other.goto(f"{url}/tiket/{number}")
        await other.focus("#isi")
        await other.keyboard.type(TYPED)
        yield one, other, url


async def written(desk: Desk, number: str) -> list[str]:
    return [each.text for each in await desk.db.read(messages.of_ticket, int(number)) if each.author]


async def test_the_second_answer_is_held_beside_the_first(
    app: Starlette, sari: Browser, lestari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    async with both(app, sari, lestari, number) as (one, other, _):
        await one.fill("#isi", "Jawaban Sari")
        await one.press("#isi", "Control+Enter")
        await one.wait_for_selector(".msg.out:has-text('Jawaban Sari')")
        await other.wait_for_selector(".msg.out:has-text('Jawaban Sari')")
        assert await other.input_value("#isi") == TYPED
        await other.press("#isi", "Control+Enter")
        await other.wait_for_selector("#tulis [role=alert]")

        assert await other.input_value("#isi") == TYPED
        assert await other.is_visible(".msg.out:has-text('Jawaban Sari')")
    assert await written(desk, number) == ["Jawaban Sari"]


async def test_what_is_closed_meanwhile_is_said_and_the_words_stay(
    app: Starlette, sari: Browser, lestari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    async with both(app, sari, lestari, number) as (one, other, _):
        await one.select_option("#tambah", "akademik")
        await one.click("#rincian button:has-text('Tambah')")
        await one.wait_for_selector(".head .tag:has-text('Akademik')")
        await one.fill("#isi", "Jawaban Sari")
        await one.press("#isi", "Control+Shift+Enter")
        await one.wait_for_selector("text=ditutup")
        await other.wait_for_selector("#kepala .step:has-text('Ditutup')")
        assert await other.input_value("#isi") == TYPED
        await other.press("#isi", "Control+Enter")
        await other.wait_for_selector("#tulis [role=alert]")

        assert await other.input_value("#isi") == TYPED
    assert await written(desk, number) == ["Jawaban Sari"]


async def test_what_is_merged_meanwhile_is_said_and_the_words_stay(
    app: Starlette, sari: Browser, lestari: Browser, desk: Desk
) -> None:
    first, second = await two(desk)
    async with both(app, sari, lestari, second) as (one, other, url):
        await one.goto(f"{url}/tiket/{second}/gabung")
        await one.check(f"input[value='{first}']")
        await one.click("main button:has-text('Gabungkan')")
        await one.wait_for_url(f"**/tiket/{first}?*")
        await other.press("#isi", "Control+Enter")
        await other.wait_for_selector(f"#tulis [role=alert]:has-text('#{first}')")

        assert await other.input_value("#isi") == TYPED
        await other.goto(f"{url}/tiket/{second}")
        assert await other.input_value("#isi") == TYPED
    assert await written(desk, second) == []


async def test_two_who_retag_at_once_both_succeed_and_what_is_being_written_stays(
    app: Starlette, sari: Browser, lestari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    async with both(app, sari, lestari, number) as (one, other, _):
        await other.type("#isi", " Terima kasih.")
        await other.focus("#tambah")
        await other.select_option("#tambah", "akademik")
        await one.select_option("#tambah", "akademik")
        await one.click("#rincian button:has-text('Tambah')")
        await one.wait_for_selector(".head .tag:has-text('Akademik')")
        await other.wait_for_selector(".head .tag:has-text('Akademik')")
        async with other.expect_navigation():
            await other.click("#rincian button:has-text('Tambah')")

        assert await other.input_value("#isi") == f"{TYPED} Terima kasih."
        await other.keyboard.press("r")
        await other.keyboard.type(" Salam.")
        await other.select_option("#tambah", "akun")
        async with other.expect_navigation():
            await other.click("#rincian button:has-text('Tambah')")
        assert await other.input_value("#isi") == f"{TYPED} Terima kasih. Salam."
        await one.wait_for_selector(".head .tag:has-text('Akun')")
    assert len(await desk.db.read(tickets.categories, int(number))) == 2


async def test_the_way_back_from_a_closed_ticket_stays_while_somebody_works_on_the_next(
    app: Starlette, sari: Browser, lestari: Browser, desk: Desk
) -> None:
    first, second = [await arrived(desk, key=str(each), sender=str(each)) for each in range(2)]
    officer = await samples.officer(desk.db)
    for each in (first, second):
        await desk.db.write(triage.take, each, officer, key=f"t{each}", now=NOW)
    await desk.db.write(triage.tag, first, officer, "akademik", key="k", now=NOW)
    async with both(app, sari, lestari, second) as (one, other, url):
        await one.goto(f"{url}/tiket/{first}")
        await one.fill("#isi", "Jawaban Sari")
        await one.press("#isi", "Control+Shift+Enter")
        await one.wait_for_url(f"**/tiket/{second}?*")
        await other.select_option("#tambah", label="Akademik")
        await other.press("#tambah", "Tab")
        await other.keyboard.press("Enter")
        await other.wait_for_selector(".head .tag:has-text('Akademik')")

        await one.wait_for_selector(".head .tag:has-text('Akademik')")
        assert await one.is_visible(f".toast:has-text('Tiket #{first} ditutup.')")
        await one.click(".toast [data-undo] button")
        await one.wait_for_selector("text=Jawaban ditarik")
        assert await one.input_value("#isi") == "Jawaban Sari"
