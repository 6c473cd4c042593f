"""The narration of an announcement: how it will look and how long it is on each channel, whether its links are well formed.
Pure. What a version changed is `sop.text_difference`."""

import re

from msgspec import Struct

from sop.announcement import LONGEST
from sop.errors import N_
from sop.preview import CAPTION, Piece, pieces, preview
from sop.text import utf16_length

POSTED = ("telegram", "whatsapp", "mail")
"""The channels whose look is shown before anything leaves."""
ALBUM = 10  # pictures of one Telegram album
FEW = 20  # faulty links that are named

_ADDRESS = re.compile(
    r"\b[A-Za-z][A-Za-z0-9+.-]{1,9}:/{1,3}\S*|\bwww\.[^\s/]+\S*|\bhttps?://(?=\s|$)", re.ASCII
)
_ENDING = ".,;:!?)]}\"'”’»"
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.ASCII)
_PORT = re.compile(r":\d{1,5}", re.ASCII)


class Link(Struct, frozen=True):
    """A link of the text; `fault` says in words what is wrong with its form, "" nothing. Nobody opens it."""

    text: str
    fault: str = ""


class Look(Struct, frozen=True, kw_only=True):
    """How an announcement arrives: its messages in order, `subject` above them where the channel has one.

    `pictures` go before the words, or with them where `captioned`. `length` counts as the provider counts (UTF-16
    units; of WhatsApp only what is ours) and `longest` is what one announcement may have there. `missing`: the channel needs an approved form first.
    """

    channel: str
    subject: str = ""
    parts: tuple[tuple[Piece, ...], ...]
    pictures: int
    captioned: bool
    length: int
    longest: int
    missing: bool = False

    @property
    def too_long(self) -> bool:
        return self.length > self.longest


def look(channel: str, subject: str, text: str, pictures: int = 0, form: str | None = None) -> Look:
    """The announcement as `channel` will show it. `form`: WhatsApp's approved words around {{1}} and {{2}}, None where
    there are none yet."""
    if channel == "whatsapp":
        return _by_form(subject, text, form)
    seen = preview(channel, text)
    captioned = channel == "telegram" and 0 < pictures <= ALBUM and seen.length <= CAPTION
    return Look(
        channel=channel,
        subject=subject if channel == "mail" else "",
        parts=seen.parts,
        pictures=pictures,
        captioned=captioned and bool(seen.parts),
        length=seen.length,
        longest=LONGEST[channel],
    )


def _by_form(subject: str, text: str, form: str | None) -> Look:
    line = " ".join(text.split())  # the provider takes no line break in what fills a hole
    words = filled(form, subject, line) if form is not None else line
    return Look(
        channel="whatsapp",
        parts=(pieces("whatsapp", words),) if words else (),
        pictures=0,
        captioned=False,
        length=utf16_length(text.strip()),
        longest=LONGEST["whatsapp"],
        missing=form is None,
    )


def filled(form: str, subject: str, text: str) -> str:
    """An approved form with its holes filled in one pass: braces in what is filled in stay as they are."""
    values = {"1": subject, "2": text}
    return re.sub(r"\{\{([12])\}\}", lambda hole: values[hole[1]], form)


def links(text: str) -> tuple[Link, ...]:
    """Every link once, in its order; faulty ones say why."""
    found: dict[str, Link] = {}
    for each in _ADDRESS.finditer(text):
        address = _without_ending(each[0])
        found.setdefault(address, Link(address, _fault(address)))
    return tuple(found.values())


def faulty(text: str) -> tuple[Link, ...]:
    """Those whose form is wrong."""
    return tuple(each for each in links(text) if each.fault)[:FEW]


def _without_ending(address: str) -> str:
    """Without the sentence's own signs; a closing bracket stays where the address opened it."""
    while address and address[-1] in _ENDING:
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address


def _fault(address: str) -> str:
    scheme, colon, rest = address.partition(":")
    if not colon or address.lower().startswith("www."):
        return N_("tulis dengan https:// di depannya")
    if scheme.lower() not in ("http", "https"):
        return N_("awalannya bukan https://")
    if not rest.startswith("//") or rest.startswith("///"):
        return N_("sesudah https: harus tepat dua garis miring")
    host, _, port = re.split(r"[/?#]", rest[2:], maxsplit=1)[0].lower().partition(":")
    if "@" in host or not _HOST.fullmatch(host) or (port and not _PORT.fullmatch(f":{port}")):
        return N_("alamat situsnya tidak lengkap")
    return N_("memakai http tanpa pengaman; pakai https bila ada") if scheme.lower() == "http" else ""
