"""Who does alone what only one process may do: a row a name, renewed while its owner lives, free when it runs out."""

from datetime import datetime

from msgspec import Struct

from store.db import Change, View


class Lease(Struct, frozen=True, kw_only=True):
    name: str
    owner: str
    since_at: datetime
    until_at: datetime


def take(change: Change, name: str, owner: str, *, now: datetime, until: datetime) -> bool:
    """Take it, or renew one's own. False: somebody else has it and has not let it run out.

    One that lasts longer than anybody may have it was written before the clock was set back: it has run out.
    """
    row = change.one(
        """
        INSERT INTO lease (name, owner, since_at, until_at) VALUES (:name, :owner, :now, :until)
        ON CONFLICT (name) DO UPDATE
           SET since_at = CASE WHEN lease.owner = :owner THEN lease.since_at ELSE :now END,
               owner = :owner, until_at = :until
         WHERE lease.owner = :owner OR lease.until_at <= :now OR lease.until_at > :longest
        RETURNING owner
        """,
        name=name,
        owner=owner,
        now=now,
        until=until,
        longest=until + (until - now),
    )
    return row is not None


def clock(change: Change) -> datetime | None:
    """The time by the one clock that several machines share; None on SQLite, where there is one machine."""
    if change.engine != "postgresql":
        return None
    row = change.one("SELECT clock_timestamp() AS now_at")
    assert row is not None
    at: datetime = row["now_at"]
    return at


def give_back(change: Change, name: str, owner: str) -> None:
    """Whoever waits need not wait until it runs out."""
    change.run("DELETE FROM lease WHERE name = :name AND owner = :owner", name=name, owner=owner)


def find(view: View, name: str) -> Lease | None:
    row = view.one("SELECT * FROM lease WHERE name = :name", name=name)
    return Lease(**row) if row else None
