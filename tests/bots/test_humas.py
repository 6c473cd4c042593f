"""SOP PKIH HUM-02 in chat: a letter becomes a request, five lanes decide by buttons, it leaves and is archived."""

from pathlib import Path
from typing import Any

from bots.humas import HumasBot
from bots.humas_commands import COMMANDS
from desk import staff, sweep
from sop.publication import Status
from store import publications
from tests import samples
from tests.bots.humas_bench import LETTER, LOGINS, PDF, PHONES, START, HumasBench, to_the_check, to_the_push
from tests.flows.publishing import Chain
from tests.offices import wib


async def ask(humas: HumasBench, login: str = "lestari") -> None:
    """A letter that says most of it itself; the rest is asked for."""
    said = await humas.sends(login, PDF, "surat.pdf", "application/pdf", LETTER)
    assert "Apa sifatnya?" in said
    assert "Siapa sasaran" in await humas.presses(login, "Biasa")
    assert "Kapan diharapkan" in await humas.presses(login, "Lewati")
    assert "Periksa, lalu kirim" in await humas.writes(login, "besok 13.00")
    assert "P-0101" in await humas.presses(login, "Kirim permohonan")


async def prepare(humas: HumasBench, bot: HumasBot) -> None:
    """Disposition, media and facilitation."""
    await humas.cards(bot)
    humas.at("02-18 09.00")
    assert "Disposisikan" in humas.labels("wr3")
    assert "tulis instruksi singkat" in await humas.presses("wr3", "Disposisikan")
    assert "Berikutnya: Kepala BPKH." in await humas.presses("wr3", "Mohon ditindaklanjuti.")

    await humas.cards(bot)
    humas.at("02-18 10.00")
    assert "belum dipilih" in await humas.presses("bpkh", "Instruksikan")
    await humas.presses("bpkh", f"sas:101:{humas.target}:1")
    assert any(label.startswith("[x] Kabar Contoh") for label in humas.labels("bpkh"))
    await humas.presses("bpkh", "Instruksikan")
    assert "Koordinator PKIH" in await humas.writes("bpkh", "Telegram saja, sore ini.")

    await humas.cards(bot)
    humas.at("02-18 10.30")
    await humas.presses("koor-pkih", "Instruksikan")
    await humas.presses("koor-pkih", "Tanpa catatan")


async def order(humas: HumasBench, bot: HumasBot) -> None:
    """The narration is checked and the push is ordered."""
    await humas.cards(bot)
    humas.at("02-18 10.35")
    assert "Periksa naskah versi 1" in await humas.presses("wk-humas", "periksa:")
    assert "belum lengkap" in await humas.presses("wk-humas", "pub:101:4:layak")
    for point in ("accuracy", "wording", "office", "pictures"):
        await humas.presses("wk-humas", f"cek:101:1:{point}:1")
    await humas.presses("wk-humas", "pub:101:4:layak")

    await humas.cards(bot)
    humas.at("02-18 10.38")
    audience = await humas.presses("wk-humas", "Instruksikan")
    assert "Kabar Contoh (Telegram)" in audience and "Jumlah: 1 kiriman" in audience
    await humas.presses("wk-humas", "Ya, perintahkan")


async def test_the_seven_steps_in_chat_with_their_times(humas_on_both: HumasBench) -> None:
    humas = humas_on_both
    async with humas.listening() as bot:
        await ask(humas)
        await prepare(humas, bot)
        await order(humas, bot)
        await humas.cards(bot)
        humas.at("02-18 10.40")
        await humas.presses("petugas", "sebar:")
        assert "Uji dikirim" in await humas.presses("petugas", "Uji ke saya")
        await humas.cards(bot)
        assert humas.public.went == [str(PHONES["petugas"])]
        await humas.presses("petugas", "Sebar sekarang")
        await humas.cards(bot)
        await bot.progress.once()
        assert any("Selesai disebar: 1 dari 1" in words for words in humas.said("petugas"))
        assert humas.public.went[1:] == ["-1001"]

        await humas.cards(bot)
        humas.at("02-18 10.44")
        await humas.presses("petugas", "Arsipkan")

    case = await humas.case()
    assert (case.status, case.source, case.letter_number) == (Status.ARCHIVED, "humas", "12/UN25/2026")
    stays = await humas.history()
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


async def test_a_return_goes_back_with_its_reason_and_the_lane_reads_it(humas: HumasBench) -> None:
    await to_the_check(humas)
    async with humas.listening() as bot:
        await humas.cards(bot)
        await humas.presses("wk-humas", "periksa:")
        assert "tulis alasannya" in await humas.presses("wk-humas", "Kembalikan")
        said = await humas.writes("wk-humas", "Jam gladi bersih belum ada.")
        assert "Kembalikan: Wk 09.25" in said and "Koordinator PKIH" in said
        await humas.cards(bot)

    assert "Jam gladi bersih belum ada." in humas.said("koor-pkih")[-1]
    assert (await humas.case()).step == "fasilitasi"


async def test_a_deputy_decides_in_chat_and_the_stay_says_for_whom(humas: HumasBench) -> None:
    await humas.db.write(
        staff.grant,
        "lestari",
        lane="wr3",
        unit="humas",
        now=wib(START),
        deputy_of="wr3",
        decree="SK 7/2026",
        until_at=wib("02-20 16.00"),
    )
    await Chain(humas.db).ask("02-18 08.30", login="petugas")
    async with humas.listening() as bot:
        await humas.cards(bot)
        await humas.presses("lestari", "Disposisikan")
        await humas.presses("lestari", "Tanpa catatan")

    (stay, *_) = await humas.history()
    principal = await samples.officer(humas.db, "wr3", wib(START))
    assert (stay.decision, stay.deputy_of) == ("disposisi", principal.id)


async def test_a_late_lane_is_reminded_in_chat_and_decides_all_the_same(humas: HumasBench) -> None:
    await to_the_check(humas)
    async with humas.listening() as bot:
        humas.at("02-18 09.31")
        await sweep.once(humas.db, humas.clock())
        await humas.cards(bot)
        assert "melewati tenggat" in humas.said("wk-humas")[-1]
        await humas.writes("wk-humas", "/lihat P-0101")
        await humas.presses("wk-humas", "Kembalikan")
        await humas.presses("wk-humas", "Mohon cocokkan tanggal, waktu, dan tempat.")

    stay = (await humas.history())[-1]
    assert stay.due_at and stay.closed_at and stay.closed_at > stay.due_at


async def test_a_second_press_is_told_who_decided_and_when(humas: HumasBench) -> None:
    await Chain(humas.db).ask("02-18 08.30", login="petugas")
    async with humas.listening() as bot:
        await humas.cards(bot)
        card, data = humas.button("wr3", "pub:")
        await humas.presses("wr3", "Disposisikan")
        await humas.presses("wr3", "Tanpa catatan")
        humas.at("02-18 09.05")
        again = await humas.presses("wr3", data, card=card)

    assert "Sudah diputuskan: Disposisikan, oleh Wr3, Rab 18 Feb, 08.30 WIB." in again
    assert [each.decision for each in await humas.history()] == ["disposisi"]


async def test_a_card_of_an_earlier_stay_decides_nothing(humas: HumasBench) -> None:
    await to_the_push(humas)
    async with humas.listening() as bot:
        await humas.cards(bot)
        await humas.writes("petugas", "/lihat 101")
        card, data = humas.button("petugas", "mulai:")
        chain = Chain(humas.db, number="P-0101")
        await chain.write("petugas", "Wisuda 13 Desember.", "02-18 09.29", read=1)  # back to the check
        said = await humas.presses("petugas", data, card=card)
        await humas.cards(bot)

    assert "Sudah diputuskan" in said
    assert humas.public.went == []


async def test_a_request_waits_where_it_was_left_and_is_sent_once(humas_on_both: HumasBench) -> None:
    humas = humas_on_both
    async with humas.listening():
        assert "Apa perihal" in await humas.writes("lestari", "/mohon")
        assert "nomor surat" in await humas.writes("lestari", "Libur bersama")
    async with humas.listening():  # after a restart of ours
        assert "nomor surat" in await humas.writes("lestari", "/mohon")
        await humas.presses("lestari", "Lewati")
        assert "bukan tanggal" in await humas.writes("lestari", "kapan-kapan")
        await humas.writes("lestari", "17 Februari 2026")
        await humas.writes("lestari", "BAAK")
        await humas.presses("lestari", "Segera")
        await humas.writes("lestari", "mahasiswa")
        assert "sudah lewat" in await humas.writes("lestari", "17/2 08.00")
        await humas.presses("lestari", "Lewati")
        said = await humas.writes("lestari", "Kampus libur pada 19 Februari.")
        assert "Perihal: Libur bersama" in said and "Sifat: segera" in said
        await humas.presses("lestari", "Ubah Perihal")
        await humas.writes("lestari", "Libur nasional")
        card, data = humas.button("lestari", "mohon-kirim")
        assert "P-0101" in await humas.presses("lestari", data, card=card)
        assert "Tidak ada permohonan" in await humas.forges("lestari", "mohon-kirim:")

    case = await humas.case()
    assert (case.subject, case.urgent, case.letter_date) == ("Libur nasional", True, "2026-02-17")
    assert await humas.db.read(publications.find, 102) is None


async def test_who_is_not_linked_hears_for_whom_it_is_and_nothing_else(humas: HumasBench) -> None:
    await to_the_check(humas)
    async with humas.listening():
        for text in ("halo", "/papan", "/lihat P-0101", "/mohon", "/start"):
            said = await humas.writes("stranger", text)
            assert "pelaksana Humas" in said and "P-0101" not in said
        await humas.db.write(staff.offer_code, "lestari", "humas", "KODEBARU99", humas.clock())
        assert "Lestari" in await humas.writes("stranger", "/hubungkan KODEBARU99")


async def test_the_board_shows_what_waits_for_me_and_a_foreign_case_looks_absent(humas: HumasBench) -> None:
    await to_the_check(humas)
    async with humas.listening():
        assert "Menunggu Anda: 1" in await humas.writes("wk-humas", "/papan")
        assert "Tidak ada yang menunggu Anda." in await humas.writes("wr3", "/papan")
        assert "tidak dikenal" in await humas.writes("wr3", "/papann")
        absent = await humas.writes("bpkh", "/lihat P-0999")
    assert "tidak ditemukan" in absent


async def test_menus_name_the_commands_in_both_languages_for_private_chats(humas: HumasBench) -> None:
    async with humas.listening():
        said = await humas.writes("wr3", "/bantuan")
        await humas.provider.until(lambda: len(menus(humas)) == 2)

    assert all(f"/{each.name}" in said for each in COMMANDS)
    source, english = menus(humas)
    assert [each["command"] for each in source["commands"]] == [each.name for each in COMMANDS]
    assert [each["command"] for each in english["commands"]] == [each.alias for each in COMMANDS]
    assert {each["scope"]["type"] for each in (source, english)} == {"all_private_chats"}


def menus(humas: HumasBench) -> list[dict[str, Any]]:
    return [call.params for call in humas.provider.calls if call.method == "setMyCommands"]


STEPS = {
    "disposisi": ("pub:101:1:disposisi", "wr3"),
    "tindak-lanjut": ("pub:101:2:instruksi", "bpkh"),
    "fasilitasi": ("pub:101:3:instruksi", "koor-pkih"),
    "narasi": ("pub:101:4:layak", "wk-humas"),
    "perintah": ("ya:101:5:instruksi", "wk-humas"),
    "sebar": ("mulai:101:6", "petugas"),
}


async def test_only_the_steps_own_lane_decides_whoever_else_presses_its_button(humas: HumasBench) -> None:
    """Every lane forges every button: nothing moves but by the lane that has it, and nothing leaves unapproved."""
    chain = Chain(humas.db, target=humas.target)
    await chain.ask("02-18 08.30", login="petugas")
    async with humas.listening():
        for step, (data, lane) in STEPS.items():
            if step == "tindak-lanjut":
                await chain.choose("bpkh", "02-18 08.30")
            if step == "narasi":
                await chain.tick("wk-humas", "02-18 08.30")
            for login in LOGINS:
                if login != lane:
                    assert "hanya pelaksana itu" in await humas.forges(login, data), (step, login)
                assert (await humas.case()).step == step
            await humas.forges(lane, data)
            if data.startswith("pub:") and step != "narasi":
                await humas.presses(lane, "Tanpa catatan")
        assert (await humas.case()).publish_at is not None

    refused = (await humas.events()).count("refused")
    assert refused == (len(LOGINS) - 1) * (len(STEPS) - 1)


def test_every_command_is_written_down() -> None:
    page = (Path(__file__).parents[2] / "docs" / "humas-bot.md").read_text(encoding="utf-8")
    assert [each.name for each in COMMANDS if f"`/{each.name}" not in page] == []
    assert [each.alias for each in COMMANDS if f"`/{each.alias}`" not in page] == []
