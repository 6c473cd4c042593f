"""What a message holds beside words and files is shown to the officer, with links that open a map or a telephone."""

import pytest

from desk import intake
from desk.desk import Desk
from sop.messages import Kind
from store import tickets
from tests import samples
from tests.console.conftest import Browser, arrived
from tests.samples import NOW, incoming

MAP = "https://www.openstreetmap.org/?mlat=-6.8915&amp;mlon=107.6107#map=18/-6.8915/107.6107"
CARD = {"name": "Budi", "phone": "+6281200000303", "own": False}


async def shown(sari: Browser, desk: Desk, text: str = "", **facts: object) -> str:
    """The page of a ticket whose newest message is that one."""
    number = await arrived(desk)
    await desk.db.write(intake.take_in, incoming(text, **facts), samples.ids(), NOW)
    return (await sari.open(f"/tiket/{number}")).text


async def test_a_place_opens_on_a_map_and_loads_nothing_from_outside(sari: Browser, desk: Desk) -> None:
    page = await shown(sari, desk, kind=Kind.LOCATION, location=(-6.8915, 107.6107))

    assert "Titik -6.8915, 107.6107" in page
    assert f'<a href="{MAP}" target="_blank" rel="noreferrer noopener">' in page
    assert '<a href="geo:-6.8915,107.6107">' in page
    assert "openstreetmap.org" not in page.replace(MAP, "")
    assert "[-6" not in page


@pytest.mark.parametrize("paper", ["/tiket/{number}/cetak", "/tiket/{number}/perkara", "/status/{token}"])
async def test_a_place_stands_on_every_paper_and_on_the_reporters_own_page(
    paper: str, sari: Browser, lestari: Browser, desk: Desk
) -> None:
    await shown(sari, desk, kind=Kind.LOCATION, location=(-6.8915, 107.6107))
    ticket = await desk.db.read(tickets.find, 1001)
    assert ticket

    page = await lestari.http.get(paper.format(number=ticket.number, token=ticket.token))
    assert page.status_code == 200
    assert "Titik -6.8915, 107.6107" in page.text


async def test_a_venue_says_its_name_once_and_where_it_is(sari: Browser, desk: Desk) -> None:
    facts = {"kind": Kind.VENUE, "location": (-6.8915, 107.6107), "payload": {"title": "Balai RW"}}
    page = await shown(sari, desk, "Balai RW\nJalan Contoh 2", **facts)

    assert "Titik -6.8915, 107.6107" in page
    assert page.count("Balai RW") == 1


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (True, "Nomor pelapor sendiri, dipastikan penyedia."),
        (False, "Kartu orang lain atau belum pasti siapa"),
    ],
)
async def test_a_contact_card_says_whose_it_is(own: bool, words: str, sari: Browser, desk: Desk) -> None:
    facts = {"kind": Kind.CONTACT, "payload": CARD | {"own": own}}
    page = await shown(sari, desk, "Budi\n+6281200000303", **facts)

    assert words in page
    assert '<a href="tel:+6281200000303">+6281200000303</a>' in page
    assert "· True" not in page and "· False" not in page


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({"forwarded_from": "Kabar Kampus"}, "Diteruskan dari Kabar Kampus"),
        ({"forwarded": "true"}, "Diteruskan"),
        ({"forwarded": "true", "frequently_forwarded": "true"}, "Diteruskan berkali-kali"),
        ({"quote": "libur sampai Jumat"}, "Mengutip “libur sampai Jumat”"),
        ({"referral_headline": "Layanan baru"}, "Datang lewat iklan “Layanan baru”"),
        ({"disappearing": True}, "Pesan sementara di ponsel pelapor"),
        ({"form": {"nim": "231040112", "berkas": ["KTM", "KRS"]}}, "nim: 231040112; berkas: KTM, KRS"),
        ({"forwarded_from": "<script>alert(1)</script>"}, "&lt;script&gt;alert(1)"),
        ({"location": ["x", "y"]}, "Apakah ini benar"),
    ],
)
async def test_whence_words_come_stands_beside_them(
    payload: dict[str, object], words: str, sari: Browser, desk: Desk
) -> None:
    page = await shown(sari, desk, "Apakah ini benar", payload=payload)

    assert words in page
    assert "<script>alert" not in page


async def test_a_kind_newer_than_us_says_so_and_keeps_its_raw_form_folded(sari: Browser, desk: Desk) -> None:
    payload = {"kinds": ["hologram"], "raw": '{"hologram": "<b>x</b>"}'}
    page = await shown(sari, desk, kind=Kind.UNKNOWN, payload=payload)

    assert "Jenis pesan ini belum didukung" in page
    assert "Bentuk asli" in page and "&lt;b&gt;x&lt;/b&gt;" in page


async def test_a_reply_shows_which_message_it_answers(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk, text="KRS saya terkunci", message_id="7001:1")
    again = incoming("Maksud saya yang ini", reply_to="7001:1")
    await desk.db.write(intake.take_in, again, samples.ids(), NOW)
    page = (await sari.open(f"/tiket/{number}")).text

    assert 'Membalas <a href="#m1">KRS saya terkunci</a>' in page
