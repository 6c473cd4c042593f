"""A request asked for piece by piece: what a letter says of itself, what is asked next, days and times as people type them."""

from datetime import date

import pytest

from sop import letter_request as asking
from sop import spoken_time
from sop.errors import DeskError
from sop.letter_request import Draft, TooManyFiles
from sop.messages import File
from sop.publication import SubjectMissing
from sop.spoken_time import DayUnclear, TimeUnclear
from tests.offices import wib

ZONE = "Asia/Jakarta"
NOW = wib("02-18 08.30")
TODAY = date(2026, 2, 18)
LETTER = """Nomor surat: 12/UN25/2026
Hal : Jadwal wisuda
Tgl. : 17/2/2026
Sifat: SEGERA

Wisuda periode IV.
Perihal: tempat menyusul"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hari ini", date(2026, 2, 18)),
        ("Besok", date(2026, 2, 19)),
        ("lusa", date(2026, 2, 20)),
        ("2026-03-01", date(2026, 3, 1)),
        ("1/3", date(2026, 3, 1)),
        ("1-3-2027", date(2027, 3, 1)),
        ("12 November 2026", date(2026, 11, 12)),
        ("Sabtu, 12 Des", date(2026, 12, 12)),
        ("12 agustus", date(2026, 8, 12)),
        ("17 Feb", date(2026, 2, 17)),  # just past: this year's
        ("5 Jan", date(2026, 1, 5)),
        ("20 Des 2025", date(2025, 12, 20)),
    ],
)
def test_a_day_is_read_as_it_is_typed(text: str, found: date) -> None:
    assert spoken_time.day(text, TODAY) == found


@pytest.mark.parametrize("text", ["", "kapan-kapan", "31/2", "12 Foo", "0/0", "99 Des", "9" * 400])
def test_what_is_no_day_is_asked_for_again(text: str) -> None:
    with pytest.raises(DayUnclear):
        spoken_time.day(text, TODAY)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("13.30", "02-18 13.30"),
        ("besok 08.00", "02-19 08.00"),
        ("08:00 besok", "02-19 08.00"),
        ("12 Des pukul 9", "12-12 09.00"),
        ("Sabtu, 12 Desember 2026, pukul 08.00 WIB", "12-12 08.00"),
        ("20/2 7.05", "02-20 07.05"),
    ],
)
def test_a_moment_is_read_on_the_offices_wall(text: str, at: str) -> None:
    assert spoken_time.moment(text, ZONE, NOW) == wib(at)


@pytest.mark.parametrize("text", ["", "besok", "25.00", "13.99", "nanti sore", "x 08.00"])
def test_what_is_no_moment_is_asked_for_again(text: str) -> None:
    with pytest.raises(TimeUnclear):
        spoken_time.moment(text, ZONE, NOW)


def test_a_letter_answers_what_it_says_itself() -> None:
    draft = asking.recognised(Draft(), LETTER, ZONE, NOW)

    assert dict(draft.known) == {
        "letter_number": "12/UN25/2026",
        "subject": "Jadwal wisuda",
        "letter_date": "2026-02-17",
        "urgent": "segera",
        "text": "Wisuda periode IV.\nPerihal: tempat menyusul",
    }
    assert asking.missing(draft) == "sender"


def test_each_piece_is_asked_for_once_and_some_may_be_passed_over() -> None:
    draft, asked = Draft(), []
    while field := asking.missing(draft):
        asked.append(field)
        answer = {"urgent": "biasa", "subject": "Libur", "text": "Libur."}.get(field)
        draft = asking.filled(draft, field, answer, ZONE, NOW) if answer else asking.skipped(draft, field)

    assert tuple(asked) == asking.FIELDS
    assert (draft.urgent, draft.wished_at) == (False, None)
    assert asking.missing(asking.reopened(draft, "sender")) == "sender"


def test_a_subject_is_never_empty_and_a_narration_only_where_a_letter_says_it() -> None:
    with pytest.raises(SubjectMissing):
        asking.filled(Draft(), "subject", " \n ", ZONE, NOW)
    assert "subject" not in asking.skipped(Draft(), "subject").known
    assert "text" not in asking.skipped(Draft(), "text").known
    assert "text" in asking.skipped(Draft(letters=(File(name="a.pdf"),)), "text").known


def test_pictures_go_out_only_once_the_narration_is_asked_for() -> None:
    photo = File(name="a.jpg", content_type="image/jpeg", sha256="1")
    early = asking.enclosed(Draft(), (photo, photo))
    late = asking.enclosed(
        Draft(known=dict.fromkeys(asking.FIELDS[:-1], "x")), (photo, File(name="b.pdf", sha256="2"))
    )

    assert (len(asking.enclosed(early, (photo,)).letters), early.pictures) == (1, ())
    assert ([each.name for each in late.pictures], [each.name for each in late.letters]) == (
        ["a.jpg"],
        ["b.pdf"],
    )
    with pytest.raises(TooManyFiles):
        asking.enclosed(Draft(), tuple(File(name="x", sha256=str(n)) for n in range(6)))


def test_a_line_that_cannot_be_read_stays_in_the_narration() -> None:
    draft = asking.recognised(Draft(), "Tanggal: segera\nIsi.", ZONE, NOW)
    assert draft.known == {"text": "Tanggal: segera\nIsi."}
    assert isinstance(TooManyFiles(), DeskError)
