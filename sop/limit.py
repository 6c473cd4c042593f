"""A step's limit (waktu, baku mutu) as the paper writes it: "15 menit", "1 hari kerja", "1 x 24 jam"."""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from sop.errors import N_, DeskError

Hours = Literal["kerja", "24x7"]
"""Whether time runs only while the office is open, or always."""

LONGEST = 366  # days; a longer promise is a slip of the pen


class Unit(StrEnum):
    MINUTE = "menit"
    HOUR = "jam"
    WORKDAY = "hk"  # hari kerja
    DAY = "hari"  # read by the procedure's setting: working or calendar days
    ELAPSED = "x24jam"  # hours that always run, written "1 x 24 jam"


class LimitFaulty(DeskError):
    """Not a limit, or not one unambiguous limit."""

    def __init__(self, text: str) -> None:
        super().__init__(
            N_("Batas waktu “{text}” tidak dapat dibaca. Tulis angka dan satuan, misalnya: {examples}."),
            text=text[:60],
            examples="15 menit, 2 jam, 1 hari kerja, 3 hari, 1 x 24 jam",
        )


class LimitWithoutUnit(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(
            N_(
                "Batas waktu “{number}” tidak bersatuan. Tulis satuannya, misalnya {number} menit atau {number} hari kerja."
            ),
            number=number[:20],
        )


class LimitTooLong(DeskError):
    def __init__(self, text: str) -> None:
        super().__init__(
            N_("Batas waktu “{text}” lebih dari {longest} hari. Periksa angka dan satuannya."),
            text=text[:60],
            longest=LONGEST,
        )


class Limit(Struct, frozen=True):
    """`amount` counts in `unit`; ELAPSED counts hours. `hours` says whether minutes and hours run always."""

    amount: int
    unit: Unit
    hours: Hours = "kerja"

    def __str__(self) -> str:
        """The paper's words; `limit()` reads them back."""
        if self.unit is Unit.ELAPSED:
            days, rest = divmod(self.amount, 24)
            return f"1 x {self.amount} jam" if rest else f"{days} x 24 jam"
        return f"{self.amount} {_WORDS[self.unit]}"


_WORDS = {Unit.MINUTE: "menit", Unit.HOUR: "jam", Unit.WORKDAY: "hari kerja", Unit.DAY: "hari"}
_PER_DAY = {Unit.MINUTE: 1440, Unit.HOUR: 24, Unit.WORKDAY: 1, Unit.DAY: 1, Unit.ELAPSED: 24}
_UNITS = {
    **dict.fromkeys(("m", "mnt", "min", "menit"), Unit.MINUTE),
    **dict.fromkeys(("j", "jam"), Unit.HOUR),
    **dict.fromkeys(("hk", "hari kerja"), Unit.WORKDAY),
    **dict.fromkeys(("h", "hr", "hari"), Unit.DAY),
}
_PLAIN = re.compile(r"(\d{1,6})\s*(?:\([a-z ]{1,40}\)\s*)?([a-z]+(?: kerja)?)", re.ASCII)
_TIMES = re.compile(r"(\d{1,3})\s*[x×]\s*(\d{1,4})\s*(?:jam|j)", re.ASCII)


_ENGLISH = {
    "menit": "minute",
    "jam": "hour",
    "jam berjalan": "running hour",
    "hari kerja": "working day",
    "hari": "day",
}
_AMOUNT = re.compile(r"(\d+) (menit|jam berjalan|jam|hari kerja|hari)\b")


def limit_words(limit: object, language: str = "id") -> str:
    """15 menit (15 minutes in English): a `Limit`, a sum of limits, or the words of one; of none nothing."""
    words = str(limit) if limit else ""
    return words if language != "en" else _AMOUNT.sub(_in_english, words)


def _in_english(found: re.Match[str]) -> str:
    return f"{found[1]} {_ENGLISH[found[2]]}{'s' if found[1] != '1' else ''}"


@lru_cache(maxsize=1024)
def limit(text: str, hours: Hours = "kerja") -> Limit:
    """Read a limit: "15 menit", "15m", "2 jam", "1 (satu) hari kerja", "1hk", "3 hari", "1x24 jam", "1 x 2 jam".

    `hours` is the step's own setting for minutes and hours. Raises LimitFaulty, LimitWithoutUnit, LimitTooLong.
    """
    words = " ".join(text.lower().split())
    if words.isdecimal():
        raise LimitWithoutUnit(words)
    found = _read(words, hours)
    if found is None or found.amount < 1:
        raise LimitFaulty(text)
    if found.amount > LONGEST * _PER_DAY[found.unit]:
        raise LimitTooLong(text)
    return found


def _read(words: str, hours: Hours) -> Limit | None:
    if times := _TIMES.fullmatch(words):
        return Limit(int(times[1]) * int(times[2]), Unit.ELAPSED, "24x7")
    plain = _PLAIN.fullmatch(words)
    if plain is None:
        return None
    unit = _UNITS.get(plain[2]) or _UNITS.get(plain[2].removesuffix(" kerja"))
    if unit is None or (plain[2].endswith(" kerja") and unit is Unit.WORKDAY and plain[2] != "hari kerja"):
        return None
    return Limit(int(plain[1]), unit, hours)
