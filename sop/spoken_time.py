"""Days and times as people type them in a chat: "besok 08.00", "12 Des 2026", "12/12 13.30". Pure."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sop.errors import N_, DeskError

NEAR = {"hari ini": 0, "nanti": 0, "today": 0, "besok": 1, "tomorrow": 1, "lusa": 2}
MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
OTHERS = {"may": 5, "aug": 8, "ags": 8, "oct": 10, "dec": 12}
PASSED = timedelta(days=60)  # a day without its year that lies further back is next year's

_CLOCK = re.compile(
    r"(?:\b(?:pukul|jam|pk\.?)\s*)?\b([01]?\d|2[0-3])[.:]([0-5]\d)\b(?:\s*(?:wib|wita|wit)\b)?"
)
_HOUR = re.compile(r"\b(?:pukul|jam|pk\.?)\s*([01]?\d|2[0-3])\b(?:\s*(?:wib|wita|wit)\b)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?")
_NAMED = re.compile(r"(\d{1,2})\s+([a-z]{3,9})\.?(?:\s+(\d{4}))?")


class DayUnclear(DeskError):
    def __init__(self, given: str) -> None:
        super().__init__(N_("“{given}” bukan tanggal. Tulis misalnya: 12 November 2026"), given=given[:40])


class TimeUnclear(DeskError):
    def __init__(self, given: str) -> None:
        super().__init__(
            N_("“{given}” bukan waktu. Tulis misalnya: besok 08.00, atau 12 Des 13.30"), given=given[:40]
        )


def day(text: str, today: date) -> date:
    """Raises DayUnclear. A day without its year is the one nearest ahead, or just past."""
    words = " ".join(text.lower().replace(",", " ").split())
    if words in NEAR:
        return today + timedelta(days=NEAR[words])
    parts = _parts(words)
    if parts is None:
        raise DayUnclear(text)
    year, month, number = parts
    try:
        found = date(year or today.year, month, number)
        return found.replace(year=today.year + 1) if not year and found < today - PASSED else found
    except ValueError:
        raise DayUnclear(text) from None


def moment(text: str, zone: str, now: datetime) -> datetime:
    """The moment in UTC; a time alone is today's. Raises TimeUnclear."""
    words = " ".join(text.lower().split())
    clock = _HOUR.search(words) if not _CLOCK.search(words) else _CLOCK.search(words)
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


def _parts(words: str) -> tuple[int, int, int] | None:
    """(year or 0, month, day)."""
    if iso := _ISO.fullmatch(words):
        return int(iso[1]), int(iso[2]), int(iso[3])
    if slashed := _SLASHED.fullmatch(words):
        return int(slashed[3] or 0), int(slashed[2]), int(slashed[1])
    named = _NAMED.fullmatch(re.sub(r"^(?:senin|selasa|rabu|kamis|jumat|sabtu|minggu)\s+", "", words))
    if named is None:
        return None
    short = named[2][:3]
    month = MONTHS.index(short) + 1 if short in MONTHS else OTHERS.get(short, 0)
    return int(named[3] or 0), month, int(named[1])
