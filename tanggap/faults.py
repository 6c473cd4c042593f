"""A mistake in a settings file: where it is, what is wrong, what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from tanggap.language import _


@dataclass(frozen=True)
class Fault:
    """`line` counts from 1; `key` is dotted and empty where no key is meant. Never holds a value, which may be secret."""

    file: Path
    line: int
    key: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        said = f"{self.key}: {self.what}" if self.key else self.what
        return f"{self.file}:{self.line}: {said}" + (f"; {self.remedy}" if self.remedy else "")


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
