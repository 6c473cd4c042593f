"""The watch over the desk itself: who is told of a trouble, how often, and what is kept of the day."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from desk import anchoring, backups, ids, intake, office_file
from desk.alerts import Telling
from desk.anchoring import NoSuchKeeper
from desk.backups import Outcome
from desk.lookout import Lookout
from desk.meter import Meter
from desk.state import Live
from sop import office_file as reading
from sop.errors import NotAllowed
from sop.messages import Outgoing, Priority
from sop.trouble import Bounds, Space
from store import anchors, officers, outbox, state, trail
from store.db import Change, Database, View
from tests import samples
from tests.samples import MINUTE, NOW

OFFICE = samples.OFFICE + "  - {nama_pengguna: yusuf, nama: Yusuf, peran: [{lajur: sysadmin}]}\n"
TELLING = Telling(
    zone="Asia/Jakarta", language="id", url="https://meja.example", mail="operator@example.ac.id"
)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass
class Watched:
    """A desk under watch, its clock and what is so of its machine moved by hand."""

    db: Database
    now: datetime = NOW
    live: Live = field(default_factory=Live)
    meter: Meter = field(default_factory=Meter)

    def __post_init__(self) -> None:
        self.lookout = Lookout(self.db, lambda: self.now, self.meter, lambda: self.live, TELLING, Bounds())

    async def look(self, after: timedelta = timedelta(0)) -> list[tuple[str, str]]:
        """(channel, words) of what was told by this look."""
        self.now += after
        last = await self.db.read(_newest)
        await self.lookout.once()
        return await self.db.read(_told, last)


def _newest(view: View) -> int:
    row = view.one("SELECT coalesce(max(id), 0) AS n FROM outbox")
    assert row is not None
    return int(row["n"])


def _told(view: View, after: int) -> list[tuple[str, str]]:
    rows = view.all("SELECT * FROM outbox WHERE id > :id AND kind = 'alert' ORDER BY id", id=after)
    return [(row["channel"], row["body_json"]["text"]) for row in rows]


def _sysadmin(change: Change) -> None:
    officer = officers.by_login(change, "yusuf", NOW)
    assert officer is not None
    officers.link_chat(change, bot="staff", chat="9001", officer=officer.id, at=NOW)


@pytest.fixture
async def watched(db: Database) -> Watched:
    await db.write(office_file.bring_in, reading.read(OFFICE), NOW - 30 * DAY)
    await db.write(_sysadmin)
    return Watched(db)


def _queue(change: Change, at: datetime) -> int:
    outgoing = Outgoing(
        id=0, channel="telegram", to="7001", text="Sudah kami teruskan.", priority=Priority.ANSWER
    )
    return outbox.add(change, outgoing, now=at)


def _gone(change: Change, number: int, at: datetime) -> None:
    outbox.sent(change, number, state="sent", external_id="x", at=at)


async def test_a_trouble_is_told_once_again_after_a_day_and_when_it_is_over(watched: Watched) -> None:
    number = await watched.db.write(_queue, NOW)

    assert await watched.look(14 * MINUTE) == []
    first = await watched.look(MINUTE)
    assert [channel for channel, _ in first] == ["staff", "mail"]
    assert all("Telegram" in words and "/admin/keadaan" in words for _, words in first)
    assert await watched.look(MINUTE) == []
    await watched.db.write(_settle_alerts, watched.now)
    again = await watched.look(DAY)
    assert len(again) == 2

    await watched.db.write(_gone, number, watched.now)
    await watched.db.write(_settle_alerts, watched.now)
    over = await watched.look(MINUTE)
    assert len(over) == 2 and all("Sudah pulih" in words for _, words in over)
    assert await watched.look(MINUTE) == []


def _settle_alerts(change: Change, at: datetime) -> None:
    """The alerts themselves left in time."""
    change.run("UPDATE outbox SET state = 'sent' WHERE kind = 'alert'")


async def test_no_alert_repeats_a_word_of_a_person(watched: Watched) -> None:
    await watched.db.write(
        intake.take_in, samples.incoming("NIM saya 221040037", name="Dewi"), ids.fresh(), NOW
    )

    said = await watched.look(20 * MINUTE)

    assert said and not any("221040037" in words or "Dewi" in words for _, words in said)


@pytest.mark.parametrize(
    ("live", "word"),
    [
        (Live(refused=frozenset({"whatsapp"})), "channels.whatsapp.auth_token"),
        (Live(space=Space(free=5_000_000_000, total=100_000_000_000)), "5%"),
        (Live(down=("sweep",)), "sweep"),
        (Live(damaged=True), "tanggap restore"),
        (Live(away={"mail": (NOW - HOUR, "server surelnya tidak menjawab")}), "tidak menjawab"),
    ],
)
async def test_the_operator_hears_what_is_wrong_with_the_machine_and_what_to_do(
    watched: Watched, live: Live, word: str
) -> None:
    watched.live = live
    told = await watched.look()
    assert len(told) == 2 and word in told[0][1]
    assert await watched.look(MINUTE) == []

    watched.live = Live()
    over = await watched.look(MINUTE)
    assert len(over) == 2 and "Sudah pulih" in over[0][1]


async def test_a_clock_that_was_set_back_is_told_and_when_it_has_caught_up(watched: Watched) -> None:
    async def clock(after: timedelta) -> list[str]:
        return [words for _, words in await watched.look(after) if "Jam mesin mundur" in words]

    assert await clock(timedelta(0)) == []
    back = await clock(-DAY)
    assert len(back) == 2 and "timedatectl" in back[0]
    await watched.db.write(intake.take_in, samples.incoming(), ids.fresh(), watched.now)
    assert await clock(HOUR) == []

    over = await clock(DAY)
    assert len(over) == 2 and all("Sudah pulih" in words for words in over)


async def test_a_sample_an_interval_is_kept_for_a_day(watched: Watched) -> None:
    watched.meter.committed(4, 0.004)
    await watched.look()
    await watched.db.write(intake.take_in, samples.incoming(), ids.fresh(), watched.now)
    watched.meter.delivered("telegram", "later")
    await watched.look(4 * MINUTE)
    await watched.look(MINUTE)

    kept = await watched.db.read(state.samples, NOW)
    assert [at for at, _ in kept] == [NOW, NOW + 5 * MINUTE]
    assert (kept[1][1].taken, kept[1][1].errors) == ({"telegram": 1}, 1)

    await watched.look(2 * DAY)
    assert len(await watched.db.read(state.samples, NOW)) == 1


async def test_the_chain_is_anchored_once_a_day_and_its_head_goes_to_whom_the_office_chose(
    watched: Watched,
) -> None:
    lestari = await samples.officer(watched.db, "lestari")
    await watched.db.write(anchoring.choose, lestari, "arsip@example.ac.id", NOW)
    head = await watched.db.read(trail.head)
    await watched.look()
    await watched.look(MINUTE)
    await watched.look(DAY)

    first, second = [await watched.db.read(anchors.find, day) for day in ("2026-03-02", "2026-03-03")]
    assert first is not None and (first.event, first.hash) == head
    assert second == await watched.db.read(anchors.last)
    letters = await watched.db.read(_anchored)
    assert [to for to, _ in letters] == ["arsip@example.ac.id"] * 2
    assert first.hash in letters[0][1]


def _anchored(view: View) -> list[tuple[str, str]]:
    rows = view.all("SELECT * FROM outbox WHERE kind = 'anchor' ORDER BY id")
    return [(row["recipient"], row["body_json"]["text"]) for row in rows]


async def test_who_keeps_the_heads_is_for_the_supervisor_of_every_unit_to_say(watched: Watched) -> None:
    yusuf = await samples.officer(watched.db, "yusuf")
    lestari = await samples.officer(watched.db, "lestari")
    with pytest.raises(NotAllowed):
        await watched.db.write(anchoring.choose, yusuf, "arsip@example.ac.id", NOW)
    for nobody in ("bukan alamat@x", "sari", "tidakada"):
        with pytest.raises(NoSuchKeeper):
            await watched.db.write(anchoring.choose, lestari, nobody, NOW)

    await watched.db.write(anchoring.choose, lestari, "yusuf", NOW)

    assert (await watched.db.read(anchoring.keeper)).login == "yusuf"


async def test_a_backup_that_failed_or_grew_old_is_told_and_a_good_one_ends_it(watched: Watched) -> None:
    good = Outcome(at=NOW.isoformat(), good=True)
    await watched.db.write(backups.note, good)
    assert await watched.look(35 * HOUR) == []
    old = await watched.look(HOUR)
    assert len(old) == 2 and "tanggap backup" in old[0][1]

    full = Outcome(at=watched.now.isoformat(), good=False, reason="Ruang di {folder} tidak cukup")
    await watched.db.write(backups.note, full)
    assert await watched.look(MINUTE) == []

    await watched.db.write(backups.note, Outcome(at=watched.now.isoformat(), good=True))
    over = await watched.look(MINUTE)
    assert len(over) == 2 and "Sudah pulih" in over[0][1]
