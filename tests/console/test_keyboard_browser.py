"""A day at the desk without a pointer: every step by keys, and the focus in sight wherever it goes."""

from typing import Any

import pytest
from starlette.applications import Starlette

from desk import triage
from desk.desk import Desk
from store import messages, tickets
from tests import samples
from tests.console.conftest import Browser, arrived
from tests.console.test_browser import browser
from tests.samples import NOW

SEEN = """
() => {
  const one = document.activeElement;
  if (!one || one === document.body || (one.type === "date" && !one.matches(":focus-visible"))) return ""; // the calendar's own button
  const drawn = (it) => it && getComputedStyle(it).outlineStyle !== "none" && parseFloat(getComputedStyle(it).outlineWidth) >= 2;
  const name = one.outerHTML.slice(0, 120);
  const shown = drawn(one.closest("label")) ? one.closest("label") : drawn(one) ? one : null;
  if (!shown) return "no ring: " + name;
  const box = shown.getBoundingClientRect();
  if (box.width < 8 || box.height < 8) return "too small: " + name;
  const points = [[0.5, 0.5], [0.2, 0.5], [0.8, 0.5], [0.5, 0.2], [0.5, 0.8]].map(([x, y]) => document.elementFromPoint(box.left + box.width * x, box.top + Math.min(box.height, 300) * y));
  return points.some((top) => top && shown.contains(top)) ? "" : "out of sight: " + name;
}
"""
"""What is wrong with the place of the focus; "" when it has a ring and nothing lies over it."""


@pytest.fixture
def db(sqlite: Any) -> Any:
    """The engine makes no difference to a browser."""
    return sqlite


async def amiss(page: Any) -> str:
    """What is wrong with the place of the focus once the page has come to rest."""
    for _ in range(60):  # frames
        if not (found := await page.evaluate(SEEN)):
            return ""
        await page.evaluate("new Promise(requestAnimationFrame)")
    return str(found)


async def press(page: Any, *keys: str) -> None:
    """Each key, and after each the focus is in sight."""
    for key in keys:
        await page.keyboard.press(key)
        assert await amiss(page) == "", key


async def test_a_ticket_is_taken_filed_answered_by_template_and_closed_by_keys_alone(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    first, second = [await arrived(desk, key=str(each), sender=str(each)) for each in range(2)]
    officer = await samples.officer(desk.db)
    await desk.db.write(triage.take, second, officer, key="t", now=NOW)
    async with browser(app, sari) as (page, url, complaints):
        await page.goto(f"{url}/antrean?tampilan=all")
        await press(page, "j")
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        await page.wait_for_url(f"**/tiket/{first}*")
        async with page.expect_navigation():
            await page.keyboard.press("a")
        await page.wait_for_selector("text=Anda memegang tiket ini.")
        await press(page, "c")
        await page.keyboard.type("Aka")
        await press(page, "Tab")
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        await page.wait_for_selector(".head .tag:has-text('Akademik')")
        await press(page, "r")
        await page.keyboard.press("/")
        await page.wait_for_selector("#tulis [data-filter]:focus")
        assert await amiss(page) == ""
        await page.keyboard.type("sandi")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#isi:has-text('Sandi baru aktif')")
        await press(page, "r", "Control+End")
        await page.keyboard.type(" Terima kasih.")
        async with page.expect_navigation():
            await page.keyboard.press("Control+Shift+Enter")
        await page.wait_for_url(f"**/tiket/{second}?*")
        await page.wait_for_selector(f"text=Tiket #{first} ditutup.")
        assert complaints == []
    closed = await desk.db.read(tickets.find, int(first))
    assert closed is not None
    assert (closed.holder, closed.status) == (officer.id, "closed")
    said = [each.text for each in await desk.db.read(messages.of_ticket, int(first)) if each.author]
    assert said[0].endswith(f"(#{first}) Terima kasih.")


@pytest.mark.parametrize("size", [(1440, 900), (1024, 700), (360, 740)], ids=lambda size: str(size[0]))
async def test_tab_walks_the_whole_ticket_and_queue_with_the_focus_in_sight(
    app: Starlette, lestari: Browser, desk: Desk, size: tuple[int, int]
) -> None:
    number = await arrived(desk, "Nama saya Dewi, NIM 231040112. KRS saya terkunci")
    for each in range(6):
        await arrived(desk, key=str(each), sender=str(each))
    options = {"viewport": {"width": size[0], "height": size[1]}}
    async with browser(app, lestari, **options) as (page, url, _):
        for path in (f"/tiket/{number}", "/antrean?tampilan=all", "/templat/1", "/profil"):
            await page.goto(url + path)
            wrong, stops = [], 0
            for _each in range(150):
                await page.keyboard.press("Tab")
                stops += 1
                wrong.append(await amiss(page))
                if await page.evaluate("document.activeElement.matches('.skip, body') && 1") and stops > 3:
                    break
            assert stops > 12
            assert [each for each in wrong if each] == [], path
