"""The queue in a real browser: it stays where it is under one's hand, resumes after a cut, and survives the night."""

import asyncio
from datetime import timedelta
from typing import Any

from msgspec.structs import replace
from starlette.applications import Starlette

from desk.desk import Desk
from store import tickets
from tests.console.conftest import Browser, arrived, as_officer
from tests.console.test_browser import browser, db, taken

__all__ = ["db"]


async def test_a_new_ticket_is_announced_and_the_list_does_not_jump_under_the_pointer(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    first = await arrived(desk, key="1", sender="1")
    async with browser(app, sari) as (page, url, complaints):
        await page.goto(f"{url}/antrean?tampilan=all")
        await page.hover(f'.row[href^="/tiket/{first}"]')
        place = await page.locator(f'.row[href^="/tiket/{first}"]').bounding_box()
        new = await arrived(desk, key="2", sender="2")
        await page.wait_for_selector("#baru:not([hidden])")

        assert await page.inner_text("[data-fresh]") == "1 perubahan di antrean. Tampilkan"
        assert await page.locator(f'.row[href^="/tiket/{new}"]').count() == 0
        assert abs((await page.locator(f'.row[href^="/tiket/{first}"]').bounding_box())["x"] - place["x"]) < 1
        await page.click("[data-fresh]")
        await page.wait_for_selector(f'.row[href^="/tiket/{new}"]')
        assert not await page.is_visible("#baru")
        assert complaints == []


async def test_a_scrolled_list_keeps_the_row_that_is_read_where_it_stands(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    for each in range(12):
        await arrived(desk, key=str(each), sender=str(each))
    async with browser(app, sari, viewport={"width": 1440, "height": 700}) as (page, url, _):
        await page.goto(f"{url}/antrean?tampilan=all")
        await page.evaluate("document.querySelector('#antrean').scrollTop = 500")
        row = ".row[href^='/tiket/1007']"
        before = await page.locator(row).bounding_box()
        await desk.db.write(_hurry, 1012)
        first = page.locator("#antrean .row").first
        async with asyncio.timeout(20):
            while not (await first.get_attribute("href") or "").startswith("/tiket/1012"):
                await page.wait_for_load_state()

        assert abs((await page.locator(row).bounding_box())["y"] - before["y"]) < 2


def _hurry(change: Any, number: int) -> None:
    """The last ticket becomes the first."""
    ticket = tickets.find(change, number)
    assert ticket is not None and ticket.due_at is not None
    tickets.save(change, replace(ticket, due_at=ticket.due_at - timedelta(hours=9)), ticket)
    change.tell("queue")


class Cuttable:
    """The console behind a line that can be cut: what is being sent ends in the middle."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._open: set[asyncio.Task[None]] = set()
        self.begun: asyncio.Queue[dict[bytes, bytes]] = asyncio.Queue()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != "/live":
            await self._app(scope, receive, send)
            return
        task = asyncio.create_task(self._app(scope, receive, send))
        self._open.add(task)
        self.begun.put_nowait(dict(scope["headers"]))
        await asyncio.wait([task])
        self._open.discard(task)

    def cut(self) -> None:
        for task in self._open:
            task.cancel()


async def test_the_live_line_resumes_after_a_cut_and_shows_what_came_meanwhile(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    await arrived(desk, key="1", sender="1")
    line = Cuttable(app)
    async with browser(line, sari) as (page, url, _), asyncio.timeout(60):  # type: ignore[arg-type]  # an app by shape
        await page.goto(f"{url}/antrean?tampilan=all")
        assert b"last-event-id" not in await line.begun.get()
        seen = await arrived(desk, key="2", sender="2")
        await page.wait_for_selector(f'.row[href^="/tiket/{seen}"]')
        line.cut()
        await page.wait_for_selector("#putus:not([hidden])")
        new = await arrived(desk, key="3", sender="3")

        assert int((await line.begun.get())[b"last-event-id"]) > 0
        await page.wait_for_selector(f'.row[href^="/tiket/{new}"]')
        await page.wait_for_selector("#putus", state="hidden")


async def test_a_page_left_open_over_night_says_what_to_do_and_works_again_after_a_login(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    number = await arrived(desk, key="1", sender="1")
    await taken(desk, number)
    async with browser(app, sari) as (page, url, _):
        await page.goto(f"{url}/tiket/{number}")
        await page.fill("#isi", "Sudah kami perbaiki.")
        old = await page.input_value("#tulis [name=token]")
        await page.context.clear_cookies()
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await page.wait_for_selector("text=Sesi Anda sudah berakhir.")

        again = await as_officer(desk, sari, "sari")
        await page.context.add_cookies(
            [{"name": "tanggap", "value": again.http.cookies["tanggap"], "url": url}]
        )
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await page.wait_for_function(
            "old => document.querySelector('#tulis [name=token]').value !== old", arg=old
        )

        assert await page.input_value("#isi") == "Sudah kami perbaiki."
        await page.wait_for_selector("#putus", state="hidden")


async def test_boxes_are_ticked_by_keys_and_in_a_row_and_done_at_once(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    numbers = [await arrived(desk, key=str(each), sender=str(each)) for each in range(4)]
    async with browser(app, sari) as (page, url, complaints):
        await page.goto(f"{url}/antrean?tampilan=all")
        assert not await page.is_visible("#borong")
        await page.keyboard.press("j")
        await page.keyboard.press("x")
        await page.locator(f"[value='{numbers[2]}']").click(modifiers=["Shift"])
        chosen = await page.eval_on_selector_all("[name=pilih]:checked", "all => all.map(one => one.value)")
        assert chosen == numbers[:3]
        await page.select_option("#b-kategori", "akun")
        await page.click("#borong button[value=tag]")
        await page.wait_for_selector("text=Berhasil 3, belum dapat 0.")
        assert complaints == []
    tags = [await desk.db.read(tickets.categories, int(each)) for each in numbers]
    assert [len(each) for each in tags] == [1, 1, 1, 0]


async def test_permission_to_notify_is_asked_on_a_click_only(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    async with browser(app, sari) as (page, url, complaints):
        await page.add_init_script(
            "window.asked = 0; const real = Notification.requestPermission.bind(Notification);"
            "Notification.requestPermission = () => { window.asked += 1; return real(); };"
        )
        await page.goto(f"{url}/antrean")
        await page.wait_for_selector("text=Beri tahu saya di peramban ini")
        assert await page.evaluate("window.asked") == 0
        await page.click("text=Beri tahu saya di peramban ini")
        assert await page.evaluate("window.asked") == 1
        assert complaints == []


async def test_the_filter_is_a_sheet_on_the_phone(app: Starlette, sari: Browser, desk: Desk) -> None:
    await arrived(desk, key="1", sender="1")
    async with browser(app, sari, viewport={"width": 360, "height": 780}) as (page, url, complaints):
        await page.goto(f"{url}/antrean?tampilan=all")
        assert not await page.is_visible("#f-kanal")
        await page.click("text=Saring")
        await page.select_option("#f-kanal", "mail")
        await page.click("text=Terapkan")
        await page.wait_for_selector("text=Tidak ada tiket dengan saringan ini")
        assert "kanal=mail" in page.url
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
        assert complaints == []


async def test_all_five_lists_are_in_sight_at_every_width(app: Starlette, sari: Browser, desk: Desk) -> None:
    number = await arrived(desk, key="1", sender="1")
    await desk.db.write(_crowd)
    async with browser(app, sari) as (page, url, _):
        for width in (360, 768, 1024, 1440):
            await page.set_viewport_size({"width": width, "height": 800})
            for path in ("/antrean?tampilan=all", f"/tiket/{number}"):
                if width <= 768 and path.startswith("/tiket"):
                    continue  # the phone shows one of both
                await page.goto(url + path)
                cut = await page.eval_on_selector_all(
                    "#antrean .tabs:first-of-type a",
                    "(all) => [all.length, ...all.filter((one) => {"
                    "  const box = one.getBoundingClientRect(), edge = one.closest('.queue').getBoundingClientRect();"
                    "  return one.scrollWidth > one.clientWidth || box.left < edge.left || box.right > edge.right;"
                    "}).map((one) => one.textContent)]",
                )
                assert cut == [5], (width, path)


def _crowd(change: Any) -> None:
    """As many open tickets as a great city has."""
    change.run("UPDATE counter SET n = 123456 WHERE name LIKE 'open.%' OR name LIKE 'free.%'")
