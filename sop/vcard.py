"""Whose contact card a vCard is: the name and numbers that it holds (RFC 6350, and the older 2.1 and 3.0). Pure."""

import quopri
import re

from msgspec import Struct

from sop.text import clean, one_line

LARGEST = 65_536  # bytes of a card that are read
MOST_NUMBERS = 5
NAME = 120  # characters
_FOLDED = re.compile(r"\r?\n[ \t]")
_SOFT = re.compile(r"=\r?\n")
_ESCAPED = re.compile(r"\\(.)", re.S)


class Card(Struct, frozen=True):
    name: str = ""
    phones: tuple[str, ...] = ()


def read(content: bytes) -> Card:
    """The first card's name and up to five numbers; empty where it is none. Never raises."""
    text = clean(content[:LARGEST].decode("utf-8", "replace"), LARGEST)
    lines = _FOLDED.sub("", _SOFT.sub("", text)).splitlines()
    name, parts, phones = "", "", []
    for line in lines:
        kind, value = _line(line)
        if kind == "END":
            break
        if kind == "FN" and not name:
            name = value
        elif kind == "N" and not parts:
            family, _, given = value.partition(";")
            parts = f"{given.partition(';')[0]} {family}"
        elif kind == "TEL" and value:
            phones.append(one_line(value.removeprefix("tel:"), 40))
    return Card(one_line(name or parts, NAME), tuple(dict.fromkeys(phones))[:MOST_NUMBERS])


def _line(line: str) -> tuple[str, str]:
    """("TEL", "+62 812...") of "item1.TEL;type=CELL:+62 812..."; values lose their escapes."""
    head, colon, value = line.partition(":")
    if not colon:
        return "", ""
    name, _, facts = head.partition(";")
    if "QUOTED-PRINTABLE" in facts.upper():
        value = quopri.decodestring(value.encode("utf-8", "replace")).decode("utf-8", "replace")
    return name.rpartition(".")[2].upper(), _ESCAPED.sub(r"\1", value).strip()
