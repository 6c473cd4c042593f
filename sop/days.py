"""Which hours a date has on a calendar: the week, the season, the holiday list, closures and openings, in that order."""

from datetime import date, timedelta
from functools import lru_cache

from sop.calendar import Calendar, Interval, Opening, usual_hours


@lru_cache(maxsize=64)
def national_holidays(year: int) -> dict[date, str]:
    """National holidays and cuti bersama of Indonesia with their names. Callers do not change the dict."""
    from holidays.countries.indonesia import Indonesia  # lazily: its import costs a third of a second

    return dict(Indonesia(years=year, categories=("public", "government"), language="id").items())


@lru_cache(maxsize=256)
def _exceptions(calendar: Calendar) -> tuple[dict[date, Opening], dict[date, str]]:
    return {each.day: each for each in calendar.openings}, {
        each.day: each.reason for each in calendar.closures
    }


def hours_on(calendar: Calendar, day: date) -> tuple[Interval, ...]:
    """The intervals in which the office is open on that date. An opening beats a closure beats the holiday list."""
    openings, _ = _exceptions(calendar)
    if opening := openings.get(day):
        return opening.hours or usual_hours(calendar, day)
    return () if closed_because(calendar, day) else usual_hours(calendar, day)


def closed_because(calendar: Calendar, day: date) -> str:
    """Why the office does not work on that date (closure or holiday by name), or "" when only the week decides."""
    openings, closures = _exceptions(calendar)
    if day in openings:
        return ""
    if reason := closures.get(day):
        return reason
    return national_holidays(day.year).get(day, "") if calendar.national else ""


@lru_cache(maxsize=256)
def day_length(calendar: Calendar) -> timedelta:
    """How much working time an ordinary week's longest day has: what "one working day" is worth in a span."""
    return max(sum((_length(each) for each in hours), timedelta(0)) for hours in calendar.week) or timedelta(
        days=1
    )


def _length(interval: Interval) -> timedelta:
    opens, closes = (timedelta(hours=at.hour, minutes=at.minute) for at in interval)
    return (closes or timedelta(days=1)) - opens
