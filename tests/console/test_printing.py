"""The case on paper: what the SOP's form files, measured beside allowed time, the reporter's words and no internal note."""

from datetime import timedelta

from desk import answer, ids, pdf
from desk.desk import Desk
from tests import samples
from tests.console.conftest import Browser, arrived
from tests.samples import NOW


async def answered(desk: Desk) -> str:
    """A ticket with a note, answered ten minutes after it came."""
    number = await arrived(desk, "Saya Dewi, NIM 231040112, KRS saya terkunci")
    officer = await samples.officer(desk.db)
    await desk.db.write(
        answer.note, number, officer, "Hanya untuk petugas", key="n", ids=ids.fresh(), now=NOW
    )
    later = NOW + timedelta(minutes=10)
    await desk.db.write(
        answer.reply, number, officer, "KRS Anda sudah dibuka.", key="a", ids=ids.fresh(), now=later
    )
    return number


async def test_the_paper_holds_each_step_with_measured_and_allowed_time(sari: Browser, desk: Desk) -> None:
    number = await answered(desk)

    page = await sari.open(f"/tiket/{number}/cetak")

    text = page.text
    step = text[text.index("Menganalisa laporan") : text.index("Laporan dan jawaban")]
    assert "15 menit" in step
    assert "10 mnt" in step
    assert "231040112" in text
    assert "KRS saya terkunci" in text
    assert "KRS Anda sudah dibuka." in text
    assert "PK 5.5" in text


async def test_no_internal_note_is_printed(sari: Browser, desk: Desk) -> None:
    number = await answered(desk)

    assert "Hanya untuk petugas" not in (await sari.open(f"/tiket/{number}/cetak")).text


async def test_the_pdf_is_made_where_it_can_be_and_else_the_page_prints(sari: Browser, desk: Desk) -> None:
    number = await answered(desk)

    got = await sari.open(f"/tiket/{number}/cetak.pdf")

    assert got.status_code == 200
    if pdf.available():
        assert got.content.startswith(b"%PDF-")
    else:
        assert got.url.path == f"/tiket/{number}/cetak"
