"""A request for publication tells of its letter in lines that people write anyway."""

from datetime import UTC, datetime

import pytest

from sop.letter_head import LetterHead, read
from tests.offices import wib

ZONE, NOW = "Asia/Jakarta", wib("11-18 09.00")

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
    assert read(LETTER, ZONE, NOW) == LetterHead(
        letter_number="1187/UN25/TU/2026",
        letter_date="2026-11-18",
        subject="Jadwal wisuda periode IV",
        sender="Bagian Akademik",
        wish="mahasiswa tingkat akhir",
        urgent=True,
        wished_at=datetime(2026, 11, 21, 1, 0, tzinfo=UTC),
        text="Wisuda periode IV dilaksanakan pada 12 Desember 2026.\nNomor: 4 ruang gladi.",
    )


def test_words_without_a_head_lose_nothing() -> None:
    text = "Mohon disebarkan.\nTanggal: 12 Desember 2026\nHalaman 3 memuat rinciannya."

    assert read(text, ZONE, NOW) == LetterHead(text=text)


def test_what_is_known_is_not_read_again_and_an_events_own_time_is_no_wish() -> None:
    text = "Perihal: Undangan\nWaktu: Sabtu, 12 Desember 2026 pukul 08.00\nDari: Bagian Akademik"

    assert read(text, ZONE, NOW, known=frozenset({"subject"})) == LetterHead(
        sender="Bagian Akademik", text="Perihal: Undangan\nWaktu: Sabtu, 12 Desember 2026 pukul 08.00"
    )


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-11-20", "2026-11-20"),
        ("20/11/2026", "2026-11-20"),
        ("Jakarta, 20 Nov. 2026", "2026-11-20"),
        ("3 mei 2026", "2026-05-03"),
        ("9 Nop 2026", "2026-11-09"),
        ("31 Februari 2026", ""),
        ("menyusul", ""),
    ],
)
def test_a_date_is_read_as_people_write_it(said: str, day: str) -> None:
    head = read(f"Perihal: Libur\nTanggal: {said}", ZONE, NOW)

    assert (head.letter_date, head.text) == (day, "" if day else f"Tanggal: {said}")


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("21 November 2026 pukul 08.00", "11-21 08.00"),
        ("2026-11-21T08:00", "11-21 08.00"),
        ("21.11.2026, 08.00 WIB.", "11-21 08.00"),
        ("besok jam 9", "11-19 09.00"),
        ("21 November 2026", ""),
        ("21/11/2026 pukul 25.00", ""),
    ],
)
def test_the_hour_that_is_wished_for_is_read_with_its_day(said: str, at: str) -> None:
    head = read(f"Perihal: Libur\nTayang: {said}", ZONE, NOW)

    assert head.wished_at == (wib(at) if at else None)
