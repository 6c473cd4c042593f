"""The demo's visitor in a real browser on a real process: the phone, the console beside it, and what both show."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from tests.peers import chromium

if TYPE_CHECKING:
    from playwright.async_api import Frame, FrameLocator, Locator, Page

ROOT = Path(__file__).parents[2]
SHOTS = os.environ.get("TANGGAP_SHOTS", "")
PATIENCE = 100_000  # milliseconds until a browser's wait is a failure
LOOKS = 20  # times that the list is loaded anew before a ticket counts as missing


@dataclass
class Demo:
    """A running demo at its second start, and what it said on the terminal then."""

    url: str
    said: list[str]


class Started:
    """`tanggap demo` in a process of its own; it says itself when it is there."""

    def __init__(self, folder: Path, port: int) -> None:
        self._words = [
            sys.executable,
            "-m",
            "tanggap",
            "demo",
            "--port",
            str(port),
            "--data",
            str(folder),
        ]
        self.url = f"http://127.0.0.1:{port}"
        self.said: list[str] = []

    def __enter__(self) -> str:
        self._process = subprocess.Popen(self._words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.said.append(line)
            if line.startswith("Hentikan"):
                return self.url
        raise RuntimeError(f"the demo did not start: {self.said}")

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            raise


@asynccontextmanager
async def visitor(demo: Demo, *, width: int = 1440, script: bool = True) -> AsyncIterator["Page"]:
    """The page in a browser. Whatever its console complains of fails the test: the policy allows no exceptions."""
    from playwright.async_api import async_playwright

    complaints: list[str] = []
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        try:
            context = await browser.new_context(
                viewport={"width": width, "height": 900}, java_script_enabled=script
            )
            page = await context.new_page()
            page.set_default_timeout(PATIENCE)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on(
                "console",
                lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
            )
            await page.goto(f"{demo.url}/peragaan")
            try:
                yield page
            except Exception:
                await shot(page, "demo-failed")
                raise
        finally:
            await browser.close()
    assert complaints == []


async def shot(page: "Page", name: str) -> None:
    """A picture, when somebody wants pictures."""
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png")


def console(page: "Page") -> "FrameLocator":
    return page.frame_locator("iframe[name=konsol]")


async def write(page: "Page", app: str, text: str) -> None:
    """The reporter writes on that tab of the phone."""
    await page.locator(f"label[for=a-{app}]").click()
    if app == "ml":
        await page.locator("#tulis-surel > summary").click()
        await page.locator("#perihal").fill(text)
        await page.locator("#isi-surel").fill(f"Yth. Layanan,\n\n{text}. Mohon bantuannya.\n\nDewi")
        await page.get_by_role("button", name="Kirim surel").click()
    else:
        await page.locator(f"#tulis-{app}").fill(text)
        await page.locator(f"#tulis-{app}").press("Enter")


async def heard(page: "Page", app: str, text: str | re.Pattern[str]) -> None:
    """The desk's words are on the phone."""
    await page.locator(f"[data-live={app}] .b:not(.me)").filter(has_text=text).last.wait_for()


async def go(page: "Page", path: str) -> "Frame":
    """The console shows that address. When the clock has moved the page loads the console anew, which breaks off what
    was on its way: then again.
    """
    from playwright.async_api import Error

    frame = page.frame(name="konsol")
    assert frame is not None
    for left in reversed(range(LOOKS)):
        try:
            await frame.goto(urljoin(page.url, path))
            break
        except Error:
            if not left:
                raise
    return frame


async def open_untaken(page: "Page", text: str) -> str:
    """Open the new ticket by its address; its number. The list is loaded anew until it holds it: one that is open stands
    still under a hand.
    """
    from playwright.async_api import TimeoutError as TooLong

    await console(page).locator("#antrean").wait_for()
    row = console(page).locator("a.row").filter(has_text=text).first
    for left in reversed(range(LOOKS)):
        await go(page, "/antrean?tampilan=free")
        await console(page).locator("#antrean").wait_for()
        with suppress(TooLong):  # the open list may hear of it by itself
            await row.wait_for(timeout=PATIENCE / LOOKS)
            break
        assert left, f"no ticket {text!r} in the list"
    address = await row.get_attribute("href") or ""
    number = re.search(r"/tiket/(\d+)", address)
    assert number is not None
    await go(page, address)
    await console(page).get_by_role("heading", level=1).filter(has_text=text).wait_for()
    return number[1]


async def command(page: "Page", words: str, answered: str) -> None:
    """Type a command on the staff phone and wait for what the bot says after it."""
    frame = console(page)
    said = frame.locator("[data-live=st] .b.me").filter(has_text=words)
    await frame.locator("#tulis-st").fill(words)
    await frame.locator("#tulis-st").press("Enter")
    await said.last.wait_for()
    after = (
        frame.locator("[data-live=st] .b.me").filter(has_text=words).locator("xpath=following-sibling::div")
    )
    await after.filter(has_text=answered).first.wait_for()


async def play(page: "Page", title: str) -> None:
    """Choose a situation from the menu; the page comes again when it is over."""
    await page.locator("summary").filter(has_text="Skenario").click()
    await page.get_by_role("button", name=title).click()


async def newest(page: "Page", app: str, text: str) -> "Locator":
    """The reporter's newest message with these words on the phone."""
    said = page.locator(f"[data-live={app}] .b.me").filter(has_text=text).last
    await said.wait_for()
    return said


async def fault(page: "Page", name: str) -> None:
    await page.locator("summary").filter(has_text="Gangguan").click()
    await page.get_by_role("button", name=name).click()
