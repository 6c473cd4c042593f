"""Lists of publications that pages and bots show: what waits, what goes out when, what was archived, how long steps took."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from sop.publication import Publication, Status
from store.db import View
from store.publications import CASE, _publication

WORDS = 8  # of a search that are looked for
ARRIVED = ("sent", "delivered", "read")


class Seen(Struct, frozen=True, kw_only=True):
    """What an officer may see of the lists: every case of `units` (None: of all), and what they asked for themselves."""

    officer: int
    units: frozenset[int] | None


class Stay(Struct, frozen=True, kw_only=True):
    """A closed stay of a publication; `ticket` is its case, as `sop.measured` calls any case."""

    ticket: int
    unit: int | None
    step: str
    lane: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime
    decision: str


def waiting(view: View, lanes: Iterable[tuple[str, int | None]]) -> int:
    """How many cases stand in these lanes (lane, unit; None for every unit)."""
    places = sorted({(lane, unit or 0) for lane, unit in lanes})
    if not places:
        return 0
    chosen = " OR ".join(
        f"(lane = :lane{i} AND (:unit{i} = 0 OR unit_id = :unit{i}))" for i in range(len(places))
    )
    named: dict[str, object] = {f"lane{i}": lane for i, (lane, _) in enumerate(places)}
    named |= {f"unit{i}": unit for i, (_, unit) in enumerate(places)}
    row = view.one(
        f"SELECT count(*) AS n FROM publication WHERE status = 'running' AND ({chosen})",
        **named,
    )
    return int(row["n"]) if row else 0


def archive(
    view: View, seen: Seen, *, words: str = "", before: tuple[datetime, int] | None = None, most: int = 30
) -> list[Publication]:
    """What ended, newest first, after the one that closed at `before`; each of `words` is in subject, sender, letter's
    number or the last narration."""
    parts, more = ["closed_at IS NOT NULL"], dict[str, object](most=most)
    if seen.units is not None:
        names = {f"u{i}": unit for i, unit in enumerate(sorted(seen.units))}
        inside = f"unit_id IN ({', '.join(f':{name}' for name in names)}) OR " if names else ""
        parts.append(f"({inside}by_officer = :officer)")
        more |= names | {"officer": seen.officer}
    if before is not None:
        parts.append("(closed_at < :closed OR (closed_at = :closed AND id < :id))")
        more |= {"closed": before[0], "id": before[1]}
    for place, word in enumerate(words.lower().split()[:WORDS]):
        parts.append(
            f"""(lower(subject || ' ' || sender || ' ' || letter_number) LIKE :word{place} ESCAPE '!' OR EXISTS (
                   SELECT 1 FROM narration n WHERE n.publication_id = publication.id
                      AND n.version = publication.version AND lower(n.text) LIKE :word{place} ESCAPE '!'))"""
        )
        more[f"word{place}"] = _like(word)
    rows = view.all(
        f"SELECT * FROM publication WHERE {' AND '.join(parts)} ORDER BY closed_at DESC, id DESC LIMIT :most",
        **more,
    )
    return [_publication(row) for row in rows]


def published(view: View, since: datetime, until: datetime, *, most: int = 500) -> list[Publication]:
    """What went out in that time, oldest first."""
    rows = view.all(
        """
        SELECT * FROM publication WHERE published_at >= :since AND published_at < :until
         ORDER BY published_at, id LIMIT :most
        """,
        since=since,
        until=until,
        most=most,
    )
    return [_publication(row) for row in rows]


def wished(view: View, since: datetime, until: datetime, *, most: int = 500) -> list[Publication]:
    """What is asked for in that time and has not gone out."""
    rows = view.all(
        """
        SELECT * FROM publication
         WHERE status = :running AND published_at IS NULL AND wished_at >= :since AND wished_at < :until
         ORDER BY wished_at, id LIMIT :most
        """,
        running=Status.RUNNING.value,
        since=since,
        until=until,
        most=most,
    )
    return [_publication(row) for row in rows]


def some(view: View, numbers: Iterable[int]) -> dict[int, Publication]:
    wanted = {f"n{i}": number for i, number in enumerate(sorted(set(numbers)))}
    if not wanted:
        return {}
    named = ", ".join(f":{name}" for name in wanted)
    rows = view.all(f"SELECT * FROM publication WHERE id IN ({named})", **wanted)
    return {row["id"]: _publication(row) for row in rows}


def arrived(view: View, numbers: Iterable[int]) -> Mapping[int, tuple[int, int]]:
    """publication -> (how many a provider took, of how many), of its first posting."""
    wanted = {f"n{i}": number for i, number in enumerate(sorted(set(numbers)))}
    if not wanted:
        return {}
    named = ", ".join(f":{name}" for name in wanted)
    rows = view.all(
        f"""
        SELECT p.publication_id AS number, o.state, count(*) AS n
          FROM push p JOIN outbox o ON o.push_id = p.id
         WHERE p.kind = 'publish' AND p.publication_id IN ({named}) GROUP BY p.publication_id, o.state
        """,
        **wanted,
    )
    found: dict[int, tuple[int, int]] = {}
    for row in rows:
        took, every = found.get(row["number"], (0, 0))
        found[row["number"]] = (took + (row["n"] if row["state"] in ARRIVED else 0), every + row["n"])
    return found


def stays(
    view: View, revisions: Iterable[int], since: datetime, *, urgent: bool, most: int = 4_000
) -> list[Stay]:
    """Closed stays of cases pinned to these revisions, oldest first; of more than `most` the newest."""
    wanted = {f"r{i}": revision for i, revision in enumerate(sorted(set(revisions)))}
    if not wanted:
        return []
    named = ", ".join(f":{name}" for name in wanted)
    rows = view.all(
        f"""
        SELECT v.case_id AS ticket, v.unit_id AS unit, v.step, v.lane, v.opened_at, v.due_at, v.closed_at, v.decision
          FROM visit v JOIN publication p ON p.id = v.case_id
         WHERE v.case_kind = :kind AND v.kind = 'step' AND v.closed_at >= :since AND p.urgent = :urgent
           AND p.procedure_id IN ({named})
         ORDER BY v.id DESC LIMIT :most
        """,
        kind=CASE,
        since=since,
        urgent=urgent,
        most=most,
        **wanted,
    )
    return [Stay(**row) for row in reversed(rows)]


def _like(word: str) -> str:
    plain = word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{plain}%"


class Person(Struct, frozen=True):
    """Who did something, whether their account is open today or not."""

    name: str
    title: str


def people(view: View, numbers: Iterable[int | None]) -> dict[int, Person]:
    wanted = {f"n{i}": number for i, number in enumerate(sorted({each for each in numbers if each}))}
    if not wanted:
        return {}
    named = ", ".join(f":{name}" for name in wanted)
    rows = view.all(f"SELECT id, name, title FROM officer WHERE id IN ({named})", **wanted)
    return {row["id"]: Person(row["name"], row["title"]) for row in rows}


class Standing(Struct, frozen=True):
    """By what somebody stood in at a moment. `vacant`: nobody held the office itself, so as Plt and not as Plh."""

    decree: str
    vacant: bool


def standing(view: View, officer: int, lane: str, unit: int | None, at: datetime) -> Standing:
    seat = view.one(
        """
        SELECT decree FROM seat
         WHERE officer_id = :officer AND lane = :lane AND deputy_of IS NOT NULL AND from_at <= :at
           AND (until_at IS NULL OR until_at > :at) ORDER BY id DESC LIMIT 1
        """,
        officer=officer,
        lane=lane,
        at=at,
    )
    empty = view.one(
        """
        SELECT id FROM vacancy
         WHERE lane = :lane AND COALESCE(unit_id, :unit) = :unit AND from_at <= :at
           AND (until_at IS NULL OR until_at > :at) LIMIT 1
        """,
        lane=lane,
        unit=unit or 0,
        at=at,
    )
    return Standing(seat["decree"] if seat else "", empty is not None)


def reach(view: View, targets: Iterable[int]) -> dict[str, int]:
    """channel -> how many these targets reach now, everybody counted once; "hand" counts tasks."""
    wanted = {f"n{i}": number for i, number in enumerate(sorted(set(targets)))}
    if not wanted:
        return {}
    named = ", ".join(f":{name}" for name in wanted)
    rows = view.all(
        f"""
        SELECT channel, count(*) AS n FROM (
            SELECT s.channel, s.address
              FROM target t JOIN subscription s ON s.topic_id = t.topic_id AND s.channel = t.channel
              LEFT JOIN address a ON a.channel = s.channel AND a.value = s.address
             WHERE t.id IN ({named}) AND t.kind = 'subscribers' AND t.active = :yes AND t.state <> 'refused'
               AND s.left_at IS NULL AND (a.state IS NULL OR a.state = 'reachable')
            UNION
            SELECT t.channel, CASE WHEN t.kind = 'hand' THEN 'hand:' || t.id ELSE t.address END
              FROM target t
             WHERE t.id IN ({named}) AND t.kind <> 'subscribers' AND t.active = :yes AND t.state <> 'refused'
        ) one GROUP BY channel ORDER BY channel
        """,
        yes=True,
        **wanted,
    )
    return {row["channel"]: int(row["n"]) for row in rows}
