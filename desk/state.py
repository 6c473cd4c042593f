"""How the desk stands, gathered from the store, from this process and from its disk."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from desk.meter import Meter
from sop.trouble import Backups, Facts, Space
from store import state
from store.db import View
from store.state import Heap, Sample, Standing

SOON = timedelta(hours=1)
DAY = timedelta(hours=24)


class Live(Struct, frozen=True, kw_only=True):
    """What no row says. `nightly`: backups are asked for in config.yaml. `damaged`: this process met a part of the
    database that it cannot read. `away`: way in -> (since when nothing can be fetched from it, why).
    """

    refused: frozenset[str] = frozenset()
    down: tuple[str, ...] = ()
    space: Space | None = None
    nightly: bool = False
    damaged: bool = False
    away: Mapping[str, tuple[datetime, str]] = {}


class Board(Struct, frozen=True, kw_only=True):
    """One still picture with the samples of the last day, oldest first."""

    standing: Standing
    samples: tuple[tuple[datetime, Sample], ...]


def board(view: View, now: datetime) -> Board:
    return Board(standing=standing(view, now), samples=tuple(state.samples(view, now - DAY)))


def standing(view: View, now: datetime) -> Standing:
    return state.standing(view, now, now + SOON)


def waiting(standing: Standing) -> dict[str, tuple[datetime, int]]:
    """channel -> (since when its oldest message waits to leave, how many do)."""
    found: dict[str, tuple[datetime, int]] = {}
    for (channel, _), heap in standing.outbox.items():
        if heap.oldest_at is not None:
            since, count = found.get(channel, (heap.oldest_at, 0))
            found[channel] = (min(since, heap.oldest_at), count + heap.n)
    return found


def backups(standing: Standing, nightly: bool) -> Backups:
    kept = standing.backup
    good_at = str(kept.get("good_at") or "")
    return Backups(
        nightly=nightly,
        tried=bool(kept),
        failed=bool(kept) and not kept.get("good"),
        good_at=datetime.fromisoformat(good_at) if good_at else None,
        reason=str(kept.get("reason", "")),
    )


def facts(standing: Standing, live: Live) -> Facts:
    return Facts(
        outbox=waiting(standing),
        refused=live.refused,
        down=live.down,
        space=live.space,
        backups=backups(standing, live.nightly),
        parked=standing.parked.n,
        damaged=live.damaged,
        away=live.away,
        newest=standing.newest_at,
    )


def oldest(heaps: dict[tuple[str, str], Heap], now: datetime) -> float:
    """Seconds that the oldest of them waits."""
    since = [heap.oldest_at for heap in heaps.values() if heap.oldest_at]
    return max(0.0, (now - min(since)).total_seconds()) if since else 0.0


def live_of(
    meter: Meter,
    refused: frozenset[str],
    space: Space | None,
    now: datetime,
    *,
    nightly: bool = False,
    damaged: bool = False,
    away: Mapping[str, tuple[datetime, str]] | None = None,
) -> Live:
    """What this process knows: `refused` by its open channels, beside what its sends met."""
    return Live(
        refused=refused | meter.refused,
        down=meter.down(now),
        space=space,
        nightly=nightly,
        damaged=damaged,
        away=away or {},
    )
