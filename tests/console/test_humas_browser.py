"""From letter to archive in a real browser by switching officers, at desktop and phone width, light and dark, without a
barrier that axe knows of."""

import zipfile
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from desk import sending
from desk.push_feed import PushFeed
from sop.messages import Receipt
from store import publications
from store.db import Database
from tests import peers
from tests.console import humas_desk
from tests.console.conftest import Clock
from tests.console.humas_desk import Humas
from tests.console.test_axe import RULES, RUN, axe
from tests.console.test_browser import FLAGS

LOOKS = [("light", 1440), ("dark", 360)]


@pytest.fixture
async def humas(sqlite: Database, tmp_path: Path, clock: Clock) -> AsyncIterator[Humas]:
    async for each in humas_desk.opened(sqlite, tmp_path, clock):
        yield each


class Walker:
    """One window in which officers take turns."""

    def __init__(self, humas: Humas, page: Any, url: str) -> None:
        self.humas = humas
        self.page = page
        self.url = url
        self.faults: list[str] = []

    async def as_(self, login: str, path: str) -> None:
        value = self.humas.people[login].http.cookies["tanggap"]
        await self.page.context.add_cookies([{"name": "tanggap", "value": value, "url": self.url}])
        await self.page.goto(self.url + path)
        await self.looked_at(f"{login} {path}")

    async def press(self, words: str) -> None:
        async with self.page.expect_navigation():
            await self.page.click(f"main button:visible:text-is('{words}')")

    async def looked_at(self, where: str) -> None:
        await self.page.evaluate(axe())
        self.faults += [f"{where}: {each}" for each in await self.page.evaluate(RUN, RULES)]
        wide = await self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        self.faults += [f"{where}: scrolls sideways"] if wide else []


async def _delivered(humas: Humas) -> None:
    """The push is fed into the outbox and the provider takes every row."""
    feeding, db = PushFeed(humas.desk.db, humas.desk.clock), humas.desk.db
    while await feeding.once():
        pass
    while letters := await db.write(sending.claim, "telegram", humas.desk.clock(), 50):
        for letter in letters:
            await db.write(
                sending.sent, letter, Receipt(external_id=f"-1001:{letter.id}"), humas.desk.clock()
            )
    while await feeding.once():
        pass


async def _asked_and_decided(walk: Walker) -> str:
    """The request, its dispositions, the check and the order; the address of its page."""
    page = walk.page
    await walk.as_("lestari", "/humas/baru")
    await page.fill("#perihal", "Pemeliharaan SIAKAD")
    await page.fill("#isi", "SIAKAD tidak dapat diakses Sabtu malam.")
    await walk.press("Kirim permohonan")
    address: str = page.url.removeprefix(walk.url).partition("?")[0]
    await walk.as_("wr3", address)
    await page.fill("#alasan", "Mohon ditindaklanjuti")
    await walk.press("Disposisikan")
    await walk.as_("bpkh", address)
    await page.check("text=Kabar Contoh")
    await walk.press("Instruksikan")
    await walk.as_("koor-pkih", address)
    await walk.press("Instruksikan")
    await walk.as_("wk-humas", address)
    await page.click("text=Sunting naskah")
    await page.fill("#nas", "SIAKAD tidak dapat diakses Sabtu malam, pukul 22.00.")
    await walk.press("Layak")
    assert "Daftar periksa belum lengkap" in await page.inner_text("main [role=alert]")
    for box in await page.query_selector_all("#periksa input[type=checkbox]"):
        await box.check()
    await walk.press("Layak")
    await walk.press("Instruksikan")
    return address


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
async def test_a_letter_becomes_an_archived_announcement(humas: Humas, scheme: str, width: int) -> None:
    program = peers.chromium()
    playwright = peers.library("chromium", "playwright.async_api")
    async with peers.serve(humas.app) as url, playwright.async_playwright() as driver:
        running = await driver.chromium.launch(executable_path=program, args=FLAGS.split())
        try:
            context = await running.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page = await context.new_page()
            page.set_default_timeout(20_000)
            complaints: list[str] = []
            page.on("pageerror", lambda error: complaints.append(str(error)))
            walk = Walker(humas, page, url)
            address = await _asked_and_decided(walk)
            await walk.as_("petugas", address)
            await walk.press("Sebar sekarang")
            await walk.looked_at("under way")
            await _delivered(humas)
            await page.wait_for_selector("#perjalanan >> text=Menyimpan bahan informasi")
            await walk.as_("petugas", address)
            await walk.press("Arsipkan")
            await walk.as_("lestari", address)
            for path in ("/humas", "/humas/arsip", "/humas/rekap", "/humas/kalender"):
                await walk.as_("lestari", path)
            for path in ("/disposisi", "/penerima"):
                await walk.as_("lestari", address + path)
            bundle = await humas.people["lestari"].http.get(f"{address}/arsip.zip")
        finally:
            await running.close()

    found = await humas.desk.db.read(publications.find, int(address[-4:]))
    assert found and found.status.value == "archived" and found.version == 2
    with zipfile.ZipFile(BytesIO(bundle.content)) as archive:
        assert {"index.html", "manifest.json"} <= set(archive.namelist())
    assert (walk.faults, complaints) == ([], [])
