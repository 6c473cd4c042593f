"""Merging, splitting, linking and following on the ticket's page, without JavaScript; what a category asks of an answer."""

import re

import pytest

from desk import answer, closing, ids, linking, merging, office_file, triage
from desk.desk import Desk
from sop import office_file as reading
from sop.messages import File
from store import messages, tickets
from tests import samples
from tests.console.conftest import Browser, arrived
from tests.console.test_queue import counted
from tests.samples import NOW

STRICT = samples.OFFICE.replace(
    "{kode: akademik, nama: Akademik,", "{kode: akademik, nama: Akademik, identitas: checked,"
).replace("{kode: akun, nama: Akun,", "{kode: akun, nama: Akun, hanya_templat: true,")


def talk_of(text: str) -> str:
    """The conversation's part of the page."""
    return text[text.index('id="percakapan"') : text.index('id="rincian"')]


async def two(desk: Desk) -> tuple[str, str]:
    """Two tickets of one person."""
    return await arrived(desk), await arrived(desk, text="Nilai saya belum muncul", key="7001.2")


async def test_two_tickets_become_one_thread_and_two_again(sari: Browser, desk: Desk) -> None:
    first, second = await two(desk)
    page = await sari.open(f"/tiket/{second}/gabung")
    assert f'value="{first}"' in page.text

    page = await sari.press(f"/tiket/{second}/gabung", ke=first)

    assert page.url.path == f"/tiket/{first}"
    assert "KRS saya terkunci" in page.text
    assert "Nilai saya belum muncul" in page.text
    assert f"menggabungkan #{second} ke tiket ini" in page.text
    page = await sari.open(f"/tiket/{second}")
    assert f"menggabungkan tiket ini ke #{first}" in page.text
    page = await sari.press(f"/tiket/{second}/batal-gabung")
    assert page.status_code == 200
    page = await sari.open(f"/tiket/{first}")
    assert "Nilai saya belum muncul" not in talk_of(page.text)


async def test_the_second_who_merges_is_told_and_keeps_what_was_typed(
    sari: Browser, lestari: Browser, desk: Desk
) -> None:
    first, second = await two(desk)
    await lestari.open(f"/tiket/{second}")
    await sari.open(f"/tiket/{second}/gabung")
    await sari.press(f"/tiket/{second}/gabung", ke=first)

    page = await lestari.press(f"/tiket/{second}", isi="Jawaban saya", aksi="jawab")

    assert page.status_code == 409
    assert f"sudah digabung ke tiket #{first}" in page.text
    assert lestari.area("isi") == "Jawaban saya"


async def test_chosen_messages_are_split_off_and_come_back(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    await arrived(desk, text="Selain itu sandi surel saya lupa")
    page = await sari.open(f"/tiket/{number}/pisah")
    chosen = re.findall(r'name="pesan" value="(\d+)"', page.text)

    page = await sari.press(f"/tiket/{number}/pisah", pesan=chosen[1], pokok="Sandi surel")

    assert "Sandi surel" in page.text
    assert "Dipisahkan dari" in page.text
    new = page.url.path.rpartition("/")[2]
    page = await sari.press(f"/tiket/{new}/batal-pisah")
    assert page.url.path == f"/tiket/{number}"
    assert "Selain itu sandi surel saya lupa" in page.text


async def test_another_address_is_found_linked_and_undone(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    other = await arrived(
        desk, "NIM saya 231040112", channel="whatsapp", key="w1", sender="whatsapp:+628123334471"
    )
    page = await sari.open(f"/tiket/{number}/tautkan?q=231040112")
    assert f'value="{other}"' in page.text
    assert "8123334471" not in page.text

    page = await sari.press(f"/tiket/{number}/taut", lain=other)

    assert "+62 812-••••-4471" in page.text
    assert "ditautkan" in page.text
    move = re.search(r'name="pindah" value="(\d+)"', page.text)
    assert move
    page = await sari.press(f"/tiket/{number}/batal-taut", pindah=move[1])
    assert "+62 812-••••-4471" not in page.text


async def test_the_persons_other_tickets_stand_between_on_request(sari: Browser, desk: Desk) -> None:
    first, second = await two(desk)
    page = await sari.open(f"/tiket/{first}")
    talk = talk_of(page.text)
    assert "Nilai saya belum muncul" not in talk

    page = await sari.open(f"/tiket/{first}?semua=1")

    talk = talk_of(page.text)
    assert "Nilai saya belum muncul" in talk
    assert f'href="/tiket/{second}#m' in talk


async def test_of_the_persons_tickets_elsewhere_nothing_shows(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    other = await arrived(desk, text="UKT saya kelebihan", key="7001.2")
    lestari = await samples.officer(desk.db, "lestari")
    await desk.db.write(triage.tag, other, lestari, "keuangan", key="t", now=NOW)

    page = await sari.open(f"/tiket/{number}?semua=1")

    assert "UKT saya kelebihan" not in page.text
    assert f"#{other}" not in page.text


async def test_a_ticket_is_followed_by_a_press(sari: Browser, desk: Desk) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")

    page = await sari.press(f"/tiket/{number}/ikut")

    assert "Berhenti mengikuti" in page.text
    assert "Ikuti tiket ini" in (await sari.press(f"/tiket/{number}/tidak-ikut")).text


async def strict(desk: Desk, category: str) -> str:
    """A ticket filed under a category that asks for something."""
    await desk.db.write(office_file.bring_in, reading.read(STRICT), NOW)
    number = await arrived(desk, text="Saya Dewi, NIM 231040112, nilai saya berapa")
    await desk.db.write(
        triage.tag, number, await samples.officer(desk.db), category, key=f"tag-{category}", now=NOW
    )
    return number


async def test_nothing_is_answered_before_the_identity_is_checked(sari: Browser, desk: Desk) -> None:
    number = await strict(desk, "akademik")
    page = await sari.open(f"/tiket/{number}")
    assert 'id="syarat-identitas"' in page.text

    page = await sari.press(f"/tiket/{number}", isi="Nilai Anda A.", aksi="jawab")

    assert page.status_code == 409
    assert "meminta identitas pelapor diperiksa sebelum dijawab" in page.text
    assert sari.area("isi") == "Nilai Anda A."
    claim = re.search(r'name="klaim" value="([0-9a-f]+)"', page.text[page.text.index("2310••••12") :])
    assert claim
    page = await sari.press(f"/tiket/{number}/identitas", klaim=claim[1], cara="SIAKAD", sah="1")
    assert 'id="syarat-identitas"' not in page.text
    assert (await sari.press(f"/tiket/{number}", isi="Nilai Anda A.", aksi="jawab")).status_code == 200


async def test_where_only_templates_answer_own_words_are_refused(sari: Browser, desk: Desk) -> None:
    number = await strict(desk, "akun")
    page = await sari.open(f"/tiket/{number}")
    assert 'id="syarat-templat"' in page.text
    page = await sari.press(f"/tiket/{number}", isi="Coba lagi nanti.", aksi="jawab")
    assert page.status_code == 409
    assert "hanya boleh dijawab dengan templat" in page.text

    page = await sari.press(f"/tiket/{number}", isi="", aksi="templat")
    template = re.search(r'value="pakai\.(\d+)"', page.text)
    assert template
    await sari.press(f"/tiket/{number}", isi="", aksi=f"pakai.{template[1]}")
    sent = await sari.press(f"/tiket/{number}", isi=sari.area("isi"), aksi="jawab", templat=template[1])

    assert sent.status_code == 200
    said = await desk.db.read(messages.of_ticket, int(number))
    assert [each.template for each in said if each.author] == [int(template[1])]


@pytest.mark.parametrize("path", ["gabung", "pisah", "tautkan?q=dewi", "cetak"])
async def test_foreign_and_absent_are_alike(budi: Browser, desk: Desk, path: str) -> None:
    number = await arrived(desk)

    foreign, absent = await budi.open(f"/tiket/{number}/{path}"), await budi.open(f"/tiket/9999/{path}")

    assert foreign.status_code == absent.status_code == 404
    assert foreign.text.replace(number, "N") == absent.text.replace("9999", "N")


async def test_a_reporters_old_link_leads_to_where_the_ticket_went(
    sari: Browser, visitor: Browser, desk: Desk
) -> None:
    first, second = await two(desk)
    ticket = await desk.db.read(tickets.find, int(second))
    assert ticket
    await sari.open(f"/tiket/{second}/gabung")
    await sari.press(f"/tiket/{second}/gabung", ke=first)

    page = await visitor.open(f"/status/{ticket.token}")

    assert page.status_code == 200
    assert "KRS saya terkunci" in page.text
    assert "Nilai saya belum muncul" in page.text
    officer = await samples.officer(desk.db)
    await desk.db.write(triage.tag, first, officer, "akademik", key="t", now=NOW)
    await desk.db.write(answer.reply, first, officer, "Beres.", key="a", ids=ids.fresh(), now=NOW)
    await desk.db.write(closing.close, first, officer, key="c", now=NOW)


async def test_a_thread_of_many_tickets_addresses_and_files_takes_no_query_more(desk: Desk) -> None:
    first, second = await two(desk)
    officer = await samples.officer(desk.db)
    await desk.db.write(triage.take, first, officer, key="t", now=NOW)
    alone = await counted(desk, f"/tiket/{first}")
    await desk.db.write(merging.merge, second, officer, first, key="m", now=NOW)
    for each in range(3):
        other = await arrived(desk, text=f"Surat {each}", key=f"x{each}", sender=f"x{each}", name="Dewi")
        await desk.db.write(linking.link, first, officer, other, key=f"l{each}", now=NOW)
        await desk.db.write(merging.merge, other, officer, first, key=f"m{each}", now=NOW)
    files = tuple(
        File(name=f"{each}.pdf", content_type="application/pdf", remote=f"r{each}") for each in range(3)
    )
    for _ in range(8):
        await arrived(desk, text="Lagi", key="7001.2", files=files)
    for _ in range(12):
        await arrived(desk, text="Masih")

    assert alone == (1, 1 + 4)
    for more in ("", "?semua=1", "?sebelum=9", "?tampilan=all&kanal=mail&pemegang=sari&sejak=2026-01-01"):
        assert await counted(desk, f"/tiket/{first}{more}") == alone, more
    assert await counted(desk, f"/tiket/{first}?templat=") == (1, 1 + 4 + 1)
