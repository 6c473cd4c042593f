"""Where announcements go: channels, groups, subscribers by topic, and media that a hand serves; who subscribed to what."""

from datetime import datetime

from msgspec import Struct

from store.db import Change, Row, View


class Topic(Struct, frozen=True, kw_only=True):
    id: int
    code: str
    name: str
    unit: int | None
    active: bool = True


class Target(Struct, frozen=True, kw_only=True):
    """`kind`: "channel", "group" (one post), "subscribers" (one message each, of `topic`) or "hand" (an officer posts it
    and keys in the link). `state`: unknown, ready or refused (`reason` in words), as the provider said at `asked_at`.
    """

    id: int
    kind: str
    channel: str
    address: str
    name: str
    topic: int | None = None
    unit: int | None = None
    state: str = "unknown"
    reason: str = ""
    members: int = 0
    link: str = ""
    active: bool = True
    asked_at: datetime | None = None


class Hanging(Struct, frozen=True, kw_only=True):
    """`place` is the address of the channel or group, `post` what its provider calls the post there."""

    name: str
    place: str
    link: str
    post: str


def add(
    change: Change,
    *,
    kind: str,
    channel: str,
    address: str,
    name: str,
    topic: int | None,
    unit: int | None,
    state: str = "unknown",
    at: datetime,
) -> int:
    row = change.one(
        """
        INSERT INTO target (kind, channel, address, name, topic_id, unit_id, state, created_at)
        VALUES (:kind, :channel, :address, :name, :topic, :unit, :state, :at)
        RETURNING id
        """,
        kind=kind,
        channel=channel,
        address=address,
        name=name,
        topic=topic,
        unit=unit,
        state=state,
        at=at,
    )
    assert row is not None
    return int(row["id"])


def asked(
    change: Change,
    number: int,
    *,
    state: str,
    reason: str,
    name: str,
    members: int,
    link: str,
    at: datetime,
) -> None:
    """What the provider said of the place: may we post, how many are there."""
    change.run(
        """
        UPDATE target SET state = :state, reason = :reason, name = :name, members = :members, link = :link,
                          asked_at = :at
         WHERE id = :id
        """,
        state=state,
        reason=reason,
        name=name,
        members=members,
        link=link,
        at=at,
        id=number,
    )


def set_active(change: Change, number: int, active: bool) -> None:
    change.run("UPDATE target SET active = :active WHERE id = :id", active=active, id=number)


def move(change: Change, number: int, address: str) -> None:
    """The provider gave the place another id."""
    change.run("UPDATE target SET address = :address WHERE id = :id", address=address, id=number)


def rename(change: Change, number: int, name: str) -> None:
    change.run("UPDATE target SET name = :name WHERE id = :id", name=name, id=number)


def at(view: View, channel: str, address: str) -> Target | None:
    """The channel or group of that address."""
    row = view.one(
        """
        SELECT * FROM target WHERE channel = :channel AND address = :address AND kind IN ('channel', 'group')
         ORDER BY active DESC, id LIMIT 1
        """,
        channel=channel,
        address=address,
    )
    return _target(row) if row else None


def named(view: View, channel: str, name: str) -> Target | None:
    """The channel or group that was kept under its public name, in whatever letters."""
    row = view.one(
        """
        SELECT * FROM target
         WHERE channel = :channel AND lower(address) = :name AND kind IN ('channel', 'group')
         ORDER BY active DESC, id LIMIT 1
        """,
        channel=channel,
        name=name.lower(),
    )
    return _target(row) if row else None


def get(view: View, number: int) -> Target | None:
    row = view.one("SELECT * FROM target WHERE id = :id", id=number)
    return _target(row) if row else None


def every(view: View) -> list[Target]:
    return [_target(row) for row in view.all("SELECT * FROM target ORDER BY active DESC, kind, name, id")]


def add_topic(change: Change, *, code: str, name: str, unit: int | None) -> int | None:
    """None: there is one of that code."""
    row = change.one(
        """
        INSERT INTO topic (code, name, unit_id) VALUES (:code, :name, :unit)
        ON CONFLICT (code) DO NOTHING RETURNING id
        """,
        code=code,
        name=name,
        unit=unit,
    )
    return int(row["id"]) if row else None


def set_topic(change: Change, number: int, *, name: str, active: bool) -> None:
    change.run(
        "UPDATE topic SET name = :name, active = :active WHERE id = :id", name=name, active=active, id=number
    )


def topics(view: View) -> list[Topic]:
    return [_topic(row) for row in view.all("SELECT * FROM topic ORDER BY name, id")]


def topic(view: View, number: int) -> Topic | None:
    row = view.one("SELECT * FROM topic WHERE id = :id", id=number)
    return _topic(row) if row else None


def join(
    change: Change, topic: int, channel: str, address: str, *, contact: int | None, at: datetime
) -> None:
    """They want to hear of it, again or for the first time."""
    change.run(
        """
        INSERT INTO subscription (topic_id, channel, address, contact_id, joined_at)
        VALUES (:topic, :channel, :address, :contact, :at)
        ON CONFLICT (topic_id, channel, address) DO UPDATE
           SET left_at = NULL, contact_id = :contact,
               joined_at = CASE WHEN subscription.left_at IS NULL THEN subscription.joined_at ELSE :at END
        """,
        topic=topic,
        channel=channel,
        address=address,
        contact=contact,
        at=at,
    )


def leave(change: Change, topic: int | None, channel: str, address: str, *, at: datetime) -> None:
    """No more of that topic; None: of none."""
    which = "" if topic is None else "AND topic_id = :topic"
    change.run(
        f"""
        UPDATE subscription SET left_at = :at
         WHERE channel = :channel AND address = :address AND left_at IS NULL {which}
        """,
        at=at,
        channel=channel,
        address=address,
        **({} if topic is None else {"topic": topic}),
    )


def joined(view: View, channel: str, address: str) -> frozenset[int]:
    """The topics an address hears of."""
    rows = view.all(
        "SELECT topic_id FROM subscription WHERE channel = :channel AND address = :address AND left_at IS NULL",
        channel=channel,
        address=address,
    )
    return frozenset(row["topic_id"] for row in rows)


def subscribers(view: View) -> dict[tuple[int, str], int]:
    """(topic, channel) -> how many hear of it; who blocked us or wants nothing more does not."""
    rows = view.all(
        """
        SELECT s.topic_id, s.channel, count(*) AS n
          FROM subscription s LEFT JOIN address a ON a.channel = s.channel AND a.value = s.address
         WHERE s.left_at IS NULL AND (a.state IS NULL OR a.state = 'reachable')
         GROUP BY s.topic_id, s.channel
        """
    )
    return {(row["topic_id"], row["channel"]): row["n"] for row in rows}


def hanging(view: View, publication: int) -> list[Hanging]:
    """Where a publication hangs: its posts in channels and groups, and what was keyed in for other media."""
    rows = view.all(
        """
        SELECT t.name, t.link AS place, r.link, o.external_id AS post
          FROM recipient r JOIN target t ON t.id = r.target_id LEFT JOIN outbox o ON o.id = r.outbox_id
         WHERE r.publication_id = :id AND t.kind <> 'subscribers' ORDER BY r.id
        """,
        id=publication,
    )
    return [
        Hanging(name=row["name"], place=row["place"], link=row["link"], post=row["post"] or "")
        for row in rows
    ]


def _topic(row: Row) -> Topic:
    return Topic(
        id=row["id"], code=row["code"], name=row["name"], unit=row["unit_id"], active=bool(row["active"])
    )


def _target(row: Row) -> Target:
    return Target(
        id=row["id"],
        kind=row["kind"],
        channel=row["channel"],
        address=row["address"],
        name=row["name"],
        topic=row["topic_id"],
        unit=row["unit_id"],
        state=row["state"],
        reason=row["reason"],
        members=row["members"],
        link=row["link"],
        active=bool(row["active"]),
        asked_at=row["asked_at"],
    )
