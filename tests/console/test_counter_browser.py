"""The counter in a real browser: a call is keyed in by keyboard alone, and its receipt leads to the reporter's page."""

from playwright.async_api import async_playwright
from starlette.applications import Starlette

from console.signin import sign_in_as
from desk.desk import Desk
from store import tickets
from tests import peers
from tests.console.test_public_browser import FLAGS

FIELDS = ("Dewi", "0812 3456 7890", "221040037", "SP4N-4711", "KRS saya terkunci sejak kemarin.")


async def test_a_call_is_keyed_in_without_a_mouse_and_gets_a_receipt(app: Starlette, desk: Desk) -> None:
    program = peers.chromium()
    cookie = (await sign_in_as(desk, "sari")).headers["set-cookie"].partition(";")[0].partition("=")[2]
    async with peers.serve(app) as base, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        context = await browser.new_context(locale="id-ID")
        await context.add_cookies([{"name": "tanggap", "value": cookie, "url": base}])
        page = await context.new_page()
        await page.goto(f"{base}/loket")
        keys = page.keyboard
        await keys.press("ArrowDown")
        for field in FIELDS:
            await keys.press("Tab")
            await keys.type(field)
        await keys.press("Tab")
        await keys.type("Akademik")
        for _ in range(2):
            await keys.press("Tab")
        await keys.press("Enter")
        await page.wait_for_url("**/struk")
        assert "#1001" in await page.inner_text("main")
        code = page.locator('img[src^="data:image/svg"]')
        assert await code.count() == 1
        assert (await code.bounding_box() or {"width": 0})["width"] > 80
        await browser.close()
    ticket = await desk.db.read(tickets.find, 1001)
    assert ticket is not None
    assert (ticket.name, len(ticket.categories)) == ("Dewi", 1)
    assert await desk.db.read(tickets.by_token, ticket.token) is not None
