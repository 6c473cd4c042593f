"""SOP PKIH HUM-02 in chat: a letter becomes a request, five lanes decide by buttons, it leaves and is archived."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sop.publication import Status
from store.db import Database
from tests.bots.humas_bench import PHONES, HumasBench, humas_bench

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
        assert "Kabar Contoh (Telegram)" in await bench.presses("wk-humas", "Instruksikan")
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
