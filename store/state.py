"""How the desk stands: what waits, since when, and what became of the last day. No word of anybody."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from store.db import Change, View

DAY = timedelta(days=1)
COUNTED = 10_000  # more than so many late visits are not counted out
_NO_TIME = {"sqlite": "CAST(NULL AS TEXT)", "postgresql": "CAST(NULL AS TIMESTAMPTZ)"}
_PARTS = """
SELECT 'outbox' AS part, channel AS a, state AS b, count(*) AS n,
       min(CASE WHEN attempts = 0 OR line LIKE '%:later' THEN next_at ELSE queued_at END) AS x_at
  FROM outbox
 WHERE state IN ('queued', 'sending') AND waits_for = '' AND (next_at <= :now OR attempts > 0)
 GROUP BY channel, state
UNION ALL
SELECT 'dead', channel, state, count(*), min(queued_at) FROM outbox
 WHERE state IN ('failed', 'unknown') AND settled_at IS NULL AND push_id IS NULL GROUP BY channel, state
UNION ALL
SELECT 'breached', '', '', count(*), min(due_at)
  FROM (SELECT due_at FROM visit WHERE closed_at IS NULL AND due_at IS NOT NULL AND due_at <= :now
         ORDER BY due_at LIMIT :counted) late
UNION ALL
SELECT 'due', '', '', count(*), min(due_at)
  FROM (SELECT due_at FROM visit WHERE closed_at IS NULL AND due_at IS NOT NULL AND due_at > :now AND due_at <= :soon
         ORDER BY due_at LIMIT :counted) soon
UNION ALL
SELECT 'parked', '', '', count(*), min(parked_at) FROM parked WHERE state = 'parked'
UNION ALL
SELECT 'files', '', '', count(*), {none} FROM attachment WHERE state = 'waiting'
UNION ALL
SELECT 'message', '', '', coalesce(max(id), 0), {none} FROM message
UNION ALL
SELECT 'event', '', '', coalesce(max(id), 0), {none} FROM audit
UNION ALL
SELECT 'sample', '', '', 0, max(taken_at) FROM sample
UNION ALL
SELECT 'lease', name, owner, 1, until_at FROM lease
UNION ALL
SELECT 'alert', kind, '', 1, since_at FROM alert WHERE over_at IS NULL
UNION ALL
SELECT 'memory', name, CAST(value_json AS TEXT), 0, {none} FROM memory WHERE name = 'backup'
"""


class Heap(Struct, frozen=True, kw_only=True):
    """Rows of one kind: how many, and since when the oldest waits."""

    n: int = 0
    oldest_at: datetime | None = None


class Standing(Struct, frozen=True, kw_only=True):
    """One still picture. `outbox` and `dead` are by (channel, state); `leases` name -> (owner, until).

    `newest_at`: the latest that this desk's clock ever showed, to a sample.
    """

    outbox: dict[tuple[str, str], Heap]
    dead: dict[tuple[str, str], Heap]
    breached: Heap
    due: Heap
    parked: Heap
    files: int
    message: int
    event: int
    newest_at: datetime | None
    leases: dict[str, tuple[str, datetime]]
    alerts: dict[str, datetime]
    backup: dict[str, Any]


class Sample(Struct, frozen=True, kw_only=True):
    """How an interval went. Spans in seconds, `disk` as the share that is free."""

    message: int = 0  # id of the newest message at its end
    taken: dict[str, int] = {}  # messages of reporters, by channel
    sent: int = 0
    errors: int = 0
    commit: float | None = None  # 99 of 100 were quicker
    group: float | None = None  # acts that went to disk together, on average
    lag: float | None = None
    waiting: int = 0
    oldest: float = 0.0
    breached: int = 0
    parked: int = 0
    disk: float = 1.0


def standing(view: View, now: datetime, soon: datetime) -> Standing:
    """One query. `soon`: what is due until then counts as due."""
    sql = _PARTS.replace("{none}", _NO_TIME[view.engine])
    outbox: dict[tuple[str, str], Heap] = {}
    dead: dict[tuple[str, str], Heap] = {}
    heaps: dict[str, Heap] = {}
    leases: dict[str, tuple[str, datetime]] = {}
    alerts: dict[str, datetime] = {}
    backup: dict[str, Any] = {}
    for row in view.all(sql, now=now, soon=soon, counted=COUNTED):
        part, heap = row["part"], Heap(n=row["n"], oldest_at=row["x_at"])
        if part in ("outbox", "dead"):
            (outbox if part == "outbox" else dead)[row["a"], row["b"]] = heap
        elif part == "lease":
            leases[row["a"]] = (row["b"], row["x_at"])
        elif part == "alert":
            alerts[row["a"]] = row["x_at"]
        elif part == "memory":
            backup = msgspec.json.decode(row["b"], type=dict[str, Any])
        else:
            heaps[part] = heap
    return Standing(
        outbox=outbox,
        dead=dead,
        breached=heaps["breached"],
        due=heaps["due"],
        parked=heaps["parked"],
        files=heaps["files"].n,
        message=heaps["message"].n,
        event=heaps["event"].n,
        newest_at=heaps["sample"].oldest_at,
        leases=leases,
        alerts=alerts,
        backup=backup,
    )


def taken_since(view: View, message: int) -> dict[str, int]:
    """Messages of reporters after one id, by channel."""
    rows = view.all(
        """
        SELECT channel, count(*) AS n FROM message WHERE id > :id AND direction = 'in' GROUP BY channel ORDER BY channel
        """,
        id=message,
    )
    return {row["channel"]: row["n"] for row in rows}


def samples(view: View, since: datetime) -> list[tuple[datetime, Sample]]:
    """Oldest first."""
    rows = view.all("SELECT * FROM sample WHERE taken_at >= :since ORDER BY taken_at", since=since)
    return [(row["taken_at"], msgspec.convert(row["body_json"], Sample)) for row in rows]


def last_sample(view: View) -> tuple[datetime, Sample] | None:
    row = view.one("SELECT * FROM sample ORDER BY taken_at DESC LIMIT 1")
    return (row["taken_at"], msgspec.convert(row["body_json"], Sample)) if row else None


def add_sample(change: Change, at: datetime, sample: Sample, *, forget: datetime) -> None:
    """Keep one, and none before `forget`. Samples of a clock that stood far ahead go after a day on the right one."""
    change.run(
        """
        INSERT INTO sample (taken_at, body_json) VALUES (:at, :body)
        ON CONFLICT (taken_at) DO UPDATE SET body_json = :body
        """,
        at=at,
        body=msgspec.to_builtins(sample),
    )
    change.run("DELETE FROM sample WHERE taken_at < :forget", forget=forget)
    change.run(
        "DELETE FROM sample WHERE taken_at > :far AND EXISTS (SELECT 1 FROM sample WHERE taken_at <= :settled)",
        far=at + (at - forget),
        settled=at - DAY,
    )
