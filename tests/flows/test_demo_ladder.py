"""The demo's ladder: a ticket climbs by buttons while the visitor switches officers and moves the clock (UC3, PK 5.5)."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.flows.demo_visit import (
    LOOKS,
    Demo,
    Started,
    command,
    console,
    heard,
    open_untaken,
    shot,
    visitor,
    write,
)
from tests.peers import chromium, free_port, library

if TYPE_CHECKING:
    from playwright.async_api import Page

WORDS = "KRS saya terlewat sehari karena dosen wali baru menyetujui"
ANSWER = "KRS Saudari sudah kami buka sampai besok pukul 16.00."


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    chromium()
    library("smtp", "aiosmtpd.smtp")
    started = Started(tmp_path_factory.mktemp("jenjang") / "data", free_port())
    with started as url:
        yield Demo(url, started.said)


async def be(page: "Page", login: str) -> None:
    """The frame goes on as that officer."""
    await page.get_by_label("Sebagai", exact=True).select_option(login)


async def stands(page: "Page", url: str, number: str, step: str) -> None:
    """The diagram, for who is signed in now: where the ticket stands, once what was pressed before is done."""
    from playwright.async_api import TimeoutError as TooLong

    paper = await page.context.new_page()
    for left in reversed(range(LOOKS)):
        await paper.goto(f"{url}/prosedur/uc3-fakultas?tiket={number}")
        try:
            await paper.locator("main .step").filter(has_text=f"berada di: {step}").wait_for(timeout=2_000)
            break
        except TooLong:
            if not left:
                raise
    assert await paper.locator("svg.flow .stay.now").count() == 1
    await shot(paper, f"ladder-{step}")
    await paper.close()


async def decide(page: "Page", label: str, reason: str) -> None:
    """Press a decision on the page in the frame, with its reason."""
    desk = console(page)
    asked = desk.locator("details").filter(has=page.get_by_role("button", name=label, exact=True))
    await desk.locator("summary").filter(has_text=label).first.click()
    await asked.get_by_label("Alasan").fill(reason)
    await asked.get_by_role("button", name=label, exact=True).click()


async def later(page: "Page") -> None:
    before = await page.locator("header [data-live=jam] b").inner_text()
    await page.get_by_role("button", name="+1 jam").click()
    await page.locator("header [data-live=jam] b").filter(has_not_text=before).wait_for()


async def test_a_ticket_climbs_two_rungs_by_buttons_and_comes_back_as_an_answer(office: Demo) -> None:
    async with visitor(office) as page:
        desk = console(page)
        await write(page, "tg", WORDS)
        number = await open_untaken(page, WORDS)
        await desk.get_by_role("button", name=re.compile(r"^Ambil\b")).click()
        await desk.get_by_text("dipegang Sari").first.wait_for()
        await decide(page, "Lapor atasan", "Masa KRS sudah ditutup; mohon kebijakan.")
        await stands(page, office.url, number, "Melaporkan ke atasan")

        await later(page)  # at most one automatic word a minute: this one waited for its turn
        await heard(page, "tg", "memerlukan kebijakan pimpinan")
        await be(page, "wulan")
        await desk.get_by_role("link", name=re.compile(f"#{number}")).click()
        await decide(page, "Naikkan", "Di luar kewenangan saya.")
        await desk.get_by_text(f"#{number}: Keputusan tersimpan.").wait_for()

        await be(page, "hendra")
        await page.get_by_role("button", name="Bot Telegram petugas").click()
        card = desk.locator("[data-live=st] .b:not(.me)").filter(has_text=f"#{number} menunggu keputusan")
        await card.last.wait_for()
        await later(page)
        await desk.get_by_role("button", name="Beri kebijakan").last.click()
        await command(page, f"/putus {number} kebijakan Buka sampai besok sore.", "Beri kebijakan")

        await be(page, "sari")
        await page.get_by_role("button", name="Konsol").click()
        await desk.get_by_role("link", name=re.compile("^Saya")).first.click()
        await desk.locator("a.row").filter(has_text=f"#{number}").click()
        await stands(page, office.url, number, "Menjawab")
        await desk.locator("#isi").fill(ANSWER)
        await desk.locator("button[name=aksi][value=jawab]").click()
        await heard(page, "tg", ANSWER)
        await shot(page, "ladder-answered")


async def test_a_superior_begins_with_what_waits_for_them(office: Demo) -> None:
    async with visitor(office, script=False) as page:
        await page.get_by_label("Sebagai", exact=True).select_option("wulan")
        await page.get_by_role("button", name="Konsol").click()
        waiting = console(page).locator("a.row").filter(has_text="dirawat di rumah sakit")
        await waiting.locator(".sla.late").wait_for()
        await shot(page, "ladder-late")
