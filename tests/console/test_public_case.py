"""/kasus/TOKEN and the form behind it: a complained-about party sees exactly what the operator released (MIPA)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from httpx2 import Response

from desk import casework, decide, office_file
from desk.decide import Choice
from desk.desk import Desk
from desk.plain_picture import PictureFaulty, plain
from sop import office_file as reading
from sop.ticket import Ticket
from store import cases, messages, tickets, trail, visits
from tests import samples
from tests.console.conftest import Browser, Clock, as_officer
from tests.console.test_public_form import send, ticket_of

OFFICE = samples.OFFICE.replace(
    "prosedur: [uc3-kantor-pusat, uc3-fakultas]",
    "  - {kode: mipa, nama: Fakultas MIPA, jenis: fakultas, kalender: kantor, prosedur: mipa-care}\n"
    "  - {kode: pupr, nama: Dinas PUPR, jenis: opd, kalender: kantor, prosedur: jss-upik}\n"
    "prosedur: [uc3-kantor-pusat, uc3-fakultas, mipa-care, jss-upik]",
).replace(
    "petugas:\n",
    "petugas:\n"
    "  - {nama_pengguna: rina, nama: Rina, jabatan: Operator, peran: [{lajur: operator, unit: mipa}]}\n"
    "  - {nama_pengguna: wayan, nama: Wayan, jabatan: Pimpinan, peran: [{lajur: pimpinan, unit: mipa}]}\n"
    "  - {nama_pengguna: tono, nama: Tono, jabatan: Admin, peran: [{lajur: admin-opd, unit: pupr}]}\n",
)
GPS = b"GPS 8.165 S 113.716 E"
PHOTO = (
    b"\xff\xd8"
    + b"\xff\xe1"
    + (len(GPS) + 2).to_bytes(2)
    + GPS
    + b"\xff\xdb\x00\x04ab\xff\xda\x00\x04cdpixels\xff\x00more\xff\xd9"
    + b"maker's trailer"
)
TOKEN = "a-link-of-the-test-that-nobody-guesses"


@pytest.fixture
async def mipa(desk: Desk) -> Desk:
    await desk.db.write(office_file.bring_in, reading.read(OFFICE), samples.NOW - timedelta(days=20))
    return desk


async def at(desk: Desk, ticket: Ticket, login: str, decision: str, **more: Any) -> None:
    """That officer decides at the open stay."""
    stay = await desk.db.read(visits.open_of, ticket.id)
    assert stay is not None
    choice = Choice(decision=decision, visit=stay.id, **more)
    actor = await samples.officer(desk.db, login, desk.clock())
    await decide.put(
        desk.db, ticket.number, actor, choice, key=f"{login}{decision}{stay.id}", now=desk.clock()
    )


async def complained(visitor: Browser, desk: Desk, *, release: bool = True) -> Ticket:
    """A complaint that stands with the complained-about party, its form edited; the link is offered."""
    ticket: Ticket = await ticket_of(
        desk,
        await send(
            visitor,
            "/lapor/mipa",
            judul="Dosen Pak Anu",
            isi="Saya Dewi, NIM 221040037, dibentak di kelas.",
            files={"lampiran": ("dewi-rumah.jpg", PHOTO)},
        ),
    )
    rina = await samples.officer(desk.db, "rina", desk.clock())
    file = (await desk.db.read(messages.of_ticket, ticket.id))[0].attachments[0].id
    released = frozenset({file}) if release else frozenset()
    form = "Seorang mahasiswa menyampaikan bahwa ia dibentak di kelas."
    await desk.db.write(casework.edit_form, ticket.number, rina, form, released, now=desk.clock())
    await at(desk, ticket, "rina", "teruskan")
    await at(desk, ticket, "wayan", "teruskan", reason="Mohon klarifikasi Bapak.")
    await desk.db.write(casework.offer_link, ticket.number, rina, "Pak Anu", TOKEN, desk.clock())
    return ticket


async def decided(visitor: Browser, **fields: Any) -> Response:
    visitor.page = await visitor.http.post(f"/kasus/{TOKEN}", data=fields, follow_redirects=True)
    return visitor.page


async def test_the_party_sees_the_form_and_nothing_of_the_reporter(visitor: Browser, mipa: Desk) -> None:
    ticket = await complained(visitor, mipa)
    page = await visitor.open(f"/kasus/{TOKEN}")

    assert "dibentak di kelas" in page.text and "Lampiran 1" in page.text
    assert "Mohon klarifikasi Bapak." in page.text
    for secret in ("Dewi", "221040037", "dewi-rumah", "putri@", "Dosen Pak Anu", ticket.token, "Rina"):
        assert secret not in page.text
    assert "noindex" in page.headers["x-robots-tag"] and page.headers["cache-control"] == "no-store"


async def test_a_released_picture_has_a_neutral_name_and_no_camera_words(
    visitor: Browser, mipa: Desk
) -> None:
    await complained(visitor, mipa)
    file = await visitor.http.get(f"/kasus/{TOKEN}/lampiran/1")

    assert 'filename="lampiran-1.jpg"' in file.headers["content-disposition"]
    assert GPS not in file.content and b"trailer" not in file.content
    assert b"pixels\xff\x00more" in file.content
    assert (await visitor.http.get(f"/kasus/{TOKEN}/lampiran/2")).status_code == 404


async def test_what_was_not_released_is_not_there(visitor: Browser, mipa: Desk) -> None:
    await complained(visitor, mipa, release=False)
    page = await visitor.open(f"/kasus/{TOKEN}")

    assert "Lampiran" not in page.text
    assert (await visitor.http.get(f"/kasus/{TOKEN}/lampiran/1")).status_code == 404


async def test_the_party_decides_once_and_a_second_press_hears_so(visitor: Browser, mipa: Desk) -> None:
    ticket = await complained(visitor, mipa)
    await visitor.open(f"/kasus/{TOKEN}")
    page = await decided(visitor, keputusan="klarifikasi", alasan="Kami mohon maaf kepada mahasiswa itu.")
    assert page.status_code == 200 and "Sudah diputuskan: Kirim klarifikasi" in page.text
    assert "Pihak Yang Dikomplain, lewat tautan" in page.text

    again = await decided(visitor, keputusan="klarifikasi", alasan="Berbeda")
    assert again.status_code == 409 and "Sudah diputuskan: Kirim klarifikasi" in again.text
    stays = await mipa.db.read(visits.history, ticket.id)
    assert [each.reason for each in stays if each.step == "klarifikasi"] == [
        "Kami mohon maaf kepada mahasiswa itu."
    ]
    assert (await mipa.db.read(tickets.find, ticket.id)).lane == "pimpinan"  # type: ignore[union-attr]


async def test_a_missing_reason_is_asked_for_and_what_was_typed_is_kept(visitor: Browser, mipa: Desk) -> None:
    ticket = await complained(visitor, mipa)
    page = await decided(visitor, keputusan="klarifikasi", alasan="  ")

    assert page.status_code == 409 and "memerlukan alasan" in page.text
    stay = await mipa.db.read(visits.open_of, ticket.id)
    assert stay is not None and stay.visit.step == "klarifikasi"


async def test_a_decision_the_sop_does_not_offer_is_refused(visitor: Browser, mipa: Desk) -> None:
    await complained(visitor, mipa)

    assert (await decided(visitor, keputusan="kirim", alasan="x")).status_code == 409


@pytest.mark.parametrize("token", ["salah", "x" * 38, "%00", TOKEN[:-1]])
async def test_a_wrong_link_is_absent(visitor: Browser, mipa: Desk, token: str) -> None:
    await complained(visitor, mipa)
    page = await visitor.http.get(f"/kasus/{token}")

    assert page.status_code == 404 and "Halaman tidak ditemukan" in page.text


async def test_an_expired_link_looks_like_a_wrong_one(visitor: Browser, mipa: Desk, clock: Clock) -> None:
    await complained(visitor, mipa)
    clock.pass_by(casework.LINK_LASTS + samples.MINUTE)
    expired, wrong = await visitor.http.get(f"/kasus/{TOKEN}"), await visitor.http.get("/kasus/salah")

    assert expired.status_code == 404 and expired.text == wrong.text
    assert (await decided(visitor, keputusan="klarifikasi", alasan="x")).status_code == 404


async def test_a_status_token_opens_no_case_and_a_link_no_status(visitor: Browser, mipa: Desk) -> None:
    ticket = await complained(visitor, mipa)

    assert (await visitor.http.get(f"/kasus/{ticket.token}")).status_code == 404
    assert (await visitor.http.get(f"/status/{TOKEN}")).status_code == 404


async def test_a_field_officer_brings_the_photos_the_sop_wants_and_finishes(
    visitor: Browser, mipa: Desk
) -> None:
    ticket: Ticket = await ticket_of(mipa, await send(visitor, "/lapor/pupr", isi="Lampu mati"))
    await at(mipa, ticket, "tono", "terima")
    tono = await samples.officer(mipa.db, "tono", mipa.clock())
    await mipa.db.write(casework.offer_link, ticket.number, tono, "Petugas Joko", TOKEN, mipa.clock())
    await visitor.open(f"/kasus/{TOKEN}")
    shown = visitor.field("langkah")
    page = await decided(visitor, keputusan="terima", langkah=shown)
    assert "Langkah berikutnya juga ada pada Anda." in page.text  # the link goes on with the lane
    again = await decided(visitor, keputusan="terima", langkah=shown)
    assert again.status_code == 409 and "Sudah diputuskan: Terima, oleh Petugas Lapangan" in again.text

    missing = await visitor.http.post(f"/kasus/{TOKEN}", data={"keputusan": "selesai"})
    assert missing.status_code == 409 and "Bukti belum lengkap" in missing.text
    photos = [("lampiran", (f"{name}.jpg", PHOTO)) for name in ("sebelum", "sesudah")]
    key = {"kunci": "evidence-key-of-the-form", "aksi": "bukti"}
    for _ in range(2):
        brought = await visitor.http.post(f"/kasus/{TOKEN}", data=key, files=photos)
        assert brought.status_code == 303
    notes = [each for each in await mipa.db.read(messages.of_ticket, ticket.id) if each.direction == "note"]
    assert len(notes) == 1 and len(notes[0].attachments) == 2
    assert (await visitor.http.post(f"/kasus/{TOKEN}", data={"keputusan": "selesai"})).status_code == 303


async def test_the_operator_edits_releases_and_hands_out_a_link(visitor: Browser, mipa: Desk) -> None:
    ticket: Ticket = await ticket_of(
        mipa, await send(visitor, "/lapor/mipa", files={"lampiran": ("a.jpg", PHOTO)})
    )
    rina = await as_officer(mipa, visitor, "rina")
    path = f"/tiket/{ticket.number}/formulir"
    await rina.open(path)
    assert rina.area("isi").startswith("AC ruang B.204")
    file = re.search(r'name="lepas" value="(\d+)"', rina.page.text)
    assert file is not None
    await rina.press(path, isi="Formulir <b>tersunting</b>", lepas=file[1])
    assert "Formulir tersimpan." in rina.page.text
    assert await mipa.db.read(cases.released, ticket.id) == [int(file[1])]

    assert "Buat tautan" not in rina.page.text  # her own turn
    await at(mipa, ticket, "rina", "teruskan")
    await rina.open(path)
    await rina.press(f"/tiket/{ticket.number}/tautan", nama="Wayan, Pimpinan")
    link = re.search(r"/kasus/([\w-]+)", rina.page.text)
    assert link is not None
    assert (await rina.http.get(f"/kasus/{link[1]}")).status_code == 200
    events = [each.kind for each in await mipa.db.read(trail.of_case, ticket.id)]
    assert "link.offered" in events

    sheet = await rina.open(f"{path}/cetak")
    assert "Formulir &lt;b&gt;tersunting&lt;/b&gt;" in sheet.text and "221040037" not in sheet.text


async def test_the_form_of_another_unit_is_absent(sari: Browser, mipa: Desk) -> None:
    ticket: Ticket = await ticket_of(mipa, await send(sari, "/lapor/mipa"))
    for path in ("formulir", "formulir/cetak"):
        assert (await sari.open(f"/tiket/{ticket.number}/{path}")).status_code == 404
        assert (await sari.open(f"/tiket/99999/{path}")).status_code == 404


async def test_nobody_edits_a_form_without_signing_in(visitor: Browser, mipa: Desk) -> None:
    ticket: Ticket = await ticket_of(mipa, await send(visitor, "/lapor/mipa"))
    shown = await visitor.http.get(f"/tiket/{ticket.number}/formulir")
    sent = await visitor.http.post(f"/tiket/{ticket.number}/formulir", data={"isi": "x", "token": ""})

    assert shown.status_code == 303 and sent.status_code == 401
    assert await mipa.db.read(cases.form, ticket.id) is None


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + b"\0\0\0\x01IDATx\0\0\0\0"
    + b"\0\0\0\x05tEXtGPS 8\0\0\0\0"
    + b"\0\0\0\0IEND\0\0\0\0"
    + b"tail"
)
WEBP = b"RIFF\x2a\0\0\0WEBPVP8X\x0a\0\0\0\x0c\0\0\0\0\0\0\0\0\0" + b"EXIF\x04\0\0\0GPS " + b"VP8 \x02\0\0\0ab"


def test_pictures_lose_what_their_camera_wrote() -> None:
    assert b"GPS" not in plain(PHOTO) and plain(PHOTO).endswith(b"\xff\xd9")
    assert b"GPS" not in plain(PNG) and plain(PNG).endswith(b"IEND\0\0\0\0") and b"IDATx" in plain(PNG)
    webp = plain(WEBP)
    assert b"GPS" not in webp and webp[20] == 0 and int.from_bytes(webp[4:8], "little") == len(webp) - 8
    assert plain(b"%PDF-1.7") == b"%PDF-1.7"


@pytest.mark.parametrize(
    "content", [PHOTO[:9], b"\xff\xd8\xff\xe1\xff\xff", b"\xff\xd8\xffx", PNG[:20], b"\xff\xd8\xff"]
)
def test_a_picture_that_ends_early_is_not_given_out(content: bytes) -> None:
    with pytest.raises(PictureFaulty):
        plain(content)


async def test_a_link_that_was_taken_back_opens_nothing(sari: Browser, visitor: Browser, desk: Desk) -> None:
    ticket = await ticket_of(desk, await send(sari, "/lapor/pusat"))
    actor = await samples.officer(desk.db)
    current = await desk.db.read(visits.open_of, ticket.id)
    assert current is not None
    up = Choice(decision="lapor", visit=current.id, reason="perlu kebijakan")
    await decide.put(desk.db, ticket.number, actor, up, key="", now=samples.NOW)
    await desk.db.write(casework.offer_link, ticket.number, actor, "Ibu Ani", TOKEN, samples.NOW)
    assert (await visitor.open(f"/kasus/{TOKEN}")).status_code == 200

    page = await sari.open(f"/tiket/{ticket.number}/formulir")
    assert "Ibu Ani" in page.text and TOKEN not in page.text
    mark = re.search(r'name="cabut" value="([0-9a-f]{64})"', page.text)
    assert mark
    page = await sari.press(f"/tiket/{ticket.number}/tautan/cabut", cabut=mark[1])

    assert "Tautan dicabut" in page.text and mark[1] not in page.text
    assert (await visitor.open(f"/kasus/{TOKEN}")).status_code == 404
    assert [each.kind for each in await desk.db.read(trail.of_case, ticket.id)][-1] == "link.ended"
    again = await sari.press(f"/tiket/{ticket.number}/tautan/cabut", cabut=mark[1])
    assert again.status_code == 409
