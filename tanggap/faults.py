"""A mistake in a settings file: where it is, what is wrong, what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from tanggap.language import _

LONGEST_KEY = 80


@dataclass(frozen=True)
class Fault:
    """`line` counts from 1; `key` is dotted and empty where no key is meant. Never holds a value, which may be secret.

    As text it is one line, whatever the file holds.
    """

    file: Path
    line: int
    key: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        key = self.key if len(self.key) <= LONGEST_KEY else f"{self.key[:LONGEST_KEY]}..."
        said = f"{key}: {self.what}" if key else self.what
        line = f"{self.file}:{self.line}: {said}" + (f"; {self.remedy}" if self.remedy else "")
        return "".join(sign if sign.isprintable() else " " for sign in line)


class BadSettings(Exception):
    """The desk does not start on these. Its text is one line a fault."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """ "maksud Anda ...?" when a known name is near, else the names that are known."""
    names = list(known)
    if near := get_close_matches(wrong, names, 1):
        return _("maksud Anda {name}?", name=near[0])
    return _("yang dikenal: {names}", names=", ".join(names)) if names else _("hapus baris ini")
