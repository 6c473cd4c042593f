"""/admin/keadaan: what is wrong and what to do, for who looks after the desk, without a word of anybody."""

from dataclasses import replace

from httpx2 import AsyncClient
from starlette.applications import Starlette

from console.app import build
from desk import office_file
from desk.desk import Desk
from desk.state import Live
from sop import office_file as reading
from sop.trouble import Space
from tests import samples
from tests.console.conftest import Browser, Clock, arrived, as_officer, browsing
from tests.samples import MINUTE

OFFICE = samples.OFFICE + "  - {nama_pengguna: yusuf, nama: Yusuf, peran: [{lajur: sysadmin}]}\n"
FULL = Live(space=Space(free=2_000_000_000, total=100_000_000_000))


async def opened(app: Starlette, desk: Desk, login: str) -> tuple[AsyncClient, Browser]:
    http = browsing(app)
    browser = await as_officer(desk, Browser(http), login)
    await browser.open("/admin/keadaan")
    return http, browser


async def test_the_sysadmin_reads_what_is_wrong_what_to_do_and_nobodys_words(
    desk: Desk, clock: Clock
) -> None:
    await desk.db.write(office_file.bring_in, reading.read(OFFICE), desk.clock())
    await arrived(desk, "Rahasia: NIM saya 221040037", name="Dewi Anggraini")
    clock.pass_by(20 * MINUTE)
    watched = replace(desk, live=lambda: FULL)
    http, browser = await opened(build(watched), watched, "yusuf")

    said = browser.page.text
    assert browser.page.status_code == 200
    assert "Ruang disk di data tinggal 2%" in said and "Kosongkan ruang" in said
    assert "Pesan keluar lewat Telegram menunggu" in said and "tanggap doctor" in said
    assert said.count('role="img"') == 6
    assert not any(word in said for word in ("221040037", "Rahasia:", "Anggraini"))
    assert 'name="penyimpan"' not in said
    await http.aclose()


async def test_what_officers_still_have_to_do_is_not_called_well(desk: Desk) -> None:
    await desk.db.write(office_file.bring_in, reading.read(OFFICE), desk.clock())
    http, browser = await opened(build(desk), desk, "yusuf")

    assert "tidak diatur setiap malam" in browser.page.text
    assert "masih perlu diperhatikan" in browser.page.text
    assert "Semua berjalan" not in browser.page.text
    await http.aclose()


async def test_the_supervisor_of_every_unit_says_who_keeps_the_heads_of_the_chain(lestari: Browser) -> None:
    await lestari.open("/admin/keadaan")
    await lestari.press("/admin/keadaan", penyimpan="bukan alamat@x")
    assert lestari.page.status_code == 409
    assert lestari.field("penyimpan") == "bukan alamat@x"

    await lestari.press("/admin/keadaan", penyimpan="arsip@example.ac.id")

    assert lestari.page.status_code == 200
    assert lestari.field("penyimpan") == "arsip@example.ac.id"


async def test_an_agent_has_no_such_page(sari: Browser) -> None:
    assert (await sari.open("/admin/keadaan")).status_code == 403
