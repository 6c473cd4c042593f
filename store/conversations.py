"""Conversations: one per channel and key, with at most one current ticket."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from store.db import Change, Row, View


class Conversation(Struct, frozen=True, kw_only=True):
    """`thread` holds a mail thread's ids, `dialog` where the intake talk stands; `said_at` our last automatic word to its person, here
    or in another conversation."""

    id: int
    channel: str
    key: str
    address: int
    to: str
    state: str
    contact: int
    ticket: int | None
    token: str
    last_in_at: datetime | None = None
    said_at: datetime | None = None
    dialog: dict[str, Any] = {}
    thread: dict[str, Any] = {}


_SELECT = """
SELECT c.*, a.value AS recipient, a.state AS state, p.said_at AS told_at
  FROM conversation c JOIN address a ON a.id = c.address_id JOIN contact p ON p.id = c.contact_id
"""


def find(view: View, channel: str, key: str) -> Conversation | None:
    row = view.one(f"{_SELECT} WHERE c.channel = :channel AND c.key = :key", channel=channel, key=key)
    return _conversation(row) if row else None


def get(view: View, number: int) -> Conversation:
    row = view.one(f"{_SELECT} WHERE c.id = :id", id=number)
    assert row is not None, number
    return _conversation(row)


def by_token(view: View, token: str) -> Conversation | None:
    row = view.one(f"{_SELECT} WHERE c.token = :token", token=token)
    return _conversation(row) if row else None


def of_address(view: View, address: int) -> list[Conversation]:
    return [
        _conversation(row)
        for row in view.all(f"{_SELECT} WHERE c.address_id = :id ORDER BY c.id", id=address)
    ]


def add(
    change: Change,
    *,
    channel: str,
    key: str,
    address: int,
    contact: int,
    token: str,
    last_in_at: datetime,
    said_at: datetime | None,
    thread: dict[str, Any],
    look_at: datetime | None = None,
) -> int:
    row = change.one(
        """
        INSERT INTO conversation (channel, key, address_id, contact_id, token, last_in_at, said_at, look_at,
                                  dialog_json, thread_json)
        VALUES (:channel, :key, :address, :contact, :token, :last_in_at, :said_at, :look_at, :dialog, :thread)
        RETURNING id
        """,
        channel=channel,
        key=key,
        address=address,
        contact=contact,
        token=token,
        last_in_at=last_in_at,
        said_at=said_at,
        look_at=look_at,
        dialog={},
        thread=thread,
    )
    assert row is not None
    return int(row["id"])


def set_ticket(change: Change, number: int, ticket: int | None) -> None:
    """Which ticket is the current one."""
    change.run("UPDATE conversation SET ticket_id = :ticket WHERE id = :id", ticket=ticket, id=number)


def heard(
    change: Change, number: int, at: datetime, thread: dict[str, Any], *, look_at: datetime | None = None
) -> None:
    """The person wrote: opens WhatsApp's window, and moves the mail thread on. `look_at`: before the window closes."""
    change.run(
        "UPDATE conversation SET last_in_at = :at, look_at = :look_at, thread_json = :thread WHERE id = :id",
        at=at,
        look_at=look_at,
        thread=thread,
        id=number,
    )


def to_look_at(view: View, now: datetime, most: int) -> list[int]:
    """Ids of conversations whose window is about to close, the most urgent first."""
    rows = view.all(
        """
        SELECT id FROM conversation WHERE look_at IS NOT NULL AND look_at <= :now ORDER BY look_at LIMIT :most
        """,
        now=now,
        most=most,
    )
    return [row["id"] for row in rows]


def look_again(change: Change, number: int, at: datetime | None) -> None:
    change.run("UPDATE conversation SET look_at = :at WHERE id = :id", at=at, id=number)


def said(change: Change, number: int, at: datetime, dialog: dict[str, Any]) -> None:
    """The desk spoke by itself; where the talk stands now."""
    change.run(
        "UPDATE conversation SET said_at = :at, dialog_json = :dialog WHERE id = :id",
        at=at,
        dialog=dialog,
        id=number,
    )


def set_dialog(change: Change, number: int, dialog: dict[str, Any]) -> None:
    change.run("UPDATE conversation SET dialog_json = :dialog WHERE id = :id", dialog=dialog, id=number)


def move_words(change: Change, number: int, *, source: int, target: int, since: datetime) -> list[int]:
    """The ids of what the person wrote here into one ticket since then, now in the other."""
    rows = change.all(
        """
        UPDATE message SET ticket_id = :target
         WHERE ticket_id = :source AND conversation_id = :id AND direction = 'in' AND written_at >= :since
        RETURNING id
        """,
        target=target,
        source=source,
        id=number,
        since=since,
    )
    return sorted(row["id"] for row in rows)


def move(change: Change, number: int, key: str) -> None:
    change.run("UPDATE conversation SET key = :key WHERE id = :id", key=key, id=number)


def _conversation(row: Row) -> Conversation:
    return Conversation(
        id=row["id"],
        channel=row["channel"],
        key=row["key"],
        address=row["address_id"],
        to=row["recipient"],
        state=row["state"],
        contact=row["contact_id"],
        ticket=row["ticket_id"],
        token=row["token"],
        last_in_at=row["last_in_at"],
        said_at=max(filter(None, (row["said_at"], row["told_at"])), default=None),
        dialog=row["dialog_json"],
        thread=row["thread_json"],
    )
