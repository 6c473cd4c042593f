"""A ticket's page without JavaScript: the answer, its template, draft and file; nothing typed is lost, nothing leaves by accident."""

import re
from datetime import timedelta

from desk import answer, ids, sending
from desk.desk import Desk
from sop.messages import SendFailed
from store import messages, outbox
from store.db import Change, View
from tests import samples
from tests.console.conftest import Browser, Clock, arrived, said, status
from tests.samples import NOW


async def test_an_agent_answers_and_the_page_shows_it_waiting_to_leave(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")

    page = await sari.press(f"/tiket/{number}", isi="KRS Anda sudah kami buka.", aksi="jawab", jenis="jawab")

    assert page.status_code == 200
    assert await said(desk, number) == [("out", "KRS Anda sudah kami buka.")]
    assert "Jawaban masuk antrean kirim." in page.text
    assert "Antre" in page.text


async def test_the_same_form_sent_twice_answers_once(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    form = {name: sari.field(name, f"/tiket/{number}") for name in ("token", "kunci", "dibaca")}

    for _ in range(2):
        sent = await sari.http.post(f"/tiket/{number}", data=form | {"isi": "Sudah.", "aksi": "jawab"})
        assert sent.status_code == 303

    assert len(await said(desk, number)) == 1


async def test_answer_and_close_needs_a_category_and_says_so_beside_the_button(
    sari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    page = await sari.open(f"/tiket/{number}")
    assert re.search(r'value="tutup"[^>]*disabled', page.text)
    assert "Pilih kategori dahulu agar dapat ditutup." in page.text

    refused = await sari.press(f"/tiket/{number}", isi="Sudah selesai, ya.", aksi="tutup")
    assert refused.status_code == 409
    assert sari.area("isi") == "Sudah selesai, ya."
    assert await said(desk, number) == []

    await sari.press(f"/tiket/{number}/kategori", tambah="akademik")
    await sari.press(f"/tiket/{number}", isi="Sudah selesai, ya.", aksi="tutup")
    assert await status(desk, number) == "closed"
    assert await said(desk, number) == [("out", "Sudah selesai, ya.")]


async def test_an_answer_written_while_the_reporter_wrote_again_is_held_and_kept(
    sari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    await arrived(desk, text="Maaf, ternyata nilai saya yang salah")

    page = await sari.press(f"/tiket/{number}", isi="KRS Anda sudah dibuka.", aksi="jawab")

    assert page.status_code == 409
    assert 'role="alert"' in page.text
    assert "Ada pesan baru" in page.text
    assert "Maaf, ternyata nilai saya yang salah" in page.text
    assert sari.area("isi") == "KRS Anda sudah dibuka."
    assert await said(desk, number) == []
    await sari.press(f"/tiket/{number}", isi=sari.area("isi"), aksi="jawab")
    assert len(await said(desk, number)) == 1


async def test_two_agents_answering_at_once_send_one_answer_and_lose_no_word(
    sari: Browser, lestari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    await lestari.open(f"/tiket/{number}")

    await sari.press(f"/tiket/{number}", isi="Jawaban Sari", aksi="jawab")
    page = await lestari.press(f"/tiket/{number}", isi="Jawaban Lestari", aksi="jawab")

    assert page.status_code == 409
    assert "Jawaban Sari" in page.text
    assert lestari.area("isi") == "Jawaban Lestari"
    assert await said(desk, number) == [("out", "Jawaban Sari")]


async def test_a_template_is_looked_at_used_and_still_edited(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")

    page = await sari.press(f"/tiket/{number}", isi="Selamat siang.", aksi="templat")
    assert "<mark>Dewi</mark>" in page.text
    assert sari.area("isi") == "Selamat siang."
    template = re.search(r'value="pakai\.(\d+)"', page.text)
    assert template
    await sari.press(f"/tiket/{number}", isi=sari.area("isi"), aksi=f"pakai.{template[1]}")

    assert sari.area("isi") == (
        f"Selamat siang.\n\nSelamat pagi, Dewi. Sandi baru aktif 10 menit setelah diubah. (#{number})"
    )
    assert sari.field("templat") == template[1]
    await sari.press(
        f"/tiket/{number}", isi=sari.area("isi") + " Terima kasih.", aksi="jawab", templat=template[1]
    )
    assert (await said(desk, number))[0][1].endswith("Terima kasih.")
    sent = (await desk.db.read(messages.of_ticket, int(number)))[-1]
    assert sent.template == int(template[1])


async def test_a_template_with_an_empty_hole_asks_for_it_and_does_not_leave(
    sari: Browser, desk: Desk
) -> None:
    number = await arrived(desk, name="")
    await sari.open(f"/tiket/{number}")
    page = await sari.press(f"/tiket/{number}", isi="", aksi="templat")
    assert '<mark class="miss">nama pelapor</mark>' in page.text
    template = re.search(r'value="pakai\.(\d+)"', page.text)
    assert template

    await sari.press(f"/tiket/{number}", isi="", aksi=f"pakai.{template[1]}")
    refused = await sari.press(f"/tiket/{number}", isi=sari.area("isi"), aksi="jawab", templat=template[1])
    assert refused.status_code == 409
    assert "Isian belum terisi: nama pelapor." in refused.text
    assert await said(desk, number) == []

    await sari.press(f"/tiket/{number}", isi="", aksi=f"pakai.{template[1]}", **{"isian.nama": "Ibu Ratna"})
    assert sari.area("isi").startswith("Selamat pagi, Ibu Ratna.")


async def test_a_draft_is_there_when_one_comes_back(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")

    typed = {"token": sari.field("token"), "isi": "Belum selesai", "catatan": "Untuk Budi"}
    assert (await sari.http.post(f"/tiket/{number}/konsep", data=typed)).status_code == 204

    await sari.open(f"/tiket/{number}")
    assert sari.area("isi") == "Belum selesai"
    assert sari.area("catatan") == "Untuk Budi"


async def test_a_message_that_failed_says_why_and_is_sent_again(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    officer = await samples.officer(desk.db)
    await desk.db.write(answer.reply, number, officer, "Halo", key="k", ids=ids.fresh(), now=NOW)
    await desk.db.write(_fail)

    page = await sari.open(f"/tiket/{number}")
    assert "Gagal: chat not found" in page.text
    await sari.press(f"/tiket/{number}/kirim-ulang", surat=sari.field("surat"))

    assert "Gagal: chat not found" not in sari.page.text


def _fail(change: Change) -> None:
    for letter in sending.claim(change, "telegram", NOW, 10):
        sending.failed(change, letter, SendFailed("chat not found"), NOW, 0.0)


async def test_whatsapps_window_is_shown_and_its_end_keeps_the_draft(
    sari: Browser, desk: Desk, clock: Clock
) -> None:
    number = await arrived(desk, channel="whatsapp", key="w1", sender="whatsapp:+628123334471")
    page = await sari.open(f"/tiket/{number}")
    assert "Jendela 24 jam: sisa 1 hr" in page.text
    assert "+62 812-••••-4471" in page.text
    assert "8123334471" not in page.text.replace("+62 812-••••-4471", "")
    await sari.press(f"/tiket/{number}", isi="Konsep", aksi="simpan")

    clock.now += timedelta(hours=25)
    page = await sari.open(f"/tiket/{number}")

    assert "Jendela 24 jam WhatsApp sudah tertutup" in page.text
    assert "Jawaban menjadi tugas telepon" in page.text
    assert sari.area("isi") == "Konsep"


async def test_an_attachment_is_sent_and_comes_back_as_a_download(
    sari: Browser, budi: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    form = {name: sari.field(name, f"/tiket/{number}") for name in ("token", "kunci", "dibaca")}

    await sari.http.post(
        f"/tiket/{number}",
        data=form | {"isi": "Terlampir.", "aksi": "jawab"},
        files={"berkas": ("<b>surat</b>.html", b"<script>alert(1)</script>", "text/html")},
    )

    sent = (await desk.db.read(messages.of_ticket, int(number)))[-1]
    file = await sari.http.get(f"/berkas/{sent.attachments[0].id}")
    assert file.content == b"<script>alert(1)</script>"
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in file.headers["content-security-policy"]
    assert file.headers["x-content-type-options"] == "nosniff"
    assert (await budi.http.get(f"/berkas/{sent.attachments[0].id}")).status_code == 404


async def test_the_answer_that_left_is_one_outbox_row_to_the_reporter(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    await sari.press(f"/tiket/{number}", isi="Sudah.", aksi="jawab")

    rows = await desk.db.read(_queued)

    assert [(row.outgoing.to, row.outgoing.text) for row in rows if row.kind == "answer"] == [
        ("7001", "Sudah.")
    ]


def _queued(view: View) -> list[outbox.Letter]:
    ids_of = view.all("SELECT id FROM outbox WHERE state = 'queued' ORDER BY id")
    return [letter for row in ids_of if (letter := outbox.get(view, row["id"]))]
