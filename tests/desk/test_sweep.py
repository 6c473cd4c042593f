"""P7: clocks follow from stored facts, `now` and the calendar; no restart and no jump loses or doubles a reminder."""

import asyncio
from datetime import datetime, timedelta

import pytest

from desk import staff, sweep
from desk.intake import take_in
from store import officers, trail, visits
from store.db import Change, Database, View, open_database
from tests.samples import MINUTE, NOW, ids, incoming, officer, small_office

DAY = timedelta(days=1)


async def waiting(db: Database, number: int = 1) -> None:
    """That many tickets from as many persons at NOW; the rung above is filled, and every officer reachable in chat."""
    await small_office(db)
    await db.write(staff.grant, "hendra", lane="wk", unit="pusat", now=NOW - DAY)
    for each in range(number):
        assert await db.write(take_in, incoming(key=f"p{each}", sender=f"p{each}"), ids(), NOW)
    for login in ("sari", "budi", "lestari", "hendra"):
        person = await officer(db, login)
        await db.write(link, person.id)


def link(change: Change, officer: int) -> None:
    officers.link_chat(change, bot="staff", chat=f"chat-{officer}", officer=officer, at=NOW)


def reminders_sent(view: View) -> list[tuple[str, int]]:
    rows = view.all("SELECT recipient, ticket_id FROM outbox WHERE kind = 'reminder' ORDER BY id")
    return [(row["recipient"], row["ticket_id"]) for row in rows]


def noted(view: View) -> list[tuple[int, str]]:
    rows = view.all("SELECT visit_id, kind FROM reminder ORDER BY visit_id, told_at, kind")
    return [(row["visit_id"], row["kind"]) for row in rows]


async def minute_by_minute(db: Database, until: datetime, start: datetime = NOW) -> None:
    now = start
    while now <= until:
        await sweep.once(db, now)
        now += MINUTE


async def test_nothing_is_sent_before_its_time(db: Database) -> None:
    await waiting(db)

    await sweep.once(db, NOW + 10 * MINUTE)

    assert await db.read(reminders_sent) == []


async def test_each_reminder_comes_once_in_order_to_who_has_the_ball(db: Database) -> None:
    await waiting(db)

    await minute_by_minute(db, NOW + 40 * MINUTE)

    assert [kind for _, kind in await db.read(noted)] == ["before", "due", "told"]
    sari = await officer(db)
    sent = await db.read(reminders_sent)
    assert sent[:2] == [(f"chat-{sari.id}", 1001)] * 2
    kinds = [each.kind for each in await db.read(trail.of_case, 1001)]
    assert kinds == ["opened", "reminder.before", "reminder.due", "reminder.told"]


async def test_where_nobody_sits_on_the_rung_above_the_supervisor_is_told(db: Database) -> None:
    await waiting(db)
    await db.write(officers_leave, "hendra")
    lestari = await officer(db, "lestari")

    await minute_by_minute(db, NOW + 40 * MINUTE)

    assert [kind for _, kind in await db.read(noted)] == ["before", "due", "told"]
    sent = await db.read(reminders_sent)
    assert sent[2:] == [(f"chat-{lestari.id}", 1001)]


def officers_leave(change: Change, login: str) -> None:
    staff.revoke(change, login, lane="wk", unit="pusat", now=NOW)


async def test_a_jump_of_three_days_notes_each_once_and_sends_only_the_latest(db: Database) -> None:
    await waiting(db, 3)

    await sweep.once(db, NOW + 3 * DAY)

    assert [kind for _, kind in await db.read(noted)] == ["before", "due", "told"] * 3
    sent = await db.read(reminders_sent)
    assert sorted({ticket for _, ticket in sent}) == [1001, 1002, 1003]
    assert len(sent) == len(set(sent))  # the latest alone: nobody hears twice of one ticket
    await sweep.once(db, NOW + 3 * DAY)
    assert await db.read(reminders_sent) == sent


async def test_a_clock_set_back_an_hour_sends_none_twice(db: Database) -> None:
    await waiting(db)
    await minute_by_minute(db, NOW + 40 * MINUTE)
    sent = await db.read(reminders_sent)

    await minute_by_minute(db, NOW + 40 * MINUTE, start=NOW - 60 * MINUTE)

    assert await db.read(reminders_sent) == sent


async def test_a_restart_at_any_minute_loses_and_doubles_none(url: str) -> None:
    async with open_database(url) as db:
        await waiting(db)
    for minute in range(41):
        async with open_database(url) as db:
            await sweep.once(db, NOW + minute * MINUTE)

    async with open_database(url) as db:
        assert [kind for _, kind in await db.read(noted)] == ["before", "due", "told"]


async def test_two_sweepers_at_once_send_each_reminder_once(url: str) -> None:
    async with open_database(url) as db, open_database(url) as other:
        await waiting(db, 20)
        await asyncio.gather(*(sweep.once(each, NOW + 20 * MINUTE) for each in (db, other, db, other)))

        sent = await db.read(reminders_sent)
        assert len(sent) == len(set(sent)) == 20


async def test_the_night_wakes_nobody(db: Database) -> None:
    await small_office(db)
    evening = NOW + timedelta(hours=6, minutes=50)  # 15.50 on Monday, ten minutes before the office closes
    await db.write(take_in, incoming(), ids(), evening)
    sari = await officer(db)
    await db.write(link, sari.id)

    await minute_by_minute(db, NOW + 23 * timedelta(hours=1) - MINUTE, start=evening + 10 * MINUTE)
    assert await db.read(reminders_sent) == []
    await minute_by_minute(db, NOW + DAY, start=NOW + 23 * timedelta(hours=1))

    assert await db.read(reminders_sent) != []


async def test_a_case_that_moved_on_is_left_alone(db: Database) -> None:
    await waiting(db)
    due = await db.read(visits.to_look_at, NOW + 20 * MINUTE, 10)

    def leave(change: Change) -> None:
        change.run("UPDATE visit SET closed_at = :at", at=NOW + MINUTE)

    await db.write(leave)
    await db.write(sweep.tend, due, NOW + 20 * MINUTE)

    assert await db.read(reminders_sent) == []


@pytest.mark.parametrize("number", [101, 250])
async def test_more_than_a_batch_is_tended_in_one_sweep(sqlite: Database, number: int) -> None:
    await small_office(sqlite)
    await asyncio.gather(
        *(
            sqlite.write(take_in, incoming(key=f"p{each}", sender=f"p{each}"), ids(), NOW)
            for each in range(number)
        )
    )

    assert await sweep.once(sqlite, NOW + 15 * MINUTE) == number
    assert await sweep.once(sqlite, NOW + 15 * MINUTE) == 0
