"""An office's working hours as a value: its week, its seasons, its closed and its open dates.

Which hours a date has is `sop/days.py`; what a moment means (open, due, working time) is `sop/clock.py`.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from sop.errors import N_, DeskError

Interval = tuple[time, time]
"""Opening and closing on the wall clock. A closing of 00.00 is the midnight that ends the day."""

Week = tuple[tuple[Interval, ...], ...]
"""Seven days, Monday first; a day without intervals is closed."""

DAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
MIDNIGHT = time(0)
_INTERVAL = re.compile(r"(\d{1,2})[.:](\d{2})\s*[-–]\s*(\d{1,2})[.:](\d{2})", re.ASCII)


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


def usual_hours(calendar: Calendar, day: date) -> tuple[Interval, ...]:
    """The hours of that weekday, by the season it falls in, before any holiday or decree. A later season wins."""
    for season in reversed(calendar.seasons):
        if season.first <= day <= season.last:
            return season.week[day.weekday()]
    return calendar.week[day.weekday()]


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


def read(data: Mapping[str, Any]) -> Calendar:
    """A calendar from a plain dict as YAML gives it. Times are "08.00-12.00" or "08:00-12:00", dates 2026-08-17.

    `week` names days (`senin`) or stretches of days (`senin-kamis`); a day not named is closed. A
    closure may have a `last` day. Raises CalendarFaulty.
    """
    where = str(data.get("code") or "kalender")
    _known(where, data, ("code", "name", "zone", "week", "seasons", "closures", "openings", "national"))
    code = _text(where, data, "code")
    found = Calendar(
        code=code,
        name=str(data.get("name") or code),
        zone=_zone(where, data.get("zone", "Asia/Jakarta")),
        week=_week(where, data.get("week")),
        seasons=tuple(_season(each, item) for each, item in _items(where, data, "seasons")),
        closures=tuple(
            one for each, item in _items(where, data, "closures") for one in _closures(each, item)
        ),
        openings=tuple(_opening(each, item) for each, item in _items(where, data, "openings")),
        national=_flag(where, data.get("national", True)),
    )
    _consistent(where, found)
    return found


def write(calendar: Calendar) -> dict[str, Any]:
    """The dict that `read` turns into an equal calendar; strings, lists and booleans only."""
    data: dict[str, Any] = {"code": calendar.code, "name": calendar.name, "zone": calendar.zone}
    data["week"] = _week_out(calendar.week)
    data["national"] = calendar.national
    if calendar.seasons:
        data["seasons"] = [
            {
                "name": s.name,
                "first": s.first.isoformat(),
                "last": s.last.isoformat(),
                "week": _week_out(s.week),
            }
            for s in calendar.seasons
        ]
    if calendar.closures:
        data["closures"] = [{"day": c.day.isoformat(), "reason": c.reason} for c in calendar.closures]
    if calendar.openings:
        data["openings"] = [
            {"day": o.day.isoformat(), "reason": o.reason}
            | ({"hours": _hours_out(o.hours)} if o.hours else {})
            for o in calendar.openings
        ]
    return data


def _week_out(week: Week) -> dict[str, list[str]]:
    return {name: _hours_out(hours) for name, hours in zip(DAYS, week, strict=True) if hours}


def _hours_out(hours: tuple[Interval, ...]) -> list[str]:
    return [f"{a:%H.%M}-{'24.00' if b == MIDNIGHT else f'{b:%H.%M}'}" for a, b in hours]


def _known(where: str, data: Mapping[str, Any], keys: tuple[str, ...]) -> None:
    for key in data:
        if key not in keys:
            near = get_close_matches(str(key), keys, 1, 0.5)
            advice = N_("{where}: kunci “{key}” tidak dikenal. Maksud Anda “{near}”?")
            if not near:
                advice = N_("{where}: kunci “{key}” tidak dikenal. Yang dikenal: {known}.")
            raise CalendarFaulty(advice, where=where, key=key, near="".join(near), known=", ".join(keys))


def _text(where: str, data: Mapping[str, Any], key: str) -> str:
    if isinstance(value := data.get(key), str) and value.strip():
        return value.strip()
    raise CalendarFaulty(N_("{where}: isi “{key}” dengan teks."), where=where, key=key)


def _zone(where: str, name: object) -> str:
    try:
        return ZoneInfo(str(name)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CalendarFaulty(
            N_(
                "{where}: zona waktu “{zone}” tidak dikenal. Tulis Asia/Jakarta, Asia/Makassar atau Asia/Jayapura."
            ),
            where=where,
            zone=str(name)[:60],
        ) from None


def _flag(where: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise CalendarFaulty(N_("{where}: isi “national” dengan true atau false."), where=where)


def _items(where: str, data: Mapping[str, Any], key: str) -> list[tuple[str, Mapping[str, Any]]]:
    listed = data.get(key) or []
    if not isinstance(listed, list | tuple) or not all(isinstance(item, Mapping) for item in listed):
        raise CalendarFaulty(
            N_("{where}: tulis “{key}” sebagai daftar, satu butir per baris “- ...”."), where=where, key=key
        )
    return [(f"{where}, {key} {number}", item) for number, item in enumerate(listed, 1)]


def _season(where: str, item: Mapping[str, Any]) -> Season:
    _known(where, item, ("name", "first", "last", "week"))
    first, last = _date(where, item, "first"), _date(where, item, "last")
    if last < first:
        raise CalendarFaulty(
            N_("{where}: “last” mendahului “first”. Tukarkan kedua tanggal itu."), where=where
        )
    return Season(
        name=_text(where, item, "name"), first=first, last=last, week=_week(where, item.get("week"))
    )


def _closures(where: str, item: Mapping[str, Any]) -> Iterator[Closure]:
    """One closed day, or every day from `day` to `last`."""
    _known(where, item, ("day", "last", "reason"))
    first, reason = _date(where, item, "day"), _text(where, item, "reason")
    last = _date(where, item, "last") if item.get("last") else first
    if not 0 <= (last - first).days < 366:
        raise CalendarFaulty(
            N_("{where}: “last” harus sama atau sesudah “day”, paling lama satu tahun."), where=where
        )
    for number in range((last - first).days + 1):
        yield Closure(day=first + timedelta(days=number), reason=reason)


def _opening(where: str, item: Mapping[str, Any]) -> Opening:
    _known(where, item, ("day", "reason", "hours"))
    hours = _hours(where, item["hours"]) if item.get("hours") else ()
    return Opening(day=_date(where, item, "day"), reason=_text(where, item, "reason"), hours=hours)


def _date(where: str, item: Mapping[str, Any], key: str) -> date:
    value = item.get(key)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise CalendarFaulty(
            N_("{where}: isi “{key}” dengan tanggal seperti 2026-08-17, bukan “{value}”."),
            where=where,
            key=key,
            value=str(value)[:40],
        ) from None


def _week(where: str, data: object) -> Week:
    if not isinstance(data, Mapping) or not data:
        raise CalendarFaulty(
            N_("{where}: isi “week”, misalnya senin-kamis: [08.00-12.00, 13.00-16.00]."), where=where
        )
    week: dict[int, tuple[Interval, ...]] = {}
    for key, value in data.items():
        hours = _hours(f"{where}, {key}", value) if value else ()
        for index in _days(where, str(key)):
            if index in week:
                raise CalendarFaulty(
                    N_("{where}: hari {day} tertulis dua kali. Sisakan satu."), where=where, day=DAYS[index]
                )
            week[index] = hours
    return tuple(week.get(index, ()) for index in range(7))


def _days(where: str, key: str) -> range:
    first, _, last = (part.strip() for part in key.lower().replace("'", "").partition("-"))
    if first in DAYS and (last or first) in DAYS and DAYS.index(first) <= DAYS.index(last or first):
        return range(DAYS.index(first), DAYS.index(last or first) + 1)
    raise CalendarFaulty(
        N_("{where}: “{key}” bukan hari. Tulis {days}, atau rentang seperti senin-kamis."),
        where=where,
        key=key[:40],
        days=", ".join(DAYS),
    )


def _hours(where: str, value: object) -> tuple[Interval, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        raise CalendarFaulty(N_("{where}: tulis jam sebagai 08.00-12.00."), where=where)
    found = tuple(sorted(_interval(where, str(part).strip()) for part in parts))
    for earlier, later in pairwise(found):
        if earlier[1] == MIDNIGHT or later[0] < earlier[1]:
            raise CalendarFaulty(
                N_("{where}: jam {one} dan {other} bertumpang tindih. Gabungkan keduanya."),
                where=where,
                one=_hours_out((earlier,))[0],
                other=_hours_out((later,))[0],
            )
    return found


def _interval(where: str, text: str) -> Interval:
    if match := _INTERVAL.fullmatch(text):
        h1, m1, h2, m2 = (int(part) for part in match.groups())
        opens, closes = h1 * 60 + m1, h2 * 60 + m2
        if max(m1, m2) < 60 and opens < closes <= 1440:
            return time(h1, m1), time(h2 % 24, m2)
    raise CalendarFaulty(
        N_(
            "{where}: jam “{text}” tidak dapat dibaca. Tulis awal dan akhir, misalnya 08.00-12.00; akhir hari 24.00."
        ),
        where=where,
        text=text[:40],
    )


def _consistent(where: str, calendar: Calendar) -> None:
    if not any(calendar.week):
        raise CalendarFaulty(
            N_("{where}: tidak ada hari buka. Isi jam kerja pada sedikitnya satu hari."), where=where
        )
    closed = {each.day for each in calendar.closures}
    for each in calendar.openings:
        if each.day in closed:
            raise CalendarFaulty(
                N_("{where}: {day} tercatat tutup dan juga buka. Hapus salah satunya."),
                where=where,
                day=each.day.isoformat(),
            )
        if not each.hours and not usual_hours(calendar, each.day):
            raise CalendarFaulty(
                N_("{where}: {day} dibuka, tetapi hari itu biasanya tutup. Tulis jamnya dengan “hours”."),
                where=where,
                day=each.day.isoformat(),
            )
