"""What people read about time and number: "Jum 20 Nov, 13.24 WIB", "sisa 1 j 48 mnt", "12.480", "184 KB".

Staff read short spans, the public long ones; both read the same clock.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct

from sop.calendar import Calendar
from sop.clock import Hours, is_open, next_opening, working
from sop.days import day_length
from sop.language import SOURCE

Words = TypeVar("Words")

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NEAR = 5 * MINUTE

_MONTHS: dict[str, tuple[str, ...]] = {
    "id": (
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
_SHORT_MONTHS: dict[str, tuple[str, ...]] = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_DAYS: dict[str, tuple[str, ...]] = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_SHORT_DAYS: dict[str, tuple[str, ...]] = {
    "id": ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


class _Units(NamedTuple):
    day: str
    hour: str
    minute: str
    second: str


_SHORT: dict[str, _Units] = {"id": _Units("hr", "j", "mnt", "dtk"), "en": _Units("d", "h", "min", "s")}
_LONG: dict[str, _Units] = {
    "id": _Units("hari", "jam", "menit", "detik"),
    "en": _Units("day", "hour", "minute", "second"),
}
_LEFT: dict[str, dict[str, str]] = {
    "id": {
        "left": "sisa {span}",
        "late": "lewat {span}",
        "just": "lewat tenggat",
        "rest": "lanjut {moment}",
        "paused": "jeda sejak {moment}",
        "met": "{span}, tepat waktu",
        "missed": "{span}, lewat {late}",
    },
    "en": {
        "left": "{span} left",
        "late": "{span} late",
        "just": "past due",
        "rest": "resumes {moment}",
        "paused": "paused since {moment}",
        "met": "{span}, on time",
        "missed": "{span}, {late} late",
    },
}


def month_of(name: str) -> int:
    """1 to 12 for a month's name or its short form in Indonesian or English, in any case; 0 for no month."""
    plain = name.lower()
    for names in (*_MONTHS.values(), *_SHORT_MONTHS.values()):
        for place, each in enumerate(names, start=1):
            if each.lower() == plain:
                return place
    return 0


def _of(table: dict[str, Words], language: str) -> Words:
    """The table's words in that language, in Indonesian when it is not one of ours."""
    return table.get(language, table[SOURCE])


def clock_time(at: datetime, zone: str, language: str = "id") -> str:
    """13.24 WIB (13:24 WIB in English): the wall clock of the office and its zone."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{_hour(local, language)} {local.tzname()}"


def _hour(local: datetime, language: str) -> str:
    return f"{local:%H.%M}" if language != "en" else f"{local:%H:%M}"


def moment(at: datetime, zone: str, language: str = "id", *, now: datetime | None = None) -> str:
    """Jum 20 Nov, 13.24 WIB; with the year when `now` is given and lies in another one."""
    local = at.astimezone(ZoneInfo(zone))
    year = f" {local.year}" if now and now.astimezone(ZoneInfo(zone)).year != local.year else ""
    return f"{short_day(local.date(), language)}{year}, {clock_time(at, zone, language)}"


def short_day(day: date, language: str = "id") -> str:
    """Jum 20 Nov"""
    return (
        f"{_of(_SHORT_DAYS, language)[day.weekday()]} {day.day} {_of(_SHORT_MONTHS, language)[day.month - 1]}"
    )


def weekday(index: int, language: str = "id") -> str:
    """Senin (Monday in English) is 0."""
    return _of(_DAYS, language)[index]


def long_day(day: date, language: str = "id") -> str:
    """Jumat, 20 November 2026"""
    return f"{_of(_DAYS, language)[day.weekday()]}, {day.day} {month(day, language)}"


def month(day: date, language: str = "id") -> str:
    """November 2026"""
    return f"{_of(_MONTHS, language)[day.month - 1]} {day.year}"


def span(length: timedelta, language: str = "id", *, long: bool = False, day: timedelta = DAY) -> str:
    """1 hr 1 j 26 mnt, or long: 1 hari 1 jam 26 menit; whole minutes, under one minute seconds.

    `day` is how long a day is: working time is told in working days (`sop.days.day_length`).
    """
    length = max(length, timedelta(0))
    if timedelta(0) < length < MINUTE:
        return _amount(int(length.total_seconds()), 3, language, long)
    days, rest = divmod(length, day)
    hours, rest = divmod(rest, HOUR)
    minutes = rest // MINUTE
    parts = [_amount(amount, unit, language, long) for unit, amount in enumerate((days, hours)) if amount]
    if hours and not long:
        parts.append(f"{minutes:02d} {_of(_SHORT, language).minute}")
    elif minutes or not parts:
        parts.append(_amount(minutes, 2, language, long))
    return " ".join(parts)


def _amount(amount: int, unit: int, language: str, long: bool) -> str:
    word = _of(_LONG if long else _SHORT, language)[unit]
    return f"{amount} {word}{'s' if long and language == 'en' and amount != 1 else ''}"


class Left(Struct, frozen=True):
    """A step's clock in words. `state` is the class of `.sla`; `share` is how much of the limit is used, 0 to 100."""

    state: str  # "" | "near" | "late" | "rest" | "met"
    words: str
    share: int


def left(
    due: datetime | None,
    now: datetime,
    calendar: Calendar,
    *,
    opened: datetime,
    closed: datetime | None = None,
    paused: datetime | None = None,
    hours: Hours = "kerja",
    language: str = "id",
    long: bool = False,
) -> Left:
    """The clock of one visit that was `opened` then, in working time, or in elapsed time under `hours="24x7"`.

    near: the last quarter of the limit, or under five minutes. rest: paused since, or the office is closed now and the
    clock goes on at its next opening. met: closed in time; closed too late stays late. No due time: no words.
    """
    if due is None:
        return Left("", "", 0)
    face = _Face(calendar, hours, language, long)
    if now > due and not closed and not paused:
        late = face.between(due, now)
        return Left(
            "late", face.say("late", span=face.span(late)) if late >= MINUTE else face.say("just"), 100
        )
    whole = face.between(opened, due)
    share = face.share(opened, whole, closed or paused or now)
    if closed:
        return face.ended(opened, due, closed, share)
    if paused:
        return Left("rest", face.say("paused", moment=face.point(paused)), share)
    if hours == "kerja" and not is_open(calendar, now):
        return Left("rest", face.say("rest", moment=face.point(next_opening(calendar, now))), share)
    remaining = face.between(now, due)
    near = remaining < NEAR or remaining * 4 <= whole
    return Left("near" if near else "", face.say("left", span=face.span(remaining)), share)


class _Face(NamedTuple):
    """How one reader is told of one clock."""

    calendar: Calendar
    hours: Hours
    language: str
    long: bool

    def between(self, start: datetime, end: datetime) -> timedelta:
        if self.hours == "24x7":
            return max(end - start, timedelta(0))
        return working(self.calendar, start, end)

    def share(self, opened: datetime, whole: timedelta, at: datetime) -> int:
        return min(100, int(100 * self.between(opened, at) / whole)) if whole else 100

    def span(self, length: timedelta) -> str:
        day = DAY if self.hours == "24x7" else day_length(self.calendar)
        return span(length, self.language, long=self.long, day=day)

    def point(self, at: datetime) -> str:
        """Sen 08.00"""
        local = at.astimezone(ZoneInfo(self.calendar.zone))
        return f"{_of(_SHORT_DAYS, self.language)[local.weekday()]} {_hour(local, self.language)}"

    def say(self, which: str, **words: str) -> str:
        return _of(_LEFT, self.language)[which].format_map(words)

    def ended(self, opened: datetime, due: datetime, closed: datetime, share: int) -> Left:
        used = self.span(self.between(opened, closed))
        if closed <= due:
            return Left("met", self.say("met", span=used), share)
        return Left("late", self.say("missed", span=used, late=self.span(self.between(due, closed))), 100)


def number(amount: int, language: str = "id") -> str:
    """12.480 (12,480 in English)"""
    grouped = f"{amount:,}"
    return grouped.replace(",", ".") if language != "en" else grouped


def weight(amount: float, language: str = "id") -> str:
    """+1,8 (+1.8 in English): how much one thing speaks for another."""
    shown = f"{amount:+.1f}"
    return shown.replace(".", ",") if language != "en" else shown


def percent(share: float, language: str = "id") -> str:
    """95,2% of a share between 0 and 1; whole ones without a decimal."""
    return f"{_decimal(share * 100, language)}%"


def size(octets: int, language: str = "id") -> str:
    """184 KB, 1,2 MB: of bytes, in steps of 1024."""
    if octets < 1024:
        return f"{octets} B"
    if octets < 1024 * 1024:
        return f"{number(round(octets / 1024), language)} KB"
    amount, unit = octets / 1024**2, "MB"
    if amount >= 1024:
        amount, unit = amount / 1024, "GB"
    return f"{_decimal(amount, language)} {unit}"


def _decimal(amount: float, language: str) -> str:
    words = f"{amount:.1f}".removesuffix(".0")
    return words.replace(".", ",") if language != "en" else words
