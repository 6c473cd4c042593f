"""The public form and the status page in a real browser at a phone's width, with script and without it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import FilePayload, Page, ViewportSize, async_playwright
from starlette.applications import Starlette

from desk.desk import Desk
from sop.ticket import Status
from store import messages, tickets
from tests import peers

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = ViewportSize(width=360, height=740)
PHOTO = FilePayload(name="bukti.jpg", mimeType="image/jpeg", buffer=b"\xff\xd8\xff" + bytes(200_000))


@asynccontextmanager
async def phone(browser: Chromium, script: bool) -> AsyncIterator[tuple[Page, list[str]]]:
    """A page, and what the browser complained of (refused scripts and styles among it)."""
    context = await browser.new_context(viewport=PHONE, locale="id-ID", java_script_enabled=script)
    page, complaints = await context.new_page(), []
    page.on("console", lambda word: complaints.append(word.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page, complaints
    finally:
        await context.close()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
async def test_somebody_reports_by_phone_adds_words_and_takes_the_report_back(
    app: Starlette, desk: Desk, script: bool
) -> None:
    program = peers.chromium()
    async with peers.serve(app) as base, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        async with phone(browser, script) as (page, complaints):
            await page.goto(f"{base}/lapor/feb")
            await page.fill("#isi", "Lampu ruang B.204 mati.")
            await page.set_input_files("#lampiran", files=[PHOTO])
            await page.click("button.primary")
            await page.wait_for_selector("#salah")
            assert await page.input_value("#isi") == "Lampu ruang B.204 mati."
            assert "NIM atau NIP" in await page.inner_text("#salah")
            await page.check('input[name="idn"][value="anonim"]')
            assert await page.is_hidden("#nama")
            await page.check("#setuju")
            if not script:
                await page.set_input_files("#lampiran", files=[PHOTO])
            await page.click("button.primary")
            await page.wait_for_url("**/status/**")
            assert "#1001" in await page.inner_text("main")
            if script:
                wide = await page.evaluate("document.documentElement.scrollWidth")
                assert wide <= PHONE["width"]

            await page.fill("#tambah", "Juga di B.205.")
            await page.click('button[value="kirim"]')
            await page.wait_for_url("**kabar=kirim")
            assert "Juga di B.205." in await page.inner_text("[role=log]")

            await page.click("details.card summary")
            await page.check('input[name="yakin"]')
            await page.click('button[value="cabut"]')
            await page.wait_for_url("**kabar=cabut")
            assert [word for word in complaints if "422" not in word] == []
        await browser.close()
    ticket = await desk.db.read(tickets.find, 1001)
    assert ticket is not None and ticket.status is Status.CLOSED
    said = await desk.db.read(messages.of_ticket, 1001)
    assert [each.file.name for each in said[0].attachments] == ["bukti.jpg"]
