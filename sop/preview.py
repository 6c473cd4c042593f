"""How a text will look where it arrives: split as it is sent, counted as the provider counts, marked as the app marks it."""

import re

from msgspec import Struct

from sop.channels import LONGEST
from sop.text import split, utf16_length

CAPTION = 1024  # Telegram: a text this short goes with a single file instead of before it
SPLITS = {"telegram": 4096, "whatsapp": 1600}  # UTF-16 units of one message

_LINK = r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]"
_MAIL = r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
_FOUND = {
    "telegram": re.compile(
        rf"(?P<link>{_LINK})|(?P<mail>{_MAIL})|(?P<mention>(?<![\w@])@[A-Za-z]\w{{3,31}})"
        r"|(?P<hashtag>(?<![\w#&])#(?=\w*[^\W\d])\w{1,64})|(?P<command>(?<![\w/])/[A-Za-z]\w{0,31}\b)"
    ),
    "whatsapp": re.compile(
        rf"(?P<code>```[^`]+```)|(?P<link>{_LINK})|(?P<mail>{_MAIL})"
        r"|(?P<bold>(?<![\w*])\*(?=[^\s*])[^*\n]*[^\s*]\*(?![\w*]))"
        r"|(?P<italic>(?<![\w_])_(?=[^\s_])[^_\n]*[^\s_]_(?![\w_]))"
        r"|(?P<struck>(?<![\w~])~(?=[^\s~])[^~\n]*[^\s~]~(?![\w~]))"
    ),
}
_PLAIN = re.compile(rf"(?P<link>{_LINK})|(?P<mail>{_MAIL})")
_MARKS = {"bold": 1, "italic": 1, "struck": 1, "code": 3}  # how many signs on each side vanish


class Piece(Struct, frozen=True):
    """A stretch of one message. `look`: "", link, mail, mention, hashtag, command, bold, italic, struck or code."""

    text: str
    look: str = ""


class Preview(Struct, frozen=True, kw_only=True):
    """`parts` are the messages it becomes; `length` and `longest` in UTF-16 units, as providers count."""

    channel: str
    parts: tuple[tuple[Piece, ...], ...]
    length: int
    longest: int

    @property
    def too_long(self) -> bool:
        return self.length > self.longest


def preview(channel: str, text: str) -> Preview:
    """The text as that channel will show it."""
    text = text.strip()
    limit = SPLITS.get(channel)
    parts = split(text, limit) if limit else (text,) if text else ()
    return Preview(
        channel=channel,
        parts=tuple(pieces(channel, part) for part in parts),
        length=utf16_length(text),
        longest=LONGEST.get(channel, 20_000),
    )


def pieces(channel: str, text: str) -> tuple[Piece, ...]:
    """What the app makes of one message: our words leave as they are written, so these are the app's own marks."""
    found: list[Piece] = []
    place = 0
    for each in _FOUND.get(channel, _PLAIN).finditer(text):
        look = each.lastgroup or ""
        signs = _MARKS.get(look, 0)
        found.append(Piece(text[place : each.start()]))
        found.append(Piece(each[0][signs : len(each[0]) - signs], look))
        place = each.end()
    found.append(Piece(text[place:]))
    return tuple(piece for piece in found if piece.text)
