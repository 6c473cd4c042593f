"""What lies around a ticket, as parts of its dossier: what was joined to it, who follows it, which addresses came or went."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from store.db import Row

OWN = """
SELECT id FROM ticket WHERE id = :ticket UNION ALL SELECT id FROM ticket WHERE merged_into = :ticket
"""
"""The tickets whose messages the thread shows: itself and what was joined to it."""
WHOLE = f"""
{OWN} UNION ALL
SELECT r.id FROM (SELECT id FROM ticket WHERE contact_id = :contact AND id <> :ticket ORDER BY id DESC LIMIT :others) AS r
"""
"""And the person's other tickets; what of them the reader may see is chosen afterwards."""

PARTS = (
    """
    SELECT 'joined', id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
      FROM ticket WHERE merged_into = :ticket
    """,
    """
    SELECT 'follower', officer_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, since_at, NULL, NULL
      FROM follower WHERE ticket_id = :ticket
    """,
    """
    SELECT 'move', v.id, v.address_id, v.from_contact, v.to_contact, v.by_officer, NULL, v.channel, v.value, NULL, NULL,
           NULL, NULL, v.moved_at, NULL, NULL
      FROM (SELECT w.id, w.address_id, w.from_contact, w.to_contact, w.by_officer, w.moved_at, d.channel, d.value
              FROM address_move w JOIN address d ON d.id = w.address_id AND d.contact_id = w.to_contact
             WHERE (w.to_contact = :contact OR w.from_contact = :contact) AND w.undone_at IS NULL
             ORDER BY w.id DESC LIMIT :others) AS v
    """,
    """
    SELECT 'split', from_ticket, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, split_at, NULL, NULL
      FROM split WHERE into_ticket = :ticket AND undone_at IS NULL
    """,
    """
    SELECT 'hold', id, by_officer, NULL, NULL, NULL, NULL, reason, NULL, NULL, NULL, NULL, NULL, since_at, NULL, NULL
      FROM hold WHERE ticket_id = :ticket AND lifted_at IS NULL
    """,
    """
    SELECT 'erasure', id, by_officer, days, messages, files, NULL, rule, reason, NULL, NULL, NULL, NULL,
           erased_at, NULL, NULL
      FROM erasure WHERE ticket_id = :ticket
    """,
    """
    SELECT 'gone', id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, erased_at, NULL, NULL
      FROM contact WHERE id = :contact AND erased_at IS NOT NULL
    """,
)


class Moved(Struct, frozen=True, kw_only=True):
    """An address that came to this person (`came`) or was taken off, and could go back."""

    id: int
    came: bool
    channel: str
    value: str
    by: int | None
    at: datetime


class Held(Struct, frozen=True, kw_only=True):
    """Nothing of the ticket is erased until somebody lifts it."""

    reason: str
    by: int | None
    since_at: datetime


class Erased(Struct, frozen=True, kw_only=True):
    """How the ticket's words went; `days` where a category's retention ended."""

    rule: str
    reason: str
    by: int | None
    days: int | None
    messages: int
    files: int
    at: datetime


class Around(Struct, frozen=True, kw_only=True):
    """`joined`: tickets merged into this one. `split_from`: the ticket it came out of, None where it did not.

    `person_gone`: its reporter was erased.
    """

    joined: tuple[int, ...] = ()
    followers: tuple[int, ...] = ()
    moves: tuple[Moved, ...] = ()
    split_from: int | None = None
    hold: Held | None = None
    erased: Erased | None = None
    person_gone: bool = False


def around(rows: Mapping[str, Sequence[Row]], contact: int) -> Around:
    return Around(
        joined=tuple(sorted(row["i"] for row in rows.get("joined", ()))),
        followers=tuple(sorted(row["i"] for row in rows.get("follower", ()))),
        moves=tuple(
            Moved(
                id=row["i"],
                came=row["l"] == contact,
                channel=row["p"],
                value=row["q"],
                by=row["m"],
                at=row["x_at"],
            )
            for row in sorted(rows.get("move", ()), key=lambda row: -row["i"])
        ),
        split_from=next((row["i"] for row in rows.get("split", ())), None),
        hold=next((_held(row) for row in rows.get("hold", ())), None),
        erased=next((_erased(row) for row in rows.get("erasure", ())), None),
        person_gone="gone" in rows,
    )


def _held(row: Row) -> Held:
    return Held(reason=row["p"], by=row["j"], since_at=row["x_at"])


def _erased(row: Row) -> Erased:
    return Erased(
        rule=row["p"],
        reason=row["q"],
        by=row["j"],
        days=row["k"],
        messages=row["l"],
        files=row["m"],
        at=row["x_at"],
    )
