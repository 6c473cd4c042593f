"""Which tickets were joined to which, and which messages became a ticket of their own, with what undoing needs."""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from sop.ticket import Ticket
from store.db import Change, Row, View


class Wait(Struct, frozen=True, kw_only=True):
    """A stay beside the steps that was open: "silence" or "offer"."""

    kind: str
    until: datetime


class Before(Struct, frozen=True, kw_only=True):
    """How the joined ticket stood: its open step (None: none), its waits, the conversations that led to it, the
    tickets joined to it before, and the categories it was given by joining.
    """

    ticket: Ticket
    round: int | None = None
    waits: tuple[Wait, ...] = ()
    conversations: tuple[int, ...] = ()
    tickets: tuple[int, ...] = ()
    categories: tuple[int, ...] = ()


class Merge(Struct, frozen=True, kw_only=True):
    id: int
    source: int
    target: int
    before: Before
    by: int | None
    at: datetime


class Split(Struct, frozen=True, kw_only=True):
    id: int
    source: int
    target: int
    messages: tuple[int, ...]
    by: int | None
    at: datetime


def add(change: Change, *, source: int, target: int, before: Before, by: int, at: datetime) -> None:
    change.run(
        """
        INSERT INTO merge (from_ticket, into_ticket, before_json, by_officer, merged_at)
        VALUES (:source, :target, :before, :by, :at)
        """,
        source=source,
        target=target,
        before=msgspec.to_builtins(before),
        by=by,
        at=at,
    )


def of(view: View, source: int) -> Merge | None:
    """How this ticket was joined to another; None where it was not, or that is undone."""
    row = view.one(
        "SELECT * FROM merge WHERE from_ticket = :source AND undone_at IS NULL ORDER BY id DESC LIMIT 1",
        source=source,
    )
    return _merge(row) if row else None


def undo(change: Change, number: int, at: datetime) -> None:
    change.run("UPDATE merge SET undone_at = :at WHERE id = :id", at=at, id=number)


def merged(view: View, target: int) -> list[int]:
    """The tickets joined to this one, oldest first."""
    rows = view.all("SELECT id FROM ticket WHERE merged_into = :target ORDER BY id", target=target)
    return [row["id"] for row in rows]


def lead(change: Change, tickets: tuple[int, ...], source: int, target: int) -> None:
    """Tickets that were joined to one which is joined to another lead there at once."""
    for number in tickets:
        change.run(
            "UPDATE ticket SET merged_into = :target WHERE id = :id AND merged_into = :source",
            target=target,
            source=source,
            id=number,
        )


def redirect(change: Change, source: int, target: int) -> tuple[int, ...]:
    """The conversations whose current ticket was the one, now the other's."""
    rows = change.all(
        "UPDATE conversation SET ticket_id = :target WHERE ticket_id = :source RETURNING id",
        target=target,
        source=source,
    )
    return tuple(sorted(row["id"] for row in rows))


def redirect_back(change: Change, conversations: tuple[int, ...], source: int, target: int) -> None:
    """Those that still lead to the target, and not to a matter begun since."""
    for number in conversations:
        change.run(
            "UPDATE conversation SET ticket_id = :source WHERE id = :id AND ticket_id = :target",
            source=source,
            target=target,
            id=number,
        )


def add_split(
    change: Change, *, source: int, target: int, messages: list[int], by: int, at: datetime
) -> None:
    change.run(
        """
        INSERT INTO split (from_ticket, into_ticket, messages_json, by_officer, split_at)
        VALUES (:source, :target, :messages, :by, :at)
        """,
        source=source,
        target=target,
        messages={"messages": messages},
        by=by,
        at=at,
    )


def split_of(view: View, target: int) -> Split | None:
    """How this ticket came out of another; None where it did not, or that is undone."""
    row = view.one(
        "SELECT * FROM split WHERE into_ticket = :target AND undone_at IS NULL ORDER BY id DESC LIMIT 1",
        target=target,
    )
    return _split(row) if row else None


def undo_split(change: Change, number: int, at: datetime) -> None:
    change.run("UPDATE split SET undone_at = :at WHERE id = :id", at=at, id=number)


def move(change: Change, messages: list[int] | tuple[int, ...], target: int) -> None:
    """Messages with what hangs on them are the other ticket's."""
    for number in messages:
        change.run("UPDATE message SET ticket_id = :target WHERE id = :id", target=target, id=number)


def words_in(view: View, ticket: int) -> list[Row]:
    """[{"id", "conversation", "channel", "text", "kind", "written_at"}] of its reporter, oldest first."""
    return view.all(
        """
        SELECT id, conversation_id AS conversation, channel, text, kind, written_at FROM message
         WHERE ticket_id = :ticket AND direction = 'in' ORDER BY id
        """,
        ticket=ticket,
    )


def _merge(row: dict[str, Any]) -> Merge:
    return Merge(
        id=row["id"],
        source=row["from_ticket"],
        target=row["into_ticket"],
        before=msgspec.convert(row["before_json"], Before),
        by=row["by_officer"],
        at=row["merged_at"],
    )


def _split(row: dict[str, Any]) -> Split:
    return Split(
        id=row["id"],
        source=row["from_ticket"],
        target=row["into_ticket"],
        messages=tuple(row["messages_json"]["messages"]),
        by=row["by_officer"],
        at=row["split_at"],
    )
