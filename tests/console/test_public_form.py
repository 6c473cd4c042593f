"""/lapor without JavaScript: a report becomes one ticket, and nothing that was typed is lost."""

import re
from html import unescape
from typing import Any

import pytest
from httpx2 import Response

from console.uploads import name_of
from desk import office_file
from desk.desk import Desk
from desk.form import MOST
from sop import office_file as reading
from sop.messages import Kind
from store import contacts, messages, tickets, visits
from tests import samples
from tests.console.conftest import Browser, Clock

KEY = re.compile(r'name="kunci" value="([^"]+)"')
ACTION = re.compile(r'method="post" action="([^"]+)" enctype')
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 600
LIGHTS = (
    "\n  - {kode: lampu, nama: Lampu jalan, foto: ya, lokasi: ya, identitas: stated, unit: feb}\ntemplat:"
)


async def send(visitor: Browser, path: str = "/lapor", **fields: Any) -> Response:
    """Open the form and send it, with what a whole one needs unless said otherwise; no redirect is followed."""
    files = fields.pop("files", None)
    key = fields.pop("kunci", None)
    page = await visitor.http.get(path)
    if found := ACTION.search(page.text):
        path = unescape(found[1])
    if key is None:
        key = KEY.search(page.text)[1]  # type: ignore[index]
    whole = {
        "isi": "AC ruang B.204 mati sejak Senin.",
        "idn": "kampus",
        "nim": "221040037",
        "surel": "putri@mhs.contoh.ac.id",
        "setuju": "ya",
    }
    return await visitor.http.post(
        path, data={"kunci": key, **whole, **fields}, files=files or {"lampiran": ("", b"")}
    )


def number_of(response: Response) -> str:
    assert response.status_code == 303, unescape(response.text)
    return response.headers["location"].split("/")[2].split("?")[0]


async def ticket_of(desk: Desk, response: Response) -> Any:
    ticket = await desk.db.read(tickets.by_token, number_of(response))
    assert ticket is not None
    return ticket


async def test_a_report_becomes_a_ticket_whose_clock_runs(visitor: Browser, desk: Desk) -> None:
    ticket = await ticket_of(desk, await send(visitor, judul="AC mati", bidang="keuangan"))

    assert (ticket.subject, ticket.channel, ticket.proof) == ("AC mati", "web", "stated")
    opened = await desk.db.read(visits.open_of, ticket.id)
    assert opened is not None and opened.visit.due_at is not None
    assert ticket.categories and opened.unit == ticket.unit
    claims = await desk.db.read(contacts.claims, ticket.contact)
    assert {(each.kind, each.value, each.level) for each in claims} == {
        ("nim", "221040037", "stated"),
        ("email", "putri@mhs.contoh.ac.id", "stated"),
    }


async def test_a_double_press_makes_one_ticket(visitor: Browser, desk: Desk) -> None:
    first = await send(visitor, kunci="k" * 24)
    second = await send(visitor, kunci="k" * 24)

    assert first.headers["location"] == second.headers["location"]
    assert len(await desk.db.read(tickets.since, 0, 10)) == 1


async def test_other_words_in_a_form_sent_before_are_not_lost(visitor: Browser, desk: Desk) -> None:
    """A browser may show the old form again on the way back."""
    first = await send(visitor, kunci="k" * 24)
    second = await send(visitor, kunci="k" * 24, isi="Satu hal lain lagi")

    assert first.headers["location"] != second.headers["location"]


async def test_the_status_page_greets_with_number_link_and_qr(visitor: Browser, desk: Desk) -> None:
    sent = await send(visitor)
    page = await visitor.open(sent.headers["location"])

    assert page.status_code == 200
    assert "#1001" in page.text and f"http://desk.example/status/{number_of(sent)}" in page.text
    assert 'src="data:image/svg+xml' in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.headers["x-robots-tag"]


async def test_what_is_missing_is_said_above_and_beside_and_the_rest_is_kept(visitor: Browser) -> None:
    page = await send(visitor, isi=" ", judul="AC <mati>", surel="putri@mhs")

    assert page.status_code == 422
    assert '<a href="#isi">' in page.text and '<a href="#surel">' in page.text
    assert 'value="AC &lt;mati&gt;"' in page.text and 'value="putri@mhs"' in page.text
    area = re.search(r'<textarea id="isi"[^>]*>', page.text)
    assert area and 'aria-invalid="true"' in area[0] and "isi-e" in area[0]


async def test_nobody_reports_without_consent(visitor: Browser, desk: Desk) -> None:
    page = await send(visitor, setuju="")

    assert page.status_code == 422 and "Persetujuan belum diberikan" in page.text
    assert await desk.db.read(tickets.since, 0, 10) == []


async def test_who_wants_no_name_leaves_none(visitor: Browser, desk: Desk) -> None:
    ticket = await ticket_of(desk, await send(visitor, idn="anonim", nama="Dewi", telepon="081233344712"))

    assert ticket.name == "" and ticket.proof == "none"
    assert await desk.db.read(contacts.claims, ticket.contact) == []


async def test_a_stated_address_does_not_make_two_people_one(visitor: Browser, desk: Desk) -> None:
    first = await ticket_of(desk, await send(visitor))
    second = await ticket_of(desk, await send(visitor))

    assert first.contact != second.contact


async def test_a_machine_that_fills_the_hidden_field_opens_no_ticket(visitor: Browser, desk: Desk) -> None:
    page = await send(visitor, situs="https://spam.example")

    assert page.status_code == 422 and "harus kosong" in page.text
    assert await desk.db.read(tickets.since, 0, 10) == []


async def test_a_flood_from_one_address_is_slowed_and_its_words_kept(
    visitor: Browser, desk: Desk, clock: Clock
) -> None:
    for number in range(MOST):
        assert (await send(visitor, kunci=f"flood-{number:020}")).status_code == 303
    page = await send(visitor, isi="Satu lagi")

    assert page.status_code == 429
    assert "menit lagi" in page.text and "Satu lagi</textarea>" in page.text
    clock.pass_by(samples.MINUTE * 11)
    assert (await send(visitor)).status_code == 303


@pytest.fixture
async def lights(desk: Desk) -> None:
    """A category that demands identity, photo and place, as JSS UPIK has them."""
    office = samples.OFFICE.replace("\ntemplat:", LIGHTS)
    await desk.db.write(office_file.bring_in, reading.read(office), samples.NOW)


@pytest.mark.usefixtures("lights")
async def test_a_category_that_demands_photo_and_place_gets_both(visitor: Browser, desk: Desk) -> None:
    page = await send(visitor, bidang="lampu")
    assert page.status_code == 422
    assert "Foto belum dilampirkan" in page.text and "Lokasi masih kosong" in page.text

    sent = await send(
        visitor,
        bidang="lampu",
        lokasi="Jalan Kalimantan, -8.16500, 113.71600",
        files={"lampiran": ("tiang.jpg", JPEG, "image/jpeg")},
    )
    said = await _said(desk, sent)
    assert "Lokasi: Jalan Kalimantan" in said.text
    assert said.payload["location"] == [-8.165, 113.716]
    assert [each.file.kind for each in said.attachments] == [Kind.PHOTO]


@pytest.mark.usefixtures("lights")
async def test_a_category_that_needs_an_identity_refuses_no_name(visitor: Browser) -> None:
    page = await send(visitor, bidang="lampu", idn="anonim")

    assert page.status_code == 422 and "Bidang ini memerlukan identitas" in page.text


@pytest.mark.usefixtures("lights")
async def test_what_only_calls_itself_a_photo_is_none(visitor: Browser) -> None:
    script = {"lampiran": ("foto.jpg", b"<script>alert(1)</script>", "image/jpeg")}
    page = await send(visitor, bidang="lampu", lokasi="Jalan Jawa 7", files=script)

    assert page.status_code == 422 and "Foto belum dilampirkan" in page.text


async def test_each_unit_and_category_has_an_address_of_its_own(visitor: Browser, desk: Desk) -> None:
    page = await visitor.open("/lapor/feb/keuangan")
    assert "Fakultas Ekonomi dan Bisnis" in page.text
    assert re.search(r'value="keuangan" checked', page.text)
    assert 'action="/lapor/feb/keuangan?f=' in page.text

    by_address = await ticket_of(desk, await send(visitor, "/lapor/feb", isi="Pertanyaan lain"))
    elsewhere = await ticket_of(desk, await send(visitor, isi="Pertanyaan lain"))
    assert by_address.unit != elsewhere.unit


@pytest.mark.parametrize(
    "path", ["/lapor/tidakada", "/lapor/feb/akademik", "/lapor?kategori=x", "/lapor/%00"]
)
async def test_an_address_of_no_unit_is_absent(visitor: Browser, path: str) -> None:
    page = await visitor.open(path)

    assert page.status_code == 404 and "Halaman tidak ditemukan" in page.text


async def test_a_report_of_one_word_is_a_report(visitor: Browser, desk: Desk) -> None:
    assert (await ticket_of(desk, await send(visitor, isi="status"))).number == "1001"


async def test_a_form_of_another_site_is_refused(visitor: Browser, desk: Desk) -> None:
    visitor.http.headers["origin"] = "https://elsewhere.example"
    page = await send(visitor, isi="Dari situs lain")

    assert page.status_code == 409 and "Dari situs lain</textarea>" in page.text
    assert await desk.db.read(tickets.since, 0, 10) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("a%0D%0ASet-Cookie: x=1.png", "a%0D%0ASet-Cookie: x=1.png"),  # as browsers write a break
        ("foto\u202egnp.exe", "fotognp.exe"),
        ("..", ""),
        ("x" * 400 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
async def test_a_files_name_is_a_name_and_no_path(
    visitor: Browser, desk: Desk, name: str, shown: str
) -> None:
    said = await _said(desk, await _with_raw_name(visitor, name))

    assert [each.file.name for each in said.attachments] == [shown]
    path = desk.files.path(said.attachments[0].file)
    assert path.is_relative_to(desk.files.root) and path.read_bytes() == b"%PDF-1.7 isi"


def test_a_files_name_is_one_line() -> None:
    assert name_of("a\r\nSet-Cookie: x=1.png\0") == "a Set-Cookie: x=1.png"


async def test_names_and_subjects_hold_no_line_break_nor_turned_letters(visitor: Browser, desk: Desk) -> None:
    sent = await send(visitor, idn="umum", nama="Dewi\r\nBcc: a@b.id\u202e\0", judul="Satu\r\nDua")
    ticket = await ticket_of(desk, sent)

    assert (ticket.name, ticket.subject) == ("Dewi Bcc: a@b.id", "Satu Dua")


async def test_script_in_any_field_is_shown_as_words(visitor: Browser) -> None:
    script = "<script>alert(1)</script>"
    sent = await send(visitor, judul=script, isi=script, idn="umum", nama=script)
    page = await visitor.open(sent.headers["location"])

    assert "<script>alert" not in page.text
    assert page.text.count("&lt;script&gt;alert(1)") >= 2


async def test_a_file_beyond_its_size_is_refused_and_the_words_are_kept(visitor: Browser, desk: Desk) -> None:
    large = {"lampiran": ("besar.pdf", b"%PDF-" + bytes(11 * 1024 * 1024))}
    page = await send(visitor, isi="Lampiran besar", files=large)

    assert page.status_code == 422
    assert "Lampiran terlalu besar" in page.text and "Lampiran besar</textarea>" in page.text
    assert list(desk.files.root.rglob("*")) == []


async def test_a_form_beyond_all_bounds_keeps_the_words_before_its_files(visitor: Browser) -> None:
    page = await send(visitor, isi="Sangat besar", files={"lampiran": ("x.bin", bytes(27 * 1024 * 1024))})

    assert page.status_code == 422 and "Sangat besar</textarea>" in page.text


async def test_six_files_are_one_too_many(visitor: Browser) -> None:
    six = [("lampiran", (f"{number}.pdf", b"%PDF-")) for number in range(6)]
    page = await send(visitor, files=six)

    assert page.status_code == 422 and "lebih dari 5 berkas" in page.text


@pytest.mark.parametrize(
    "body",
    [b"", b"--x\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\nisi\r\n--x--", bytes(range(256)) * 8],
)
async def test_what_is_no_form_gets_the_form(visitor: Browser, body: bytes) -> None:
    page = await visitor.http.post(
        "/lapor", content=body, headers={"content-type": "multipart/form-data; boundary=x"}
    )

    assert page.status_code == 422 and 'name="isi"' in page.text


async def _with_raw_name(visitor: Browser, name: str) -> Response:
    """A part whose file name is written as a hostile client writes it."""
    fields = {"kunci": "raw-" + "k" * 20, "isi": "Ada lampiran", "idn": "anonim", "setuju": "ya"}
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    ]
    head = f'Content-Disposition: form-data; name="lampiran"; filename="{name}"'
    parts.append(f"--x\r\n{head}\r\n\r\n%PDF-1.7 isi\r\n--x--\r\n")
    return await visitor.http.post(
        "/lapor", content="".join(parts).encode(), headers={"content-type": "multipart/form-data; boundary=x"}
    )


async def _said(desk: Desk, sent: Response) -> messages.Message:
    ticket = await ticket_of(desk, sent)
    said = await desk.db.read(messages.of_ticket, ticket.id)
    return said[0]
