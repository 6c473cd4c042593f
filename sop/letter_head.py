"""The head of a letter that asks for an announcement, as it stands in a mail or a form: "Nomor: ...", "Sifat: segera". Pure."""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from msgspec import Struct

from sop.wording import month_of

HEAD = 15  # lines among which a label may stand
_LABELS = {
    "number": ("nomor surat", "no. surat", "no surat", "nomor", "no."),
    "date": ("tanggal surat", "tgl. surat", "tgl surat", "tanggal", "tgl"),
    "subject": ("perihal", "hal"),
    "nature": ("sifat surat", "sifat"),
    "sender": ("pengirim", "unit pengirim", "instansi", "dari unit"),
    "wish": ("sasaran", "khalayak", "disebarkan kepada"),
    "wished": ("waktu tayang", "jadwal tayang", "tayang", "waktu sebar"),
}
_OF = {word: name for name, labels in _LABELS.items() for word in labels}
_LINE = re.compile(
    rf"\s*(?P<label>{'|'.join(sorted(map(re.escape, _OF), key=len, reverse=True))})\s*[:=]\s*(?P<said>\S.*?)\s*",
    re.I,
)
_TELLING = {"number", "subject", "nature"}
"""Without one of these, "Tanggal: ..." is more likely the announcement's own."""
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)", re.A)
_SHORT = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)", re.A)
_LONG = re.compile(r"(?<!\d)(\d{1,2})\s+([A-Za-z]{3,9})\s+(\d{4})(?!\d)", re.A)
_TIME = re.compile(r"(?:pukul|jam|pk\.?|T|\s|,)\s*(\d{1,2})[.:](\d{2})(?![\d./-])", re.A | re.I)
_URGENT = re.compile(r"\b(?:sangat\s+)?segera\b|\burgent\b|\bkilat\b", re.I)


class LetterHead(Struct, frozen=True, kw_only=True):
    """What the head says, "" where it is silent. `date` is an ISO day, `wished_at` UTC; `text` is what is left of the words."""

    number: str = ""
    date: str = ""
    subject: str = ""
    sender: str = ""
    wish: str = ""
    urgent: bool = False
    wished_at: datetime | None = None
    text: str = ""


def read(text: str, zone: str) -> LetterHead:
    """The head's lines are taken out of the text, each label once; anything else stays as it was written.

    Nothing is taken out where neither number, subject nor nature stands.
    """
    found: dict[str, str] = {}
    left: list[str] = []
    for place, line in enumerate(text.splitlines()):
        match = _LINE.fullmatch(line) if place < HEAD and len(line) < 400 else None
        name = _OF[match["label"].lower()] if match else ""
        if match and name not in found and _makes_sense(name, match["said"]):
            found[name] = match["said"]
        else:
            left.append(line)
    if not _TELLING & set(found):
        return LetterHead(text=text.strip())
    return LetterHead(
        number=found.get("number", "")[:80],
        date=day.isoformat() if (day := day_in(found.get("date", ""))) else "",
        subject=found.get("subject", "")[:300],
        sender=found.get("sender", "")[:200],
        wish=found.get("wish", "")[:1000],
        urgent=bool(_URGENT.search(found.get("nature", ""))),
        wished_at=moment_in(found.get("wished", ""), zone),
        text="\n".join(left).strip(),
    )


def _makes_sense(name: str, said: str) -> bool:
    """A line that merely begins like a label stays among the words."""
    if name == "date":
        return day_in(said) is not None
    return day_in(said) is not None and bool(_TIME.search(said)) if name == "wished" else True


def day_in(text: str) -> date | None:
    """The first whole date in a text: 2026-11-20, 20/11/2026 or 20 November 2026."""
    if match := _ISO.search(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _SHORT.search(text):
        return _day(int(match[3]), int(match[2]), int(match[1]))
    if (match := _LONG.search(text)) and (month := month_of(match[2])):
        return _day(int(match[3]), month, int(match[1]))
    return None


def moment_in(text: str, zone: str) -> datetime | None:
    """A date with a time of day, on that zone's clock."""
    day, at = day_in(text), _TIME.search(text)
    if day is None or at is None or int(at[1]) > 23 or int(at[2]) > 59:
        return None
    return datetime.combine(day, time(int(at[1]), int(at[2])), ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
