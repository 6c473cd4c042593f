"""Signing in: server-side sessions that end, a login that slows down, and forms that only our pages can send."""

import asyncio
import re
from datetime import timedelta

import pytest

from console.app import build
from desk import passwords, staff
from desk.desk import Desk
from tests.console.conftest import Browser, Clock, arrived, as_officer, browsing, secured
from tests.samples import NOW

PASSWORD = "sangat-rahasia"


@pytest.fixture
async def known(desk: Desk) -> None:
    await desk.db.write(staff.set_password, "sari", passwords.hash_password(PASSWORD), NOW)


async def sign_in(browser: Browser, password: str, **more: str) -> int:
    await browser.open("/login")
    given = {"token": browser.field("token"), "lanjut": "/", "nama": "sari", "sandi": password}
    browser.page = await browser.http.post("/login", data=given | more)
    return browser.page.status_code


async def test_the_console_is_closed_to_who_has_not_signed_in(visitor: Browser) -> None:
    page = await visitor.http.get("/tiket/1001?tampilan=unit")

    assert page.status_code == 303
    assert page.headers["location"] == "/login?lanjut=%2Ftiket%2F1001%3Ftampilan%3Dunit"


async def test_a_session_begins_with_the_right_password_and_goes_on_where_one_was(
    known: None, visitor: Browser
) -> None:
    assert await sign_in(visitor, PASSWORD, lanjut="/antrean?tampilan=unit") == 303
    assert visitor.page.headers["location"] == "/antrean?tampilan=unit"
    cookie = visitor.page.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert (await visitor.open("/")).status_code == 200
    assert "Sari" in visitor.page.text


async def test_over_https_cookies_never_travel_in_the_clear_nor_come_from_another_host(
    known: None, desk: Desk
) -> None:
    async with browsing(build(secured(desk)), "https://desk.example") as http:
        await sign_in(browser := Browser(http), PASSWORD)
        kept = browser.page.headers.get_list("set-cookie")
        again = await http.get("/")

    assert [each.partition("=")[0] for each in kept] == ["__Host-tanggap", "__Host-tanggap_form"]
    assert all("Secure" in each and "Path=/;" in f"{each};" and "Domain" not in each for each in kept)
    assert again.status_code == 200
    assert again.headers["strict-transport-security"] == "max-age=31536000"


async def test_without_https_nothing_is_promised_about_it(visitor: Browser) -> None:
    assert "strict-transport-security" not in (await visitor.open("/login")).headers


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/login"]
)
async def test_nobody_is_sent_elsewhere_after_signing_in(known: None, visitor: Browser, to: str) -> None:
    await sign_in(visitor, PASSWORD, lanjut=to)

    assert visitor.page.headers["location"] == "/"


async def test_a_wrong_name_reads_like_a_wrong_password(known: None, visitor: Browser) -> None:
    wrong = await sign_in(visitor, "tebakan"), re.sub(r'value="[^"]*"', "", visitor.page.text)
    absent = await sign_in(visitor, "tebakan", nama="nobody"), re.sub(r'value="[^"]*"', "", visitor.page.text)

    assert wrong == absent
    assert wrong[0] == 401
    assert 'role="alert"' in wrong[1]


async def test_after_three_wrong_tries_one_has_to_wait_and_then_gets_in(
    known: None, visitor: Browser, clock: Clock
) -> None:
    for _ in range(3):
        assert await sign_in(visitor, "tebakan") == 401

    assert await sign_in(visitor, PASSWORD) == 429
    assert "Coba lagi dalam" in visitor.page.text
    clock.real += timedelta(minutes=5)
    assert await sign_in(visitor, PASSWORD) == 303


async def test_a_burst_of_guesses_meets_the_wait_too(known: None, visitor: Browser) -> None:
    await visitor.open("/login")
    given = {"token": visitor.field("token"), "lanjut": "/", "nama": "sari"}

    answers = await asyncio.gather(
        *(visitor.http.post("/login", data=given | {"sandi": f"tebakan {each}"}) for each in range(12))
    )

    statuses = [each.status_code for each in answers]
    assert statuses.count(401) <= 5
    assert statuses.count(401) + statuses.count(429) == 12


async def test_a_login_form_from_elsewhere_is_refused(known: None, visitor: Browser) -> None:
    await visitor.open("/login")

    page = await visitor.http.post("/login", data={"nama": "sari", "sandi": PASSWORD, "token": "guessed"})

    assert page.status_code == 401
    assert "tanggap=" not in page.headers.get("set-cookie", "")


async def test_a_session_ends_when_it_lies_idle_and_in_any_case_after_a_week(
    sari: Browser, desk: Desk, clock: Clock
) -> None:
    clock.real += staff.IDLE - timedelta(minutes=1)
    assert (await sari.http.get("/")).status_code == 200
    clock.real += staff.IDLE + timedelta(minutes=1)
    assert (await sari.http.get("/")).status_code == 303

    await as_officer(desk, sari, "sari")
    for _ in range(15):
        clock.real += staff.IDLE - timedelta(minutes=1)
        await sari.http.get("/")
    assert (await sari.http.get("/")).status_code == 303


async def test_moving_the_desks_clock_signs_nobody_out(sari: Browser, clock: Clock) -> None:
    clock.now += timedelta(days=30)

    assert (await sari.http.get("/")).status_code == 200


async def test_signing_out_ends_the_session_on_the_server(sari: Browser) -> None:
    await sari.open("/")
    token = sari.http.cookies["tanggap"]

    await sari.press("/keluar")
    sari.http.cookies.set("tanggap", token)

    assert (await sari.http.get("/")).status_code == 303


async def test_a_disabled_officer_is_out_at_once(sari: Browser, desk: Desk) -> None:
    await desk.db.write(staff.disable, "sari", NOW)

    assert (await sari.http.get("/")).status_code == 303


async def test_a_change_needs_the_sessions_own_form_token(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    other = {"token": "x" * 32, "kunci": "k"}

    page = await sari.http.post(f"/tiket/{number}/ambil", data=other)

    assert page.status_code == 409
    assert "belum ada pemegang" in (await sari.open(f"/tiket/{number}")).text


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}],
)
async def test_a_change_asked_for_by_another_site_is_refused(
    sari: Browser, desk: Desk, headers: dict[str, str]
) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    given = {"token": sari.field("token"), "kunci": "k"}

    assert (await sari.http.post(f"/tiket/{number}/ambil", data=given, headers=headers)).status_code == 409
    own = {"origin": "http://desk.example", "sec-fetch-site": "same-origin"}
    assert (await sari.http.post(f"/tiket/{number}/ambil", data=given, headers=own)).status_code == 303


async def test_words_typed_into_an_ended_session_are_a_draft_after_signing_in(
    known: None, sari: Browser, desk: Desk, clock: Clock
) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    clock.real += timedelta(days=8)

    page = await sari.press(f"/tiket/{number}", isi="Jawaban panjang yang belum selesai", aksi="jawab")
    assert page.status_code == 401
    assert sari.area("isi") == "Jawaban panjang yang belum selesai"
    given = {name: sari.field(name) for name in ("token", "lanjut")}
    await sari.http.post("/login", data=given | {"nama": "sari", "sandi": PASSWORD, "isi": sari.area("isi")})

    await sari.open(f"/tiket/{number}")
    assert sari.area("isi") == "Jawaban panjang yang belum selesai"
