"""Answers that wait: for the decision above, or for their moment. At most one of a ticket."""

from datetime import datetime

import msgspec
from msgspec import Struct

from sop.messages import File
from store.db import Change, Row, View


class Prepared(Struct, frozen=True, kw_only=True):
    """`by` is the conversation through which it shall leave. `send_at` None: it waits for the decision; `at_once`: it
    leaves by itself when that comes. `read_to`: the newest message its writer had read.
    """

    id: int
    ticket: int
    officer: int
    text: str
    template: int | None = None
    by: int | None = None
    at_once: bool = False
    then_close: bool = False
    read_to: int = 0
    files: tuple[File, ...] = ()
    send_at: datetime | None = None
    written_at: datetime


def add(change: Change, prepared: Prepared) -> int | None:
    """None: another one waits in that ticket."""
    row = change.one(
        """
        INSERT INTO prepared (ticket_id, officer_id, text, template_id, conversation_id, at_once, then_close, read_to,
                              files_json, send_at, written_at)
        VALUES (:ticket, :officer, :text, :template, :by, :at_once, :then_close, :read_to, :files, :send_at, :written_at)
        ON CONFLICT DO NOTHING
        RETURNING id
        """,
        ticket=prepared.ticket,
        officer=prepared.officer,
        text=prepared.text,
        template=prepared.template,
        by=prepared.by,
        at_once=prepared.at_once,
        then_close=prepared.then_close,
        read_to=prepared.read_to,
        files=msgspec.to_builtins(list(prepared.files)),
        send_at=prepared.send_at,
        written_at=prepared.written_at,
    )
    return int(row["id"]) if row else None


def of_ticket(view: View, ticket: int) -> Prepared | None:
    row = view.one("SELECT * FROM prepared WHERE ticket_id = :ticket AND done_at IS NULL", ticket=ticket)
    return _prepared(row) if row else None


def get(view: View, number: int) -> Prepared | None:
    """One that still waits."""
    row = view.one("SELECT * FROM prepared WHERE id = :id AND done_at IS NULL", id=number)
    return _prepared(row) if row else None


def due(view: View, now: datetime, most: int) -> list[int]:
    """Ids of those whose moment has come."""
    rows = view.all(
        """
        SELECT id FROM prepared WHERE done_at IS NULL AND send_at IS NOT NULL AND send_at <= :now
         ORDER BY send_at, id LIMIT :most
        """,
        now=now,
        most=most,
    )
    return [row["id"] for row in rows]


def waiting(view: View, *, most: int = 200) -> list[Prepared]:
    """All that wait, those with a moment first."""
    rows = view.all(
        """
        SELECT * FROM prepared WHERE done_at IS NULL
         ORDER BY CASE WHEN send_at IS NULL THEN 1 ELSE 0 END, send_at, id LIMIT :most
        """,
        most=most,
    )
    return [_prepared(row) for row in rows]


def send_at(change: Change, number: int, at: datetime) -> None:
    change.run("UPDATE prepared SET send_at = :at WHERE id = :id", at=at, id=number)


def done(change: Change, number: int, outcome: str, at: datetime) -> None:
    """`outcome`: "sent", "draft" (handed back to its writer) or "cancelled"."""
    change.run(
        "UPDATE prepared SET done_at = :at, outcome = :outcome WHERE id = :id",
        at=at,
        outcome=outcome,
        id=number,
    )


def _prepared(row: Row) -> Prepared:
    return Prepared(
        id=row["id"],
        ticket=row["ticket_id"],
        officer=row["officer_id"],
        text=row["text"],
        template=row["template_id"],
        by=row["conversation_id"],
        at_once=bool(row["at_once"]),
        then_close=bool(row["then_close"]),
        read_to=row["read_to"],
        files=msgspec.convert(row["files_json"] or [], tuple[File, ...]),
        send_at=row["send_at"],
        written_at=row["written_at"],
    )
