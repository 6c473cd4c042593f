"""/pintu: a supervisor makes links with QR codes, prints them, and closes them again."""

from urllib.parse import urlsplit

import pytest

from desk import inbound
from desk.desk import Desk
from tests.console.conftest import Browser


@pytest.fixture
async def named(desk: Desk) -> Desk:
    await desk.db.write(inbound.remember, "telegram.me", {"username": "contoh_bot"})
    return desk


async def test_a_door_is_made_shown_downloaded_and_closed(lestari: Browser, named: Desk) -> None:
    await lestari.open("/pintu")
    assert "Belum ada pintu" in lestari.page.text

    await lestari.press("/pintu", unit="feb", kategori="akun", nama="Papan lift gedung B")
    assert "Papan lift gedung B" in lestari.page.text
    here = urlsplit(str(lestari.page.url)).path
    token = here.rpartition("/")[2]
    assert f"https://t.me/contoh_bot?start={token}" in lestari.page.text
    assert "http://desk.example/lapor/feb/akun" in lestari.page.text
    assert "wa.me" not in lestari.page.text

    picture = await lestari.http.get(f"{here}/telegram.png")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    assert (await lestari.http.get(f"{here}/whatsapp.png")).status_code == 404

    await lestari.open(here)
    await lestari.press(f"{here}/tutup")
    assert "Yang sudah ditutup, 1" in lestari.page.text
    assert "sudah ditutup" in (await lestari.open(here)).text


async def test_what_was_typed_stands_again_beside_the_refusal(lestari: Browser) -> None:
    await lestari.open("/pintu")

    await lestari.press("/pintu", unit="pusat", kategori="keuangan", nama="Papan & lift")

    assert lestari.page.status_code == 409
    assert "milik unit lain" in lestari.page.text
    assert 'value="Papan &amp; lift"' in lestari.page.text


async def test_an_agent_makes_no_doors(sari: Browser) -> None:
    assert (await sari.open("/pintu")).status_code == 403
    assert 'href="/pintu"' not in sari.page.text
