"""A request for publication tells of its letter in lines that people write anyway."""

from datetime import UTC, datetime

import pytest

from sop.letter_head import LetterHead, day_in, read

LETTER = """Nomor : 1187/UN25/TU/2026
Tanggal: 18 November 2026
Perihal: Jadwal wisuda periode IV
Sifat: Sangat segera
Pengirim: Bagian Akademik
Sasaran: mahasiswa tingkat akhir
Waktu tayang: 21 November 2026 pukul 08.00

Wisuda periode IV dilaksanakan pada 12 Desember 2026.
Nomor: 4 ruang gladi."""


def test_the_head_is_read_and_the_words_stay() -> None:
    assert read(LETTER, "Asia/Jakarta") == LetterHead(
        number="1187/UN25/TU/2026",
        date="2026-11-18",
        subject="Jadwal wisuda periode IV",
        sender="Bagian Akademik",
        wish="mahasiswa tingkat akhir",
        urgent=True,
        wished_at=datetime(2026, 11, 21, 1, 0, tzinfo=UTC),
        text="Wisuda periode IV dilaksanakan pada 12 Desember 2026.\nNomor: 4 ruang gladi.",
    )


def test_words_without_a_head_lose_nothing() -> None:
    text = "Mohon disebarkan.\nTanggal: 12 Desember 2026\nHalaman 3 memuat rinciannya."

    assert read(text, "Asia/Jakarta") == LetterHead(text=text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-20", "2026-11-20"),
        ("20/11/2026", "2026-11-20"),
        ("Jumat, 20 Nov 2026", "2026-11-20"),
        ("3 mei 2026", "2026-05-03"),
        ("31 Februari 2026", "None"),
        ("besok", "None"),
    ],
)
def test_a_date_is_read_as_people_write_it(text: str, day: str) -> None:
    assert str(day_in(text)) == day
