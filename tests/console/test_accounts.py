"""/akun, /sandi and the second step, as a person without script meets them."""

import asyncio
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pyotp
import pytest

from desk import factors, passwords, staff
from desk.desk import Desk
from desk.factor_seal import opened
from store import officers
from tests import samples
from tests.console.conftest import Browser, Clock, as_officer, browsing
from tests.samples import NOW

PASSWORD = "sangat-rahasia"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def db(sqlite: Any) -> Any:
    """The acts are tested on both engines; these are pages."""
    return sqlite


@pytest.fixture
async def known(desk: Desk) -> None:
    hashed = passwords.hash_password(PASSWORD)
    for login in ("sari", "lestari"):
        await desk.db.write(staff.set_password, login, hashed, NOW)


async def first_step(browser: Browser, login: str, lanjut: str = "/profil") -> Browser:
    await browser.open(f"/login?lanjut={lanjut}")
    await browser.press("/login", lanjut=lanjut, nama=login, sandi=PASSWORD)
    return browser


def shown_secret(browser: Browser) -> str:
    return browser.field("rahasia")


async def with_factor(browser: Browser, clock: Clock) -> str:
    """Set up on the profile page; the secret."""
    await browser.open("/profil")
    await browser.press("/profil/kunci")
    secret = shown_secret(browser)
    code = pyotp.TOTP(secret).at(clock.real)
    await browser.press("/profil/pasang", rahasia=secret, angka=code, sekarang=PASSWORD)
    clock.real += MINUTE
    return secret


async def test_a_second_step_is_set_up_by_a_qr_code_and_then_asked_for(
    known: None, desk: Desk, visitor: Browser, clock: Clock
) -> None:
    await as_officer(desk, visitor, "sari")
    await visitor.open("/profil")
    page = await visitor.press("/profil/kunci")
    assert "data:image/svg+xml" in page.text
    secret = shown_secret(visitor)
    wrong = await visitor.press("/profil/pasang", rahasia=secret, angka="000000", sekarang=PASSWORD)
    assert wrong.status_code == 409 and secret in wrong.text
    code = pyotp.TOTP(secret).at(clock.real)
    refused = await visitor.press("/profil/pasang", rahasia=secret, angka=code, sekarang="bukan-ini")
    assert refused.status_code == 409
    assert (
        "Aktif" in (await visitor.press("/profil/pasang", rahasia=secret, angka=code, sekarang=PASSWORD)).text
    )

    visitor.http.cookies.clear()
    await first_step(visitor, "sari")
    assert "Langkah kedua" in visitor.page.text and secret not in visitor.page.text
    half = {"setengah": visitor.field("setengah"), "lanjut": visitor.field("lanjut")}
    again = await visitor.press("/login/kode", angka=code, **half)
    assert again.status_code == 401 and "hanya sekali pakai" in again.text
    clock.real += MINUTE
    page = await visitor.press("/login/kode", angka=pyotp.TOTP(secret).at(clock.real), **half)
    assert page.url.path == "/profil" and page.status_code == 200


async def test_the_password_alone_opens_no_page_and_guessing_the_code_is_slow(
    known: None, desk: Desk, visitor: Browser, clock: Clock
) -> None:
    await as_officer(desk, visitor, "sari")
    await with_factor(visitor, clock)
    visitor.http.cookies.clear()
    await first_step(visitor, "sari")
    half = {"setengah": visitor.field("setengah")}

    assert (await visitor.http.get("/profil")).status_code == 303
    statuses = [(await visitor.press("/login/kode", angka=f"00000{n}", **half)).status_code for n in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    clock.real += factors.HALFWAY
    late = await visitor.press("/login/kode", angka="000000", **half)
    assert "sudah habis" in late.text and 'name="sandi"' in late.text


async def test_a_burst_of_codes_has_no_more_tries_than_a_queue(
    known: None, desk: Desk, visitor: Browser, clock: Clock
) -> None:
    await as_officer(desk, visitor, "sari")
    secret = await with_factor(visitor, clock)
    visitor.http.cookies.clear()
    await first_step(visitor, "sari")
    half = {"token": visitor.field("token"), "setengah": visitor.field("setengah")}
    right = pyotp.TOTP(secret).at(clock.real)
    wrong = [f"{(int(right) + n) % 1_000_000:06}" for n in range(7, 47)]

    answers = await asyncio.gather(
        *(visitor.http.post("/login/kode", data=half | {"angka": each}) for each in wrong)
    )

    statuses = [each.status_code for each in answers]
    assert (statuses.count(401), statuses.count(429)) == (3, 37)


async def test_who_is_asked_for_a_second_step_and_has_none_is_led_through_it(
    known: None, desk: Desk, visitor: Browser, clock: Clock
) -> None:
    await as_officer(desk, visitor, "lestari")
    await visitor.open("/akun")
    refused = await visitor.press("/akun", wajib="1")
    assert refused.status_code == 409 and "akun Anda sendiri" in refused.text
    await with_factor(visitor, clock)
    await visitor.open("/akun")
    assert "Wajib bagi penyelia" in (await visitor.press("/akun", wajib="1")).text
    await desk.db.write(staff.grant, "sari", lane="supervisor", unit="pusat", now=NOW)

    async with browsing(visitor.http._transport.app) as http:  # type: ignore[attr-defined]  # the same console
        sari = await first_step(Browser(http), "sari", lanjut="/akun")
        secret = shown_secret(sari)
        assert "mewajibkan" in sari.page.text and (await http.get("/profil")).status_code == 303
        fields = {"setengah": sari.field("setengah"), "rahasia": secret, "lanjut": "/akun"}
        page = await sari.press("/login/kode", angka=pyotp.TOTP(secret).at(clock.real), **fields)

    assert page.url.path == "/akun"
    officer = await samples.officer(desk.db)
    assert opened(desk.secret, officer.id, await desk.db.read(officers.factor, officer.id)) == secret


async def test_a_lost_password_comes_back_by_a_link_of_the_supervisors(
    known: None, lestari: Browser, visitor: Browser, desk: Desk
) -> None:
    await lestari.open("/akun/sari")
    page = await lestari.press("/akun/sari/pulih")
    found = re.search(r"http://desk\.example(/sandi/[\w-]{40,})", unescape(page.text))
    assert found
    assert "/sandi/" not in (await lestari.open("/akun/sari")).text, "shown once"

    await visitor.open(found[1])
    assert (await visitor.http.post(found[1], data={"baru": "pendek"})).status_code == 409
    done = await visitor.http.post(found[1], data={"baru": "kata-sandi-baru"})
    assert done.headers["location"] == "/login?kabar=sandi" and "set-cookie" not in done.headers
    assert "tidak berlaku lagi" in (await visitor.open(found[1])).text
    foreign = await visitor.http.post(found[1], data={"baru": "x" * 12})
    assert foreign.status_code == 409


async def test_a_reset_link_is_used_by_no_page_of_another_site(lestari: Browser, visitor: Browser) -> None:
    await lestari.open("/akun/sari")
    found = re.search(
        r"http://desk\.example(/sandi/[\w-]+)", unescape((await lestari.press("/akun/sari/pulih")).text)
    )
    assert found

    answer = await visitor.http.post(
        found[1], data={"baru": "kata-sandi-baru"}, headers={"sec-fetch-site": "cross-site"}
    )

    assert answer.status_code == 409 and (await visitor.http.get(found[1])).status_code == 200


async def test_a_supervisor_names_closes_and_reopens_an_account(
    lestari: Browser, sari: Browser, desk: Desk
) -> None:
    await lestari.open("/akun/sari")
    assert "Sari B" in (await lestari.press("/akun/sari/ubah", nama="Sari B", jabatan="", bahasa="en")).text
    assert '<html lang="en">' in (await sari.open("/")).text
    assert (await lestari.press("/akun/sari/ubah", nama=" ", jabatan="x")).status_code == 409

    await lestari.press("/akun/sari/tutup")
    assert (await sari.http.get("/")).status_code == 303
    assert (
        "Buka lagi akun" in (await lestari.press("/akun/sari/buka")).text or "Tutup akun" in lestari.page.text
    )


async def test_a_supervisor_signs_somebody_out_from_afar(lestari: Browser, sari: Browser) -> None:
    await lestari.open("/akun/sari")
    await lestari.press("/akun/sari/sesi", sesi=lestari.field("sesi", "/akun/sari/sesi"))

    assert (await sari.http.get("/")).status_code == 303
    assert "Tidak sedang masuk" in (await lestari.open("/akun/sari")).text
