"""One's own account, and finding tickets within one's rights."""

import re
from datetime import timedelta

import pytest

from desk import passwords, staff
from desk.desk import Desk
from store import search
from tests.console.conftest import Browser, Clock, arrived, as_officer, browsing
from tests.samples import NOW


async def test_a_link_code_is_shown_once_and_works_once(sari: Browser, desk: Desk) -> None:
    await sari.open("/profil")
    page = await sari.press("/profil/kode")
    code = re.search(r"/start ([A-Z0-9]{10})", page.text)
    assert code

    assert code[1] not in (await sari.open("/profil")).text
    assert (await desk.db.write(staff.link, "staff", "5001", code[1], NOW)).login == "sari"
    assert "Sudah terhubung." in (await sari.open("/profil")).text


async def test_a_code_of_the_humas_bot_links_that_bot_alone(sari: Browser, desk: Desk) -> None:
    await sari.open("/profil")
    page = await sari.press("/profil/kode", bot="humas")
    code = re.search(r"/start ([A-Z0-9]{10})", page.text)
    assert code is None  # this desk has no Humas bot, so its code is not shown
    await desk.db.write(staff.offer_code, "sari", "humas", "HUMAS12345", NOW)

    with pytest.raises(staff.CodeInvalid):
        await desk.db.write(staff.link, "staff", "5001", "HUMAS12345", NOW)
    assert (await desk.db.write(staff.link, "humas", "5001", "HUMAS12345", NOW)).login == "sari"


async def test_a_session_elsewhere_is_ended(sari: Browser, desk: Desk, clock: Clock) -> None:
    clock.real += timedelta(minutes=1)
    async with browsing(sari.http._transport.app) as http:  # type: ignore[attr-defined]  # the same console
        other = await as_officer(desk, Browser(http), "sari")
        await sari.open("/profil")
        await sari.press("/profil/sesi", sesi=sari.field("sesi", "/profil/sesi"))

        assert (await other.http.get("/")).status_code == 303
    assert (await sari.http.get("/")).status_code == 200


async def test_nobody_ends_a_colleagues_session(sari: Browser, budi: Browser, desk: Desk) -> None:
    await sari.open("/profil")

    theirs = {"token": sari.field("token"), "sesi": staff.hashed(budi.http.cookies["tanggap"])}
    page = await sari.http.post("/profil/sesi", data=theirs)

    assert page.status_code == 409
    assert (await budi.http.get("/")).status_code == 200


async def test_a_new_password_needs_the_old_one_and_ends_every_other_session(
    sari: Browser, desk: Desk
) -> None:
    await desk.db.write(staff.set_password, "sari", passwords.hash_password("kata-sandi-lama"), NOW)
    await as_officer(desk, sari, "sari")
    async with browsing(sari.http._transport.app) as http:  # type: ignore[attr-defined]  # the same console
        other = await as_officer(desk, Browser(http), "sari")
        await sari.open("/profil")
        before = sari.http.cookies["tanggap"]
        sari.http.cookies.clear()
        sari.http.cookies.set("tanggap", before, domain="desk.example", path="/")
        assert (
            await sari.press("/profil/sandi", sekarang="salah", baru="kata-sandi-baru")
        ).status_code == 409
        assert (
            await sari.press("/profil/sandi", sekarang="kata-sandi-lama", baru="pendek")
        ).status_code == 409
        await sari.press("/profil/sandi", sekarang="kata-sandi-lama", baru="kata-sandi-baru")

        assert (await other.http.get("/")).status_code == 303
    assert (await sari.http.get("/")).status_code == 200
    assert sari.http.cookies["tanggap"] != before, "under a new id"


async def test_a_number_opens_its_ticket(sari: Browser, budi: Browser, desk: Desk) -> None:
    number = await arrived(desk)

    assert (await sari.http.get(f"/cari?q=%23{number}")).headers["location"] == f"/tiket/{number}"
    assert "Tidak ada tiket" in (await budi.open(f"/cari?q={number}")).text


async def test_words_find_only_what_the_reader_may_see(sari: Browser, budi: Browser, desk: Desk) -> None:
    mine = await arrived(desk, "KRS terkunci sejak kemarin", key="1", sender="1")
    await arrived(desk, "UKT terkunci sejak kemarin", key="2", sender="2")
    await desk.db.write(search.index_some)

    page = (await sari.open("/cari?q=TERKUNCI kemar")).text

    assert re.findall(r'href="/tiket/(\d+)"', page) == [mine]
    assert "KRS <mark>terkunci</mark> sejak <mark>kemar</mark>in" in page


async def test_what_a_person_wrote_is_shown_as_text_between_the_marks(sari: Browser, desk: Desk) -> None:
    await arrived(desk, "Halo <script>alert(1)</script> siakad saya terkunci {{ 7*7 }}")
    await desk.db.write(search.index_some)

    for path in ("/cari?q=alert+siakad", "/cari/cepat?q=alert+siakad", "/cari?q=<script>"):
        page = (await sari.open(path)).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
    assert "&lt;script&gt;<mark>alert</mark>(1)" in (await sari.open("/cari?q=alert+siakad")).text


async def test_the_quick_window_offers_tickets_and_pages_of_ones_own(
    sari: Browser, lestari: Browser, desk: Desk
) -> None:
    number = await arrived(desk, "Petugas loket tidak ada")
    await desk.db.write(search.index_some)

    mine = (await sari.open("/cari/cepat?q=petugas")).text
    assert f'href="/tiket/{number}"' in mine and 'href="/petugas"' not in mine
    assert "<html" not in mine
    assert 'href="/petugas"' in (await lestari.open("/cari/cepat?q=petu")).text
    assert f'href="/tiket/{number}"' in (await sari.open(f"/cari/cepat?q={number}")).text
