"""/keputusan: a superior, a party and a field officer see what waits for their lane, and of one case what that lane may."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from console.app import build
from desk import casework, decide
from desk.decide import Choice
from desk.desk import Desk
from store import trail, visits
from store.db import Database
from tests import offices, samples
from tests.console.conftest import HERE, Browser, Clock, arrived, as_officer, browsing, desk_at
from tests.samples import MINUTE, NOW

WORDS = "Saya Dewi, NIM 221040037, petugas loket membentak saya"
SignIn = Callable[[str], Awaitable[Browser]]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


@pytest.fixture
async def desk(sqlite: Database, tmp_path: Path, clock: Clock) -> Desk:
    """MIPA Care's office instead of the small one."""
    await offices.open_office(sqlite, offices.MIPA, NOW)
    return desk_at(sqlite, tmp_path, clock, "MIPA Care")


@pytest.fixture
async def sign_in(desk: Desk) -> AsyncIterator[SignIn]:
    """A browser for whoever is named."""
    async with AsyncExitStack() as stack:
        app = build(desk)

        async def signed_in(login: str) -> Browser:
            http = await stack.enter_async_context(browsing(app))
            return await as_officer(desk, Browser(http), login)

        yield signed_in


async def take(desk: Desk, number: str, login: str, decision: str, reason: str = "Alasan") -> None:
    """A decision that is not what the test is about."""
    current = await desk.db.read(visits.open_of, int(number))
    assert current
    actor = await samples.officer(desk.db, login, desk.clock())
    choice = Choice(decision=decision, visit=current.id, reason=reason)
    await decide.put(desk.db, number, actor, choice, key="", now=desk.clock())


async def with_leader(desk: Desk) -> str:
    """A complaint that the operator passed on to the leader."""
    number = await arrived(desk, WORDS)
    await take(desk, number, "tari", "teruskan")
    return number


async def with_party(desk: Desk) -> str:
    """The leader asks the complained-about party, with the form as the operator edited it."""
    number = await with_leader(desk)
    tari = await samples.officer(desk.db, "tari", desk.clock())
    await desk.db.write(
        casework.edit_form, number, tari, "Keluhan tentang pelayanan loket.", frozenset(), now=desk.clock()
    )
    await take(desk, number, "wahyu", "teruskan", "Mohon klarifikasi sebelum Rabu.")
    return number


async def test_a_superior_finds_what_waits_and_is_led_from_the_ticket_to_the_case(
    desk: Desk, sign_in: SignIn
) -> None:
    number = await with_leader(desk)
    wahyu = await sign_in("wahyu")

    page = await wahyu.open("/")
    assert page.url.path == "/keputusan"
    assert f"#{number}" in page.text
    assert "Koordinasi dengan pihak yang dikomplain" in page.text

    page = await wahyu.open(f"/tiket/{number}")
    assert page.url.path == f"/keputusan/{number}"
    assert WORDS in page.text  # the leader sees the reporter
    assert "Minta klarifikasi" in page.text


async def test_the_next_deadline_stands_first_and_a_case_without_one_last(
    desk: Desk, sign_in: SignIn, clock: Clock
) -> None:
    first = await with_leader(desk)
    clock.pass_by(5 * MINUTE)
    second = await arrived(desk, "Nilai saya keliru", key="2", sender="2")
    await take(desk, second, "tari", "teruskan")
    wahyu = await sign_in("wahyu")

    page = await wahyu.open("/keputusan")

    assert page.text.index(f"#{first}") < page.text.index(f"#{second}")


async def test_the_complained_about_party_sees_the_form_and_no_word_of_the_reporter(
    desk: Desk, sign_in: SignIn
) -> None:
    number = await with_party(desk)
    joko = await sign_in("joko")

    for path in ("/keputusan", f"/keputusan/{number}", f"/tiket/{number}"):
        page = await joko.open(path)
        assert page.status_code == 200
        for secret in ("221040037", "Dewi", "membentak"):
            assert secret not in page.text, path
    assert "Keluhan tentang pelayanan loket." in page.text
    assert "Mohon klarifikasi sebelum Rabu." in page.text  # the leader's words to them


async def test_a_note_of_the_party_never_opens_the_ticket_to_them(desk: Desk, sign_in: SignIn) -> None:
    number = await with_party(desk)
    joko = await sign_in("joko")
    await joko.open(f"/keputusan/{number}")

    form = {"token": joko.field("token"), "isi": "", "aksi": "jawab", "jenis": "jawab"}
    page = await joko.http.post(f"/tiket/{number}", data=form, follow_redirects=True)

    assert page.url.path == f"/keputusan/{number}"
    assert "membentak" not in page.text
    assert (await joko.http.get("/berkas/1")).status_code in (303, 404)


async def test_a_decision_without_its_reason_is_refused_and_what_was_typed_stays(
    desk: Desk, sign_in: SignIn
) -> None:
    number = await with_party(desk)
    joko = await sign_in("joko")
    await joko.open(f"/keputusan/{number}")
    visit = joko.field("kunjungan")

    page = await joko.press(f"/keputusan/{number}", kunjungan=visit, keputusan="klarifikasi", alasan="  ")
    assert page.status_code == 409
    assert "memerlukan alasan" in page.text

    page = await joko.press(
        f"/keputusan/{number}", kunjungan=visit, keputusan="tidak-ada", alasan="Sudah kami bina."
    )
    assert page.status_code == 409
    page = await joko.press(
        f"/keputusan/{number}", kunjungan=visit, keputusan="klarifikasi", alasan="Sudah kami bina."
    )
    assert page.url.path == "/keputusan"
    assert f"#{number}: Keputusan tersimpan." in page.text


async def test_a_second_tap_decides_nothing_and_says_who_decided_what_and_when(
    desk: Desk, sign_in: SignIn
) -> None:
    number = await with_party(desk)
    first, second = await sign_in("joko"), await sign_in("joko")
    for browser in (first, second):
        await browser.open(f"/keputusan/{number}")
    visit = second.field("kunjungan")
    answer = {"kunjungan": visit, "keputusan": "klarifikasi", "alasan": "Sudah kami bina."}
    await first.press(f"/keputusan/{number}", **answer)

    page = await second.press(f"/keputusan/{number}", **answer)

    assert page.status_code == 409
    assert "Sudah diputuskan: Kirim klarifikasi" in page.text
    assert "Joko" in page.text
    assert len(await desk.db.read(visits.history, int(number))) == 3


async def test_who_never_had_the_case_finds_nothing_and_the_try_is_recorded(
    desk: Desk, sign_in: SignIn
) -> None:
    number = await with_leader(desk)
    joko = await sign_in("joko")
    await joko.open("/keputusan")
    assert f"#{number}" not in joko.page.text
    assert (await joko.open(f"/keputusan/{number}")).status_code == 404
    await joko.open("/profil")

    form = {"token": joko.field("token"), "kunjungan": "1", "keputusan": "teruskan", "alasan": "x"}
    page = await joko.http.post(f"/keputusan/{number}", data=form)

    assert page.status_code == 404
    assert [each.kind for each in await desk.db.read(trail.of_case, int(number))][-1] == "refused"


async def test_the_party_brings_a_picture_which_the_leader_finds_without_its_name(
    desk: Desk, sign_in: SignIn
) -> None:
    number = await with_party(desk)
    joko, wahyu = await sign_in("joko"), await sign_in("wahyu")
    await joko.open(f"/keputusan/{number}")
    hidden = {name: joko.field(name, f"/keputusan/{number}/bukti") for name in ("token", "kunci")}

    for _ in range(2):
        sent = await joko.http.post(
            f"/keputusan/{number}/bukti",
            data=hidden | {"keterangan": "Ruang tunggu"},
            files={"berkas": ("joko-dan-dewi.png", PNG, "image/png")},
        )
        assert sent.status_code == 303
    page = await wahyu.open(f"/keputusan/{number}")

    assert page.text.count("Ruang tunggu") == 1
    href = page.text.partition(f"/keputusan/{number}/berkas/")[2].partition('"')[0]
    got = await wahyu.http.get(f"/keputusan/{number}/berkas/{href}")
    assert got.content == PNG
    assert "attachment" in got.headers["content-disposition"]
    assert (await joko.http.get(f"/keputusan/{number}/berkas/{href}")).status_code == 404


async def test_who_handed_the_case_on_makes_a_personal_link_for_who_has_no_account(
    desk: Desk, sign_in: SignIn
) -> None:
    number = await with_party(desk)
    wahyu, stranger = await sign_in("wahyu"), await sign_in("ratna")
    page = await wahyu.open(f"/keputusan/{number}")
    assert "Untuk Pihak Yang Dikomplain yang tidak memakai Telegram" in page.text
    token = wahyu.field("token", f"/tiket/{number}/tautan")

    made = await wahyu.http.post(f"/tiket/{number}/tautan", data={"token": token, "nama": "Ibu Wati"})

    address = made.text.partition(f"{HERE}/kasus/")[2].partition("<")[0]
    shown = await stranger.http.get(f"/kasus/{address}")
    assert "Keluhan tentang pelayanan loket." in shown.text
    assert "membentak" not in shown.text


async def test_nothing_waits_says_so(sign_in: SignIn) -> None:
    ratna = await sign_in("ratna")

    page = await ratna.open("/keputusan")

    assert "Tidak ada yang menunggu" in page.text
