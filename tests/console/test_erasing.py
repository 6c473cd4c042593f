"""What a supervisor sees before words go, what is left on every page after, and the list by which it is accounted for."""

from datetime import timedelta

import pytest

from desk import answer, erasing, ids, triage
from desk.desk import Desk
from store import office as offices
from store import outbox, search
from store.db import Change
from tests.console.conftest import Browser, Clock, arrived
from tests.samples import NOW, officer

WORDS = "rahasiabesar"


def deliver(change: Change) -> None:
    for row in change.all("SELECT id FROM outbox WHERE state = 'queued' ORDER BY id"):
        outbox.sent(change, row["id"], state="sent", external_id=f"out-{row['id']}", at=NOW)


@pytest.fixture
async def number(desk: Desk) -> str:
    """A closed ticket with words."""
    made = await arrived(desk, f"KRS saya terkunci {WORDS}", name="Dewi Ayu")
    sari = await officer(desk.db)
    await desk.db.write(triage.tag, made, sari, "akademik", key="t", now=NOW)
    await desk.db.write(
        answer.reply, made, sari, f"Sudah {WORDS}.", key="a", ids=ids.fresh(), now=NOW, then_close=True
    )
    await desk.db.write(deliver)
    await desk.db.write(search.index_some)
    return made


async def test_it_is_said_in_numbers_before_and_asked_for_the_number_and_a_reason(
    desk: Desk, lestari: Browser, number: str
) -> None:
    page = await lestari.open(f"/tiket/{number}")
    assert f'href="/tiket/{number}/hapus"' in page.text

    page = await lestari.open(f"/tiket/{number}/hapus")
    assert page.status_code == 200 and "<dt>Pesan</dt><dd>3</dd>" in page.text

    page = await lestari.press(f"/tiket/{number}/hapus", nomor="9", alasan="Salah kirim")
    assert page.status_code == 409 and f"bukan {number}" in page.text and 'value="Salah kirim"' in page.text
    page = await lestari.press(f"/tiket/{number}/hapus", nomor=number, alasan=" ")
    assert page.status_code == 409 and "Alasan masih kosong" in page.text
    page = await lestari.press(f"/tiket/{number}/hapus", nomor=number, alasan="Salah kirim")

    assert page.status_code == 200 and "Isi tiket dihapus" in page.text and "Salah kirim" in page.text
    assert WORDS not in page.text and "Dewi" not in page.text


PAGES = {
    "/tiket/{number}": 200,
    "/tiket/{number}/cetak": 200,
    "/tiket/{number}/perkara": 200,
    "/antrean?tampilan=closed": 200,
    "/cari?q={number}": 200,
    "/cari?q=terkunci": 200,
    "/ke?q={number}": 200,
    "/keputusan/{number}": 200,
    "/retensi": 200,
    "/loket/{number}/struk": 409,
    "/tiket/{number}/tahan": 409,
    "/tiket/{number}/hapus": 200,
}


async def test_every_page_copes_with_an_erased_ticket(desk: Desk, lestari: Browser, number: str) -> None:
    who = await officer(desk.db, "lestari")
    await desk.db.write(erasing.erase_ticket, number, who, number, "Salah kirim", key="e", now=NOW)

    for path, status in PAGES.items():
        page = await lestari.open(path.format(number=number))
        assert page.status_code == status, path
        assert WORDS not in page.text and "KRS saya" not in page.text, path


async def test_the_reporters_page_says_plainly_that_the_words_are_gone(
    desk: Desk, visitor: Browser, number: str
) -> None:
    token = (await desk.db.read(lambda view: view.one("SELECT token FROM ticket")) or {})["token"]
    who = await officer(desk.db, "lestari")
    await desk.db.write(erasing.erase_ticket, number, who, number, "Salah kirim", key="e", now=NOW)

    page = await visitor.open(f"/status/{token}")

    assert page.status_code == 200 and "Isi laporan ini sudah dihapus" in page.text
    assert WORDS not in page.text and "<textarea" not in page.text


async def test_a_hold_shows_on_the_ticket_and_in_the_list_until_it_is_lifted(
    desk: Desk, lestari: Browser, number: str
) -> None:
    await lestari.open(f"/tiket/{number}/tahan")
    page = await lestari.press(f"/tiket/{number}/tahan", aksi="tahan", alasan="Perkara 12/G/2026")
    assert "Ditahan dari penghapusan sejak" in page.text and "Perkara 12/G/2026" in page.text
    assert "Perkara 12/G/2026" in (await lestari.open("/retensi")).text
    page = await lestari.open(f"/tiket/{number}/hapus")
    assert "sedang ditahan" in page.text and 'name="nomor"' not in page.text

    await lestari.open(f"/tiket/{number}/tahan")
    page = await lestari.press(f"/tiket/{number}/tahan", aksi="lepas")

    assert "Ditahan dari penghapusan sejak" not in page.text
    assert "Tidak ada tiket yang ditahan" in (await lestari.open("/retensi")).text


async def test_what_falls_due_within_thirty_days_is_listed(
    desk: Desk, lestari: Browser, number: str, clock: Clock
) -> None:
    await desk.db.write(keep_a_year)
    page = await lestari.open("/retensi")
    assert "Tidak ada yang jatuh tempo" in page.text

    clock.now += timedelta(days=340)
    page = await lestari.open("/retensi")
    assert f"#{number}" in page.text and "365 hari" in page.text


def keep_a_year(change: Change) -> None:
    change.run("UPDATE category SET retention_days = 365 WHERE code = 'akademik'")
    offices.changed(change)


async def test_a_person_is_erased_from_the_card_and_the_card_says_so(
    desk: Desk, lestari: Browser, number: str
) -> None:
    page = await lestari.open(f"/tiket/{number}")
    assert f'href="/tiket/{number}/hapus-pelapor"' in page.text
    await lestari.open(f"/tiket/{number}/hapus-pelapor")
    page = await lestari.press(f"/tiket/{number}/hapus-pelapor", nomor=number, alasan="Permintaan pelapor")

    assert page.status_code == 200 and "Data pelapor ini sudah dihapus" in page.text
    assert WORDS not in page.text and "Dewi" not in page.text and "hapus-pelapor" not in page.text
    assert "penghapusan data pelapor" in (await lestari.open("/retensi")).text


async def test_an_agent_is_offered_none_of_it(sari: Browser, number: str) -> None:
    page = await sari.open(f"/tiket/{number}")

    assert "/hapus" not in page.text and "/tahan" not in page.text
