"""Anywhere by keyboard: Ctrl+K, ? and /, and the same by a plain form where no script runs."""

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from console.jump import PLACES
from desk.desk import Desk
from store import search
from tests.console.conftest import Browser, arrived
from tests.console.test_browser import browser


@pytest.fixture
def db(sqlite: Any) -> Any:
    """The engine makes no difference to a page."""
    return sqlite


def test_every_place_is_a_page_of_the_console(app: Starlette) -> None:
    paths = {
        route.path for route in app.routes if isinstance(route, Route) and "GET" in (route.methods or ())
    }
    assert {place.path.partition("?")[0] for place in PLACES} <= paths


async def test_without_script_a_form_leads_there(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)

    assert (await sari.http.get(f"/ke?q=%23{number}")).headers["location"] == f"/tiket/{number}"
    assert (await sari.http.get("/ke?q=siapa+boleh")).headers["location"] == "/hak"
    page = await sari.open("/ke?q=antrean")
    assert 'href="/antrean?tampilan=free"' in page.text
    assert 'href="/akun"' not in (await sari.open("/ke")).text
    assert "Cari “zzz” di tiket" in (await sari.open("/ke?q=zzz")).text


async def test_a_supervisor_is_offered_what_opens_for_them(lestari: Browser) -> None:
    page = await lestari.open("/ke")
    for place in PLACES:
        assert place.path in page.text
        assert (await lestari.http.get(place.path)).status_code == 200, place.path


async def test_the_panel_opens_by_its_keys_walks_by_arrows_and_traps_nobody(
    app: Starlette, lestari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    await desk.db.write(search.index_some)
    async with browser(app, lestari) as (page, url, complaints):
        await page.goto(f"{url}/profil")
        await page.keyboard.press("Control+k")
        await page.keyboard.type("dewi")
        await page.wait_for_selector(f"#ke a[href='/tiket/{number}']")
        await page.keyboard.press("Escape")
        await page.keyboard.press("Control+k")
        await page.keyboard.type("hak ke")  # no place: only the search is left
        await page.keyboard.press("Control+a")
        await page.keyboard.type("siapa bo")
        await page.wait_for_selector("#ke a[href='/hak']")
        await page.wait_for_selector("#ke a[href='/profil']", state="detached")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/hak")

        await page.keyboard.press("Control+k")
        await page.keyboard.type(number)
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**/tiket/{number}")
        await page.keyboard.press("Control+k")
        await page.keyboard.press("Escape")
        assert not await page.is_visible("#ke")

        await page.goto(f"{url}/templat")
        await page.keyboard.press("?")
        assert await page.is_visible("#tombol")
        await page.keyboard.press("Escape")
        await page.keyboard.press("/")
        assert await page.evaluate("document.activeElement.name") == "q"
        assert complaints == []


async def test_the_first_tab_skips_to_the_content_and_focus_is_always_seen(
    app: Starlette, lestari: Browser
) -> None:
    async with browser(app, lestari) as (page, url, _):
        await page.goto(f"{url}/akun")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.className") == "skip"
        seen: list[str] = []
        for _each in range(200):
            await page.keyboard.press("Tab")
            at = await page.evaluate(
                "(() => { const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);"
                " return [at.outerHTML.slice(0, 120), at === document.body || (box.width > 0 && style.outlineStyle !== 'none')] })()"
            )
            assert at[1], at[0]
            if at[0].startswith("<body") or 'class="skip"' in at[0]:
                break
            seen.append(at[0])
        else:
            pytest.fail("the focus never leaves the page")
        assert any("/akun/sari" in each for each in seen)
