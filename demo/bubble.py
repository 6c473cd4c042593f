"""A message as a phone shows it: pieces of text, what hangs on it, and the buttons below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from demo.memory import Json

DAYS = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
LINKS = ("text_link", "url")
STRONG = ("bold", "code", "pre")


@dataclass(frozen=True)
class Piece:
    """A run of text of one look; `href` makes a link of it."""

    text: str
    href: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Key:
    """A button below a message: pressed (`data`) or opened (`href`)."""

    label: str
    data: str = ""
    href: str = ""


@dataclass(frozen=True)
class Bubble:
    """`id` names it on the page, `number` at its provider. `media`: what is shown in it, by the kind of its element."""

    id: str
    number: str
    me: bool
    day: str
    time: str
    pieces: tuple[Piece, ...] = ()
    sender: str = ""
    title: str = ""
    quoted: str = ""
    media: tuple["Media", ...] = ()
    place: str = ""
    keys: tuple[tuple[Key, ...], ...] = ()
    answerable: bool = False


@dataclass(frozen=True)
class Media:
    """`kind`: img, audio or file."""

    kind: str
    url: str
    name: str


def media_kind(content_type: str) -> str:
    family = content_type.partition("/")[0]
    return {"image": "img", "audio": "audio"}.get(family, "file")


def day_of(at: datetime, now: datetime, zone: str) -> str:
    """ "Hari ini", "Kemarin", else "Kam 19 Nov"."""
    day, today = local(at, zone).date(), local(now, zone).date()
    if day == today:
        return "Hari ini"
    return "Kemarin" if day == today - timedelta(days=1) else short_day(day)


def short_day(day: date) -> str:
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def time_of(at: datetime, zone: str) -> str:
    return f"{local(at, zone):%H.%M}"


def local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))


def pieces(text: str, entities: Sequence[Json]) -> tuple[Piece, ...]:
    """Telegram's text with its bold words and links; offsets count UTF-16 units, nested looks keep the outer one."""
    wide = text.encode("utf-16-le")
    found: list[Piece] = []
    at = 0
    for entity in entities:
        start, end = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
        if start < at or entity["type"] not in (*LINKS, *STRONG):
            continue
        found.append(Piece(wide[at:start].decode("utf-16-le", "replace")))
        words = wide[start:end].decode("utf-16-le", "replace")
        href = entity.get("url", words) if entity["type"] in LINKS else ""
        found.append(Piece(words, href=safe(href), strong=entity["type"] in STRONG))
        at = end
    found.append(Piece(wide[at:].decode("utf-16-le", "replace")))
    return tuple(piece for piece in found if piece.text)


def linked(text: str) -> tuple[Piece, ...]:
    """Plain text whose addresses can be followed."""
    found: list[Piece] = []
    for line in text.splitlines(keepends=True):
        for word in line.split(" "):
            bare = word.strip()
            href = safe(bare)
            found.append(Piece(f"{word} ", href=href))
    return _joined(found)


def safe(address: str) -> str:
    return address if address.startswith(("http://", "https://")) else ""


def _joined(found: list[Piece]) -> tuple[Piece, ...]:
    """Neighbours without a link become one piece again."""
    joined: list[Piece] = []
    for piece in found:
        if joined and not piece.href and not joined[-1].href:
            joined[-1] = Piece(joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return tuple(joined)
