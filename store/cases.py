"""What a case needs beside its visits: the form its parties see, links to its one-case page, registered vacancies."""

from datetime import datetime

from msgspec import Struct

from store.db import Change, Row, View


class Form(Struct, frozen=True, kw_only=True):
    """The complaint form as the operator edited it (MIPA steps 2 to 6): all that a party sees of the reporter's words."""

    text: str
    by: int | None
    edited_at: datetime


class Link(Struct, frozen=True, kw_only=True):
    """A personal, expiring door to one visit of one case, for who has no Telegram."""

    ticket: int
    visit: int
    name: str
    by: int | None
    ends_at: datetime


def form(view: View, ticket: int) -> Form | None:
    row = view.one(
        "SELECT text, by_officer AS by, edited_at FROM form WHERE ticket_id = :ticket", ticket=ticket
    )
    return Form(**row) if row else None


def save_form(change: Change, ticket: int, text: str, *, by: int, at: datetime) -> None:
    change.run(
        """
        INSERT INTO form (ticket_id, text, by_officer, edited_at) VALUES (:ticket, :text, :by, :at)
        ON CONFLICT (ticket_id) DO UPDATE SET text = :text, by_officer = :by, edited_at = :at
        """,
        ticket=ticket,
        text=text,
        by=by,
        at=at,
    )


def release(change: Change, ticket: int, attachments: frozenset[int]) -> None:
    """Exactly these attachments of the ticket are shown to its parties."""
    rows = change.all(
        "SELECT f.id FROM attachment f JOIN message m ON m.id = f.message_id WHERE m.ticket_id = :ticket",
        ticket=ticket,
    )
    for row in rows:
        change.run(
            "UPDATE attachment SET released = :yes WHERE id = :id", yes=row["id"] in attachments, id=row["id"]
        )


def released(view: View, ticket: int) -> list[int]:
    rows = view.all(
        """
        SELECT f.id FROM attachment f JOIN message m ON m.id = f.message_id
         WHERE m.ticket_id = :ticket AND f.released = :yes ORDER BY f.id
        """,
        ticket=ticket,
        yes=True,
    )
    return [row["id"] for row in rows]


def add_link(change: Change, token_hash: str, link: Link) -> None:
    change.run(
        """
        INSERT INTO case_link (token_hash, ticket_id, visit_id, name, by_officer, ends_at)
        VALUES (:token_hash, :ticket, :visit, :name, :by, :ends_at)
        """,
        token_hash=token_hash,
        ticket=link.ticket,
        visit=link.visit,
        name=link.name,
        by=link.by,
        ends_at=link.ends_at,
    )


def find_link(view: View, token_hash: str, now: datetime) -> Link | None:
    """The link, unless it has expired."""
    row = view.one(
        """
        SELECT ticket_id AS ticket, visit_id AS visit, name, by_officer AS by, ends_at FROM case_link
         WHERE token_hash = :token_hash AND ends_at > :now
        """,
        token_hash=token_hash,
        now=now,
    )
    return Link(**row) if row else None


def links_of(view: View, ticket: int, now: datetime) -> list[tuple[str, Link]]:
    """The doors to that ticket that still open, by the hashes of their tokens, the newest first."""
    rows = view.all(
        """
        SELECT token_hash, ticket_id AS ticket, visit_id AS visit, name, by_officer AS by, ends_at FROM case_link
         WHERE ticket_id = :ticket AND ends_at > :now ORDER BY ends_at DESC, token_hash
        """,
        ticket=ticket,
        now=now,
    )
    return [(row.pop("token_hash"), Link(**row)) for row in rows]


def end_link(change: Change, token_hash: str, now: datetime) -> None:
    change.run("UPDATE case_link SET ends_at = :now WHERE token_hash = :hash", now=now, hash=token_hash)


def move_link(change: Change, token_hash: str, visit: int) -> None:
    """The same lane has the ball again: its door leads to that stay now."""
    change.run(
        "UPDATE case_link SET visit_id = :visit WHERE token_hash = :token_hash",
        visit=visit,
        token_hash=token_hash,
    )


def add_vacancy(
    change: Change, *, lane: str, unit: int | None, reason: str, from_at: datetime, until_at: datetime | None
) -> None:
    change.run(
        """
        INSERT INTO vacancy (unit_id, lane, reason, from_at, until_at)
        VALUES (:unit, :lane, :reason, :from_at, :until_at)
        """,
        unit=unit,
        lane=lane,
        reason=reason,
        from_at=from_at,
        until_at=until_at,
    )


def end_vacancy(change: Change, number: int, at: datetime) -> None:
    change.run("UPDATE vacancy SET until_at = :at WHERE id = :id", at=at, id=number)


def vacancies(view: View, now: datetime) -> list[Row]:
    """[{"id", "unit_id", "lane", "reason", "from_at", "until_at"}] in force at `now`."""
    return view.all(
        """
        SELECT id, unit_id, lane, reason, from_at, until_at FROM vacancy
         WHERE from_at <= :now AND (until_at IS NULL OR until_at > :now) ORDER BY lane
        """,
        now=now,
    )


def vacant(view: View, unit: int | None, now: datetime) -> frozenset[str]:
    """Lanes registered as vacant in a unit: rungs that are passed over."""
    found = vacancies(view, now)
    return frozenset(row["lane"] for row in found if row["unit_id"] is None or row["unit_id"] == unit)
