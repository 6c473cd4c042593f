"""The Humas pages: what each lane sees and does there, what is refused beside what was typed, and who sees nothing."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from desk import loose_files, pdf, publication_steps, sending
from desk.erasing_night import Erasing
from desk.loose_files import AGE
from desk.push_feed import PushFeed
from sop.messages import SendFailed
from store import narrations, publications, pushes
from store.db import Database, View
from tests.console import humas_desk
from tests.console.conftest import Browser, Clock
from tests.console.humas_desk import Humas
from tests.console.test_live import listening

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16


@pytest.fixture
async def humas(sqlite: Database, tmp_path: Path, clock: Clock) -> AsyncIterator[Humas]:
    async for each in humas_desk.opened(sqlite, tmp_path, clock):
        yield each


async def pressed(humas: Humas, login: str, act: str, **fields: Any) -> Browser:
    """That officer opens the case and presses one of its buttons, with the page's hidden fields."""
    browser = humas.people[login]
    await browser.open(humas.page)
    hidden = {}
    for name in ("dibaca", "kunjungan", "sasaran-tampil", "periksa-tampil"):
        found = re.search(rf'name="{name}" value="([^"]*)"', browser.page.text)
        if found:
            hidden[name] = found[1]
    area = re.search(r'name="naskah"[^>]*>\n?(.*?)</textarea>', browser.page.text, re.S)
    if area:
        hidden["naskah"] = area[1]
    checked = re.findall(r'name="(sasaran|periksa)" value="([^"]*)" checked', browser.page.text)
    for name in ("sasaran", "periksa"):
        hidden[name] = [value for one, value in checked if one == name]
    await browser.press(humas.page, aksi=act, **(hidden | fields))
    return browser


async def test_the_board_shows_each_lane_its_cards_and_what_waits_for_the_reader(humas: Humas) -> None:
    page = (await humas.people["wr3"].open("/humas")).text

    assert "Jadwal wisuda" in page and "Wakil Rektor III" in page
    assert re.search(r'href="/humas"[^>]*aria-current="page".*?<span class="n">1<', page, re.S)
    assert re.search(r'href="/humas".*?Humas</a>', (await humas.people["bpkh"].open("/humas")).text, re.S)


async def test_the_chain_is_walked_by_its_pages_alone(humas: Humas) -> None:
    number, target = humas.chain.number, str(humas.chain.target)
    humas.at("02-18 09.00")
    await pressed(humas, "wr3", "putus.disposisi", alasan="Mohon ditindaklanjuti")
    await pressed(humas, "bpkh", "putus.instruksi", sasaran=[target])
    await pressed(humas, "koor-pkih", "putus.instruksi")
    checks = ["accuracy", "wording", "office", "pictures"]
    await pressed(humas, "wk-humas", "putus.layak", periksa=checks, naskah="Wisuda periode IV: 12 Desember.")
    await pressed(humas, "wk-humas", "putus.instruksi")
    page = await pressed(humas, "petugas", "sebar")

    found = await humas.desk.db.read(publications.find, int(number[2:]))
    assert found and (found.step, found.version, found.checked, found.ordered) == ("sebar", 2, 2, 2)
    planned = await humas.desk.db.read(pushes.of_publication, found.id)
    assert [(each.kind, each.text, each.total) for each in planned] == [
        ("publish", "Wisuda periode IV: 12 Desember.", 1)
    ]
    assert "Penyebaran dimulai." in page.page.text


async def test_a_missing_tick_or_reason_is_said_where_it_was_pressed_and_words_stay(humas: Humas) -> None:
    await humas.to_the_check()
    page = await pressed(
        humas, "wk-humas", "putus.layak", periksa=["accuracy"], naskah="Naskah yang lebih baik."
    )
    assert page.page.status_code == 409
    assert "Daftar periksa belum lengkap" in page.page.text
    assert "Naskah yang lebih baik." in page.area("naskah")
    assert 'value="accuracy" checked' in page.page.text

    page = await pressed(humas, "wk-humas", "putus.kembalikan", alasan="")
    assert page.page.status_code == 409 and 'aria-invalid="true"' in page.page.text


async def test_who_wrote_upon_an_older_version_gets_both_texts(humas: Humas) -> None:
    browser = humas.people["wk-humas"]
    await browser.open(humas.page)
    key = browser.field("kunci", humas.page)
    await humas.chain.write("petugas", "Kata-kata petugas.", "02-18 08.20", read=1)
    await browser.press(humas.page, aksi="simpan", naskah="Kata-kata saya.", dibaca="1", kunci=key)

    assert browser.page.status_code == 409
    assert "Kata-kata petugas." in browser.page.text
    assert browser.area("naskah") == "Kata-kata saya."
    assert 'name="dibaca" value="2"' in browser.page.text


async def test_any_two_versions_are_compared_word_by_word(humas: Humas) -> None:
    await humas.chain.write("petugas", "Wisuda periode IV pada 13 Desember.", "02-18 08.20", read=1)
    await humas.chain.write("petugas", "Wisuda periode V pada 13 Desember.", "02-18 08.21", read=2)
    page = await humas.people["wr3"].open(f"{humas.page}?dari=1&ke=3")

    assert '<del><span class="sr">dihapus: </span>IV</del>' in page.text
    assert '<ins><span class="sr">ditambah: </span>13</ins>' in page.text


async def test_a_request_keeps_its_words_and_files_when_refused_and_opens_once(humas: Humas) -> None:
    browser = humas.people["lestari"]
    await browser.open("/humas/baru")
    fields = {"token": browser.field("token", "/humas/baru"), "kunci": browser.field("kunci", "/humas/baru")}
    words = {
        "perihal": "Libur bersama",
        "isi": "Kampus libur.",
        "waktu": "2026-02-01T08:00",
        "sifat": "segera",
    }
    browser.page = await browser.http.post(
        "/humas/baru", data=fields | words, files={"gambar": ("poster.png", PNG, "image/png")}
    )
    assert browser.page.status_code == 409 and "sudah lewat" in browser.page.text
    assert "poster.png" in browser.page.text and browser.area("isi") == "Kampus libur."

    again = (
        fields | words | {"waktu": "2026-02-20T08:00", "gambar-tersimpan": browser.field("gambar-tersimpan")}
    )
    for _ in range(2):
        done = await browser.http.post("/humas/baru", data=again)
        assert done.headers["location"].startswith("/publikasi/P-0102")
    found = await humas.desk.db.read(publications.find, 102)
    assert found and found.urgent and found.wished_at
    kept = await humas.desk.db.read(narrations.enclosures, 102)
    assert [(each.role, each.file.name) for each in kept] == [("picture", "poster.png")]


async def test_a_form_that_lay_open_for_days_says_that_its_files_are_gone(humas: Humas) -> None:
    browser = humas.people["lestari"]
    await browser.open("/humas/baru")
    hidden = {name: browser.field(name, "/humas/baru") for name in ("token", "kunci")}
    fields = hidden | {"perihal": "Libur", "isi": "Kampus libur.", "waktu": "2026-02-01T08:00"}
    poster = {"gambar": ("poster.png", PNG, "image/png")}
    browser.page = await browser.http.post("/humas/baru", data=fields, files=poster)
    line = {"waktu": "", "gambar-tersimpan": browser.field("gambar-tersimpan")}
    humas.clock.now += AGE + timedelta(hours=1)
    await humas.desk.db.write(loose_files.let_go_of_old, humas.clock.now)
    await Erasing(humas.desk.db, humas.desk.files, humas.desk.clock, humas.desk.zone).sweep()

    refused = await browser.http.post("/humas/baru", data=fields | line)
    assert refused.status_code == 409 and "sudah tidak disimpan" in refused.text
    assert "poster.png" not in refused.text and "Kampus libur." in refused.text
    done = await browser.http.post("/humas/baru", data=fields | {"waktu": ""}, files=poster)
    assert done.headers["location"].startswith("/publikasi/P-0102")


async def test_a_file_line_that_we_did_not_seal_is_no_file(humas: Humas) -> None:
    browser = humas.people["petugas"]
    await browser.open("/humas/baru")
    await browser.press("/humas/baru", perihal="x", isi="y", sifat="biasa", **{"gambar-tersimpan": "A" * 80})

    assert await humas.desk.db.read(narrations.enclosures, 102) == []


async def test_what_is_no_picture_is_refused_in_words(humas: Humas) -> None:
    browser = humas.people["wr3"]
    await browser.open(humas.page)
    form = {"token": browser.field("token", humas.page), "aksi": "lampir", "kunci": "k-1"}
    answer = await browser.http.post(
        humas.page, data=form, files={"gambar": ("poster.png", b"halo", "image/png")}
    )

    assert answer.status_code == 409 and "bukan gambar" in answer.text


async def test_the_other_lanes_and_strangers_get_no_button(humas: Humas) -> None:
    page = (await humas.people["bpkh"].open(humas.page)).text
    assert 'value="putus.' not in page
    absent = await humas.people["bpkh"].open("/publikasi/P-9999")
    assert absent.status_code == 404


async def test_the_sheet_grows_with_every_disposition_and_marks_a_deputy(humas: Humas) -> None:
    await humas.chain.go("wr3", "disposisi", "02-18 09.00", reason="Segera <b>umumkan</b>")
    page = (await humas.people["lestari"].open(f"{humas.page}/disposisi")).text

    assert "Lembar disposisi" in page and "P-0101" in page
    assert "Segera &lt;b&gt;umumkan&lt;/b&gt;" in page
    assert page.count("<tr>") > 3


async def test_the_push_is_steered_and_hand_tasks_are_keyed_in_on_the_page(humas: Humas) -> None:
    board = await humas_desk.hand_target(humas.desk.db, "Papan pengumuman")
    await humas.chain.go("wr3", "disposisi", "02-18 09.00")
    await humas.chain.choose("bpkh", "02-18 09.30", humas.chain.target, board)
    await humas.chain.go("bpkh", "instruksi", "02-18 09.40")
    await humas.chain.go("koor-pkih", "instruksi", "02-18 09.50")
    await humas.chain.tick("wk-humas", "02-18 09.55")
    await humas.chain.go("wk-humas", "layak", "02-18 09.56")
    await humas.chain.go("wk-humas", "instruksi", "02-18 09.57")
    humas.at("02-18 09.58")
    past = await pressed(humas, "petugas", "jadwal", waktu="2026-02-17T08:00")
    assert past.page.status_code == 409 and 'value="2026-02-17T08:00"' in past.page.text
    later = await pressed(humas, "petugas", "jadwal", waktu="2026-02-19T08:00")
    assert "dijadwalkan" in later.page.text
    stopped = await pressed(humas, "petugas", "henti")
    assert "Penyebaran dihentikan." in stopped.page.text
    begun = await pressed(humas, "petugas", "sebar")
    assert "Papan pengumuman" in begun.page.text
    twice = await pressed(humas, "petugas", "sebar")
    assert "tidak disebar dua kali" in twice.page.text


async def test_calendar_archive_and_figures_show_what_was_and_will_be(humas: Humas) -> None:
    await humas.to_the_push()
    await pressed(humas, "petugas", "jadwal", waktu="2026-02-19T08:00")
    diary = (await humas.people["wr3"].open("/humas/kalender?bulan=2026-02")).text
    assert "terjadwal" in diary and "08.00" in diary
    assert (await humas.people["wr3"].open("/humas/kalender?bulan=nonsense")).status_code == 200
    figures = (await humas.people["lestari"].open("/humas/rekap")).text
    assert "Mengecek kelayakan narasi" in figures and "1 dari 1" in figures

    other = await humas.chain.ask("02-18 09.58")
    await humas.chain.go("wr3", "tolak", "02-18 09.59", reason="bukan wewenang")
    found = (await humas.people["wr3"].open("/humas/arsip?q=wisuda")).text
    assert other.number in found and "ditolak" in found
    assert "Tidak ada yang cocok" in (await humas.people["wr3"].open("/humas/arsip?q=100%25")).text


STEPS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("wr3", "disposisi", {}),
    ("bpkh", "instruksi", {"sasaran-tampil": "1"}),
    ("koor-pkih", "instruksi", {}),
    ("wk-humas", "layak", {"periksa": ["accuracy", "wording", "office", "pictures"]}),
    ("wk-humas", "instruksi", {}),
)


async def test_each_step_is_decided_by_its_lane_alone_and_nobody_publishes_before(humas: Humas) -> None:
    """P14: every lane and the supervisor press every button of every step; only one of them moves the case."""
    everyone = ("wr3", "bpkh", "koor-pkih", "wk-humas", "petugas", "lestari")
    for lane, decision, fields in STEPS:
        before = await _standing(humas)
        chosen = fields | ({"sasaran": [str(humas.chain.target)]} if "sasaran-tampil" in fields else {})
        for login in everyone:
            sent = await pressed(humas, login, "sebar")
            assert sent.page.status_code == 409, (login, decision)
            if login != lane:
                refused = await pressed(humas, login, f"putus.{decision}", kunjungan=str(before[1]))
                assert refused.page.status_code in (403, 409), (login, decision)
        assert await _standing(humas) == before
        assert (await pressed(humas, lane, f"putus.{decision}", **chosen)).page.status_code == 200
        assert await _standing(humas) != before
    assert (await pressed(humas, "wr3", "sebar")).page.status_code == 409
    assert (await pressed(humas, "petugas", "sebar")).page.status_code == 200


async def _standing(humas: Humas) -> tuple[str, int]:
    found = await humas.desk.db.read(publications.find, 101)
    assert found
    stay = await humas.desk.db.read(publication_steps.open_of, found)
    assert stay
    return found.step, stay.id


async def test_a_session_that_ends_while_one_writes_loses_no_word(humas: Humas) -> None:
    browser = humas.people["petugas"]
    await browser.open(humas.page)
    old = browser.http.cookies["tanggap"]
    browser.http.cookies.clear()
    await browser.press(humas.page, aksi="simpan", naskah="Naskah panjang sekali.", dibaca="1")
    assert browser.page.status_code == 401 and "Naskah panjang sekali." in browser.page.text

    kept = dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', browser.page.text))
    browser.http.cookies.set("tanggap", old)
    browser.page = await browser.http.post(humas.page, data=kept | {"token": "of-the-old-session"})
    assert browser.page.status_code == 409
    assert browser.area("naskah") == "Naskah panjang sekali."


async def test_the_sheet_is_pdf_where_it_can_be_and_else_the_page_prints(humas: Humas) -> None:
    got = await humas.people["wr3"].open(f"{humas.page}/disposisi.pdf")

    assert got.status_code == 200
    if pdf.available():
        assert got.content.startswith(b"%PDF-")
    else:
        assert got.url.path == f"{humas.page}/disposisi"


async def test_a_trial_goes_to_the_officers_own_chat_alone(humas: Humas) -> None:
    done = await pressed(humas, "wk-humas", "uji")

    assert "Pesan uji" in done.page.text
    rows = await humas.desk.db.read(_trials)
    assert rows == ["wk-humas"]


def _trials(view: View) -> list[str]:
    return [row["recipient"] for row in view.all("SELECT recipient FROM outbox WHERE kind = 'trial'")]


async def test_a_list_of_who_got_it_holds_no_formula(humas: Humas) -> None:
    await humas.to_the_push()
    await pressed(humas, "petugas", "sebar")
    got = await humas.people["petugas"].open(f"{humas.page}/penerima.csv")

    assert got.headers["content-type"].startswith("text/csv") and "Kabar Contoh" in got.text
    assert "'-1001" in got.text
    assert (await humas.people["petugas"].open(f"{humas.page}/penerima.exe")).status_code == 404
    assert (await humas.people["petugas"].open(f"{humas.page}/arsip.zip")).status_code == 404


async def test_the_page_of_a_publication_hears_of_it(humas: Humas) -> None:
    """Of the case and of the board, never of tickets."""
    async for heard in listening(humas.app, humas.people["wr3"], f"/live?publikasi={humas.chain.number}"):
        async with asyncio.timeout(20):
            assert (await heard.get()).startswith("200")
            assert await heard.get() == "open"
            await humas.chain.write("petugas", "Kata lain.", "02-18 08.31", read=1)
            assert {await heard.get(), await heard.get()} == {"publication", "publications"}
    absent = await humas.people["wr3"].http.get("/live?publikasi=P-9999")
    assert absent.status_code == 404


async def test_more_files_than_are_taken_are_refused_with_the_words_kept(humas: Humas) -> None:
    browser = humas.people["lestari"]
    await browser.open("/humas/baru")
    fields = {
        "token": browser.field("token", "/humas/baru"),
        "kunci": "k",
        "perihal": "Libur",
        "isi": "Kampus libur.",
    }
    browser.page = await browser.http.post(
        "/humas/baru", data=fields, files=[("gambar", (f"{n}.png", PNG, "image/png")) for n in range(7)]
    )

    assert browser.page.status_code == 409 and "paling banyak 5" in browser.page.text
    assert browser.area("isi") == "Kampus libur."


async def test_what_may_not_have_arrived_is_ticked_and_sent_again_on_the_list(humas: Humas) -> None:
    await humas.to_the_push()
    await pressed(humas, "petugas", "sebar")
    db, clock, page = humas.desk.db, humas.desk.clock, f"{humas.page}/penerima?status=unknown"
    feeding = PushFeed(db, clock)
    await feeding.once()
    for letter in await db.write(sending.claim, "telegram", clock(), 9):
        await db.write(sending.failed, letter, SendFailed("diam", unknown=True), clock(), 0.5)
    await feeding.once()

    assert "1 kiriman tidak pasti sampai." in (await humas.people["petugas"].open(humas.page)).text
    listed = (await humas.people["petugas"].open(page)).text
    assert 'name="penerima"' not in (await humas.people["lestari"].open(page)).text
    row = re.search(r'name="penerima" value="(\d+)"', listed)
    assert row and "mungkin sudah sampai" in listed
    nothing = await pressed(humas, "petugas", "ulang")
    assert nothing.page.status_code == 409 and "Centang yang tidak pasti" in nothing.page.text
    again = await pressed(humas, "petugas", "ulang", penerima=row[1])
    assert "dikirim lagi dan ditandai" in again.page.text
    assert len(await db.write(sending.claim, "telegram", clock(), 9)) == 1
    everyone = (await humas.people["petugas"].open(f"{humas.page}/penerima")).text
    assert "dikirim dua kali atas perintah petugas" in everyone
