"""Who sits where, since when and until when: every officer and every seat that is not over, for the supervisor."""

from datetime import datetime

from msgspec import Struct

from store.db import View


class Person(Struct, frozen=True, kw_only=True):
    """`linked`: a chat of theirs gets the staff bot's cards."""

    id: int
    login: str
    name: str
    title: str
    present: bool
    active: bool
    linked: bool


class Seated(Struct, frozen=True, kw_only=True):
    """A seat in force or to come. `deputy_of` is an officer, with the decree that says so (Plh/Plt)."""

    id: int
    officer: int
    unit: int | None
    lane: str
    role: str
    from_at: datetime
    until_at: datetime | None
    deputy_of: int | None
    decree: str


def people(view: View, *, most: int = 2_000) -> list[Person]:
    rows = view.all(
        """
        SELECT o.id, o.login, o.name, o.title, o.present, o.active,
               (SELECT count(*) FROM officer_chat c
                 WHERE c.officer_id = o.id AND c.bot = 'staff' AND c.state = 'reachable') AS linked
          FROM officer o ORDER BY o.name, o.id LIMIT :most
        """,
        most=most,
    )
    return [
        Person(
            **row
            | {"present": bool(row["present"]), "active": bool(row["active"]), "linked": bool(row["linked"])}
        )
        for row in rows
    ]


def seats(view: View, now: datetime, *, most: int = 5_000) -> list[Seated]:
    """Of active officers, those of today and those to come."""
    rows = view.all(
        """
        SELECT s.id, s.officer_id AS officer, s.unit_id AS unit, s.lane, s.role, s.from_at, s.until_at, s.deputy_of,
               s.decree
          FROM seat s JOIN officer o ON o.id = s.officer_id
         WHERE o.active = :yes AND (s.until_at IS NULL OR s.until_at > :now)
         ORDER BY s.lane, s.from_at, s.id LIMIT :most
        """,
        now=now,
        yes=True,
        most=most,
    )
    return [Seated(**row) for row in rows]


def seat(view: View, number: int) -> Seated | None:
    row = view.one(
        """
        SELECT id, officer_id AS officer, unit_id AS unit, lane, role, from_at, until_at, deputy_of, decree
          FROM seat WHERE id = :id
        """,
        id=number,
    )
    return Seated(**row) if row else None
