"""The frozen audience of a publication, and the pushes that carry words to it: one outbox row a recipient."""

from datetime import datetime

from msgspec import Struct

from store.db import Change, Row, View

PAUSED = "paused"
"""What a row of a paused push waits for."""
_UNDELIVERED = "AND o.state IN ('unknown', 'failed')"


class Push(Struct, frozen=True, kw_only=True):
    """`kind`: publish, erratum, withdrawal, pin, unpin. `state`: proposed (an erratum that nobody approved yet), planned,
    running, paused, stopped, done. `fed_to`: the last recipient whose outbox row was written. `pin_until`: its posts
    in channels and groups are pinned once it is done, and unpinned then.
    """

    id: int
    publication: int
    kind: str
    state: str
    text: str
    total: int
    fed_to: int
    start_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None
    by: int | None
    approved_by: int | None = None
    pin_until: datetime | None = None


class Recipient(Struct, frozen=True, kw_only=True):
    """One place or person of the audience. `external_id`: what the provider calls the post there, once it took it.
    `state` is the outbox row's ("" before there is one); `link` and `keyed_at` are keyed in for media a hand serves.
    `parts`: all posts that it became there, between blanks. `left`: they want no more since the audience was frozen.
    `again`: an earlier attempt may have arrived and an officer had it sent once more, so that they may have two.
    """

    id: int
    channel: str
    address: str
    target: int
    outbox: int | None
    state: str
    external_id: str
    error: str
    sent_at: datetime | None
    link: str
    keyed_by: int | None
    keyed_at: datetime | None
    kind: str = ""  # of its target
    parts: str = ""
    left: bool = False
    again: bool = False


def freeze(change: Change, publication: int, target: int, kind: str) -> None:
    """Take a target's addresses into the audience; an address that is there already stays one."""
    if kind == "subscribers":
        change.run(
            """
            INSERT INTO recipient (publication_id, channel, address, target_id)
            SELECT :publication, s.channel, s.address, t.id
              FROM target t JOIN subscription s ON s.topic_id = t.topic_id AND s.channel = t.channel
              LEFT JOIN address a ON a.channel = s.channel AND a.value = s.address
             WHERE t.id = :target AND s.left_at IS NULL AND (a.state IS NULL OR a.state = 'reachable')
             ORDER BY s.id
            ON CONFLICT (publication_id, channel, address) DO NOTHING
            """,
            publication=publication,
            target=target,
        )
        return
    change.run(
        """
        INSERT INTO recipient (publication_id, channel, address, target_id)
        SELECT :publication, channel, CASE WHEN kind = 'hand' THEN 'hand:' || id ELSE address END, id
          FROM target WHERE id = :target
        ON CONFLICT (publication_id, channel, address) DO NOTHING
        """,
        publication=publication,
        target=target,
    )


def thaw(change: Change, publication: int) -> None:
    """Nothing has gone out: the audience is counted anew."""
    change.run("DELETE FROM recipient WHERE publication_id = :id", id=publication)


def audience(view: View, publication: int) -> dict[int, int]:
    """target -> how many of the audience it brought."""
    rows = view.all(
        "SELECT target_id, count(*) AS n FROM recipient WHERE publication_id = :id GROUP BY target_id",
        id=publication,
    )
    return {row["target_id"]: row["n"] for row in rows}


def plan(
    change: Change,
    publication: int,
    kind: str,
    text: str,
    *,
    total: int,
    start_at: datetime,
    by: int | None,
    pin_until: datetime | None = None,
    state: str = "planned",
) -> int:
    row = change.one(
        """
        INSERT INTO push (publication_id, kind, state, text, total, start_at, by_officer, unpin_at)
        VALUES (:publication, :kind, :state, :text, :total, :start_at, :by, :pin_until)
        RETURNING id
        """,
        publication=publication,
        kind=kind,
        text=text,
        total=total,
        start_at=start_at,
        by=by,
        pin_until=pin_until,
        state=state,
    )
    assert row is not None
    return int(row["id"])


def get(view: View, number: int) -> Push | None:
    row = view.one("SELECT * FROM push WHERE id = :id", id=number)
    return _push(row) if row else None


def of_publication(view: View, publication: int) -> list[Push]:
    rows = view.all("SELECT * FROM push WHERE publication_id = :id ORDER BY id", id=publication)
    return [_push(row) for row in rows]


def due(view: View, now: datetime, most: int = 20) -> list[Push]:
    """What must be begun or fed, the longest waiting first."""
    rows = view.all(
        """
        SELECT * FROM push WHERE state IN ('planned', 'running') AND start_at <= :now ORDER BY start_at, id LIMIT :most
        """,
        now=now,
        most=most,
    )
    return [_push(row) for row in rows]


def coming(view: View) -> list[Push]:
    """What goes out when: planned, running and paused pushes by their start."""
    rows = view.all(
        "SELECT * FROM push WHERE state IN ('planned', 'running', 'paused') ORDER BY start_at, id LIMIT 500"
    )
    return [_push(row) for row in rows]


def set_state(
    change: Change,
    number: int,
    state: str,
    *,
    begun_at: datetime | None = None,
    ended_at: datetime | None = None,
) -> None:
    change.run(
        """
        UPDATE push SET state = :state, begun_at = coalesce(begun_at, :begun_at), ended_at = :ended_at WHERE id = :id
        """,
        state=state,
        begun_at=begun_at,
        ended_at=ended_at,
        id=number,
    )


def approve(change: Change, number: int, by: int, at: datetime) -> None:
    """A proposed one goes out now."""
    change.run(
        "UPDATE push SET state = 'planned', approved_by = :by, start_at = :at WHERE id = :id",
        by=by,
        at=at,
        id=number,
    )


def fed(change: Change, number: int, recipient: int) -> None:
    change.run("UPDATE push SET fed_to = :recipient WHERE id = :id", recipient=recipient, id=number)


def set_outbox(change: Change, recipient: int, outbox: int, push: int, kind: str = "publish") -> None:
    """The row belongs to the push; the one that announced is the recipient's receipt."""
    if kind == "publish":
        change.run("UPDATE recipient SET outbox_id = :outbox WHERE id = :id", outbox=outbox, id=recipient)
    change.run("UPDATE outbox SET push_id = :push WHERE id = :id", push=push, id=outbox)


def keep_parts(change: Change, outbox: int, parts: str) -> None:
    """An album is several posts: to take it back, all of them are named."""
    change.run(
        "UPDATE recipient SET external_id = :parts WHERE outbox_id = :outbox", parts=parts, outbox=outbox
    )


def next_of(
    view: View, publication: int, *, after: int, most: int, undelivered: bool = False
) -> list[Recipient]:
    """The next of the audience by rising id, and whether they have left since it was frozen. `undelivered`: of those
    alone that did not get it for sure."""
    rows = view.all(
        f"""
        SELECT r.*, o.state, o.external_id AS external, o.error, o.sent_at, o.doubtful, t.kind AS target_kind,
               t.kind = 'subscribers' AND (
                   NOT EXISTS (SELECT 1 FROM subscription s
                                WHERE s.channel = r.channel AND s.address = r.address AND s.left_at IS NULL)
                   OR EXISTS (SELECT 1 FROM address a
                               WHERE a.channel = r.channel AND a.value = r.address AND a.state <> 'reachable')
               ) AS gone
          FROM recipient r LEFT JOIN outbox o ON o.id = r.outbox_id JOIN target t ON t.id = r.target_id
         WHERE r.publication_id = :publication AND r.id > :after {_UNDELIVERED if undelivered else ""}
         ORDER BY r.id LIMIT :most
        """,
        publication=publication,
        after=after,
        most=most,
    )
    return [_recipient(row) for row in rows]


def of_outbox(view: View, outbox: int) -> Recipient | None:
    rows = view.all(
        """
        SELECT r.*, o.state, o.external_id AS external, o.error, o.sent_at, t.kind AS target_kind
          FROM recipient r JOIN outbox o ON o.id = r.outbox_id JOIN target t ON t.id = r.target_id
         WHERE r.outbox_id = :outbox
        """,
        outbox=outbox,
    )
    return _recipient(rows[0]) if rows else None


def arrived(view: View, publication: int) -> int:
    """How many have the announcement, or may have it."""
    row = view.one(
        """
        SELECT count(*) AS n FROM recipient r JOIN outbox o ON o.id = r.outbox_id
         WHERE r.publication_id = :id AND o.state IN ('sent', 'delivered', 'read', 'unknown')
        """,
        id=publication,
    )
    return int(row["n"]) if row else 0


def recipients(
    view: View, publication: int, *, after: int = 0, state: str = "", most: int = 200
) -> list[Recipient]:
    """By rising id; `state` keeps those whose outbox row says so."""
    only = "AND o.state = :state" if state else ""
    rows = view.all(
        f"""
        SELECT r.*, o.state, o.external_id AS external, o.error, o.sent_at, o.doubtful, t.kind AS target_kind
          FROM recipient r LEFT JOIN outbox o ON o.id = r.outbox_id JOIN target t ON t.id = r.target_id
         WHERE r.publication_id = :publication AND r.id > :after {only} ORDER BY r.id LIMIT :most
        """,
        publication=publication,
        after=after,
        most=most,
        **({"state": state} if state else {}),
    )
    return [_recipient(row) for row in rows]


def key_in(change: Change, recipient: int, link: str, *, by: int, at: datetime) -> None:
    """The receipt of a medium that a hand serves."""
    change.run(
        "UPDATE recipient SET link = :link, keyed_by = :by, keyed_at = :at WHERE id = :id",
        link=link,
        by=by,
        at=at,
        id=recipient,
    )


def by_hand(view: View, publication: int) -> list[Recipient]:
    """The media that an officer serves."""
    rows = view.all(
        """
        SELECT r.*, '' AS state, NULL AS external, '' AS error, NULL AS sent_at, t.kind AS target_kind
          FROM recipient r JOIN target t ON t.id = r.target_id
         WHERE r.publication_id = :publication AND t.kind = 'hand' ORDER BY r.id
        """,
        publication=publication,
    )
    return [_recipient(row) for row in rows]


def counts(view: View, push: int) -> dict[str, int]:
    """State of its outbox rows -> how many."""
    rows = view.all("SELECT state, count(*) AS n FROM outbox WHERE push_id = :push GROUP BY state", push=push)
    return {row["state"]: row["n"] for row in rows}


def sent_since(view: View, push: int, since: datetime) -> int:
    row = view.one(
        "SELECT count(*) AS n FROM outbox WHERE push_id = :push AND sent_at >= :since", push=push, since=since
    )
    return int(row["n"]) if row else 0


def hold(change: Change, push: int, until: datetime) -> None:
    """Paused: what has not left stays in the queue, out of its sender's sight."""
    change.run(
        """
        UPDATE outbox SET waits_for = :paused, next_at = :until WHERE push_id = :push AND state = 'queued'
        """,
        paused=PAUSED,
        until=until,
        push=push,
    )


def release(change: Change, push: int, now: datetime) -> None:
    change.run(
        """
        UPDATE outbox SET waits_for = '', next_at = :now
         WHERE push_id = :push AND state = 'queued' AND waits_for = :paused
        """,
        now=now,
        push=push,
        paused=PAUSED,
    )


def call_off(change: Change, push: int) -> None:
    """Stopped: what has not left never does."""
    change.run("UPDATE outbox SET state = 'withdrawn' WHERE push_id = :push AND state = 'queued'", push=push)


def _push(row: Row) -> Push:
    return Push(
        id=row["id"],
        publication=row["publication_id"],
        kind=row["kind"],
        state=row["state"],
        text=row["text"],
        total=row["total"],
        fed_to=row["fed_to"],
        start_at=row["start_at"],
        begun_at=row["begun_at"],
        ended_at=row["ended_at"],
        by=row["by_officer"],
        approved_by=row["approved_by"],
        pin_until=row["unpin_at"],
    )


def _recipient(row: Row) -> Recipient:
    return Recipient(
        id=row["id"],
        channel=row["channel"],
        address=row["address"],
        target=row["target_id"],
        outbox=row["outbox_id"],
        state=row["state"] or "",
        external_id=row["external"] or "",
        error=row["error"] or "",
        sent_at=row["sent_at"],
        link=row["link"],
        keyed_by=row["keyed_by"],
        keyed_at=row["keyed_at"],
        kind=row["target_kind"],
        parts=row["external_id"] or row["external"] or "",
        left=bool(row.get("gone")),
        again=bool(row.get("doubtful")),
    )
