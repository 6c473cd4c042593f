"""`make screens`: every page of the demo's desk in both widths and both themes, into docs/screens/."""

import argparse
import asyncio
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from tanggap.demo import PASSWORD

HERE = Path(__file__).parent.parent / "docs" / "screens"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"desktop": (1440, 900), "phone": (360, 780)}
PUBLIC = {"masuk": "/login", "lapor": "/lapor", "langganan": "/langganan", "peragaan": "/peragaan"}
AGENT = {
    "antrean": "/antrean?tampilan=unit",
    "tiket": "/tiket/1022",
    "cetak": "/tiket/1022/cetak",
    "loket": "/loket",
    "prosedur": "/prosedur/uc3-fakultas",
    "cari": "/cari?q=krs",
    "gagal": "/gagal",
    "terjadwal": "/terjadwal",
    "profil": "/profil",
    "hak": "/hak",
}
SUPERVISOR = {
    "penyelia": "/penyelia",
    "templat": "/templat",
    "templat-wa": "/templat-wa",
    "kategori": "/kategori",
    "petugas": "/petugas",
    "akun": "/akun",
    "kalender": "/kalender",
    "pintu": "/pintu",
    "humas": "/humas",
    "publikasi": "/publikasi/P-0108",
    "sasaran": "/humas/sasaran",
    "kalender-humas": "/humas/kalender",
    "keadaan": "/admin/keadaan",
    "retensi": "/retensi",
    "hapus": "/tiket/1003/hapus",
}


@asynccontextmanager
async def demo(folder: Path) -> AsyncIterator[str]:
    """`tanggap demo` on a free port; its address once the page answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = (sys.executable, "-m", "tanggap", "demo", "--port", str(port), "--data", str(folder / "demo"))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            print(line.decode().rstrip())
            if b"/peragaan" in line:
                break
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def sign_in(page: Page, base: str, login: str) -> None:
    await page.goto(f"{base}/login")
    await page.get_by_label("Nama pengguna").fill(login)
    await page.get_by_label("Kata sandi").fill(PASSWORD)
    await page.get_by_role("button", name="Masuk", exact=True).click()
    await page.wait_for_url(f"{base}/**")


async def shoot(browser: Browser, base: str, login: str, pages: dict[str, str]) -> None:
    for size, (width, height) in SIZES.items():
        for theme in ("light", "dark"):
            context = await browser.new_context(
                locale="id-ID",
                viewport={"width": width, "height": height},
                color_scheme="dark" if theme == "dark" else "light",
            )
            page = await context.new_page()
            if login:
                await sign_in(page, base, login)
            for name, path in pages.items():
                await page.goto(base + path)
                await page.wait_for_load_state("load")
                if name == "peragaan":
                    await page.locator(".chat .b").first.wait_for(timeout=60_000)
                    await page.locator("[data-live=siap] span").wait_for(state="detached", timeout=60_000)
                await page.screenshot(path=str(HERE / f"{name}-{size}-{theme}.png"))
            await context.close()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--browser", default="/usr/bin/chromium")
    chosen = parser.parse_args()
    HERE.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="tanggap-screens-"))
    try:
        async with demo(folder) as base, async_playwright() as play:
            browser = await play.chromium.launch(executable_path=chosen.browser, args=FLAGS)
            await shoot(browser, base, "", PUBLIC)
            await shoot(browser, base, "sari", AGENT)
            await shoot(browser, base, "lestari", SUPERVISOR)
            await browser.close()
    finally:
        shutil.rmtree(folder)
    print(f"{len(list(HERE.glob('*.png')))} pictures in {HERE.name}/")


if __name__ == "__main__":
    asyncio.run(main())
