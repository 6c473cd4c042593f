"""Issue 5: from `tanggap init` to a test message that arrived, as the supervisor of a new desk meets it."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.peers import chromium, free_port

if TYPE_CHECKING:
    from playwright.async_api import Page

ROOT = Path(__file__).parents[2]
SHOTS = os.environ.get("TANGGAP_SHOTS", "")
PASSWORD = "sandi-percobaan-yang-panjang"


def tanggap(*words: str, say: str = "") -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tanggap", *words], cwd=ROOT, input=say, text=True, capture_output=True
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A desk fresh from `init`, with its first supervisor, who takes tickets as well."""
    chromium()
    folder, port = tmp_path_factory.mktemp("baru") / "meja", free_port()
    config = folder / "config.yaml"
    tanggap("init", str(folder))
    text = config.read_text(encoding="utf-8").replace("8080", str(port))
    config.write_text(text, encoding="utf-8")
    lanes = ("--lane", "narahubung", "--lane", "supervisor")
    tanggap("staff", "add", "sari", *lanes, "--password-stdin", "--config", str(config), say=PASSWORD)
    words = [sys.executable, "-m", "tanggap", "serve", "--config", str(config)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert f":{port}" in line, (folder / "log").read_text(encoding="utf-8")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=30)


@asynccontextmanager
async def people(script: bool = True, width: int = 1440) -> AsyncIterator[tuple["Page", "Page"]]:
    """(the supervisor's page, a reporter's page in a browser of their own). No complaint of the browser is let pass."""
    from playwright.async_api import async_playwright

    complaints: list[str] = []
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        pages = []
        for _ in range(2):
            size = {"width": width, "height": 900}
            context = await browser.new_context(viewport=size, java_script_enabled=script, locale="id-ID")  # type: ignore[arg-type]  # a size
            page = await context.new_page()
            page.set_default_timeout(20_000)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on(
                "console",
                lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
            )
            pages.append(page)
        try:
            yield pages[0], pages[1]
        finally:
            await browser.close()
    assert complaints == []


async def enter(page: "Page", address: str, to: str) -> None:
    await page.goto(f"{address}{to}")
    await page.fill("[name=nama], [name=login]", "sari")
    await page.fill("[name=sandi]", PASSWORD)
    await page.press("[name=sandi]", "Enter")
    await page.wait_for_url(f"**{to}")


async def report(page: "Page", address: str, text: str) -> None:
    await page.goto(f"{address}/lapor")
    await page.fill("#isi", text)
    await page.check("[name=idn][value=anonim]")
    await page.check("#setuju")
    await page.click("button:has-text('Kirim laporan')")
    await page.wait_for_selector("text=/1001|1002/")


async def picture(page: "Page", name: str) -> None:
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


async def test_a_new_desk_leads_its_supervisor_to_the_first_message(address: str) -> None:
    async with people() as (sari, reporter):
        await enter(sari, address, "/")
        await sari.click("text=Langkah pertama meja layanan ini")
        await sari.wait_for_selector("text=6 dari 7 langkah selesai")
        await picture(sari, "mulai")
        for title, path in (
            ("Buka unit", "/unit"),
            ("Buka kategori", "/kategori"),
            ("Buka templat", "/templat"),
        ):
            await sari.click(f"text={title}")
            await sari.wait_for_url(f"**{path}")
            await picture(sari, f"mulai{path.replace('/', '-')}")
            await sari.go_back()
        await sari.mouse.move(5, 5)

        await report(reporter, address, "Pesan percobaan: lampu gedung rusak")

        await sari.wait_for_selector("text=Pesan pertama sudah tiba sebagai tiket #1001.")
        await sari.wait_for_selector("text=Meja layanan siap bekerja.")
        await picture(sari, "mulai-selesai")
        await sari.click("text=Selesai, jangan tampilkan lagi")
        await sari.wait_for_url(f"{address}/")
        assert await sari.locator("text=Langkah pertama meja layanan ini").count() == 0
        await sari.goto(f"{address}/tiket/1001")
        await sari.click("form[action$='/ambil'] button >> nth=0")
        await sari.wait_for_selector("[data-suggested]:has-text('Sarana')")
        await sari.keyboard.press("s")
        await sari.wait_for_selector("[aria-label='Lepas kategori Sarana dan prasarana']")
        await picture(sari, "tiket-bersaran")


async def test_the_first_steps_work_on_a_phone_without_a_script(address: str) -> None:
    async with people(script=False, width=360) as (sari, _):
        await enter(sari, address, "/unit")
        await picture(sari, "unit-360")
        await sari.fill("[name=kode]", "feb")
        await sari.fill("[name=nama]", "Fakultas Ekonomi dan Bisnis")
        await sari.select_option("[name=prosedur]", "uc3-fakultas")
        await sari.click("text=Tambah unit")
        await sari.wait_for_url(f"{address}/unit/feb?*")
        await sari.goto(f"{address}/mulai")
        await picture(sari, "mulai-360")

        assert await sari.locator("text=Belum ada di").count() == 0
        for path in ("/mulai", "/unit", "/unit/feb", "/kategori", "/kategori/1"):
            await sari.goto(f"{address}{path}")
            await picture(sari, f"hp{path.replace('/', '-')}")
            box = await sari.locator("main").bounding_box()
            assert box is not None and box["width"] <= 360, path
