"""What a category asks of an answer: an identity that was checked (ITB step 3), or words of a template and no others."""

import re
from collections.abc import Iterable

from msgspec import Struct

from sop.errors import N_, DeskError
from sop.identity import Proof
from sop.office import Category

LONGEST_HOLE = 200  # characters that a hole of a template may hold; a line break ends it
_HOLE = re.compile(r"\{\{-?\s*\w+\s*-?\}\}")


class Demand(Struct, frozen=True, kw_only=True):
    """The name of the category that asks for it; "" where none does."""

    checked: str = ""
    template_only: str = ""

    def __bool__(self) -> bool:
        return bool(self.checked or self.template_only)


class Used(Struct, frozen=True, kw_only=True):
    """The template that an answer was made of. `bodies`: its text and the variants of it for channels."""

    bodies: tuple[str, ...]
    in_force: bool
    harmless: bool


class NotChecked(DeskError):
    """ITB step 3: nothing personal goes to somebody whose identity nobody looked up."""

    def __init__(self, category: str) -> None:
        super().__init__(
            N_(
                "Kategori {category} meminta identitas pelapor diperiksa sebelum dijawab. Periksa di kartu pelapor, atau pakai templat yang ditandai aman (misalnya meminta identitas)."
            ),
            category=category,
        )


class OnlyTemplates(DeskError):
    """Answers in the category are the supervisor's words (ITB step 1)."""

    def __init__(self, category: str) -> None:
        super().__init__(
            N_(
                "Kategori {category} hanya boleh dijawab dengan templat yang berlaku. Pilih templat, isi bagian yang kosong, dan jangan ubah kata lainnya."
            ),
            category=category,
        )


def demand(categories: Iterable[Category]) -> Demand:
    """Of a ticket filed under these: what the strictest asks for."""
    found = tuple(categories)
    checked = next((each.name for each in found if Proof(each.identity).verified), "")
    return Demand(
        checked=checked, template_only=next((each.name for each in found if each.template_only), "")
    )


def check(asked: Demand, proof: Proof, text: str, used: Used | None) -> None:
    """Whether these words may leave. Raises NotChecked, OnlyTemplates."""
    told = used is not None and used.in_force and any(fits(body, text) for body in used.bodies)
    if asked.checked and not proof.verified and not (told and used is not None and used.harmless):
        raise NotChecked(asked.checked)
    if asked.template_only and not told:
        raise OnlyTemplates(asked.template_only)


def fits(body: str, text: str) -> bool:
    """Whether the text is the template's words, with a short line in each hole. Linear in both."""
    first, *others = [_plain(part) for part in _HOLE.split(body.strip())]
    said = _plain(text.strip())
    if not others:
        return said == first
    if not said.startswith(first):
        return False
    place = len(first)
    for part in others[:-1]:
        found = said.find(part, place) if part else place
        if found < 0 or not _short(said[place:found]):
            return False
        place = found + len(part)
    last = others[-1]
    end = len(said) - len(last)
    return end >= place and said.endswith(last) and _short(said[place:end])


def _short(filled: str) -> bool:
    return len(filled) <= LONGEST_HOLE and "\n" not in filled


def _plain(text: str) -> str:
    """One spelling of line ends; spaces at a line's end say nothing."""
    return re.sub(r"[ \t]+(?=\n)", "", text.replace("\r\n", "\n").replace("\r", "\n"))
