"""The chain of events: each carries the hash of the one before, so that none is changed, dropped or put between unseen.

Bodies hold ids, codes and hashes, never words or personal data: a person can be erased and the chain still verifies.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from store.db import Change, View


class Event(Struct, frozen=True, kw_only=True):
    id: int
    kind: str
    at: datetime
    actor: int | None = None  # an officer; None is the desk itself or the reporter
    facts: dict[str, Any] = {}


def add(
    change: Change,
    kind: str,
    at: datetime,
    *,
    actor: int | None = None,
    ticket: int | None = None,
    case_kind: str = "ticket",
    **facts: Any,
) -> None:
    """Write one event of a case (or of the office, without one)."""
    last, before = change.held("trail", lambda: head(change))
    number = last + 1
    body = msgspec.json.encode({"at": at.isoformat(), "by": actor, "case": ticket} | facts).decode()
    hashed = link(before, number, kind, body)
    change.run(
        """
        INSERT INTO audit (id, case_kind, case_id, kind, body, hash)
        VALUES (:id, :case_kind, :case_id, :kind, :body, :hash)
        """,
        id=number,
        case_kind=case_kind if ticket else "",
        case_id=ticket,
        kind=kind,
        body=body,
        hash=hashed,
    )
    change.hold("trail", (number, hashed))


def head(view: View) -> tuple[int, str]:
    """Id and hash of the newest event; (0, "") before there is one."""
    row = view.one("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1")
    return (row["id"], row["hash"]) if row else (0, "")


def last(view: View) -> int:
    """Number of the newest event; 0 before there is one."""
    return head(view)[0]


def link(before: str, number: int, kind: str, body: str) -> str:
    """The hash of an event, over its own words and the hash of the one before (hex SHA-256)."""
    return sha256(f"{before}\n{number}\n{kind}\n{body}".encode()).hexdigest()


def of_case(view: View, case: int, *, kind: str = "ticket", after: int = 0, most: int = 500) -> list[Event]:
    """The events of one case, oldest first, after the event of that id."""
    rows = view.all(
        """
        SELECT id, kind, body FROM audit
         WHERE case_kind = :case_kind AND case_id = :case_id AND id > :after
         ORDER BY id LIMIT :most
        """,
        case_kind=kind,
        case_id=case,
        after=after,
        most=most,
    )
    return [_event(row) for row in rows]


def hashes(view: View, case: int, *, kind: str = "ticket", after: int = 0, most: int = 500) -> list[str]:
    """The hashes of what `of_case` gives, in its order."""
    rows = view.all(
        """
        SELECT hash FROM audit
         WHERE case_kind = :case_kind AND case_id = :case_id AND id > :after
         ORDER BY id LIMIT :most
        """,
        case_kind=kind,
        case_id=case,
        after=after,
        most=most,
    )
    return [row["hash"] for row in rows]


def first_broken(
    view: View, *, after: int = 0, before: str = "", most: int = 10_000
) -> tuple[int | None, int, str]:
    """Reads up to `most` events after one: (id of the first that does not fit or None, last id read, its hash)."""
    rows = view.all(
        "SELECT id, kind, body, hash FROM audit WHERE id > :after ORDER BY id LIMIT :most",
        after=after,
        most=most,
    )
    expected, last = after + 1, before
    for row in rows:
        if row["id"] != expected or link(last, row["id"], row["kind"], row["body"]) != row["hash"]:
            return expected, row["id"], last
        expected, last = row["id"] + 1, row["hash"]
    return None, expected - 1, last


def hash_of(view: View, number: int) -> str:
    """The hash of one event; "" when it is not there."""
    row = view.one("SELECT hash FROM audit WHERE id = :id", id=number)
    return str(row["hash"]) if row else ""


def since(view: View, after: int, most: int) -> Iterator[Event]:
    """All events after one id, oldest first, for export."""
    rows = view.all(
        "SELECT id, kind, body FROM audit WHERE id > :after ORDER BY id LIMIT :most", after=after, most=most
    )
    return (_event(row) for row in rows)


def event(number: int, kind: str, body: str) -> Event:
    """An event from its row."""
    facts = json.loads(body)
    at, actor = datetime.fromisoformat(facts.pop("at")), facts.pop("by")
    return Event(id=number, kind=kind, at=at, actor=actor, facts=facts)


def _event(row: dict[str, Any]) -> Event:
    return event(row["id"], row["kind"], row["body"])
