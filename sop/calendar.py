"""An office's working hours as a value: its week, its seasons, its closed and its open dates.

Which hours a date has is `sop/days.py`; what a moment means (open, due, working time) is `sop/clock.py`.
"""

from datetime import date, time

from msgspec import Struct

from sop.errors import N_, DeskError

Interval = tuple[time, time]
"""Opening and closing on the wall clock. A closing of 00.00 is the midnight that ends the day."""

Week = tuple[tuple[Interval, ...], ...]
"""Seven days, Monday first; a day without intervals is closed."""

DAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")


class CalendarFaulty(DeskError):
    """A calendar that cannot be kept. The words say where, and what to write instead."""


class Season(Struct, frozen=True, kw_only=True):
    """A stretch of dates, both ends included, with a week of its own (Ramadan hours)."""

    name: str
    first: date
    last: date
    week: Week


class Closure(Struct, frozen=True, kw_only=True):
    """A date on which this office is closed: its own, or by a decree that came after the holiday list."""

    day: date
    reason: str


class Opening(Struct, frozen=True, kw_only=True):
    """A date that is open although it is a holiday or weekend. Without hours those of its weekday count."""

    day: date
    reason: str
    hours: tuple[Interval, ...] = ()


class Calendar(Struct, frozen=True, kw_only=True, cache_hash=True):
    """One unit's working hours on the wall clock of `zone` (IANA). Hashable: what is derived from it is cached."""

    code: str
    name: str
    zone: str
    week: Week
    seasons: tuple[Season, ...] = ()
    closures: tuple[Closure, ...] = ()
    openings: tuple[Opening, ...] = ()
    national: bool = True  # national holidays and cuti bersama are closed


def office_hours(zone: str = "Asia/Jakarta") -> Calendar:
    """The usual office week: Monday to Thursday 08.00-12.00 and 13.00-16.00, Friday 08.00-11.30 and 13.00-16.30."""
    usual = ((time(8), time(12)), (time(13), time(16)))
    friday = ((time(8), time(11, 30)), (time(13), time(16, 30)))
    return Calendar(
        code="jam-kerja",
        name=N_("Jam kerja kantor"),
        zone=zone,
        week=(usual, usual, usual, usual, friday, (), ()),
    )


ALWAYS = Calendar(
    code="24x7",
    name=N_("Setiap saat, 24 jam"),
    zone="Asia/Jakarta",
    week=(((time(0), time(0)),),) * 7,
    national=False,
)
