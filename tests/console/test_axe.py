"""WCAG 2.2 AA by axe: every page of the app as each role that gets in, light and dark, at desktop and phone width.

The pages are read from the app's routes: a new one is visited by itself, and one that answers with an error fails.
"""

import asyncio
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from console.session import COOKIE
from tests import peers
from tests.console.rights_forms import asked_for
from tests.console.rights_table import ACTORS, ROWS
from tests.console.test_browser import FLAGS
from tests.console.test_rights import Town, requests, town

__all__ = ["town"]  # the fixture

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = (("light", 1440), ("dark", 360), ("dark", 1440), ("light", 360))
UNSEEN = ("/login/sso", "/publikasi/{number}/arsip.zip", "/langganan/{token}")
"""No identity provider is in that town, nothing is archived there yet, and nobody asked for announcements by mail."""
RUN = """
(rules) => axe.run(document, { runOnly: rules, resultTypes: ["violations"] }).then((found) =>
  found.violations.map((each) => each.id + ": " + each.nodes.map((node) => node.html.slice(0, 160)).join(" | ")))
"""


class Visit(NamedTuple):
    who: str
    path: str
    scheme: str
    width: int


def visits(town: Town) -> list[Visit]:
    """Each page as each role that may see it, once; where few may, by them in the looks that are left."""
    found = []
    for name, (method, path, _) in requests(town.app).items():
        if method != "GET" or path == "/live":  # a stream that never ends
            continue
        thing = town.things[0]
        row = ROWS.get(name, ["l"] * (len(ACTORS) - 1) + ["i"])  # without one, tests of rights fail
        who_may = [who for who, met in zip(ACTORS, row, strict=True) if met[0] in "ir"]
        assert who_may or path.startswith(UNSEEN), f"nobody sees {path}"
        if not who_may:
            continue
        if "nobody" in who_may:  # the same page for everybody
            who_may = ["nobody"]
        for turn in range(max(len(who_may), len(LOOKS))):
            who = who_may[turn % len(who_may)]
            found.append(Visit(who, asked_for(path, "", thing), *LOOKS[turn % len(LOOKS)]))
    found += [
        Visit("sari", f"/tiket/{town.things[0].number}{more}", *LOOKS[1])
        for more in ("#rincian", "?templat=")
    ]
    found += [Visit("sari", "/tiket/9999", *look) for look in LOOKS[:2]]
    return found


@pytest.fixture
async def chromium() -> AsyncIterator[Any]:
    program = peers.chromium()
    playwright = peers.library("chromium", "playwright.async_api")
    async with playwright.async_playwright() as driver:
        running = await driver.chromium.launch(executable_path=program, args=FLAGS.split())
        try:
            yield running
        finally:
            await running.close()


def axe() -> str:
    """The source of axe-core; a page's own policy forbids a script tag, so it is evaluated."""
    found = find_spec("axe_playwright_python")
    if found is None or not found.submodule_search_locations:
        peers.missing("chromium", "axe-playwright-python is not installed")
    return next(Path(found.submodule_search_locations[0]).rglob("axe.min.js")).read_text(encoding="utf-8")


async def test_no_page_has_a_barrier_for_anybody(town: Town, chromium: Any) -> None:
    source, faults = axe(), []
    queues: dict[tuple[str, int], list[Visit]] = {look: [] for look in LOOKS}
    for visit in visits(town):
        queues[visit.scheme, visit.width].append(visit)

    async def walk(url: str, scheme: str, width: int) -> None:
        """One look: one window, the roles one after the other."""
        viewport = {"width": width, "height": 900}
        context = await chromium.new_context(
            viewport=viewport, color_scheme=scheme, reduced_motion="reduce", locale="id"
        )
        page = await context.new_page()
        page.set_default_timeout(30_000)
        for visit in sorted(queues[scheme, width]):
            await context.clear_cookies()
            if token := town.people[visit.who].cookies.get(COOKIE):
                await context.add_cookies([{"name": COOKIE, "value": token, "url": url}])
            answer = await town.people[visit.who].get(visit.path)
            if answer.status_code >= 500:
                faults.append(f"{visit}: {answer.status_code}")
            kept = "attachment" in answer.headers.get("content-disposition", "")
            if answer.status_code >= 500 or kept or not answer.text.lower().startswith("<!doctype html"):
                continue  # a file to keep, a part of a page
            await page.goto(url + visit.path, wait_until="domcontentloaded")
            await page.evaluate(source)
            faults.extend(f"{visit}: {each}" for each in await page.evaluate(RUN, RULES))
        await context.close()

    async with peers.serve(town.app) as url:
        await asyncio.gather(*(walk(url, *look) for look in LOOKS))

    assert faults == []
