"""Several processes beside each other: what one tells the others hear, and one at a time does the desk's work."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from desk import sending
from desk.alone import LASTS, Alone, give_back, take
from desk.delivery import Delivery
from sop.messages import Outgoing
from store import leases, outbox
from store.db import Change, Database, open_database
from store.postgresql_ear import LONGEST, notice

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


def tell(change: Change, *topics: str) -> None:
    change.tell(*topics)


def queued(change: Change) -> int:
    return outbox.add(change, Outgoing(id=0, channel="telegram", to="1", text="Satu."), now=NOW)


def put_off(change: Change) -> int:
    words = Outgoing(id=0, channel="telegram", to="2", text="Besok.")
    return outbox.add(change, words, now=NOW, not_before=NOW + timedelta(hours=3))


async def letter(db: Database, number: int) -> outbox.Letter:
    found = await db.read(outbox.get, number)
    assert found is not None
    return found


def fail(change: Change) -> None:
    change.tell("queue")
    raise ValueError


@pytest.fixture
async def two(postgresql_url: str) -> AsyncIterator[tuple[Database, Database]]:
    """Two processes' doors to one PostgreSQL."""
    async with open_database(postgresql_url) as one, open_database(postgresql_url) as other:
        with other.bell.ear("begin") as ear:
            while not await ear.wait(0.05):  # until the other listens
                await one.write(tell, "begin")
        yield one, other


async def test_what_one_process_tells_the_other_hears(two: tuple[Database, Database]) -> None:
    one, other = two
    with other.bell.ear("ticket.7", "queue") as ear:
        await one.write(tell, "ticket.7", "outbox.mail")
        assert await ear.wait(20) == {"ticket.7"}


async def test_what_was_rolled_back_is_told_to_nobody(two: tuple[Database, Database]) -> None:
    one, other = two
    with other.bell.ear("queue", "after") as ear:
        with pytest.raises(ValueError):
            await one.write(fail)
        await one.write(tell, "after")
        assert await ear.wait(20) == {"after"}


async def test_too_much_for_one_notice_rings_every_ear(two: tuple[Database, Database]) -> None:
    one, other = two
    many = [f"ticket.{number}" for number in range(2000)]
    assert len(notice("p", many)) < LONGEST < len(" ".join(many))
    with other.bell.ear("queue") as ear:
        await one.write(tell, *many)
        assert await ear.wait(20) == {"queue"}


async def test_a_lease_is_one_owners_until_it_runs_out(db: Database) -> None:
    assert await db.write(take, "desk", "a", NOW)
    assert not await db.write(take, "desk", "b", NOW + LASTS - timedelta(seconds=1))
    assert await db.write(take, "desk", "a", NOW + timedelta(seconds=3))
    assert not await db.write(take, "desk", "b", NOW + LASTS)
    assert await db.write(take, "desk", "b", NOW + LASTS + timedelta(seconds=3))
    lease = await db.read(leases.find, "desk")
    assert lease is not None
    assert (lease.owner, lease.since_at) == ("b", NOW + LASTS + timedelta(seconds=3))


async def test_a_lease_given_back_is_free_at_once(db: Database) -> None:
    await db.write(take, "desk", "a", NOW)
    await db.write(give_back, "desk", "b")  # not theirs to give
    assert not await db.write(take, "desk", "b", NOW)
    await db.write(give_back, "desk", "a")
    assert await db.write(take, "desk", "b", NOW)


async def test_one_at_a_time_works_and_the_next_takes_over(sqlite: Database) -> None:
    at_work: list[str] = []
    changed = asyncio.Event()

    def work(name: str) -> Alone:
        return Alone(sqlite, lambda: datetime.now(UTC), name)

    async def run(name: str) -> None:
        async def working() -> None:
            at_work.append(name)
            changed.set()
            try:
                await asyncio.Event().wait()
            finally:
                at_work.remove(name)

        await work(name).run(working)

    first = asyncio.create_task(run("a"))
    await asyncio.wait_for(changed.wait(), 20)
    second = asyncio.create_task(run("b"))
    changed.clear()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await asyncio.wait_for(changed.wait(), 20)

    assert at_work == ["b"]
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)


async def test_a_lease_written_before_the_clock_was_set_back_a_day_holds_nobody_up(db: Database) -> None:
    """P7."""
    await db.write(take, "desk", "a", NOW)

    assert await db.write(take, "desk", "b", NOW - timedelta(days=1))


async def test_who_takes_the_work_over_settles_what_the_one_before_left_under_way(db: Database) -> None:
    """P5: not before that one had time to stop, and long before its rows are stale."""
    number = await db.write(queued)
    await db.write(sending.claim, "telegram", NOW, 8, "b:1:aa")
    next_one = Delivery(db, lambda: NOW, name="a:1:bb", alone=True)

    await next_one.recover()
    assert (await letter(db, number)).state == "sending"
    await next_one.recover(begins=False, rested=True)

    found = await letter(db, number)
    assert (found.state, found.doubtful) == ("queued", True)


async def test_who_holds_the_work_leaves_alone_what_it_sends_itself(db: Database) -> None:
    number = await db.write(queued)
    await db.write(sending.claim, "telegram", NOW, 8, "a:1:bb")

    await Delivery(db, lambda: NOW, name="a:1:bb", alone=True).recover(begins=False, rested=True)

    assert (await letter(db, number)).state == "sending"


async def test_after_the_clock_was_set_back_a_day_what_was_queued_leaves_at_once(db: Database) -> None:
    """P7. What was put off to an hour keeps its hour."""
    number = await db.write(queued)
    later = await db.write(put_off)
    yesterday = NOW - timedelta(days=1)
    delivery = Delivery(db, lambda: yesterday)
    assert await db.write(sending.claim, "telegram", yesterday, 8) == []

    await delivery.recover(begins=False)

    assert [each.id for each in await db.write(sending.claim, "telegram", yesterday, 8)] == [number]
    assert (await letter(db, later)).state == "queued"
