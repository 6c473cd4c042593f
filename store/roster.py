"""Who sits where, since when and until when: every officer and every seat that is not over, for the supervisor."""

from datetime import datetime

from msgspec import Struct

from sop.language import Language
from store.db import Row, View


class Person(Struct, frozen=True, kw_only=True):
    """`linked`: a chat of theirs gets the staff bot's cards. `blocked`: one of theirs shut the bot out. `factor`: signs in by two steps. `subject`: by whom the
    identity provider means them.
    """

    id: int
    login: str
    name: str
    title: str
    present: bool
    active: bool
    linked: bool
    blocked: bool = False
    language: Language = "id"
    factor: bool = False
    subject: str = ""


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


_PERSON = """
SELECT o.id, o.login, o.name, o.title, o.present, o.active, o.language, o.oidc_subject AS subject,
       o.totp_secret <> '' AS factor,
       (SELECT count(*) FROM officer_chat c
         WHERE c.officer_id = o.id AND c.bot = 'staff' AND c.state = 'reachable') AS linked,
       (SELECT count(*) FROM officer_chat c
         WHERE c.officer_id = o.id AND c.bot = 'staff' AND c.state = 'blocked') AS blocked
  FROM officer o
"""


def people(view: View, *, most: int = 2_000) -> list[Person]:
    rows = view.all(f"{_PERSON} ORDER BY o.name, o.id LIMIT :most", most=most)
    return [_person(row) for row in rows]


def person(view: View, login: str) -> Person | None:
    """Active or not."""
    row = view.one(f"{_PERSON} WHERE o.login = :login", login=login)
    return _person(row) if row else None


def _person(row: Row) -> Person:
    truths = {name: bool(row[name]) for name in ("present", "active", "linked", "blocked", "factor")}
    return Person(**row | truths)


def units_of(view: View, officer: int, now: datetime) -> list[int | None]:
    """Where somebody sits or will sit; None is every unit."""
    return places(view, now, officer=officer).get(officer, [])


def places(view: View, now: datetime, *, officer: int | None = None) -> dict[int, list[int | None]]:
    """officer -> where they sit or will sit, of all officers or of one."""
    one = "AND officer_id = :officer" if officer is not None else ""
    rows = view.all(
        f"""
        SELECT officer_id, unit_id FROM seat
         WHERE (until_at IS NULL OR until_at > :now) {one} ORDER BY id
        """,
        now=now,
        **({"officer": officer} if officer is not None else {}),
    )
    found: dict[int, list[int | None]] = {}
    for row in rows:
        found.setdefault(row["officer_id"], []).append(row["unit_id"])
    return found


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
