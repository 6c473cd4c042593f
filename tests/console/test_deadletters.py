"""/gagal and /templat-wa: what did not leave and what to do about it, and the registry of WhatsApp's templates."""

from desk import answer, provider_templates, sending
from desk.desk import Desk
from sop.messages import Receipt, SendFailed
from store import outbox
from store.db import View
from tests.console.conftest import Browser, arrived
from tests.samples import NOW, ids, officer

SID = "HX" + "0" * 32


async def refused(desk: Desk) -> int:
    """The answer to a ticket fails for good; its outbox row."""
    number = await arrived(desk)
    sari = await officer(desk.db)
    await desk.db.write(answer.reply, number, sari, "Kata petugas.", key="a", ids=ids(), now=NOW)
    for letter in await desk.db.write(sending.claim, "telegram", NOW, 8):
        await desk.db.write(sending.sent, letter, Receipt(external_id=str(letter.id)), NOW)
    for letter in await desk.db.write(sending.claim, "telegram", NOW, 8):
        failure = SendFailed("Orang ini memblokir kita.")
        await desk.db.write(sending.failed, letter, failure, NOW, 0.5)
    return (await desk.db.read(outbox.dead))[0].id


async def test_a_failed_answer_is_edited_and_sent_again(sari: Browser, desk: Desk) -> None:
    number = await refused(desk)

    await sari.open("/gagal")
    assert "memblokir" in sari.page.text and "Pilih alamat lain" in sari.page.text
    await sari.open(f"/gagal/{number}")
    await sari.press(f"/gagal/{number}/ubah", isi="Kata lain.")

    assert "masuk antrean kirim" in sari.page.text
    assert await desk.db.read(_text, number) == ("queued", "Kata lain.")


async def test_what_was_typed_stands_again_when_it_is_refused(sari: Browser, desk: Desk) -> None:
    number = await refused(desk)
    await sari.open(f"/gagal/{number}")

    await sari.press(f"/gagal/{number}/ubah", isi="a" * 17_000)

    assert sari.page.status_code == 409
    assert "terlalu panjang" in sari.page.text and "a" * 17_000 in sari.page.text


async def test_a_failed_answer_becomes_a_call_or_is_settled(sari: Browser, desk: Desk) -> None:
    number = await refused(desk)
    await sari.open("/gagal")

    await sari.press(f"/gagal/{number}/lain", lewat="telepon")
    assert "Semua pesan terkirim" in sari.page.text
    assert "Kata petugas" in (await sari.open("/loket")).text
    assert (await sari.open(f"/gagal/{number}")).status_code == 404


async def test_a_supervisor_keeps_the_registry(lestari: Browser, desk: Desk) -> None:
    await lestari.open("/templat-wa")
    await lestari.press("/templat-wa", sid="HX1", nama="jawaban")
    assert lestari.page.status_code == 409 and "diawali HX" in lestari.page.text

    await lestari.press("/templat-wa", sid=SID, nama="jawaban_tersedia")
    assert "Belum diperiksa" in lestari.page.text
    await desk.db.write(provider_templates.pulled, [_Content("rejected")], NOW)
    assert "menyerupai penipuan" in (await lestari.open("/templat-wa")).text
    await desk.db.write(provider_templates.pulled, [_Content("approved")], NOW)
    await lestari.open("/templat-wa/1")
    assert "Disetujui" in lestari.page.text and "tersedia" in lestari.page.text
    await lestari.press("/templat-wa/1/ubah", nama="Jawaban", isian1="kantor")
    assert "Templat tersimpan" in lestari.page.text
    await lestari.open("/templat-wa/1")
    await lestari.press("/templat-wa/1/pensiun")
    assert "tidak dipakai" in lestari.page.text


class _Content:
    sid = SID
    body = "Jawaban {{1}} tersedia."

    def __init__(self, state: str) -> None:
        self.state = state
        self.reason = "SCAM" if state == "rejected" else ""


def _text(view: View, number: int) -> tuple[str, str]:
    letter = outbox.get(view, number)
    assert letter
    return letter.state, letter.outgoing.text
