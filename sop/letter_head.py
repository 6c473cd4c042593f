"""The head of a letter that asks for an announcement, as it stands in a mail, form or chat: "Nomor: ...", "Sifat: segera". Pure."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from sop import spoken_time
from sop.spoken_time import DayUnclear, TimeUnclear

HEAD = 15  # lines among which a label may stand
LONGEST = {"subject": 300, "letter_number": 80, "sender": 200, "wish": 1000}  # characters
_LABELS = {
    "letter_number": ("nomor surat", "no. surat", "no surat", "nomor", "no.", "no"),
    "letter_date": ("tanggal surat", "tgl. surat", "tgl surat", "tanggal", "tgl.", "tgl"),
    "subject": ("perihal", "hal", "subject"),
    "urgent": ("sifat surat", "sifat"),
    "sender": ("pengirim", "unit pengirim", "instansi", "dari unit", "dari"),
    "wish": ("sasaran", "khalayak", "disebarkan kepada"),
    "wished_at": ("waktu tayang", "jadwal tayang", "tayang", "waktu sebar"),
}
_OF = {word: name for name, labels in _LABELS.items() for word in labels}
_LINE = re.compile(
    rf"\s*(?P<label>{'|'.join(sorted(map(re.escape, _OF), key=len, reverse=True))})\s*[:=]\s*(?P<said>\S.*?)\s*",
    re.I,
)
_TELLING = {"letter_number", "subject", "urgent"}
"""Without one of these, "Tanggal: ..." is more likely the announcement's own."""
_URGENT = re.compile(r"\b(?:sangat\s+)?segera\b|\burgent\b|\bkilat\b", re.I)


class LetterHead(Struct, frozen=True, kw_only=True):
    """What the head says, "" or None where it is silent. `letter_date` is an ISO day, `wished_at` UTC; `text` is what is
    left of the words."""

    subject: str = ""
    letter_number: str = ""
    letter_date: str = ""
    sender: str = ""
    urgent: bool | None = None
    wish: str = ""
    wished_at: datetime | None = None
    text: str = ""


def read(text: str, zone: str, now: datetime, known: frozenset[str] = frozenset()) -> LetterHead:
    """The head's lines are taken out of the text, each label once; anything else stays as it was written.

    `known`: what is not looked for, since it was said before. Nothing is taken out where neither number, subject nor
    nature is known.
    """
    head, found = LetterHead(), set(known)
    left: list[str] = []
    for place, line in enumerate(text.splitlines()):
        match = _LINE.fullmatch(line) if place < HEAD and len(line) < 400 else None
        name = _OF[match["label"].lower()] if match else ""
        said = _said(name, match["said"], zone, now) if match and name not in found else None
        if said is None:
            left.append(line)
        else:
            found.add(name)
            head = replace(head, **{name: said})
    if not _TELLING & found:
        return LetterHead(text=text.strip())
    return replace(head, text="\n".join(left).strip())


def _said(name: str, words: str, zone: str, now: datetime) -> str | bool | datetime | None:
    """What stands behind the label; None where the line merely begins like one."""
    try:
        match name:
            case "letter_date":
                return spoken_time.day(words, now.astimezone(ZoneInfo(zone)).date()).isoformat()
            case "wished_at":
                return spoken_time.moment(words, zone, now)
            case "urgent":
                return bool(_URGENT.search(words))
    except (DayUnclear, TimeUnclear):
        return None
    return words[: LONGEST[name]]
