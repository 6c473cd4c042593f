"""The contact card beside a ticket: the person's addresses, what they state of themselves, and what was linked."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from msgspec import Struct

from sop.identity import Claim, Proof, Trait, masked
from sop.text import mask_id, mask_mail, mask_phone
from store import contacts
from store.dossier import Dossier


class Address(Struct, frozen=True, kw_only=True):
    id: int
    channel: str
    value: str
    state: str


class Stated(Struct, frozen=True, kw_only=True):
    """A claim on the card. `mark` is the fingerprint by which a check names it; `at` is when it got its level."""

    mark: str
    kind: str
    shown: str
    full: str
    level: str
    how: str
    by: str
    at: datetime


class Moved(Struct, frozen=True, kw_only=True):
    """An address that came or went by an officer's hand, and can go back."""

    id: int
    came: bool
    channel: str
    value: str
    by: str
    at: datetime


class Card(Struct, frozen=True, kw_only=True):
    """`may_unlink`: there is more than one address."""

    addresses: tuple[Address, ...]
    claims: tuple[Stated, ...]
    moves: tuple[Moved, ...]

    @property
    def may_unlink(self) -> bool:
        return len(self.addresses) > 1


def card(file: Dossier, names: Mapping[int, str]) -> Card:
    return Card(
        addresses=tuple(
            Address(id=each.id, channel=each.channel, value=shown(each.channel, each.value), state=each.state)
            for each in file.addresses
        ),
        claims=tuple(_claim(each, names) for each in file.claims),
        moves=tuple(
            Moved(
                id=each.id,
                came=each.came,
                channel=each.channel,
                value=shown(each.channel, each.value),
                by=names.get(each.by or 0, ""),
                at=each.at,
            )
            for each in file.around.moves
        ),
    )


def _claim(claim: contacts.Stated, names: Mapping[int, str]) -> Stated:
    return Stated(
        mark=claim_mark(claim.kind, claim.value),
        kind=claim.kind,
        shown=masked(Claim(Trait(claim.kind), claim.value)),
        full=claim.value,
        level=Proof(claim.level).value,
        how=claim.how,
        by=names.get(claim.by or 0, ""),
        at=claim.stated_at,
    )


def claim_mark(kind: str, value: str) -> str:
    return sha256(f"{kind}\n{value}".encode()).hexdigest()[:16]


def shown(channel: str, value: str) -> str:
    """An address as pages show it by default."""
    if channel == "whatsapp":
        return mask_phone(value)
    return mask_mail(value) if "@" in value else mask_id(value)
