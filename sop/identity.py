"""Who somebody says they are: claims, how far each is proved, and what a text states by itself.

What stands in a message is stated, never verified: only an officer's check or a proof from outside raises a level.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from sop.errors import N_
from sop.names import name_in
from sop.numbers import numbers_in
from sop.text import mask_id, mask_mail, mask_phone


class Proof(StrEnum):
    """How far a claim is proved: by nothing, by the person's word, by an officer's check, by a code or directory."""

    NONE = "none"
    STATED = "stated"
    CHECKED = "checked"
    PROVED = "proved"
    REJECTED = "rejected"

    @property
    def rank(self) -> int:
        """REJECTED lies below NONE: it is known to be wrong."""
        return _RANKS[self]

    @property
    def label(self) -> str:
        """The word the desk shows, untranslated."""
        return _LABELS[self]

    @property
    def verified(self) -> bool:
        return self in (Proof.CHECKED, Proof.PROVED)

    def at_least(self, other: "Proof") -> bool:
        return self.rank >= other.rank


_RANKS = {Proof.REJECTED: -1, Proof.NONE: 0, Proof.STATED: 1, Proof.CHECKED: 2, Proof.PROVED: 3}
_LABELS = {
    Proof.NONE: N_("Belum"),
    Proof.STATED: N_("Diklaim"),
    Proof.CHECKED: N_("Terverifikasi"),
    Proof.PROVED: N_("Terverifikasi"),
    Proof.REJECTED: N_("Tidak sah"),
}


class Trait(StrEnum):
    """What is claimed."""

    NIM = "nim"
    NIP = "nip"
    NIK = "nik"
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    UNIT = "unit"


class Claim(Struct, frozen=True):
    """`value` is in one spelling: digits for NIP and NIK, E.164 for a phone, lower case for mail, capitals for a NIM."""

    kind: Trait
    value: str
    level: Proof = Proof.STATED


def strongest(claims: Iterable[Claim]) -> Proof:
    """What may be shown for a person as a whole: a number or address counts, a name or unit alone is never verified."""
    best = Proof.NONE
    for claim in claims:
        level = (
            Proof.STATED if claim.kind in (Trait.NAME, Trait.UNIT) and claim.level.verified else claim.level
        )
        if level.at_least(best) or (best is Proof.NONE and level is Proof.REJECTED):
            best = level
    return best


def standing(claims: Iterable[Claim]) -> Proof:
    """The badge of a person after an officer's word: a number that was looked up, else one that was found wrong."""
    found = tuple(claims)
    best = strongest(found)
    rejected = any(
        each.level is Proof.REJECTED and each.kind not in (Trait.NAME, Trait.UNIT) for each in found
    )
    return Proof.REJECTED if rejected and not best.verified else best


def masked(claim: Claim) -> str:
    """The claim as it is shown by default; names and units in full."""
    if claim.kind is Trait.PHONE:
        return mask_phone(claim.value)
    if claim.kind is Trait.EMAIL:
        return mask_mail(claim.value)
    return claim.value if claim.kind in (Trait.NAME, Trait.UNIT) else mask_id(claim.value)


READ = 20_000  # characters; nobody introduces himself further down
_HINT = re.compile(r"[0-9@]|nam[ae]|perkenalkan", re.IGNORECASE)


def recognise(text: str) -> tuple[Claim, ...]:
    """What the text states of its writer: NIM, NIP, NIK, phone, e-mail, name; each once, all merely STATED.

    Amounts, dates, times and numbers named as something else (account, invoice, ticket) are passed over.
    """
    if not _HINT.search(text):
        return ()
    text = text[:READ]
    name = name_in(text)
    found = [Claim(Trait.NAME, name)] if name else []
    found += [Claim(Trait(kind), value) for kind, value in numbers_in(text)]
    return tuple(dict.fromkeys(found))
