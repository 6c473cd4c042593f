"""The one way out: every word for a person is a row here, written in the change that caused it."""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from sop.messages import RANK, Outgoing, Priority
from store.db import Change, Row, View


class Letter(Struct, frozen=True, kw_only=True):
    """An outbox row: what goes out, and how far it is."""

    id: int
    kind: str
    ticket: int | None
    message: int | None
    conversation: int | None
    state: str
    attempts: int
    queued_at: datetime
    error: str
    doubtful: bool
    outgoing: Outgoing
    waits_for: str = ""  # "window": the person's next word; until then, at the latest, `next_at`
    next_at: datetime | None = None
    settled_at: datetime | None = None  # somebody saw to it after it died


def add(
    change: Change,
    outgoing: Outgoing,
    *,
    now: datetime,
    kind: str = "answer",
    ticket: int | None = None,
    message: int | None = None,
    conversation: int | None = None,
    not_before: datetime | None = None,
    waits_for: str = "",
) -> int:
    """Queue it. Rows of one line (a conversation, else an address) leave in order; `outgoing.id` is given here.

    What is put off until `not_before` stands in a line of its own: an answer written meanwhile does not wait for it.
    What `waits_for` something is not sent before `free` lets it go; `not_before` is then the end of that patience.
    """
    later = not_before is not None and not waits_for
    row = change.one(
        """
        INSERT INTO outbox (channel, recipient, line, rank, kind, conversation_id, ticket_id, message_id, body_json,
                            queued_at, next_at, waits_for)
        VALUES (:channel, :to, :line, :rank, :kind, :conversation, :ticket, :message, :body, :now, :next_at, :waits_for)
        RETURNING id
        """,
        channel=outgoing.channel,
        to=outgoing.to,
        line=_line(outgoing)
        + (":later" if later else ":push" if outgoing.priority is Priority.BROADCAST else ""),
        rank=RANK[outgoing.priority],
        kind=kind,
        conversation=conversation,
        ticket=ticket,
        message=message,
        body=_body(outgoing),
        now=now,
        next_at=not_before or now,
        waits_for=waits_for,
    )
    assert row is not None
    change.tell(f"outbox.{outgoing.channel}")
    return int(row["id"])


def claim(
    change: Change,
    channel: str,
    now: datetime,
    most: int,
    taker: str = "",
    *,
    ranks: tuple[int, int] = (0, 9),
) -> list[Letter]:
    """Take up to `most` rows that are due, replies first; none whose line has an earlier one still under way.

    `taker` names the process that has them from now on; `ranks` are the first and the last that are looked at.
    """
    rows = change.all(
        """
        UPDATE outbox SET state = 'sending', attempts = attempts + 1, taken_by = :taker, taken_at = :now
         WHERE id IN (SELECT o.id FROM outbox o
                       WHERE o.state = 'queued' AND o.channel = :channel AND o.next_at <= :now AND o.waits_for = ''
                         AND o.rank BETWEEN :first AND :last
                         AND NOT EXISTS (SELECT 1 FROM outbox e
                                          WHERE e.line = o.line AND e.id < o.id AND e.state IN ('queued', 'sending')
                                            AND e.waits_for = '')
                       ORDER BY o.rank, o.next_at, o.id LIMIT :most)
        RETURNING *
        """,
        channel=channel,
        now=now,
        most=most,
        taker=taker,
        first=ranks[0],
        last=ranks[1],
    )
    return [letter_of(row) for row in sorted(rows, key=lambda row: (row["rank"], row["id"]))]


def takers(view: View) -> list[str]:
    """The names of the processes that have rows under way, as far as they are known."""
    return [
        row["taken_by"] for row in view.all("SELECT DISTINCT taken_by FROM outbox WHERE state = 'sending'")
    ]


def abandoned(view: View, *, taker: str, before: datetime, most: int = 100) -> list[Letter]:
    """Rows in `sending` that nobody sends any more: taken by `taker`, who is dead, or taken before `before`."""
    rows = view.all(
        """
        SELECT * FROM outbox
         WHERE state = 'sending' AND (taken_by = :taker OR taken_at IS NULL OR taken_at <= :before)
         ORDER BY id LIMIT :most
        """,
        taker=taker,
        before=before,
        most=most,
    )
    return [letter_of(row) for row in rows]


def queued_ahead(view: View, ahead: datetime) -> bool:
    """Whether rows of late were queued after `ahead`, which is to come: by a clock that was set back since."""
    row = view.one(
        """
        SELECT max(queued_at) AS newest_at FROM (SELECT queued_at FROM outbox ORDER BY id DESC LIMIT 200) AS late
        """
    )
    return bool(row and row["newest_at"] and row["newest_at"] > ahead)


def hasten(change: Change, now: datetime, ahead: datetime) -> None:
    """Such rows are due now; but not what was put off on purpose."""
    change.run(
        """
        UPDATE outbox SET next_at = :now
         WHERE state = 'queued' AND next_at > :now AND queued_at > :ahead AND (attempts > 0 OR next_at <= queued_at)
        """,
        now=now,
        ahead=ahead,
    )


def get(view: View, number: int) -> Letter | None:
    row = view.one("SELECT * FROM outbox WHERE id = :id", id=number)
    return letter_of(row) if row else None


def by_external(view: View, channel: str, external_id: str) -> Letter | None:
    row = view.one(
        "SELECT * FROM outbox WHERE channel = :channel AND external_id = :external_id",
        channel=channel,
        external_id=external_id,
    )
    return letter_of(row) if row else None


def sent(change: Change, number: int, *, state: str, external_id: str, at: datetime) -> None:
    change.run(
        """
        UPDATE outbox SET state = :state, external_id = :external_id, sent_at = :at, error = '' WHERE id = :id
        """,
        state=state,
        external_id=external_id or None,
        at=at,
        id=number,
    )


def progress(change: Change, number: int, *, state: str, error: str = "") -> None:
    """The provider's later word: delivered, read or failed."""
    change.run(
        "UPDATE outbox SET state = :state, error = :error WHERE id = :id", state=state, error=error, id=number
    )


def again(change: Change, number: int, *, next_at: datetime, error: str, doubtful: bool) -> None:
    """Back into the queue. `doubtful`: an earlier attempt may have arrived, so this one may be a second copy."""
    change.run(
        """
        UPDATE outbox
           SET state = 'queued', next_at = :next_at, error = :error, doubtful = (doubtful OR :doubtful), settled_at = NULL
         WHERE id = :id
        """,
        next_at=next_at,
        error=error,
        doubtful=doubtful,
        id=number,
    )


def give_up(change: Change, number: int, *, state: str, error: str) -> None:
    """`state`: "failed", "unknown" or "withdrawn"."""
    change.run(
        "UPDATE outbox SET state = :state, error = :error WHERE id = :id", state=state, error=error, id=number
    )


def doubt_all(change: Change, now: datetime, error: str) -> int:
    """Whatever was due by now may have left already: `unknown`, for a person to decide. How many rows."""
    rows = change.all(
        """
        UPDATE outbox SET state = 'unknown', error = :error, doubtful = :yes, waits_for = ''
         WHERE state = 'sending' OR (state = 'queued' AND next_at <= :now)
        RETURNING id
        """,
        error=error,
        yes=True,
        now=now,
    )
    return len(rows)


def withdraw_notices(change: Change, channel: str, to: str) -> None:
    """The person wants no more of them: automatic words that have not left stay here."""
    change.run(
        """
        UPDATE outbox SET state = 'withdrawn'
         WHERE channel = :channel AND recipient = :to AND kind IN ('notice', 'template', 'broadcast') AND state = 'queued'
        """,
        channel=channel,
        to=to,
    )


def settle(change: Change, number: int, at: datetime) -> None:
    """Somebody saw to it: it is no dead letter any more."""
    change.run("UPDATE outbox SET settled_at = :at WHERE id = :id", at=at, id=number)


def reword(change: Change, letter: Letter, text: str) -> None:
    """Other words in the same row."""
    body = _body(replace(letter.outgoing, text=text, html=""))
    change.run("UPDATE outbox SET body_json = :body WHERE id = :id", body=body, id=letter.id)


def redirect(
    change: Change,
    letter: Letter,
    outgoing: Outgoing,
    *,
    conversation: int | None,
    now: datetime,
    state: str = "queued",
) -> None:
    """The row takes another way, with all its tries before it. `state` "sent": what the counter has at once."""
    change.run(
        """
        UPDATE outbox
           SET channel = :channel, recipient = :to, line = :line, conversation_id = :conversation, body_json = :body,
               state = :state, waits_for = '', attempts = :attempts, next_at = :now, sent_at = :sent_at,
               external_id = NULL, error = '', settled_at = NULL
         WHERE id = :id
        """,
        channel=outgoing.channel,
        to=outgoing.to,
        line=_line(outgoing),
        conversation=conversation,
        body=_body(outgoing),
        state=state,
        attempts=1 if state == "sent" else 0,
        now=now,
        sent_at=now if state == "sent" else None,
        id=letter.id,
    )
    change.tell(f"outbox.{outgoing.channel}")


def readdress(change: Change, letter: Letter, to: str) -> None:
    """The chat has a new id."""
    moved = replace(letter.outgoing, to=to, key=to)
    change.run(
        "UPDATE outbox SET recipient = :to, body_json = :body WHERE id = :id",
        to=to,
        body=_body(moved),
        id=letter.id,
    )


def dead(view: View, *, before: int | None = None, most: int = 50) -> list[Letter]:
    """What failed or is unknown and nobody has seen to, newest first. Announcements have a list of their own each."""
    rows = view.all(
        """
        SELECT * FROM outbox
         WHERE state IN ('failed', 'unknown') AND settled_at IS NULL AND push_id IS NULL AND id < :before
         ORDER BY id DESC LIMIT :most
        """,
        before=before or 1 << 62,
        most=most,
    )
    return [letter_of(row) for row in rows]


def _body(outgoing: Outgoing) -> dict[str, Any]:
    body: dict[str, Any] = msgspec.to_builtins(outgoing)
    return {name: value for name, value in body.items() if value or name in ("id", "channel", "to")}


def letter_of(row: Row) -> Letter:
    body = {**row["body_json"], "id": row["id"], "attempt": max(1, row["attempts"])}
    return Letter(
        id=row["id"],
        kind=row["kind"],
        ticket=row["ticket_id"],
        message=row["message_id"],
        conversation=row["conversation_id"],
        state=row["state"],
        attempts=row["attempts"],
        queued_at=row["queued_at"],
        error=row["error"],
        doubtful=bool(row["doubtful"]),
        outgoing=msgspec.convert(body, Outgoing),
        waits_for=row["waits_for"],
        next_at=row["next_at"],
        settled_at=row["settled_at"],
    )


def _line(outgoing: Outgoing) -> str:
    return f"{outgoing.channel}:{outgoing.key or outgoing.to}"
