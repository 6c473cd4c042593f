"""Whatever a citizen writes stays within its row on a phone: long names, words without a gap, right to left, emoji."""

from typing import Any

import pytest
from starlette.applications import Starlette

from desk.desk import Desk
from sop.messages import File
from tests.console.conftest import Browser, arrived
from tests.console.test_browser import browser, taken

ODD = {
    "long name": {"name": "Raden " + "Wiratmadiningrat " * 9, "text": "KRS saya terkunci"},
    "one word": {"name": "Q" * 120, "text": "A" * 600},
    "long subject": {"channel": "mail", "sender": "a@contoh.ac.id", "subject": "Nilai " * 33 + "x" * 200},
    "right to left": {"name": "\u0639\u0645\u0631\u202e\u0645\u062d\u0645\u062f" * 6, "text": "\u202e\u0645\u0631\u062d\u0628\u0627 KRS \u2067" * 20},
    "emoji": {"name": "\U0001f469\u200d\U0001f469\u200d\U0001f467" * 30, "text": "\U0001f64f\U0001f3fd" * 300},
    "marks": {"name": "Z\u0335\u0321\u0322" * 40, "text": "o" + "\u0300" * 300},
}  # fmt: skip
PHONE = {"viewport": {"width": 360, "height": 740}}
OUT = """
() => [...document.querySelectorAll("main, main *")].filter((one) => {
  const style = getComputedStyle(one), scrolls = ["auto", "scroll"].includes(style.overflowX);
  if (style.clipPath !== "none" || !one.checkVisibility()) return false;
  if (scrolls && !one.matches(".scroll, textarea")) return one.scrollWidth > one.clientWidth + 1;
  return !one.parentElement.closest(".scroll, [class*=subj], [class*=name]") && one.getBoundingClientRect().right > innerWidth + 1;
}).map((one) => one.outerHTML.slice(0, 140))
"""
"""What stands beyond the page's edge, or makes a part of it scroll sideways."""


@pytest.fixture
def db(sqlite: Any) -> Any:
    """The engine makes no difference to a browser."""
    return sqlite


async def test_odd_names_and_words_stay_within_the_page(app: Starlette, sari: Browser, desk: Desk) -> None:
    file = File(name="laporan-" + "panjang" * 30 + ".pdf", content_type="application/pdf", remote="r", size=3)
    plain = await arrived(desk, key="0", sender="0")
    odd = {
        await arrived(desk, **({"key": name, "sender": name} | facts), files=(file,)): name
        for name, facts in ODD.items()
    }
    for number in odd:
        await taken(desk, number)
    async with browser(app, sari, **PHONE) as (page, url, _):
        pages = [f"/tiket/{number}{more}" for number in odd for more in ("", "#rincian", "/cetak")]
        first = next(iter(odd))
        for path in ("/antrean?tampilan=all", f"/tiket/{first}/gabung", f"/tiket/{first}/pisah", *pages):
            await page.goto(url + path)
            assert await page.evaluate("document.documentElement.scrollWidth") <= 360, path
            assert await page.evaluate(OUT) == [], path
        await page.goto(f"{url}/antrean?tampilan=all")
        rows = "all => Object.fromEntries(all.map(row => [row.pathname.slice(7), row.offsetHeight]))"
        tall = await page.eval_on_selector_all("#antrean .row", rows)
        assert {name for number, name in odd.items() if tall[number] > tall[plain] + 2} == set()
