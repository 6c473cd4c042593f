"""Days and times as people write them in a chat or a letter: "besok 08.00", "12 Des 2026", "12/12 pukul 13.30". Pure."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sop.errors import N_, DeskError
from sop.wording import month_of

NEAR = {"hari ini": 0, "nanti": 0, "today": 0, "besok": 1, "tomorrow": 1, "lusa": 2}
PASSED = timedelta(days=60)  # a day without its year that lies further back is next year's

_SHORT = {"peb": 2, "ags": 8, "agt": 8, "agust": 8, "sept": 9, "nop": 11}  # beside the catalogue's own
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)", re.A)
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)", re.A)
_NAMED = re.compile(r"(?<!\d)(\d{1,2})\s+([a-z]{3,9})\.?\s+(\d{4})(?!\d)", re.A)
_ZONE = r"(?:\s*(?:wib|wita|wit)\b)?"
_CLOCK = re.compile(
    rf"(?:\b(?:pukul|jam|pk\.?)\s*|(?<=\d)t)?(?<!\d)(?<!\d[.:/-])([01]?\d|2[0-3])[.:]([0-5]\d)(?!\d|[.:/-]\d){_ZONE}",
    re.A,
)
_HOUR = re.compile(rf"\b(?:pukul|jam|pk\.?)\s*([01]?\d|2[0-3])\b{_ZONE}", re.A)


class DayUnclear(DeskError):
    def __init__(self, given: str) -> None:
        super().__init__(N_("“{given}” bukan tanggal. Tulis misalnya: 12 November 2026"), given=given[:40])


class TimeUnclear(DeskError):
    def __init__(self, given: str) -> None:
        super().__init__(
            N_("“{given}” bukan waktu. Tulis misalnya: besok 08.00, atau 12 Des 13.30"), given=given[:40]
        )


def day(text: str, today: date) -> date:
    """The first day among the words; one without its year is the nearest ahead, or just past. Raises DayUnclear."""
    words = " ".join(text.lower().replace(",", " ").split())
    if words in NEAR:
        return today + timedelta(days=NEAR[words])
    if found := _whole(words):
        return found
    for year in (today.year, today.year + 1):
        found = _whole(f"{words} {year}") or _whole(f"{words}/{year}")
        if found and found >= today - PASSED:
            return found
    raise DayUnclear(text)


def moment(text: str, zone: str, now: datetime) -> datetime:
    """The moment in UTC; a time alone is today's. Raises TimeUnclear."""
    words = " ".join(text.lower().split())
    clock = _CLOCK.search(words) or _HOUR.search(words)
    if clock is None:
        raise TimeUnclear(text)
    here = now.astimezone(ZoneInfo(zone))
    rest = (words[: clock.start()] + words[clock.end() :]).strip(" ,")
    try:
        found = day(rest, here.date()) if rest else here.date()
    except DayUnclear:
        raise TimeUnclear(text) from None
    minute = int(clock[2]) if clock.re is _CLOCK else 0
    local = datetime(found.year, found.month, found.day, int(clock[1]), minute, tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def _whole(words: str) -> date | None:
    """2026-11-20, 20/11/2026 or 20 november 2026, wherever it stands."""
    if iso := _ISO.search(words):
        year, month, number = int(iso[1]), int(iso[2]), int(iso[3])
    elif numbers := _NUMBERS.search(words):
        year, month, number = int(numbers[3]), int(numbers[2]), int(numbers[1])
    elif named := _NAMED.search(words):
        year, month, number = int(named[3]), month_of(named[2]) or _SHORT.get(named[2], 0), int(named[1])
    else:
        return None
    try:
        return date(year, month, number)
    except ValueError:
        return None
