"""Persons, their addresses on each channel, and what they stated about themselves."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from sop import identity
from sop.identity import Claim, Proof, Trait
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


class Move(Struct, frozen=True, kw_only=True):
    """An address that was given to another contact. `claims`: (kind, value) that were copied along with it."""

    id: int
    address: int
    source: int
    target: int
    conversations: tuple[int, ...]
    claims: tuple[tuple[str, str], ...]
    by: int | None
    at: datetime


class Known(Struct, frozen=True, kw_only=True):
    """A ticket by which somebody is known."""

    ticket: int
    contact: int
    unit: int | None
    name: str
    subject: str
    proof: str


def add(change: Change, *, name: str, language: str, at: datetime, said_at: datetime | None = None) -> int:
    row = change.one(
        """
        INSERT INTO contact (name, language, created_at, said_at) VALUES (:name, :language, :at, :said_at)
        RETURNING id
        """,
        name=name,
        language=language,
        at=at,
        said_at=said_at,
    )
    assert row is not None
    return int(row["id"])


def find(view: View, contact: int) -> Contact | None:
    row = view.one("SELECT id, name, language, proof FROM contact WHERE id = :id", id=contact)
    return Contact(**row) if row else None


def said_at(view: View, contact: int) -> datetime | None:
    """Our last automatic word to this person, on any channel; also one that is still to leave."""
    row = view.one("SELECT said_at FROM contact WHERE id = :id", id=contact)
    return row["said_at"] if row else None


def said(change: Change, contact: int, at: datetime) -> None:
    change.run("UPDATE contact SET said_at = :at WHERE id = :id", at=at, id=contact)


def set_proof(change: Change, contact: int, proof: str) -> None:
    """The badge of the person, on the contact and on their tickets."""
    change.run("UPDATE contact SET proof = :proof WHERE id = :id", proof=proof, id=contact)
    change.run("UPDATE ticket SET proof = :proof WHERE contact_id = :id", proof=proof, id=contact)


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
        for row in view.all(
            "SELECT * FROM address WHERE contact_id = :id AND state <> 'erased' ORDER BY id", id=contact
        )
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


def shut(change: Change, number: int) -> None:
    """The person blocked us. That they asked for silence before stays known: it holds when they let us in again."""
    change.run("UPDATE address SET state = 'blocked' WHERE id = :id AND state = 'reachable'", id=number)


def let_in(change: Change, number: int) -> None:
    """The person blocks us no more."""
    change.run("UPDATE address SET state = 'reachable' WHERE id = :id AND state = 'blocked'", id=number)


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


def copy_claims(change: Change, source: int, target: int) -> tuple[tuple[str, str], ...]:
    """What the one stated or an officer looked up, for the other too; (kind, value) of what was new there."""
    rows = change.all(
        """
        INSERT INTO claim (contact_id, kind, value, level, how, by_officer, stated_at)
        SELECT :target, kind, value, level, how, by_officer, stated_at FROM claim WHERE contact_id = :source ORDER BY id
        ON CONFLICT (contact_id, kind, value) DO NOTHING
        RETURNING kind, value
        """,
        source=source,
        target=target,
    )
    return tuple((row["kind"], row["value"]) for row in rows)


def drop_claims(change: Change, contact: int, claims: Iterable[tuple[str, str]]) -> None:
    for kind, value in claims:
        change.run(
            "DELETE FROM claim WHERE contact_id = :contact AND kind = :kind AND value = :value",
            contact=contact,
            kind=kind,
            value=value,
        )


def standing(view: View, contact: int) -> str:
    """The badge that the claims of a person give."""
    stated = (Claim(Trait(each.kind), each.value, Proof(each.level)) for each in claims(view, contact))
    return identity.standing(stated).value


def give(change: Change, address: int, *, source: int, target: int) -> tuple[int, ...]:
    """The address with its conversations, and the tickets they began, to another contact; the conversations."""
    change.run("UPDATE address SET contact_id = :target WHERE id = :id", target=target, id=address)
    rows = change.all(
        "UPDATE conversation SET contact_id = :target WHERE address_id = :id RETURNING id",
        target=target,
        id=address,
    )
    change.run(
        """
        UPDATE ticket SET contact_id = :target
         WHERE contact_id = :source AND conversation_id IN (SELECT id FROM conversation WHERE address_id = :id)
        """,
        source=source,
        target=target,
        id=address,
    )
    return tuple(sorted(row["id"] for row in rows))


def tickets_of(view: View, contact: int, address: int) -> list[int]:
    """Those that the address' conversations began."""
    rows = view.all(
        """
        SELECT id FROM ticket
         WHERE contact_id = :contact AND conversation_id IN (SELECT id FROM conversation WHERE address_id = :id)
         ORDER BY id
        """,
        contact=contact,
        id=address,
    )
    return [row["id"] for row in rows]


def add_move(change: Change, move: Move) -> None:
    """`move.id` is not looked at."""
    change.run(
        """
        INSERT INTO address_move (address_id, from_contact, to_contact, conversations_json, by_officer, moved_at)
        VALUES (:address, :source, :target, :moved, :by, :at)
        """,
        address=move.address,
        source=move.source,
        target=move.target,
        moved={"conversations": list(move.conversations), "claims": [list(each) for each in move.claims]},
        by=move.by,
        at=move.at,
    )


def move_of(view: View, number: int) -> Move | None:
    """None also where it is undone."""
    row = view.one("SELECT * FROM address_move WHERE id = :id AND undone_at IS NULL", id=number)
    return _move(row) if row else None


def undo_move(change: Change, number: int, at: datetime) -> None:
    change.run("UPDATE address_move SET undone_at = :at WHERE id = :id", at=at, id=number)


def known_as(view: View, values: Iterable[str], channels: Iterable[str]) -> list[int]:
    """Contacts that claim one of these values, or that write from it as an address, newest first."""
    wanted = [value for value in dict.fromkeys(values) if value][:12]
    if not wanted:
        return []
    named = {f"v{i}": value for i, value in enumerate(wanted)}
    within = ", ".join(f":{name}" for name in named)
    kinds = {f"k{i}": kind.value for i, kind in enumerate(Trait)}
    ways = {f"c{i}": channel for i, channel in enumerate(channels)}
    rows = view.all(
        f"""
        SELECT contact_id FROM claim
         WHERE kind IN ({", ".join(f":{name}" for name in kinds)}) AND value IN ({within})
        UNION
        SELECT contact_id FROM address
         WHERE channel IN ({", ".join(f":{name}" for name in ways)}) AND value IN ({within})
         ORDER BY contact_id DESC LIMIT 50
        """,
        **named,
        **kinds,
        **ways,
    )
    return [row["contact_id"] for row in rows]


def known_by(view: View, tickets: Iterable[int], contacts: Iterable[int], most: int = 200) -> list[Known]:
    """These tickets and those of these contacts, newest first."""
    numbers = ", ".join(str(int(each)) for each in tickets) or "0"
    people = ", ".join(str(int(each)) for each in contacts) or "0"
    rows = view.all(
        f"""
        SELECT id AS ticket, contact_id AS contact, unit_id AS unit, name, subject, proof FROM ticket
         WHERE id IN ({numbers}) OR contact_id IN ({people}) ORDER BY id DESC LIMIT :most
        """,
        most=most,
    )
    return [Known(**row) for row in rows]


def _move(row: Row) -> Move:
    moved = row["conversations_json"]
    return Move(
        id=row["id"],
        address=row["address_id"],
        source=row["from_contact"],
        target=row["to_contact"],
        conversations=tuple(moved["conversations"]),
        claims=tuple((kind, value) for kind, value in moved["claims"]),
        by=row["by_officer"],
        at=row["moved_at"],
    )


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
