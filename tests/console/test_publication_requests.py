"""A publication is asked for on the public form; its asker and the supervisor see how it stands."""

from collections.abc import AsyncIterator

import pytest

from console.app import build
from desk import office_file
from desk.desk import Desk
from desk.publication_seeing import digits
from sop import office_file as reading
from store import narrations, publications
from tests import offices
from tests.console.conftest import Browser, as_officer, browsing
from tests.console.test_public_form import send
from tests.samples import NOW

TYPED = {
    "judul": "Libur bersama",
    "isi": "Kampus libur pada 19 Maret 2026.",
    "idn": "umum",
    "nama": "Bagian Umum",
    "surel": "umum@example.ac.id",
    "setuju": "ya",
    "surat": "12/UN/2026",
    "tanggal": "2026-03-01",
    "sifat": "segera",
    "sasaran": "seluruh sivitas",
    "tayang": "2026-03-03T08:00",
}


@pytest.fixture
async def humas(desk: Desk) -> AsyncIterator[Browser]:
    """A visitor of a desk that has a Humas unit too."""
    await desk.db.write(office_file.bring_in, reading.read(offices.HUMAS), NOW)
    async with browsing(build(desk)) as http:
        yield Browser(http)


async def test_the_form_of_humas_asks_for_the_letter_and_the_status_page_tells_of_the_chain(
    desk: Desk, humas: Browser
) -> None:
    assert 'name="tayang"' not in (await humas.open("/lapor/feb")).text
    assert 'name="tayang"' in (await humas.open("/lapor/humas")).text
    page = await humas.open((await send(humas, "/lapor/humas", **TYPED)).headers["location"])
    (found,) = await desk.db.read(publications.running)

    assert "P-0101: Permohonan publikasi menunggu disposisi" in page.text
    assert (found.letter_number, found.letter_date, found.urgent, found.wish) == (
        "12/UN/2026",
        "2026-03-01",
        True,
        "seluruh sivitas",
    )
    assert found.wished_at == offices.wib("03-03 08.00") and found.sender == "Bagian Umum"
    narration = await desk.db.read(narrations.get, found.id, 1)
    assert narration and narration.text == "Kampus libur pada 19 Maret 2026."


async def test_the_ticket_leads_the_supervisor_to_the_publication(desk: Desk, humas: Browser) -> None:
    await send(humas, "/lapor/humas", **TYPED)
    (found,) = await desk.db.read(publications.running)
    lestari = await as_officer(desk, humas, "lestari")
    page = await lestari.open(f"/tiket/{found.ticket}")

    assert f'href="/publikasi/{found.number}"' in page.text
    assert digits(found.number) == found.id


async def test_a_form_that_lacks_something_keeps_the_letters_fields(desk: Desk, humas: Browser) -> None:
    page = await send(humas, "/lapor/humas", **TYPED | {"isi": ""})

    assert page.status_code == 422 and 'value="12/UN/2026"' in page.text
    assert await desk.db.read(publications.running) == []
