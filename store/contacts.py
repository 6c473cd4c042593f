"""Persons, their addresses on each channel, and what they stated about themselves."""

from datetime import datetime

from msgspec import Struct

from sop.language import Language
from store.db import Change, Row, View


class Address(Struct, frozen=True, kw_only=True):
    """`state`: reachable, blocked or opted_out. An answer goes only where the person wrote from or which was confirmed."""

    id: int
    contact: int
    channel: str
    value: str
    state: str = "reachable"
    wrote_at: datetime | None = None
    confirmed_at: datetime | None = None


class Contact(Struct, frozen=True, kw_only=True):
    id: int
    name: str
    language: Language
    proof: str


class Stated(Struct, frozen=True, kw_only=True):
    """A claim on the contact card: stated by the person, or checked by an officer with where and how."""

    kind: str
    value: str
    level: str
    how: str = ""
    by: int | None = None
    stated_at: datetime


def add(change: Change, *, name: str, language: str, at: datetime) -> int:
    row = change.one(
        "INSERT INTO contact (name, language, created_at) VALUES (:name, :language, :at) RETURNING id",
        name=name,
        language=language,
        at=at,
    )
    assert row is not None
    return int(row["id"])


def find(view: View, contact: int) -> Contact | None:
    row = view.one("SELECT id, name, language, proof FROM contact WHERE id = :id", id=contact)
    return Contact(**row) if row else None


def set_proof(change: Change, contact: int, proof: str) -> None:
    """The badge of the person, on the contact and on their tickets."""
    change.run("UPDATE contact SET proof = :proof WHERE id = :id", proof=proof, id=contact)
    change.run("UPDATE ticket SET proof = :proof WHERE contact_id = :id", proof=proof, id=contact)


def set_name(change: Change, contact: int, name: str) -> None:
    change.run("UPDATE contact SET name = :name WHERE id = :id", name=name, id=contact)


def address(view: View, channel: str, value: str) -> Address | None:
    row = view.one(
        "SELECT * FROM address WHERE channel = :channel AND value = :value", channel=channel, value=value
    )
    return _address(row) if row else None


def address_of(view: View, number: int) -> Address | None:
    row = view.one("SELECT * FROM address WHERE id = :id", id=number)
    return _address(row) if row else None


def addresses(view: View, contact: int) -> list[Address]:
    return [
        _address(row)
        for row in view.all("SELECT * FROM address WHERE contact_id = :id ORDER BY id", id=contact)
    ]


def add_address(change: Change, *, contact: int, channel: str, value: str, wrote_at: datetime | None) -> int:
    row = change.one(
        """
        INSERT INTO address (contact_id, channel, value, wrote_at) VALUES (:contact, :channel, :value, :wrote_at)
        RETURNING id
        """,
        contact=contact,
        channel=channel,
        value=value,
        wrote_at=wrote_at,
    )
    assert row is not None
    return int(row["id"])


def set_state(change: Change, number: int, state: str) -> None:
    change.run("UPDATE address SET state = :state WHERE id = :id", state=state, id=number)


def move(change: Change, number: int, value: str) -> None:
    """The provider gave the chat another id."""
    change.run("UPDATE address SET value = :value WHERE id = :id", value=value, id=number)


def state_claim(
    change: Change,
    contact: int,
    *,
    kind: str,
    value: str,
    level: str,
    at: datetime,
    how: str = "",
    by: int | None = None,
) -> None:
    """Keep a claim. What an officer checked is not lowered by the person's repeating it."""
    change.run(
        """
        INSERT INTO claim (contact_id, kind, value, level, how, by_officer, stated_at)
        VALUES (:contact, :kind, :value, :level, :how, :by, :at)
        ON CONFLICT (contact_id, kind, value) DO UPDATE
           SET level = :level, how = :how, by_officer = :by, stated_at = :at
         WHERE :level <> 'stated'
        """,
        contact=contact,
        kind=kind,
        value=value,
        level=level,
        how=how,
        by=by,
        at=at,
    )


def claims(view: View, contact: int) -> list[Stated]:
    rows = view.all(
        """
        SELECT kind, value, level, how, by_officer AS by, stated_at FROM claim
         WHERE contact_id = :contact ORDER BY id
        """,
        contact=contact,
    )
    return [Stated(**row) for row in rows]


def _address(row: Row) -> Address:
    return Address(
        id=row["id"],
        contact=row["contact_id"],
        channel=row["channel"],
        value=row["value"],
        state=row["state"],
        wrote_at=row["wrote_at"],
        confirmed_at=row["confirmed_at"],
    )
