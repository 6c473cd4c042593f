"""A ticket's page without JavaScript: tag, note, decide, check an identity, close and open again; who sees it."""

import re

import pytest

from desk import suggesting
from desk.desk import Desk
from store import tickets
from tests.console.conftest import Browser, arrived, said, status


async def test_after_closing_the_next_ticket_by_deadline_opens(sari: Browser, desk: Desk) -> None:
    first, second = await arrived(desk, key="1", sender="1"), await arrived(desk, key="2", sender="2")
    for number in (second, first):
        await sari.open(f"/tiket/{number}")
        await sari.press(f"/tiket/{number}/ambil")
        await sari.press(f"/tiket/{number}/kategori", tambah="akademik")

    page = await sari.press(f"/tiket/{first}", isi="Selesai.", aksi="tutup")

    assert page.url.path == f"/tiket/{second}"
    assert f"Tiket #{first} ditutup." in page.text


async def test_a_category_is_put_on_and_taken_off(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    await suggesting.catch_up(desk.db, desk.clock())
    await sari.open(f"/tiket/{number}")
    assert "Saran dari isi pesan:" in sari.page.text

    await sari.press(f"/tiket/{number}/kategori", tambah="akademik")
    assert 'aria-label="Lepas kategori Akademik"' in sari.page.text
    await sari.press(f"/tiket/{number}/kategori", lepas="akademik")

    assert 'aria-label="Lepas kategori Akademik"' not in sari.page.text
    assert "memberi kategori Akademik" in sari.page.text
    assert "melepas kategori Akademik" in sari.page.text


async def test_an_unknown_category_is_refused_in_words(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")

    page = await sari.press(f"/tiket/{number}/kategori", tambah="tidak-ada")

    assert page.status_code == 409
    assert "Kategori “tidak-ada” tidak ada." in page.text


async def test_a_note_stays_inside(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")

    page = await sari.press(
        f"/tiket/{number}", catatan="Sudah saya telepon.", aksi="catatan", jenis="catatan"
    )

    assert await said(desk, number) == [("note", "Sudah saya telepon.")]
    assert "Tidak terkirim ke pelapor" in page.text


async def test_another_unit_and_an_absent_ticket_look_the_same(budi: Browser, desk: Desk) -> None:
    number = await arrived(desk)

    foreign, absent = await budi.open(f"/tiket/{number}"), await budi.open("/tiket/9999")

    assert foreign.status_code == absent.status_code == 404
    assert foreign.text.replace(number, "N") == absent.text.replace("9999", "N").replace("9999", "N")


@pytest.mark.parametrize(
    "act",
    [
        "",
        "/ambil",
        "/serahkan",
        "/kategori",
        "/tutup",
        "/buka",
        "/kirim-ulang",
        "/konsep",
        "/dibaca",
        "/identitas",
    ],
)
async def test_no_act_reaches_another_units_ticket(budi: Browser, desk: Desk, act: str) -> None:
    number = await arrived(desk)
    mine = await arrived(desk, text="UKT saya", key="2", sender="2")
    await budi.open(f"/tiket/{mine}")
    before = await desk.db.read(tickets.find, int(number))
    fields = {
        "token": budi.field("token"),
        "kunci": "k",
        "isi": "Halo",
        "aksi": "jawab",
        "tambah": "akademik",
        "kepada": "budi",
        "surat": "1",
    }

    answers = [
        (await budi.http.post(f"/tiket/{one}{act}", data=fields)).status_code for one in (number, "9999")
    ]

    assert answers == [404, 404]
    assert await desk.db.read(tickets.find, int(number)) == before


async def test_a_colleague_is_given_the_ticket(sari: Browser, lestari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    await lestari.open(f"/tiket/{number}")

    await lestari.press(f"/tiket/{number}/serahkan", kepada="sari")

    assert "menyerahkan tiket kepada Sari" in lestari.page.text
    assert "dipegang Sari" in lestari.page.text


async def test_an_identity_is_checked_with_where_and_how(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk, text="Nama saya Dewi, NIM 231040112, KRS saya terkunci")
    page = await sari.open(f"/tiket/{number}")
    assert "2310••••12" in page.text
    assert "Diklaim" in page.text
    claim = re.search(r'name="klaim" value="([0-9a-f]+)"', page.text[page.text.index("2310••••12") :])
    assert claim

    page = await sari.press(f"/tiket/{number}/identitas", klaim=claim[1], cara="situs NIC", sah="1")

    assert "situs NIC" in page.text
    assert "memeriksa NIM: terverifikasi" in page.text


async def test_a_closed_ticket_is_opened_again(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    await sari.press(f"/tiket/{number}/kategori", tambah="akademik")
    await sari.press(f"/tiket/{number}", isi="Selesai.", aksi="tutup")
    page = await sari.open(f"/tiket/{number}")
    assert "Tiket ini sudah ditutup" in page.text

    await sari.press(f"/tiket/{number}/buka")

    assert await status(desk, number) == "open"


HOSTILE = "<script>alert(1)</script> {{ 7*7 }} <img src=x onerror=alert(2)> \" ' &lt; </textarea>"


async def test_hostile_words_are_shown_as_written_everywhere(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk, text=HOSTILE, name=HOSTILE, quoted=HOSTILE, subject=HOSTILE, channel="mail")
    await sari.open(f"/tiket/{number}")
    await sari.press(f"/tiket/{number}", isi=HOSTILE, catatan=HOSTILE, aksi="simpan")

    pages = [
        await sari.open(f"/tiket/{number}"),
        await sari.open("/antrean?tampilan=unit"),
        await sari.press(f"/tiket/{number}", isi=HOSTILE, aksi="templat")
        if await sari.open(f"/tiket/{number}")
        else None,
        await sari.http.get("/cari", params={"q": HOSTILE}),
    ]

    for page in filter(None, pages):
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "{{ 7*7 }}" in page.text
        assert "49" not in re.sub(r'value="[^"]*"|/static/\S+|#\d+|href="[^"]*"', "", page.text)
    await sari.open(f"/tiket/{number}")
    assert sari.area("isi") == HOSTILE


@pytest.mark.parametrize(
    "text",
    ["\x00", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "a" * 300_000, "\u202e" * 50],
)
async def test_odd_letters_in_any_field_are_kept_or_refused_in_words(
    sari: Browser, desk: Desk, text: str
) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    token = sari.field("token")
    every = {
        "isi": text,
        "catatan": text,
        "templat": text,
        "dibaca": text,
        "tambah": text,
        "kepada": text,
        "cara": text,
        "klaim": text,
        "surat": text,
        "kunci": text,
        "lepas": "",
    }

    for path in ("", "/kategori", "/serahkan", "/konsep", "/identitas", "/kirim-ulang"):
        for aksi in ("jawab", "catatan", "simpan", "templat", "pakai.x"):
            got = await sari.http.post(f"/tiket/{number}{path}", data=every | {"token": token, "aksi": aksi})
            assert got.status_code < 500, (path, aksi, got.status_code)
    for path in ("/cari", "/antrean", f"/tiket/{number}"):
        query = {"q": text[:2000], "setelah": text[:2000], "sebelum": text[:2000], "templat": text[:2000]}
        assert (await sari.http.get(path, params=query)).status_code < 500


async def test_a_case_climbs_and_the_superiors_policy_comes_back(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    assert "data-up" in sari.page.text
    shown = {"kunjungan": sari.field("kunjungan"), "keputusan": "lapor"}

    refused = await sari.press(f"/tiket/{number}/putuskan", **shown)
    assert refused.status_code == 409
    assert "memerlukan alasan" in refused.text
    await sari.press(f"/tiket/{number}/putuskan", **shown, alasan="Perlu kebijakan pimpinan")

    assert "Keputusan tercatat." in sari.page.text
    ticket = await desk.db.read(tickets.find, int(number))
    assert ticket
    assert ticket.lane != "narahubung"
    assert "data-up" not in sari.page.text
    assert "menyelesaikan Langkah 2" in sari.page.text


async def test_a_decision_of_an_earlier_stay_decides_nothing(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    given = {
        "token": sari.field("token"),
        "keputusan": "lapor",
        "kunjungan": sari.field("kunjungan"),
        "alasan": "Perlu",
    }
    assert (await sari.http.post(f"/tiket/{number}/putuskan", data=given | {"kunci": "1"})).status_code == 303
    before = await desk.db.read(tickets.find, int(number))

    page = await sari.http.post(f"/tiket/{number}/putuskan", data=given | {"kunci": "2"})

    assert page.status_code == 409
    assert await desk.db.read(tickets.find, int(number)) == before


async def test_a_question_hands_the_ball_to_the_reporter(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")

    page = await sari.press(f"/tiket/{number}", isi="Boleh kami tahu NIM Anda?", aksi="tanya")

    assert "bola ada pada pelapor" in page.text
    assert await said(desk, number) == [("out", "Boleh kami tahu NIM Anda?")]


async def test_what_a_reporter_changed_is_shown_with_what_it_said_before(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk, "KRS saya terkunci", message_id="7001:m")
    for text in ("KRS saya terkunci sejak Senin", "KRS saya terkunci sejak Selasa"):
        await arrived(desk, text, edits="7001:m", message_id="7001:m")

    page = (await sari.open(f"/tiket/{number}")).text

    assert "Diubah 2 kali" in page
    assert page.index("KRS saya terkunci sejak Selasa") < page.index("KRS saya terkunci sejak Senin")


async def test_earlier_messages_are_a_page_away(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk, "kata pertama")
    for each in range(105):
        await arrived(desk, f"kata ke-{each}")
    page = await sari.open(f"/tiket/{number}")
    assert "kata pertama" not in page.text[page.text.index('id="percakapan"') :].partition("</section>")[0]

    earlier = re.search(r'href="(/tiket/\d+\?sebelum=\d+)"', page.text)
    assert earlier

    assert (
        "kata pertama"
        in (await sari.open(earlier[1])).text.partition('id="percakapan"')[2].partition("</section>")[0]
    )
