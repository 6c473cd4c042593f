"""Times, spans and numbers as staff and the public read them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sop.calendar import ALWAYS, office_hours
from sop.clock import due
from sop.days import day_length
from sop.limit import limit
from sop.wording import (
    Left,
    clock_time,
    left,
    long_day,
    moment,
    month,
    number,
    percent,
    short_day,
    size,
    span,
)

OFFICE = office_hours()
FRIDAY = datetime(2026, 11, 20, 6, 24, tzinfo=UTC)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Jakarta")).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "language", "words"),
    [
        ("Asia/Jakarta", "id", "Jum 20 Nov, 13.24 WIB"),
        ("Asia/Makassar", "id", "Jum 20 Nov, 14.24 WITA"),
        ("Asia/Jayapura", "id", "Jum 20 Nov, 15.24 WIT"),
        ("Asia/Jakarta", "xx", "Jum 20 Nov, 13.24 WIB"),
        ("Asia/Jakarta", "en", "Fri 20 Nov, 13:24 WIB"),
    ],
)
def test_a_moment_is_told_on_the_offices_wall_clock(zone: str, language: str, words: str) -> None:
    assert moment(FRIDAY, zone, language) == words
    assert clock_time(FRIDAY, zone, language) == words.split(", ")[1]


def test_another_year_is_named() -> None:
    assert moment(FRIDAY, "Asia/Jakarta", now=local("2027-01-01 00:30")) == "Jum 20 Nov 2026, 13.24 WIB"
    assert moment(FRIDAY, "Asia/Jakarta", now=local("2026-12-31 23:30")) == "Jum 20 Nov, 13.24 WIB"


def test_a_date_is_told_in_full_and_in_short() -> None:
    day = date(2026, 5, 1)

    assert (long_day(day), long_day(day, "en")) == ("Jumat, 1 Mei 2026", "Friday, 1 May 2026")
    assert (short_day(day), short_day(day, "en")) == ("Jum 1 Mei", "Fri 1 May")
    assert (month(day), month(day, "en")) == ("Mei 2026", "May 2026")


@pytest.mark.parametrize(
    ("length", "short", "long", "english"),
    [
        (
            timedelta(days=1, hours=1, minutes=26),
            "1 hr 1 j 26 mnt",
            "1 hari 1 jam 26 menit",
            "1 day 1 hour 26 minutes",
        ),
        (timedelta(hours=5, minutes=1), "5 j 01 mnt", "5 jam 1 menit", "5 hours 1 minute"),
        (timedelta(hours=2), "2 j 00 mnt", "2 jam", "2 hours"),
        (timedelta(minutes=4, seconds=59), "4 mnt", "4 menit", "4 minutes"),
        (timedelta(seconds=45), "45 dtk", "45 detik", "45 seconds"),
        (timedelta(days=2), "2 hr", "2 hari", "2 days"),
        (timedelta(days=1, minutes=5), "1 hr 5 mnt", "1 hari 5 menit", "1 day 5 minutes"),
        (timedelta(0), "0 mnt", "0 menit", "0 minutes"),
        (timedelta(hours=-3), "0 mnt", "0 menit", "0 minutes"),
    ],
)
def test_spans_are_short_for_staff_and_long_for_the_public(
    length: timedelta, short: str, long: str, english: str
) -> None:
    assert span(length) == short
    assert span(length, long=True) == long
    assert span(length, "en", long=True) == english


def test_working_time_is_told_in_working_days() -> None:
    assert day_length(OFFICE) == timedelta(hours=7)
    assert day_length(ALWAYS) == timedelta(days=1)
    assert span(timedelta(hours=8), day=day_length(OFFICE)) == "1 hr 1 j 00 mnt"


OPENED = local("2026-11-20 09:00")
DUE = due(limit("1 hari kerja"), OPENED, OFFICE)


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2026-11-20 09:00", Left("", "sisa 1 hr", 0)),
        ("2026-11-20 10:00", Left("", "sisa 6 j 00 mnt", 14)),
        ("2026-11-20 12:00", Left("rest", "lanjut Jum 13.00", 35)),
        ("2026-11-21 12:00", Left("rest", "lanjut Sen 08.00", 85)),
        ("2026-11-23 08:12", Left("near", "sisa 48 mnt", 88)),
        ("2026-11-23 09:00", Left("near", "sisa 0 mnt", 100)),
        ("2026-11-23 09:00:30", Left("late", "lewat tenggat", 100)),
        ("2026-11-23 10:26", Left("late", "lewat 1 j 26 mnt", 100)),
        ("2026-11-24 10:26", Left("late", "lewat 1 hr 1 j 26 mnt", 100)),
    ],
)
def test_a_running_clock_says_what_is_left(now: str, told: Left) -> None:
    assert left(DUE, local(now), OFFICE, opened=OPENED) == told


def test_under_five_minutes_is_near_whatever_the_limit() -> None:
    end = due(limit("6 menit"), OPENED, OFFICE)

    assert left(end, OPENED, OFFICE, opened=OPENED).state == ""
    assert left(end, OPENED + timedelta(seconds=61), OFFICE, opened=OPENED) == Left("near", "sisa 4 mnt", 16)


def test_the_last_quarter_is_near() -> None:
    end = due(limit("2 jam"), OPENED, OFFICE)

    assert left(end, local("2026-11-20 10:29"), OFFICE, opened=OPENED).state == ""
    assert left(end, local("2026-11-20 10:30"), OFFICE, opened=OPENED).state == "near"


def test_what_is_done_says_how_long_it_took() -> None:
    done = left(DUE, local("2026-12-01 09:00"), OFFICE, opened=OPENED, closed=local("2026-11-20 11:10"))
    late = left(DUE, local("2026-12-01 09:00"), OFFICE, opened=OPENED, closed=local("2026-11-23 09:12"))

    assert done == Left("met", "2 j 10 mnt, tepat waktu", 30)
    assert late == Left("late", "1 hr 12 mnt, lewat 12 mnt", 100)


def test_a_paused_clock_says_since_when() -> None:
    told = left(DUE, local("2026-12-01 09:00"), OFFICE, opened=OPENED, paused=local("2026-11-20 14:10"))

    assert told == Left("rest", "jeda sejak Jum 14.10", 52)


def test_elapsed_time_runs_when_the_office_is_closed() -> None:
    end = OPENED + timedelta(hours=24)
    told = left(end, local("2026-11-20 23:00"), OFFICE, opened=OPENED, hours="24x7")

    assert told == Left("", "sisa 10 j 00 mnt", 58)


def test_the_public_reads_the_same_clock_in_full_and_in_english() -> None:
    now = local("2026-11-23 10:26")

    assert left(DUE, now, OFFICE, opened=OPENED, long=True).words == "lewat 1 jam 26 menit"
    assert left(DUE, now, OFFICE, opened=OPENED, long=True, language="en").words == "1 hour 26 minutes late"


def test_a_visit_without_a_limit_says_nothing() -> None:
    assert left(None, OPENED, OFFICE, opened=OPENED) == Left("", "", 0)


def test_numbers_have_the_languages_points() -> None:
    assert (number(12480), number(12480, "en"), number(-1234567)) == ("12.480", "12,480", "-1.234.567")
    assert (percent(0.952), percent(0.952, "en"), percent(1)) == ("95,2%", "95.2%", "100%")


@pytest.mark.parametrize(
    ("octets", "words"),
    [(0, "0 B"), (900, "900 B"), (188_416, "184 KB"), (1_258_291, "1,2 MB"), (2 * 1024**3, "2 GB")],
)
def test_sizes_are_round(octets: int, words: str) -> None:
    assert size(octets) == words
