"""SOP PKIH HUM-02 in chat: a letter becomes a request, five lanes decide by buttons, it leaves and is archived."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bots.humas_commands import COMMANDS
from demo import samples as samples_of_phone
from desk import sending, staff, sweep
from desk.push_feed import PushFeed
from sop.messages import SendFailed
from sop.publication import Status
from store import narrations, publications, targets
from store.db import Change, Database
from tests import samples
from tests.bots.humas_bench import LOGINS, PHONES, START, HumasBench, humas_bench
from tests.flows.publishing import Chain
from tests.offices import wib

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
LETTER = """Nomor: 12/UN25/2026
Tanggal: 17 Februari 2026
Perihal: Jadwal wisuda periode IV
Dari: BAAK

Wisuda periode IV pada 12 Desember, pukul 08.00, di gedung utama."""


@pytest.fixture
async def bench(sqlite: Database, tmp_path: Path) -> AsyncIterator[HumasBench]:
    async with humas_bench(sqlite, tmp_path) as made:
        yield made


@pytest.fixture
async def on_both(db: Database, tmp_path: Path) -> AsyncIterator[HumasBench]:
    """On each engine in turn."""
    async with humas_bench(db, tmp_path) as made:
        yield made


async def ask(bench: HumasBench, login: str = "lestari") -> None:
    """A letter that says most of it itself; the rest is asked for."""
    said = await bench.sends(login, PDF, "surat.pdf", "application/pdf", LETTER)
    assert "Apa sifatnya?" in said
    assert "Siapa sasaran" in await bench.presses(login, "Biasa")
    assert "Kapan diharapkan" in await bench.presses(login, "Lewati")
    assert "Periksa, lalu kirim" in await bench.writes(login, "besok 13.00")
    assert "P-0101" in await bench.presses(login, "Kirim permohonan")


async def test_the_seven_steps_in_chat_with_their_times(on_both: HumasBench) -> None:
    bench = on_both
    async with bench.listening() as bot:
        await ask(bench)
        await bench.cards(bot)
        bench.at("02-18 09.00")
        assert "Disposisikan" in bench.labels("wr3")
        assert "tulis instruksi singkat" in await bench.presses("wr3", "Disposisikan")
        assert "Berikutnya: Kepala BPKH." in await bench.presses("wr3", "Mohon ditindaklanjuti.")

        await bench.cards(bot)
        bench.at("02-18 10.00")
        assert "belum dipilih" in await bench.presses("bpkh", "Instruksikan")
        await bench.presses("bpkh", f"sas:101:{bench.target}:1")
        assert any(label.startswith("[x] Kabar Contoh") for label in bench.labels("bpkh"))
        await bench.presses("bpkh", "Instruksikan")
        assert "Koordinator PKIH" in await bench.writes("bpkh", "Telegram saja, sore ini.")

        await bench.cards(bot)
        bench.at("02-18 10.30")
        await bench.presses("koor-pkih", "Instruksikan")
        await bench.presses("koor-pkih", "Tanpa catatan")

        await bench.cards(bot)
        bench.at("02-18 10.35")
        assert "Periksa naskah versi 1" in await bench.presses("wk-humas", "periksa:")
        assert "belum lengkap" in await bench.presses("wk-humas", "pub:101:4:layak")
        for point in ("accuracy", "wording", "office", "pictures"):
            await bench.presses("wk-humas", f"cek:101:1:{point}:1")
        await bench.presses("wk-humas", "pub:101:4:layak")

        await bench.cards(bot)
        bench.at("02-18 10.38")
        audience = await bench.presses("wk-humas", "Instruksikan")
        assert "Kabar Contoh (Telegram)" in audience and "Jumlah: 1 kiriman" in audience
        await bench.presses("wk-humas", "Ya, perintahkan")

        await bench.cards(bot)
        bench.at("02-18 10.40")
        await bench.presses("petugas", "sebar:")
        assert "Uji dikirim" in await bench.presses("petugas", "Uji ke saya")
        await bench.cards(bot)
        assert bench.public.went == [str(PHONES["petugas"])]
        await bench.presses("petugas", "Sebar sekarang")
        await bench.cards(bot)
        await bot.progress.once()
        assert any("Selesai disebar: 1 dari 1" in words for words in bench.said("petugas"))
        assert bench.public.went[1:] == ["-1001"]

        await bench.cards(bot)
        bench.at("02-18 10.44")
        await bench.presses("petugas", "Arsipkan")

    case = await bench.case()
    assert (case.status, case.source, case.letter_number) == (Status.ARCHIVED, "humas", "12/UN25/2026")
    stays = await bench.history()
    assert [(each.step, each.decision) for each in stays] == [
        ("disposisi", "disposisi"),
        ("tindak-lanjut", "instruksi"),
        ("fasilitasi", "instruksi"),
        ("narasi", "layak"),
        ("perintah", "instruksi"),
        ("sebar", "terbitkan"),
        ("arsip", "arsipkan"),
    ]
    assert all(each.closed_at and each.due_at and each.closed_at <= each.due_at for each in stays)
    assert [each.reason for each in stays[:3]] == ["Mohon ditindaklanjuti.", "Telegram saja, sore ini.", ""]


async def to_the_check(bench: HumasBench) -> None:
    """Asked and instructed through to step 4, where Wakil Koordinator Humas has it."""
    chain = Chain(bench.db, target=bench.target)
    await chain.ask("02-18 08.30")
    await chain.go("wr3", "disposisi", "02-18 09.00")
    await chain.choose("bpkh", "02-18 09.10")
    await chain.go("bpkh", "instruksi", "02-18 09.10")
    await chain.go("koor-pkih", "instruksi", "02-18 09.20")
    bench.at("02-18 09.25")


async def to_the_push(bench: HumasBench) -> None:
    await to_the_check(bench)
    chain = Chain(bench.db, number="P-0101")
    await chain.tick("wk-humas", "02-18 09.26")
    await chain.go("wk-humas", "layak", "02-18 09.26")
    await chain.go("wk-humas", "instruksi", "02-18 09.27")
    bench.at("02-18 09.28")


async def test_a_return_goes_back_with_its_reason_and_the_lane_reads_it(bench: HumasBench) -> None:
    await to_the_check(bench)
    async with bench.listening() as bot:
        await bench.cards(bot)
        await bench.presses("wk-humas", "periksa:")
        assert "tulis alasannya" in await bench.presses("wk-humas", "Kembalikan")
        said = await bench.writes("wk-humas", "Jam gladi bersih belum ada.")
        assert "Kembalikan: Wk 09.25" in said and "Koordinator PKIH" in said
        await bench.cards(bot)

    assert "Jam gladi bersih belum ada." in bench.said("koor-pkih")[-1]
    assert (await bench.case()).step == "fasilitasi"


async def test_a_deputy_decides_in_chat_and_the_stay_says_for_whom(bench: HumasBench) -> None:
    await bench.db.write(
        staff.grant,
        "lestari",
        lane="wr3",
        unit="humas",
        now=wib(START),
        deputy_of="wr3",
        decree="SK 7/2026",
        until_at=wib("02-20 16.00"),
    )
    await Chain(bench.db).ask("02-18 08.30", login="petugas")
    async with bench.listening() as bot:
        await bench.cards(bot)
        await bench.presses("lestari", "Disposisikan")
        await bench.presses("lestari", "Tanpa catatan")

    (stay, *_) = await bench.history()
    principal = await samples.officer(bench.db, "wr3", wib(START))
    assert (stay.decision, stay.deputy_of) == ("disposisi", principal.id)


async def test_a_late_lane_is_reminded_in_chat_and_decides_all_the_same(bench: HumasBench) -> None:
    await to_the_check(bench)
    async with bench.listening() as bot:
        bench.at("02-18 09.31")
        await sweep.once(bench.db, bench.clock())
        await bench.cards(bot)
        assert "melewati tenggat" in bench.said("wk-humas")[-1]
        await bench.writes("wk-humas", "/lihat P-0101")
        await bench.presses("wk-humas", "Kembalikan")
        await bench.presses("wk-humas", "Mohon cocokkan tanggal, waktu, dan tempat.")

    stay = (await bench.history())[-1]
    assert stay.due_at and stay.closed_at and stay.closed_at > stay.due_at


async def test_a_second_press_is_told_who_decided_and_when(bench: HumasBench) -> None:
    await Chain(bench.db).ask("02-18 08.30", login="petugas")
    async with bench.listening() as bot:
        await bench.cards(bot)
        card, data = bench.button("wr3", "pub:")
        await bench.presses("wr3", "Disposisikan")
        await bench.presses("wr3", "Tanpa catatan")
        bench.at("02-18 09.05")
        again = await bench.presses("wr3", data, card=card)

    assert "Sudah diputuskan: Disposisikan, oleh Wr3, Rab 18 Feb, 08.30 WIB." in again
    assert [each.decision for each in await bench.history()] == ["disposisi"]


async def test_a_card_of_an_earlier_stay_decides_nothing(bench: HumasBench) -> None:
    await to_the_push(bench)
    async with bench.listening() as bot:
        await bench.cards(bot)
        await bench.writes("petugas", "/lihat 101")
        card, data = bench.button("petugas", "mulai:")
        chain = Chain(bench.db, number="P-0101")
        await chain.write("petugas", "Wisuda 13 Desember.", "02-18 09.29", read=1)  # back to the check
        said = await bench.presses("petugas", data, card=card)
        await bench.cards(bot)

    assert "Sudah diputuskan" in said
    assert bench.public.went == []


async def test_a_new_narration_shows_what_it_changed_and_goes_back_to_the_check(bench: HumasBench) -> None:
    await to_the_push(bench)
    async with bench.listening() as bot:
        await bench.cards(bot)
        await bench.writes("petugas", "/lihat P-0101")
        await bench.presses("petugas", "Ubah naskah")
        said = await bench.writes("petugas", "Wisuda periode IV pada 13 Desember.")

    assert "versi 2" in said and "[-12-][+13+]" in said
    case = await bench.case()
    assert (case.version, case.step) == (2, "narasi")


async def test_a_reply_to_a_card_becomes_a_version_only_when_it_is_confirmed(bench: HumasBench) -> None:
    await to_the_check(bench)
    async with bench.listening() as bot:
        await bench.cards(bot)
        card, _ = bench.button("wk-humas", "periksa:")
        assert "Jadikan naskah versi 2?" in await bench.writes("wk-humas", "Wisuda 14 Desember.", reply=card)
        assert (await bench.case()).version == 1
        assert "versi 2 tersimpan" in await bench.presses("wk-humas", "Simpan")

    assert (await bench.case()).version == 2


async def test_it_is_scheduled_in_words_paused_resumed_and_the_hand_task_keyed_in(bench: HumasBench) -> None:
    await bench.db.write(add_hand, wib(START))
    chain = Chain(bench.db, target=bench.target)
    await chain.ask("02-18 08.30")
    await chain.go("wr3", "disposisi", "02-18 09.00")
    await chain.choose("bpkh", "02-18 09.10", bench.target, bench.target + 1)
    await chain.go("bpkh", "instruksi", "02-18 09.10")
    await chain.go("koor-pkih", "instruksi", "02-18 09.20")
    await chain.tick("wk-humas", "02-18 09.26")
    await chain.go("wk-humas", "layak", "02-18 09.26")
    await chain.go("wk-humas", "instruksi", "02-18 09.27")
    async with bench.listening() as bot:
        await bench.writes("petugas", "/lihat P-0101")
        await bench.presses("petugas", "Jadwalkan")
        assert "sudah lewat" in await bench.writes("petugas", "17/2/2026 10.00")
        assert "Menunggu waktunya" in await bench.writes("petugas", "hari ini 13.00")
        assert "13.00" in await bench.writes("wr3", "/kalender")
        assert "Dijeda" in await bench.presses("petugas", "Jeda")
        assert "Menunggu waktunya" in await bench.presses("petugas", "Lanjutkan")
        await bench.cards(bot)
        assert bench.public.went == []
        bench.at("02-18 13.00")
        await bench.cards(bot)
        await bot.progress.once()
        assert bench.public.went == ["-1001"]
        assert any("1 dari 1\nMenunggu tautan: 1" in words for words in bench.said("petugas"))
        await bench.writes("petugas", "/lihat P-0101")
        await bench.presses("petugas", "Isi tautan: Papan")
        assert "Bukti tercatat" in await bench.writes("petugas", "Gedung A, lantai 1")

    assert (await bench.case()).step == "arsip"


def add_hand(change: Change, now: datetime) -> int:
    return targets.add(
        change, kind="hand", channel="hand", address="", name="Papan", topic=None, unit=None, at=now
    )


async def test_a_request_waits_where_it_was_left_and_is_sent_once(on_both: HumasBench) -> None:
    bench = on_both
    async with bench.listening():
        assert "Apa perihal" in await bench.writes("lestari", "/mohon")
        assert "nomor surat" in await bench.writes("lestari", "Libur bersama")
    async with bench.listening():  # after a restart of ours
        assert "nomor surat" in await bench.writes("lestari", "/mohon")
        await bench.presses("lestari", "Lewati")
        assert "bukan tanggal" in await bench.writes("lestari", "kapan-kapan")
        await bench.writes("lestari", "17 Februari 2026")
        await bench.writes("lestari", "BAAK")
        await bench.presses("lestari", "Segera")
        await bench.writes("lestari", "mahasiswa")
        assert "sudah lewat" in await bench.writes("lestari", "17/2 08.00")
        await bench.presses("lestari", "Lewati")
        said = await bench.writes("lestari", "Kampus libur pada 19 Februari.")
        assert "Perihal: Libur bersama" in said and "Sifat: segera" in said
        await bench.presses("lestari", "Ubah Perihal")
        await bench.writes("lestari", "Libur nasional")
        card, data = bench.button("lestari", "mohon-kirim")
        assert "P-0101" in await bench.presses("lestari", data, card=card)
        assert "Tidak ada permohonan" in await bench.forges("lestari", "mohon-kirim:")

    case = await bench.case()
    assert (case.subject, case.urgent, case.letter_date) == ("Libur nasional", True, "2026-02-17")
    assert await bench.db.read(publications.find, 102) is None


async def test_who_is_not_linked_hears_for_whom_it_is_and_nothing_else(bench: HumasBench) -> None:
    await to_the_check(bench)
    async with bench.listening():
        for text in ("halo", "/papan", "/lihat P-0101", "/mohon", "/start"):
            said = await bench.writes("stranger", text)
            assert "pelaksana Humas" in said and "P-0101" not in said
        await bench.db.write(staff.offer_code, "lestari", "humas", "KODEBARU99", bench.clock())
        assert "Lestari" in await bench.writes("stranger", "/hubungkan KODEBARU99")


async def test_the_board_shows_what_waits_for_me_and_a_foreign_case_looks_absent(bench: HumasBench) -> None:
    await to_the_check(bench)
    async with bench.listening():
        assert "Menunggu Anda: 1" in await bench.writes("wk-humas", "/papan")
        assert "Tidak ada yang menunggu Anda." in await bench.writes("wr3", "/papan")
        assert "tidak dikenal" in await bench.writes("wr3", "/papann")
        absent = await bench.writes("bpkh", "/lihat P-0999")
    assert "tidak ditemukan" in absent


async def test_menus_name_the_commands_in_both_languages_for_private_chats(bench: HumasBench) -> None:
    async with bench.listening():
        said = await bench.writes("wr3", "/bantuan")
        await bench.provider.until(lambda: len(menus(bench)) == 2)

    assert all(f"/{each.name}" in said for each in COMMANDS)
    source, english = menus(bench)
    assert [each["command"] for each in source["commands"]] == [each.name for each in COMMANDS]
    assert [each["command"] for each in english["commands"]] == [each.alias for each in COMMANDS]
    assert {each["scope"]["type"] for each in (source, english)} == {"all_private_chats"}


def menus(bench: HumasBench) -> list[dict[str, Any]]:
    return [call.params for call in bench.provider.calls if call.method == "setMyCommands"]


# P14: each lane, each step's button

STEPS = {
    "disposisi": ("pub:101:1:disposisi", "wr3"),
    "tindak-lanjut": ("pub:101:2:instruksi", "bpkh"),
    "fasilitasi": ("pub:101:3:instruksi", "koor-pkih"),
    "narasi": ("pub:101:4:layak", "wk-humas"),
    "perintah": ("ya:101:5:instruksi", "wk-humas"),
    "sebar": ("mulai:101:6", "petugas"),
}


async def test_only_the_steps_own_lane_decides_whoever_else_presses_its_button(bench: HumasBench) -> None:
    """Every lane forges every button: nothing moves but by the lane that has it, and nothing leaves unapproved."""
    chain = Chain(bench.db, target=bench.target)
    await chain.ask("02-18 08.30", login="petugas")
    async with bench.listening():
        for step, (data, lane) in STEPS.items():
            if step == "tindak-lanjut":
                await chain.choose("bpkh", "02-18 08.30")
            if step == "narasi":
                await chain.tick("wk-humas", "02-18 08.30")
            for login in LOGINS:
                if login != lane:
                    assert "hanya pelaksana itu" in await bench.forges(login, data), (step, login)
                assert (await bench.case()).step == step
            await bench.forges(lane, data)
            if data.startswith("pub:") and step != "narasi":
                await bench.presses(lane, "Tanpa catatan")
        assert (await bench.case()).publish_at is not None

    refused = (await bench.events()).count("refused")
    assert refused == (len(LOGINS) - 1) * (len(STEPS) - 1)


async def test_nothing_leaves_before_the_order_whoever_asks(bench: HumasBench) -> None:
    await to_the_check(bench)
    async with bench.listening() as bot:
        for login in LOGINS:
            await bench.forges(login, "mulai:101:4")
            await bench.forges(login, f"pada:101:4:{int(wib('02-18 10.00').timestamp())}")
        bench.at("02-18 10.30")
        await bench.cards(bot)

    assert bench.public.went == []
    assert (await bench.case()).publish_at is None


async def test_an_erratum_is_written_by_a_lane_and_leaves_when_the_checker_approves(
    bench: HumasBench,
) -> None:
    await to_the_push(bench)
    async with bench.listening() as bot:
        await bench.writes("petugas", "/lihat 101")
        await bench.presses("petugas", "Sebar sekarang")
        await bench.cards(bot)
        await bench.writes("petugas", "/lihat 101")
        await bench.presses("petugas", "Ralat")
        said = await bench.writes("petugas", "Wisuda periode IV pada 13 Desember.")
        assert "Ralat menunggu pemeriksa" in said and "[-12-][+13+]" in said
        await bench.cards(bot)
        assert len(bench.public.went) == 1
        await bench.writes("petugas", "/lihat 101")
        assert "Setujui ralat" not in bench.labels("petugas")
        assert "13 Desember" in await bench.writes("wk-humas", "/lihat 101")
        assert "Setujui ralat" in bench.labels("wk-humas")
        await bench.presses("wk-humas", "Setujui ralat")
        await bench.cards(bot)
        assert len(bench.public.went) == 2
        await bench.writes("wk-humas", "/lihat 101")
        await bench.presses("wk-humas", "Tarik pengumuman")
        assert "sedang ditarik" in await bench.writes("wk-humas", "Acara ditunda.")
        await bench.cards(bot)
        assert len(bench.public.went) == 3

    assert "push.withdrawal" in await bench.events()


async def test_a_picture_sent_with_the_narration_goes_out_with_it(bench: HumasBench) -> None:
    async with bench.listening():
        await bench.writes("lestari", "/mohon")
        for words in ("Libur", "12/UN25", "17/2/2026", "BAAK"):
            await bench.writes("lestari", words)
        await bench.presses("lestari", "Biasa")
        await bench.presses("lestari", "Lewati")
        await bench.presses("lestari", "Lewati")
        bench.phone.photo(PHONES["lestari"], samples_of_phone.photo(), caption="")
        await bench.quiet()
        await bench.writes("lestari", "Kampus libur.")
        await bench.presses("lestari", "Kirim permohonan")

    kept = await bench.db.read(narrations.enclosures, 101)
    assert [(each.role, each.file.content_type) for each in kept] == [("picture", "image/png")]


def test_every_command_is_written_down() -> None:
    page = (Path(__file__).parents[2] / "docs" / "humas-bot.md").read_text(encoding="utf-8")
    assert [each.name for each in COMMANDS if f"`/{each.name}" not in page] == []
    assert [each.alias for each in COMMANDS if f"`/{each.alias}`" not in page] == []


async def test_what_may_not_have_arrived_is_sent_again_after_a_word_of_warning(bench: HumasBench) -> None:
    await to_the_push(bench)
    async with bench.listening() as bot:
        await bench.writes("petugas", "/lihat P-0101")
        await bench.presses("petugas", "Sebar sekarang")
        assert await PushFeed(bench.db, bench.clock).once()
        for letter in await bench.db.write(sending.claim, "telegram", bench.clock(), 9):
            await bench.db.write(sending.failed, letter, SendFailed("diam", unknown=True), bench.clock(), 0.5)
        await bench.cards(bot)
        assert "tidak pasti 1" in await bench.writes("petugas", "/lihat P-0101")
        assert "mungkin sudah sampai" in await bench.presses("petugas", "ulang:")
        assert bench.public.went == []
        assert "Sedang disebar" in await bench.presses("petugas", "Ya, kirim lagi")
        await bench.cards(bot)
        assert bench.public.went == ["-1001"]
        await bench.writes("petugas", "/lihat P-0101")
        assert not any("tidak pasti" in label for label in bench.labels("petugas"))
