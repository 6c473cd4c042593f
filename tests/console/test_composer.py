"""The composer without JavaScript: ten seconds, files, a way, a preview, words put off; no word is lost in any of it."""

import re
from datetime import timedelta

import pytest
from httpx2 import Response

from desk import decide, intake, prepared
from desk.desk import Desk
from store import drafts, messages, officers, outbox, tickets, visits
from store.db import Change, View
from tests import samples
from tests.console.conftest import Browser, Clock, arrived
from tests.samples import NOW, ids

PDF = ("panduan.pdf", b"%PDF-1.7 panduan", "application/pdf")


async def said(desk: Desk, number: str) -> list[str]:
    return [each.text for each in await desk.db.read(messages.of_ticket, int(number)) if each.author]


def leaving(change: Change, channel: str, clock: Clock) -> list[str]:
    """What leaves now, and arrives."""
    found = outbox.claim(change, channel, clock.now, 20)
    for letter in found:
        outbox.sent(change, letter.id, state="sent", external_id=f"x{letter.id}", at=clock.now)
    return [letter.outgoing.text for letter in found]


async def quietly(browser: Browser, path: str, **fields: str) -> Response:
    """What the page's script sends beside the page."""
    return await browser.http.post(path, data={"token": browser.field("token"), **fields})


async def upload(browser: Browser, number: str, *files: tuple[str, bytes, str], **fields: str) -> None:
    path = f"/tiket/{number}"
    hidden = {name: browser.field(name, path) for name in ("token", "kunci", "dibaca")}
    sent = [("berkas", each) for each in files]
    browser.page = await browser.http.post(path, data=hidden | fields, files=sent, follow_redirects=True)


async def test_an_answer_is_taken_back_within_ten_seconds_and_stands_in_the_composer_again(
    sari: Browser, desk: Desk, clock: Clock
) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    await sari.press(f"/tiket/{number}", isi="KRS sudah dibuka", aksi="jawab")
    assert "Jawaban berangkat dalam 10 detik." in sari.page.text
    message = sari.field("pesan", f"/tiket/{number}/tarik-kembali")

    page = await sari.press(f"/tiket/{number}/tarik-kembali", pesan=message)

    assert "Jawaban ditarik" in page.text
    assert sari.area("isi") == "KRS sudah dibuka"
    assert await said(desk, number) == []
    clock.now += timedelta(hours=1)
    assert "KRS sudah dibuka" not in await desk.db.write(leaving, "telegram", clock)


async def test_after_ten_seconds_the_page_says_that_it_is_gone(
    sari: Browser, desk: Desk, clock: Clock
) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    await sari.press(f"/tiket/{number}", isi="Sudah", aksi="jawab")
    message = sari.field("pesan", f"/tiket/{number}/tarik-kembali")
    clock.now += timedelta(seconds=11)

    page = await sari.press(f"/tiket/{number}/tarik-kembali", pesan=message)

    assert page.status_code == 409
    assert "sudah berangkat" in page.text
    assert "tarik-kembali" not in (await sari.open(f"/tiket/{number}")).text


async def test_answer_and_close_is_taken_back_from_the_next_page(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    await sari.press(f"/tiket/{number}/kategori", tambah="akademik")
    await sari.press(f"/tiket/{number}", isi="Selesai", aksi="tutup")
    assert f"Tiket #{number} ditutup." in sari.page.text
    message = sari.field("pesan", f"/tiket/{number}/tarik-kembali")

    await sari.press(f"/tiket/{number}/tarik-kembali", pesan=message)

    assert sari.page.url.path == f"/tiket/{number}"
    assert sari.area("isi") == "Selesai"


async def test_files_are_kept_with_the_draft_taken_off_one_by_one_and_sent_together(
    sari: Browser, desk: Desk, clock: Clock
) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    await upload(sari, number, PDF, ("b.txt", b"dua", "text/plain"), isi="Panduannya", aksi="lampir")
    await upload(sari, number, ("c.txt", b"tiga", "text/plain"), isi="Panduannya", aksi="lampir")
    assert re.findall(r'aria-label="Lepas ([^"]+)"', sari.page.text) == ["panduan.pdf", "b.txt", "c.txt"]

    await sari.press(f"/tiket/{number}", isi="Panduannya", aksi="lepas.1")
    await sari.press(f"/tiket/{number}", isi="Panduannya", aksi="jawab")

    clock.now += timedelta(seconds=10)

    def letters(change: Change) -> list[list[str]]:
        leaving_now = outbox.claim(change, "telegram", clock.now, 20)
        return [[file.name for file in each.outgoing.files] for each in leaving_now]

    await desk.db.write(_acknowledged)
    assert ["panduan.pdf", "c.txt"] in await desk.db.write(letters)


def _acknowledged(change: Change) -> None:
    for letter in outbox.claim(change, "telegram", NOW, 20):
        outbox.sent(change, letter.id, state="sent", external_id=f"a{letter.id}", at=NOW)


async def test_more_than_five_files_are_refused_and_the_words_stay(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    many = [(f"{n}.txt", b"x", "text/plain") for n in range(3)]
    await upload(sari, number, *many, isi="Baik", aksi="lampir")

    await upload(sari, number, *many, isi="Baik sekali", aksi="lampir")

    assert sari.page.status_code == 409
    assert "paling banyak 5 berkas" in sari.page.text
    assert sari.area("isi") == "Baik sekali"


async def test_the_preview_shows_what_the_channel_makes_of_it(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk, channel="whatsapp", key="w1", sender="whatsapp:+628123334471")
    await sari.open(f"/tiket/{number}")

    page = await sari.press(f"/tiket/{number}", isi="Buka *SIAKAD* <b>dulu</b>", aksi="lihat")

    assert '<p class="b">Buka <b>SIAKAD</b> &lt;b&gt;dulu&lt;/b&gt;</p>' in page.text
    assert "25 dari 1.600 karakter" in page.text
    live = await quietly(sari, f"/tiket/{number}/rupa", isi="a" * 1601)
    assert "terlalu panjang untuk WhatsApp" in live.text


async def test_an_answer_takes_the_chosen_way(sari: Browser, desk: Desk, clock: Clock) -> None:
    number = await arrived(desk, channel="whatsapp", key="w1", sender="whatsapp:+628123334471")
    other = await desk.db.write(_also_by_mail, int(number))

    page = await sari.open(f"/tiket/{number}")
    assert "jendela sampai Sel 3 Mar, 09.00 WIB" in page.text or "jendela sampai" in page.text
    assert f'<option value="{other}"' in page.text
    await sari.press(f"/tiket/{number}", isi="Lewat surel", aksi="simpan", lewat=str(other))
    assert re.search(rf'<option value="{other}" selected', sari.page.text)
    await sari.press(f"/tiket/{number}", isi="Lewat surel", aksi="jawab", lewat=str(other))

    clock.now += timedelta(seconds=10)
    assert "Lewat surel" in await desk.db.write(leaving, "mail", clock)


def _also_by_mail(change: Change, number: int) -> int:
    """The same person wrote by mail as well."""
    mail = samples.incoming(
        channel="mail", key="<m1@example.org>", sender="dewi@example.org", message_id="m1"
    )
    intake.take_in(change, mail, ids(), NOW)
    for letter in outbox.claim(change, "mail", NOW, 9):
        outbox.sent(change, letter.id, state="sent", external_id="m0", at=NOW)
    change.run("UPDATE address SET contact_id = (SELECT contact_id FROM ticket WHERE id = :id)", id=number)
    change.run(
        "UPDATE conversation SET contact_id = (SELECT contact_id FROM ticket WHERE id = :id)", id=number
    )
    row = change.one("SELECT id FROM conversation WHERE channel = 'mail'")
    assert row is not None
    return int(row["id"])


async def test_an_answer_is_scheduled_shown_listed_and_called_off(
    sari: Browser, desk: Desk, clock: Clock
) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    found = re.search(r'value="(nanti\.[^"]+)"', sari.page.text)
    assert found and "besok" not in found[1]

    await sari.press(f"/tiket/{number}", isi="Selamat pagi", aksi=found[1])
    assert "Jawaban Sari dikirim Sel 3 Mar" in sari.page.text
    assert f"#{number}" in (await sari.open("/terjadwal")).text
    waits = sari.field("tunggu", f"/tiket/{number}/batal-tunggu")
    await sari.press(f"/tiket/{number}/batal-tunggu", tunggu=waits)

    assert sari.area("isi") == "Selamat pagi"
    assert await said(desk, number) == []


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("2026-03-02T08:00", "sudah lewat"),
        ("2026-03-03T20:00", "di luar jam layanan"),
        ("besok", "Waktu kirim tidak terbaca"),
        ("9999-12-31T23:59", "Paling jauh 90 hari"),
        ("0001-01-01T00:00", "Waktu kirim tidak terbaca"),
    ],
)
async def test_a_time_that_cannot_be_is_refused_in_words_and_the_text_stays(
    sari: Browser, desk: Desk, when: str, words: str
) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")

    page = await sari.press(f"/tiket/{number}", isi="Selamat pagi", aksi="nanti", waktu=when)

    assert page.status_code == 409
    assert words in page.text
    assert sari.area("isi") == "Selamat pagi"


async def test_an_answer_waits_for_the_policy_and_stands_ready_when_it_comes(
    sari: Browser, desk: Desk, clock: Clock
) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    assert 'value="siap"' not in sari.page.text
    visit = await desk.db.read(visits.open_of, int(number))
    assert visit
    up = {"kunjungan": str(visit.id), "keputusan": "lapor", "alasan": "perlu kebijakan"}
    await sari.press(f"/tiket/{number}/putuskan", **up)

    await sari.press(f"/tiket/{number}", isi="Sesuai kebijakan", aksi="siap.langsung")
    assert "begitu keputusan tiba" in sari.page.text
    await desk.db.write(_decided, int(number))
    await prepared.once_over(desk.db, clock.now)

    assert await said(desk, number) == ["Sesuai kebijakan"]


def _decided(change: Change, number: int) -> None:
    here = visits.open_of(change, number)
    assert here is not None
    choice = decide.Choice(decision="kebijakan", visit=here.id, reason="Dibuka.")
    decider = decide.Decider(lanes=frozenset({here.visit.lane}), name="Wira")
    ticket = tickets.find(change, number)
    assert ticket is not None
    decide.carry_out(change, ticket, decider, choice, ids=ids(), now=NOW)


async def test_colleagues_see_who_else_reads_and_types(
    sari: Browser, lestari: Browser, desk: Desk, clock: Clock
) -> None:
    number = await arrived(desk)
    for browser in (sari, lestari):
        await browser.open(f"/tiket/{number}")
    await quietly(sari, f"/tiket/{number}/hadir", menulis="1")

    heard = await quietly(lestari, f"/tiket/{number}/hadir", menulis="")

    assert heard.text == "Sari sedang menulis di tiket ini"
    assert "Sari sedang menulis di tiket ini" in (await lestari.open(f"/tiket/{number}")).text
    clock.now += timedelta(minutes=1)
    assert "sedang menulis" not in (await lestari.open(f"/tiket/{number}")).text


async def test_a_refused_answer_is_on_the_server_before_the_page_shows_it(
    sari: Browser, lestari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    for browser in (sari, lestari):
        await browser.open(f"/tiket/{number}")
    await sari.press(f"/tiket/{number}", isi="Jawaban Sari", aksi="jawab")

    page = await lestari.press(f"/tiket/{number}", isi="Jawaban Lestari", aksi="jawab")

    assert page.status_code == 409
    assert "Jawaban Sari" in page.text
    assert lestari.area("isi") == "Jawaban Lestari"
    kept = await desk.db.read(_draft_of, "lestari", int(number))
    assert kept == "Jawaban Lestari"


def _draft_of(view: View, login: str, number: int) -> str:
    officer = officers.by_login(view, login, NOW)
    found = drafts.find(view, number, officer.id, "answer") if officer else None
    return found.text if found else ""


async def test_a_stranger_leaves_no_file_and_no_trace(budi: Browser, sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    await sari.press(f"/tiket/{number}/kategori", tambah="akademik")
    await budi.open("/profil")
    before = [each for each in desk.files.root.rglob("*") if each.is_file()]

    for act in ("lampir", "jawab", "siap", "nanti", "simpan"):
        data = {"token": budi.field("token"), "isi": "x", "aksi": act, "waktu": "2026-03-03T09:00"}
        answer = await budi.http.post(f"/tiket/{number}", data=data, files=[("berkas", PDF)])
        assert answer.status_code == 404, act

    assert [each for each in desk.files.root.rglob("*") if each.is_file()] == before
    assert await said(desk, number) == []
