"""When a limit ends, and how long the office worked between two moments, on a calendar.

Pure: aware times in UTC come in and go out, the wall clock exists only inside. An interval includes its opening and
excludes its closing. Nothing here steps through minutes or days: each (calendar, local year) is one table of openings
with the working time that went before each, searched by bisection.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from sop.calendar import Calendar
from sop.days import hours_on
from sop.errors import N_, DeskError
from sop.limit import Hours, Limit, Unit

__all__ = [
    "Day",
    "Hours",
    "Limit",
    "NeverOpen",
    "Unit",
    "Workday",
    "closing",
    "due",
    "is_open",
    "local_date",
    "midnight",
    "next_opening",
    "working",
]

Workday = Literal["jam_sama", "akhir_hari"]
"""1 hk = the same clock time one working day on, or the end of that working day."""

Day = Literal["kerja", "kalender"]
"""How an unqualified `hari` is read."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
HORIZON = 6  # years looked ahead for an opening, before the calendar counts as never open


class NeverOpen(DeskError):
    """The calendar has no open hour left in which the limit could run."""

    def __init__(self, calendar: Calendar) -> None:
        super().__init__(
            N_("Kalender {code} tidak memiliki jam buka lagi. Isi jam kerja pada sedikitnya satu hari."),
            code=calendar.code,
        )


class _Year(NamedTuple):
    """One local year's open intervals in microseconds since 1970 UTC; `before[i]` is the open time before interval i."""

    opens: tuple[int, ...]
    closes: tuple[int, ...]
    before: tuple[int, ...]
    total: int
    dates: tuple[date, ...]  # the working days


@lru_cache(maxsize=256)
def _year(calendar: Calendar, year: int) -> _Year:
    opens: list[int] = []
    closes: list[int] = []
    before: list[int] = []
    dates: list[date] = []
    total = 0
    day = date(year, 1, 1)
    while day.year == year:
        spans = _spans(calendar, day)
        if spans:
            dates.append(day)
        for start, end in spans:
            opens.append(start)
            closes.append(end)
            before.append(total)
            total += end - start
        day += timedelta(days=1)
    return _Year(tuple(opens), tuple(closes), tuple(before), total, tuple(dates))


@lru_cache(maxsize=8192)
def _spans(calendar: Calendar, day: date) -> tuple[tuple[int, int], ...]:
    zone = _zone(calendar.zone)
    spans = []
    for opening, closing in hours_on(calendar, day):
        until = day if closing != time(0) else day + timedelta(days=1)
        start, end = (
            _ticks(datetime.combine(day, opening, zone)),
            _ticks(datetime.combine(until, closing, zone)),
        )
        if start < end:
            spans.append((start, end))
    return tuple(sorted(spans))


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _ticks(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND


def _moment(ticks: int) -> datetime:
    return EPOCH + timedelta(microseconds=ticks)


def _utc(at: datetime) -> datetime:
    """The same moment in UTC; a time without a zone is a TypeError here, as in every other subtraction."""
    return _moment(_ticks(at))


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the office works at that moment."""
    table, ticks = _year(calendar, _local_year(calendar.zone, at)), _ticks(at)
    index = bisect_right(table.opens, ticks) - 1
    return index >= 0 and ticks < table.closes[index]


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """`at` itself while the office is open, else the next moment at which it opens. Raises NeverOpen."""
    ticks = _ticks(at)
    first = local_date(calendar.zone, at).year
    for year in range(first, first + HORIZON):
        table = _year(calendar, year)
        index = bisect_right(table.opens, ticks)
        if index and ticks < table.closes[index - 1]:
            return _moment(ticks)
        if index < len(table.opens):
            return _moment(table.opens[index])
    raise NeverOpen(calendar)


def closing(calendar: Calendar, at: datetime) -> datetime:
    """When the working day ends that `at` is in or, outside hours, that comes next. A midday break does not end it."""
    day = local_date(calendar.zone, next_opening(calendar, at))
    return _moment(_spans(calendar, day)[-1][1])


def working(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """How long the office was open between two moments; zero when `end` is not after `start`."""
    if end <= start:
        return timedelta(0)
    first, last = _local_year(calendar.zone, start), _local_year(calendar.zone, end)
    between = sum(_year(calendar, year).total for year in range(first, last)) if first < last else 0
    return timedelta(
        microseconds=between
        + _worked(_year(calendar, last), _ticks(end))
        - _worked(_year(calendar, first), _ticks(start))
    )


def _worked(table: _Year, ticks: int) -> int:
    """Open time of that year before the moment."""
    index = bisect_right(table.opens, ticks) - 1
    if index < 0:
        return 0
    return table.before[index] + min(ticks, table.closes[index]) - table.opens[index]


def due(
    limit: Limit,
    start: datetime,
    calendar: Calendar,
    *,
    hk: Workday = "jam_sama",
    hari: Day = "kerja",
    hours: Hours | None = None,
) -> datetime:
    """When `limit` ends that began at `start`.

    Minutes and hours run only while the office is open (`hours="24x7"`: always). `n hari kerja` is the same clock time
    n working days on: work that came outside hours, in a break too, counts from the next opening; a clock time that is
    closed on the day reached moves to that day's next opening or, after its last hour, back to its closing, so the
    limit never leaves the n-th working day. `hari` by `hari`: like hari kerja, or n calendar days. `1 x 24 jam` always
    runs. `hours` overrides the limit's own: under "24x7" every day is a calendar day. Raises NeverOpen.
    """
    always = (hours or limit.hours) == "24x7"
    if limit.unit is Unit.ELAPSED:
        return _utc(start) + timedelta(hours=limit.amount)
    if limit.unit in (Unit.MINUTE, Unit.HOUR):
        length = timedelta(minutes=limit.amount * (60 if limit.unit is Unit.HOUR else 1))
        return _utc(start) + length if always else _run(calendar, start, length)
    if always or (limit.unit is Unit.DAY and hari == "kalender"):
        local = _utc(start).astimezone(_zone(calendar.zone))
        return (local + timedelta(days=limit.amount)).astimezone(UTC)
    return _workdays(calendar, start, limit.amount, hk)


def _run(calendar: Calendar, start: datetime, length: timedelta) -> datetime:
    """The moment at which the office has worked `length` since `start`."""
    first = local_date(calendar.zone, start).year
    left = length // MICROSECOND + _worked(_year(calendar, first), _ticks(start))
    for year in range(first, first + HORIZON):
        table = _year(calendar, year)
        if left <= table.total:
            index = bisect_right(table.before, left - 1) - 1
            return _moment(table.opens[index] + left - table.before[index])
        left -= table.total
    raise NeverOpen(calendar)


def _workdays(calendar: Calendar, start: datetime, amount: int, hk: Workday) -> datetime:
    begun = next_opening(calendar, start).astimezone(_zone(calendar.zone))
    spans = _spans(calendar, _workday_after(calendar, begun.date(), amount))
    if hk == "akhir_hari":
        return _moment(spans[-1][1])
    day = _moment(spans[0][0]).astimezone(_zone(calendar.zone)).date()
    wanted = _ticks(datetime.combine(day, begun.timetz()))
    for opened, closed in spans:
        if wanted < closed:
            return _moment(max(wanted, opened))
    return _moment(spans[-1][1])


def _workday_after(calendar: Calendar, day: date, amount: int) -> date:
    """The n-th working day after that date."""
    left = amount - 1
    index = bisect_right(_year(calendar, day.year).dates, day)
    for year in range(day.year, day.year + HORIZON):
        dates = _year(calendar, year).dates
        if index + left < len(dates):
            return dates[index + left]
        left -= len(dates) - index
        index = 0
    raise NeverOpen(calendar)


def local_date(zone: str, at: datetime) -> date:
    """The date on the wall at that moment."""
    return at.astimezone(_zone(zone)).date()


def _local_year(zone: str, at: datetime) -> int:
    """Only around New Year is it another one on some wall."""
    if at.tzinfo is UTC and (1 < at.month < 12 or 1 < at.day < 31):
        return at.year
    return local_date(zone, at).year


def midnight(zone: str, day: date) -> datetime:
    """The moment, in UTC, at which that date begins on the wall: the edge of a day's or a month's figures."""
    return datetime.combine(day, time(0), _zone(zone)).astimezone(UTC)
