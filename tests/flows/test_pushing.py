"""Step 6: pushed once to a frozen audience, paused, stopped, finished; nobody publishes what was not approved (P14)."""

from datetime import datetime, timedelta

import pytest

from desk import dispositions, publication_steps, pushing, sending
from desk.decide import Choice, DecidedBefore
from desk.dispositions import NotYourLane, PushFirst
from desk.publishing import TimePast
from desk.push_feed import PushFeed
from desk.pushing import NotPushing, Progress, PushingAlready
from sop.messages import Receipt, SendFailed
from sop.publication import AudienceEmpty, NotApproved, Publication, Status
from store import publications, pushes, targets
from store.db import Change, Database, View
from tests.flows.publishing import Chain
from tests.offices import wib

ORDERED = "02-18 11.10"


def subscribe(change: Change, people: int, now: datetime) -> list[int]:
    """A topic with so many subscribers on Telegram, the first half of them in a second topic too."""
    found = []
    for code, most in (("mahasiswa", people), ("wisuda", people // 2)):
        topic = targets.add_topic(change, code=code, name=code.title(), unit=None)
        assert topic
        for number in range(most):
            targets.join(change, topic, "telegram", str(5000 + number), contact=None, at=now)
        found.append(
            targets.add(
                change,
                kind="subscribers",
                channel="telegram",
                address="",
                name=code,
                topic=topic,
                unit=None,
                at=now,
            )
        )
    return found


async def ordered(db: Database, people: int = 6) -> Chain:
    """Checked and ordered out, with Petugas; the audience is a channel and two topics that overlap."""
    chain = Chain(db)
    await chain.office("02-13 15.55")
    await chain.ask("02-13 15.55")
    topics = await db.write(subscribe, people, wib("02-13 15.55"))
    await chain.go("wr3", "disposisi", "02-18 09.00")
    await chain.choose("bpkh", "02-18 10.00", chain.target, *topics)
    await chain.go("bpkh", "instruksi", "02-18 10.30")
    await chain.go("koor-pkih", "instruksi", "02-18 11.00")
    await chain.tick("wk-humas", "02-18 11.05")
    await chain.go("wk-humas", "layak", "02-18 11.08")
    await chain.go("wk-humas", "instruksi", ORDERED)
    return chain


async def feed(chain: Chain, at: str) -> None:
    feeding = PushFeed(chain.db, lambda: wib(at))
    while await feeding.once():
        pass


async def begin(chain: Chain, at: str, *, login: str = "petugas", start: str = "") -> Publication:
    actor = await chain.officer(login, at)
    return await chain.db.write(
        pushing.begin, chain.number, actor, at=wib(start) if start else None, key="", now=wib(at)
    )


async def deliver(chain: Chain, at: str, *, failing: str = "") -> list[str]:
    """Every row that is due is taken by the provider, one fails for good; whom they went to."""
    went: list[str] = []
    while letters := await chain.db.write(sending.claim, "telegram", wib(at), 50):
        for letter in letters:
            went.append(letter.outgoing.to)
            if letter.outgoing.to == failing:
                await chain.db.write(
                    sending.failed, letter, SendFailed("diblokir", blocked=True), wib(at), 0.5
                )
            else:
                receipt = Receipt(external_id=f"{letter.outgoing.to}:{letter.id}")
                await chain.db.write(sending.sent, letter, receipt, wib(at))
    return went


async def progress(chain: Chain, at: str) -> Progress:
    def read(view: View) -> Progress:
        last = pushes.of_publication(view, int(chain.number[2:]))[-1]
        return pushing.progress(view, last, wib(at))

    return await chain.db.read(read)


async def standing(chain: Chain) -> Publication:
    found = await chain.db.read(publications.find, int(chain.number[2:]))
    assert found
    return found


async def test_somebody_on_two_lists_gets_one_and_the_push_ends_its_step(db: Database) -> None:
    chain = await ordered(db)
    await begin(chain, "02-18 11.11")
    await feed(chain, "02-18 11.11")

    went = await deliver(chain, "02-18 11.12", failing="5003")
    await feed(chain, "02-18 11.13")

    assert sorted(went) == ["-1001", "5000", "5001", "5002", "5003", "5004", "5005"]
    done = await progress(chain, "02-18 11.13")
    assert (done.push.state, done.push.total, done.arrived, done.failed) == ("done", 7, 6, 1)
    case = await standing(chain)
    assert (case.step, case.published_at) == ("arsip", wib("02-18 11.11"))
    assert (await chain.history())[-1].decision == "terbitkan"
    await chain.go("petugas", "arsipkan", "02-18 11.15")
    assert (await standing(chain)).status is Status.ARCHIVED


async def test_who_joins_after_the_order_is_not_in_the_audience(sqlite: Database) -> None:
    chain = await ordered(sqlite)
    await sqlite.write(targets.join, 1, "telegram", "9999", contact=None, at=wib("02-18 11.11"))
    await begin(chain, "02-18 11.12")
    await feed(chain, "02-18 11.12")

    assert "9999" not in await deliver(chain, "02-18 11.12")


async def test_a_push_waits_for_its_time_and_its_lane_alone_begins_it_once(db: Database) -> None:
    chain = await ordered(db)
    with pytest.raises(NotYourLane):
        await begin(chain, "02-18 11.11", login="wk-humas")
    with pytest.raises(TimePast):
        await begin(chain, "02-18 11.11", start="02-18 10.00")
    await begin(chain, "02-18 11.11", start="02-18 13.30")
    with pytest.raises(PushingAlready):
        await begin(chain, "02-18 11.12")

    await feed(chain, "02-18 13.29")
    assert await deliver(chain, "02-18 13.29") == []
    await feed(chain, "02-18 13.30")
    assert len(await deliver(chain, "02-18 13.30")) == 7


async def test_nobody_publishes_by_the_button_alone(sqlite: Database) -> None:
    chain = await ordered(sqlite)

    with pytest.raises(PushFirst):
        await chain.go("petugas", "terbitkan", "02-18 11.12")


async def test_a_change_before_its_time_calls_the_push_off(db: Database) -> None:
    chain = await ordered(db)
    await begin(chain, "02-18 11.11", start="02-18 13.30")
    await chain.write("petugas", "Wisuda pada 13 Desember.", "02-18 11.20", read=1)

    await feed(chain, "02-18 13.30")

    assert await deliver(chain, "02-18 13.30") == []
    assert (await progress(chain, "02-18 13.31")).push.state == "stopped"
    with pytest.raises((NotApproved, NotYourLane)):
        await begin(chain, "02-18 13.31")


async def test_paused_it_waits_resumed_it_goes_on_stopped_it_ends(db: Database) -> None:
    chain = await ordered(db)
    await begin(chain, "02-18 11.11")
    await feed(chain, "02-18 11.11")
    actor = await chain.officer("petugas", "02-18 11.12")
    await db.write(pushing.pause, chain.number, actor, now=wib("02-18 11.12"))
    assert await deliver(chain, "02-18 11.13") == []

    await db.write(pushing.resume, chain.number, actor, now=wib("02-18 11.14"))
    first = await db.write(sending.claim, "telegram", wib("02-18 11.14"), 2)
    await db.write(pushing.stop, chain.number, actor, now=wib("02-18 11.15"))
    for letter in first:
        await db.write(sending.sent, letter, Receipt(external_id=str(letter.id)), wib("02-18 11.15"))
    await feed(chain, "02-18 11.16")

    done = await progress(chain, "02-18 11.16")
    assert (done.push.state, done.arrived, done.withdrawn) == ("done", 2, 5)
    assert (await standing(chain)).step == "arsip"
    with pytest.raises(NotPushing):
        await db.write(pushing.pause, chain.number, actor, now=wib("02-18 11.17"))


async def test_the_rate_is_of_the_last_half_minute_so_that_a_pause_is_not_counted_in(db: Database) -> None:
    chain = await ordered(db)
    await begin(chain, "02-18 11.11")
    await feed(chain, "02-18 11.11")
    first = await db.write(sending.claim, "telegram", wib("02-18 13.11"), 3)
    for letter in first:
        await db.write(sending.sent, letter, Receipt(external_id=str(letter.id)), wib("02-18 13.11"))

    now = await progress(chain, "02-18 13.11")

    assert (now.rate, now.left) == (0.1, timedelta(seconds=40))


async def test_an_audience_of_nobody_is_refused_at_the_order(sqlite: Database) -> None:
    chain = Chain(sqlite)
    await chain.office("02-13 15.55")
    await chain.ask("02-13 15.55")
    empty, _ = await sqlite.write(subscribe, 0, wib("02-13 15.55"))
    await chain.go("wr3", "disposisi", "02-18 09.00")
    await chain.choose("bpkh", "02-18 10.00", empty)
    await chain.go("bpkh", "instruksi", "02-18 10.30")
    await chain.go("koor-pkih", "instruksi", "02-18 11.00")
    await chain.tick("wk-humas", "02-18 11.05")
    await chain.go("wk-humas", "layak", "02-18 11.08")

    with pytest.raises(AudienceEmpty):
        await chain.go("wk-humas", "instruksi", ORDERED)
    assert (await standing(chain)).step == "perintah"


async def test_a_medium_that_a_hand_serves_is_keyed_in_before_the_step_ends(sqlite: Database) -> None:
    chain = Chain(sqlite)
    await chain.office("02-13 15.55")
    await chain.ask("02-13 15.55")
    board = await sqlite.write(
        targets.add,
        kind="hand",
        channel="hand",
        address="",
        name="Papan pengumuman",
        topic=None,
        unit=None,
        at=wib("02-13 15.55"),
    )
    await chain.go("wr3", "disposisi", "02-18 09.00")
    await chain.choose("bpkh", "02-18 10.00", board)
    await chain.go("bpkh", "instruksi", "02-18 10.30")
    await chain.go("koor-pkih", "instruksi", "02-18 11.00")
    await chain.tick("wk-humas", "02-18 11.05")
    await chain.go("wk-humas", "layak", "02-18 11.08")
    await chain.go("wk-humas", "instruksi", ORDERED)
    await begin(chain, "02-18 11.11")
    await feed(chain, "02-18 11.11")
    assert (await standing(chain)).step == "sebar"

    [task] = await sqlite.read(pushes.by_hand, int(chain.number[2:]))
    actor = await chain.officer("petugas", "02-18 11.14")
    await sqlite.write(
        pushing.key_in, chain.number, actor, task.id, "Gedung A, lantai 1", now=wib("02-18 11.14")
    )

    assert (await standing(chain)).step == "arsip"


async def test_an_old_card_of_an_earlier_stay_decides_nothing(sqlite: Database) -> None:
    chain = await ordered(sqlite)
    stay = await sqlite.read(publication_steps.open_of, await standing(chain))
    assert stay
    actor = await chain.officer("wk-humas", "02-18 11.12")
    choice = Choice(decision="instruksi", visit=stay.id - 1)

    with pytest.raises(DecidedBefore, match="Instruksikan"):
        await dispositions.put(sqlite, chain.number, actor, choice, key="", now=wib("02-18 11.12"))
