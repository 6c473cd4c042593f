"""What a search looks for: words folded to what both engines index, numbers of a person, and where a hit stands in a text."""

import re
import unicodedata
from typing import NamedTuple

from sop.numbers import phone_of

MOST = 12  # words of one search
LONGEST = 40  # characters of a word that is indexed
AROUND = 70  # characters shown on each side of a hit
_WORD = re.compile(r"[^\W_]+")
_ODD = re.compile(r"[^0-9a-z@.+]+")
LEAST = 5  # digits that a person's number begins with


class Sought(NamedTuple):
    """`words` must all stand in a message, the last one may be a beginning. `numbers` are spellings of a person's number
    or address, `digits` the beginning of one; empty where the search is none.
    """

    words: tuple[str, ...]
    numbers: tuple[str, ...]
    digits: str


def folded(text: str) -> list[str]:
    """The words of a text in small letters without marks: "Café" is "cafe"."""
    if not text.isascii():
        text = "".join(
            each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each)
        )
    return [word[:LONGEST] for word in _WORD.findall(text.lower())]


def sought(text: str) -> Sought:
    """What somebody typed into the search field."""
    tight = _ODD.sub("", text.strip().lower())
    numeric = sum(each.isdigit() for each in tight) >= LEAST and len(text.split()) <= 6
    mail = "@" in tight and "." in tight.rpartition("@")[2] and " " not in text.strip()
    if not (numeric or mail):
        return Sought(tuple(folded(text)[:MOST]), (), "")
    phone = phone_of(text) if numeric and not mail else ""
    plain = re.sub(r"\D", "", tight)
    spelt = {text.strip(), tight, tight.upper(), plain, phone, phone.removeprefix("+")}
    return Sought(
        tuple(folded(text)[:MOST]),
        tuple(sorted(each for each in spelt if len(each) >= LEAST)),
        plain if plain == tight.strip(".") and not phone else "",
    )


def parted(text: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """The text cut where a word that was looked for stands: every second part is one, as it is written."""
    spans = _spans(text, words)
    parts, place = [], 0
    for start, end in spans:
        parts += [text[place:start], text[start:end]]
        place = end
    return (*parts, text[place:])


def excerpt(text: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """The surroundings of the first hit on one line, cut as by `parted`; () where there is none."""
    line = " ".join(text[:20_000].split())
    spans = _spans(line, words)
    if not spans:
        return ()
    start, end = max(0, spans[0][0] - AROUND), min(len(line), spans[0][1] + AROUND)
    shown = f"{'… ' if start else ''}{line[start:end]}{' …' if end < len(line) else ''}"
    return parted(shown, words)


def _spans(text: str, words: tuple[str, ...]) -> list[tuple[int, int]]:
    """Whole words, and as much of a longer one as the last word is the beginning of."""
    found = []
    for match in _WORD.finditer(text) if words else ():
        plain = "".join(folded(match[0]))
        if plain in words:
            found.append(match.span())
        elif plain.startswith(words[-1]):
            found.append((match.start(), match.start() + len(words[-1])))
    return found
