"""What an act put into the store, so that it can be held back for a moment and taken back whole."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from store.db import Change, Row, View


class Mark(Struct, frozen=True):
    """Where the store stood before an act: what comes later is the act's own, since acts run one after another."""

    outbox: int
    visit: int
    message: int


class Made(Struct, frozen=True, kw_only=True):
    """What an act made, by id. `stays` are the ticket's open stays as they were before it."""

    outbox: tuple[int, ...]
    visits: tuple[int, ...]
    messages: tuple[int, ...]
    stays: tuple[dict[str, Any], ...]


def mark(view: View) -> Mark:
    row = view.one(
        """
        SELECT (SELECT max(id) FROM outbox) AS outbox, (SELECT max(id) FROM visit) AS visit,
               (SELECT max(id) FROM message) AS message
        """
    )
    assert row is not None
    return Mark(row["outbox"] or 0, row["visit"] or 0, row["message"] or 0)


def open_stays(view: View, ticket: int) -> tuple[dict[str, Any], ...]:
    """[{"id", "look_at"}] of every open stay and wait of a ticket; the time as ISO text."""
    rows = view.all(
        """
        SELECT id, look_at FROM visit
         WHERE case_kind = 'ticket' AND case_id = :ticket AND closed_at IS NULL ORDER BY id
        """,
        ticket=ticket,
    )
    return tuple(
        {"id": row["id"], "look_at": row["look_at"].isoformat() if row["look_at"] else ""} for row in rows
    )


def made_since(view: View, ticket: int, before: Mark, stays: tuple[dict[str, Any], ...]) -> Made:
    """All rows that the act wrote, announcements and cards among them."""
    outbox = view.all("SELECT id FROM outbox WHERE id > :after ORDER BY id", after=before.outbox)
    visits = view.all("SELECT id FROM visit WHERE id > :after ORDER BY id", after=before.visit)
    messages = view.all(
        "SELECT id FROM message WHERE id > :after AND ticket_id = :ticket ORDER BY id",
        after=before.message,
        ticket=ticket,
    )
    return Made(outbox=_ids(outbox), visits=_ids(visits), messages=_ids(messages), stays=stays)


def hold(change: Change, made: Made, until: datetime) -> None:
    """Nothing of it leaves earlier; the order within a conversation stays."""
    for number in made.outbox:
        change.run(
            "UPDATE outbox SET next_at = :until WHERE id = :id AND state = 'queued' AND next_at < :until",
            until=until,
            id=number,
        )


def all_waiting(view: View, made: Made) -> bool:
    """Whether none of it has left."""
    rows = [view.one("SELECT state, attempts FROM outbox WHERE id = :id", id=each) for each in made.outbox]
    return all(row is not None and row["state"] == "queued" and row["attempts"] == 0 for row in rows)


def withdraw(change: Change, made: Made, at: datetime) -> None:
    """The letters stay here, and the messages stand as withdrawn."""
    for number in made.outbox:
        change.run("UPDATE outbox SET state = 'withdrawn' WHERE id = :id", id=number)
    for number in made.messages:
        change.run("UPDATE message SET withdrawn_at = :at WHERE id = :id", at=at, id=number)


def withdrawn(view: View, ticket: int) -> frozenset[int]:
    """Ids of the ticket's messages that were taken back."""
    rows = view.all(
        "SELECT id FROM message WHERE ticket_id = :ticket AND withdrawn_at IS NOT NULL", ticket=ticket
    )
    return frozenset(_ids(rows))


def untouched(view: View, ticket: int, made: Made) -> bool:
    """Whether nobody moved the case since: its newest stay is the act's, and the open ones are those it left open."""
    row = view.one(
        "SELECT max(id) AS id FROM visit WHERE case_kind = 'ticket' AND case_id = :ticket", ticket=ticket
    )
    newest = (row["id"] if row else None) or 0
    known = max((*made.visits, *(int(each["id"]) for each in made.stays)), default=0)
    links = [
        each
        for each in made.visits
        if view.one("SELECT visit_id FROM case_link WHERE visit_id = :id", id=each)
    ]
    return newest == known and not links


def restore(change: Change, made: Made) -> None:
    """The stays that the act opened never were; those that it closed run on from when they began."""
    for number in made.visits:
        change.run("DELETE FROM reminder WHERE visit_id = :id", id=number)
        change.run("DELETE FROM visit WHERE id = :id", id=number)
    for stay in made.stays:
        change.run(
            """
            UPDATE visit SET closed_at = NULL, decision = '', code = '', reason = '', by_officer = NULL,
                             look_at = :look_at
             WHERE id = :id
            """,
            id=stay["id"],
            look_at=datetime.fromisoformat(stay["look_at"]) if stay["look_at"] else None,
        )


def _ids(rows: list[Row]) -> tuple[int, ...]:
    return tuple(int(row["id"]) for row in rows)
