"""The clock against a minute-by-minute count, and the cases that people ask about written out by hand."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.calendar import ALWAYS, Calendar, Closure, Opening, Season, office_hours
from sop.clock import (
    Day,
    NeverOpen,
    Workday,
    closing,
    due,
    is_open,
    local_date,
    midnight,
    next_opening,
    working,
)
from sop.days import hours_on
from sop.limit import Hours, Limit, Unit, limit

MINUTE = timedelta(minutes=1)
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
OFFICE = office_hours()
SIXTEEN = Calendar(
    code="sampai-16",
    name="Sampai pukul 16",
    zone="Asia/Jakarta",
    week=(((time(8), time(16)),),) * 5 + ((), ()),
)


def local(text: str, zone: str = "Asia/Jakarta") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


# --- by hand


def test_1555_on_the_friday_before_a_long_weekend() -> None:
    """Friday 14 August 2026; Monday the 17th is Independence Day. Friday ends at 16.30, in the second office at 16.00."""
    friday = local("2026-08-14 15:55")

    assert due(limit("15 menit"), friday, OFFICE) == local("2026-08-14 16:10")
    assert due(limit("2 jam"), friday, OFFICE) == local("2026-08-18 09:25")
    assert due(limit("1 hari kerja"), friday, OFFICE) == local("2026-08-18 15:55")
    assert due(limit("1 x 24 jam"), friday, OFFICE) == local("2026-08-15 15:55")
    assert due(limit("15 menit"), friday, SIXTEEN) == local("2026-08-18 08:10")
    assert due(limit("1 hari kerja"), friday, SIXTEEN) == local("2026-08-18 15:55")
    assert due(limit("1 hari kerja"), friday, SIXTEEN, hk="akhir_hari") == local("2026-08-18 16:00")


def test_a_limit_may_end_exactly_at_closing() -> None:
    assert due(limit("5 menit"), local("2026-08-14 15:55"), SIXTEEN) == local("2026-08-14 16:00")


@pytest.mark.parametrize("zone", ZONES)
def test_the_same_wall_clock_holds_in_wib_wita_and_wit(zone: str) -> None:
    office = office_hours(zone)

    assert due(limit("15 menit"), local("2026-11-20 11:20", zone), office) == local("2026-11-20 13:05", zone)
    assert due(limit("1 hk"), local("2026-11-20 15:00", zone), office) == local("2026-11-23 15:00", zone)


def test_one_moment_is_open_in_jayapura_and_closed_in_jakarta() -> None:
    seven_in_jakarta = local("2026-11-20 07:00")

    assert is_open(office_hours("Asia/Jayapura"), seven_in_jakarta)
    assert not is_open(office_hours("Asia/Jakarta"), seven_in_jakarta)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-19 12:30", "2026-11-20 13:00"),  # Thursday's break counts from 13.00
        ("2026-11-19 17:00", "2026-11-23 08:00"),  # after hours counts from Friday 08.00
        ("2026-11-21 10:00", "2026-11-24 08:00"),  # Saturday counts from Monday 08.00
        ("2026-11-19 11:30", "2026-11-20 13:00"),  # the break begins with its first minute
        ("2026-11-19 11:45", "2026-11-20 13:00"),  # 11.45 lies in Friday's break: its next opening
        ("2026-11-20 16:20", "2026-11-23 16:00"),  # Monday ends at 16.00: its closing
        ("2026-11-19 16:00", "2026-11-23 08:00"),  # the closing itself is outside hours
    ],
)
def test_one_working_day_stays_on_the_next_working_day(start: str, end: str) -> None:
    assert due(limit("1 hari kerja"), local(start), OFFICE) == local(end)


def test_a_saturday_that_a_decree_opens_is_a_working_day() -> None:
    morning = Opening(day=date(2026, 11, 21), reason="Wisuda", hours=((time(9), time(12)),))
    office = Calendar(code="x", name="x", zone="Asia/Jakarta", week=OFFICE.week, openings=(morning,))

    assert due(limit("1 hk"), local("2026-11-20 08:30"), office) == local("2026-11-21 09:00")
    assert due(limit("1 hk"), local("2026-11-20 15:00"), office) == local("2026-11-21 12:00")
    assert due(limit("2 hk"), local("2026-11-20 15:00"), office) == local("2026-11-23 15:00")


def test_hari_is_read_by_the_procedures_setting() -> None:
    friday = local("2026-11-20 10:00")

    assert due(limit("3 hari"), friday, OFFICE) == local("2026-11-25 10:00")
    assert due(limit("3 hari"), friday, OFFICE, hari="kalender") == local("2026-11-23 10:00")
    assert due(limit("3 hari kerja"), friday, OFFICE, hari="kalender") == local("2026-11-25 10:00")


def test_an_urgent_case_runs_day_and_night() -> None:
    night = local("2026-11-20 23:50")

    assert due(limit("2 jam"), night, OFFICE, hours="24x7") == night + timedelta(hours=2)
    assert due(limit("1 hari kerja"), night, OFFICE, hours="24x7") == night + timedelta(days=1)
    assert due(limit("2 jam", "24x7"), night, OFFICE) == night + timedelta(hours=2)
    assert due(limit("2 jam", "24x7"), night, OFFICE, hours="kerja") == local("2026-11-23 10:00")


def test_a_limit_crosses_the_year_and_cuti_bersama() -> None:
    assert due(limit("2 hk"), local("2026-12-23 10:00"), OFFICE) == local("2026-12-29 10:00")
    assert due(limit("1 jam"), local("2026-12-31 15:00"), OFFICE) == local("2026-12-31 16:00")
    assert due(limit("1 jam"), local("2026-12-31 15:30"), OFFICE) == local("2027-01-04 08:30")
    assert working(OFFICE, local("2026-12-31 15:30"), local("2027-01-04 08:30")) == timedelta(hours=1)


def test_closing_is_the_end_of_the_working_day_and_not_its_break() -> None:
    assert closing(OFFICE, local("2026-11-20 09:00")) == local("2026-11-20 16:30")
    assert closing(OFFICE, local("2026-11-20 12:00")) == local("2026-11-20 16:30")
    assert closing(OFFICE, local("2026-11-20 16:30")) == local("2026-11-23 16:00")


def test_next_opening_is_now_while_the_office_is_open() -> None:
    assert next_opening(OFFICE, local("2026-11-20 09:00")) == local("2026-11-20 09:00")
    assert is_open(OFFICE, local("2026-11-20 11:29"))
    assert not is_open(OFFICE, local("2026-11-20 11:30"))
    assert next_opening(OFFICE, local("2026-11-20 11:30")) == local("2026-11-20 13:00")
    assert next_opening(OFFICE, local("2026-12-31 20:00")) == local("2027-01-04 08:00")


def test_the_calendar_that_is_always_open_counts_every_minute() -> None:
    night = local("2026-12-31 23:30")

    assert is_open(ALWAYS, night)
    assert due(limit("90 menit"), night, ALWAYS) == night + timedelta(minutes=90)
    assert due(limit("1 hk"), night, ALWAYS) == night + timedelta(days=1)
    assert working(ALWAYS, night, night + timedelta(days=800)) == timedelta(days=800)


def test_a_calendar_that_never_opens_says_so() -> None:
    shut = Calendar(code="tutup", name="Tutup", zone="Asia/Jakarta", week=((),) * 7)

    for ask in (limit("1 menit"), limit("1 hk")):
        with pytest.raises(NeverOpen, match="tutup"):
            due(ask, local("2026-11-20 09:00"), shut)
    assert working(shut, local("2026-11-20 09:00"), local("2026-11-24 09:00")) == timedelta(0)


@pytest.mark.parametrize("text", ["15 menit", "1 hk", "3 hari", "1 x 24 jam"])
@pytest.mark.parametrize("hours", ["kerja", "24x7"])
def test_a_time_without_a_zone_is_nobodys_time(text: str, hours: Hours) -> None:
    with pytest.raises(TypeError):
        due(limit(text), datetime(2026, 11, 20, 9), OFFICE, hari="kalender", hours=hours)  # noqa: DTZ001 - the point


def test_the_day_begins_at_the_offices_midnight() -> None:
    assert local_date("Asia/Jayapura", local("2026-11-20 22:30")) == date(2026, 11, 21)
    assert midnight("Asia/Makassar", date(2026, 11, 20)) == datetime(2026, 11, 19, 16, tzinfo=UTC)


# --- against a count minute by minute


def of_a_day() -> st.SearchStrategy[tuple[tuple[time, time], ...]]:
    edges = st.lists(st.integers(0, 96), max_size=6, unique=True).map(sorted)
    clock = [time(q // 4 % 24, q % 4 * 15) for q in range(97)]
    return edges.map(lambda q: tuple((clock[a], clock[b]) for a, b in list(pairwise(q))[::2]))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    week = (*(draw(of_a_day()) for _ in range(6)), ((time(9), time(10)),))
    ramadan = Season(name="Ramadan", first=date(2026, 8, 20), last=date(2026, 8, 24), week=OFFICE.week)
    return Calendar(
        code="acak",
        name="Acak",
        zone=draw(st.sampled_from(ZONES)),
        week=draw(st.sampled_from([OFFICE.week, week])),
        seasons=draw(st.sampled_from([(), (ramadan,)])),
        closures=draw(st.sampled_from([(), (Closure(day=date(2026, 8, 18), reason="Keputusan rektor"),)])),
        openings=draw(
            st.sampled_from([(), (Opening(day=date(2026, 8, 17), reason="x", hours=OFFICE.week[0]),)])
        ),
        national=draw(st.booleans()),
    )


STARTS = st.integers(0, 9 * 24 * 60).map(lambda minutes: datetime(2026, 8, 12, tzinfo=UTC) + minutes * MINUTE)
YEARS_END = st.integers(0, 4 * 24 * 60).map(
    lambda minutes: datetime(2026, 12, 29, tzinfo=UTC) + minutes * MINUTE
)


def counted_open(calendar: Calendar, at: datetime) -> bool:
    wall = at.astimezone(ZoneInfo(calendar.zone))
    minute = wall.hour * 60 + wall.minute
    return any(
        a.hour * 60 + a.minute <= minute < (b.hour * 60 + b.minute or 1440)
        for a, b in hours_on(calendar, wall.date())
    )


def counted_due(calendar: Calendar, at: datetime, minutes: int) -> datetime:
    while minutes:
        minutes -= counted_open(calendar, at)
        at += MINUTE
    return at


def counted_workdays(calendar: Calendar, at: datetime, days: int, hk: Workday) -> datetime:
    while not counted_open(calendar, at):
        at += MINUTE
    zone = ZoneInfo(calendar.zone)
    begun = at.astimezone(zone)
    day = begun.date()
    while days:
        day += timedelta(days=1)
        days -= bool(hours_on(calendar, day))
    start = datetime.combine(day, time(0), zone).astimezone(UTC)
    minutes = [start + n * MINUTE for n in range(1440) if counted_open(calendar, start + n * MINUTE)]
    wanted = datetime.combine(day, begun.time(), zone).astimezone(UTC)
    later = [each for each in minutes if each >= wanted]
    return later[0] if later and hk == "jam_sama" else minutes[-1] + MINUTE


@settings(max_examples=60, deadline=None)
@given(calendars(), STARTS | YEARS_END, st.integers(1, 900))
def test_working_minutes_agree_with_the_count(calendar: Calendar, start: datetime, minutes: int) -> None:
    end = due(Limit(minutes, Unit.MINUTE), start, calendar)

    assert end == counted_due(calendar, start, minutes)
    assert working(calendar, start, end) == minutes * MINUTE


@settings(max_examples=60, deadline=None)
@given(calendars(), STARTS | YEARS_END, st.integers(1, 5), st.sampled_from(["jam_sama", "akhir_hari"]))
def test_working_days_agree_with_the_count(
    calendar: Calendar, start: datetime, days: int, hk: Workday
) -> None:
    assert due(Limit(days, Unit.WORKDAY), start, calendar, hk=hk) == counted_workdays(
        calendar, start, days, hk
    )


@settings(max_examples=60, deadline=None)
@given(calendars(), STARTS | YEARS_END, st.integers(0, 4000))
def test_working_time_agrees_with_the_count(calendar: Calendar, start: datetime, minutes: int) -> None:
    counted = sum(counted_open(calendar, start + n * MINUTE) for n in range(minutes))

    assert working(calendar, start, start + minutes * MINUTE) == counted * MINUTE


@settings(max_examples=60, deadline=None)
@given(calendars(), STARTS | YEARS_END)
def test_openings_agree_with_the_count(calendar: Calendar, at: datetime) -> None:
    opening = at
    while not counted_open(calendar, opening):
        opening += MINUTE

    assert is_open(calendar, at) is counted_open(calendar, at)
    assert next_opening(calendar, at) == opening


LIMITS = st.builds(Limit, st.integers(1, 20), st.sampled_from(Unit))


@settings(max_examples=200, deadline=None)
@given(calendars(), STARTS, st.integers(0, 10**9), LIMITS, st.sampled_from(["kerja", "kalender"]))
def test_what_begins_later_is_not_due_earlier(
    calendar: Calendar, start: datetime, microseconds: int, ask: Limit, hari: Day
) -> None:
    later = start + timedelta(microseconds=microseconds)

    assert start < due(ask, start, calendar, hari=hari) <= due(ask, later, calendar, hari=hari)
    assert due(ask, start, calendar, hari=hari).tzinfo is UTC


@settings(max_examples=100, deadline=None)
@given(calendars(), STARTS, st.integers(0, 10**12), st.integers(0, 10**12))
def test_working_time_adds_up_to_the_microsecond(
    calendar: Calendar, start: datetime, one: int, two: int
) -> None:
    middle = start + timedelta(microseconds=one)
    end = middle + timedelta(microseconds=two)

    assert working(calendar, start, middle) + working(calendar, middle, end) == working(calendar, start, end)
    assert working(calendar, end, start) == timedelta(0) or one + two == 0
