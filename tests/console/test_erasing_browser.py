"""A supervisor erases a ticket's words in a real browser under the real policy, from its menu to the list of what went."""

from typing import Any

import pytest
from starlette.applications import Starlette

from desk.desk import Desk
from tests import peers
from tests.console.conftest import Browser
from tests.console.test_browser import browser
from tests.console.test_erasing import WORDS, number

__all__ = ["number"]


@pytest.fixture
def db(sqlite: Any) -> Any:
    """The engine makes no difference to a browser."""
    return sqlite


async def test_from_the_menu_over_what_goes_and_stays_to_the_list(
    app: Starlette, lestari: Browser, desk: Desk, number: str
) -> None:
    expect = peers.library("chromium", "playwright.async_api").expect
    async with browser(app, lestari, viewport={"width": 360, "height": 780}) as (page, url, complaints):
        await page.goto(f"{url}/tiket/{number}")
        await page.locator("details.menu summary", has_text="Tindakan lain").click()
        await page.get_by_role("link", name="Hapus isi tiket").click()
        await expect(page.get_by_role("heading", name="Yang tetap ada")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360

        await page.get_by_label("Ketik nomor tiket ini").fill("1")
        await page.get_by_label("Alasan").fill("Salah kirim")
        await page.get_by_role("button", name="Hapus isi tiket").click()
        await expect(page.get_by_role("alert")).to_contain_text(f"bukan {number}")
        await expect(page.get_by_label("Alasan")).to_have_value("Salah kirim")

        await page.get_by_label("Ketik nomor tiket ini").fill(number)
        await page.get_by_role("button", name="Hapus isi tiket").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("(isi dihapus)")
        assert WORDS not in await page.content()

        await page.goto(f"{url}/retensi")
        await expect(page.get_by_role("cell", name="Salah kirim")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    assert not [each for each in complaints if "409" not in each]
