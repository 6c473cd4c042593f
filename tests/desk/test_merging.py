"""Two tickets of one person become one and two again, and nobody's word or clock is lost on the way."""

import asyncio
from datetime import timedelta

import pytest

from desk import answer, closing, merging, triage
from desk.intake import take_in
from sop.errors import AlreadyClosed, NotAllowed, NotFound
from sop.merging import MERGED, NothingMerged, OtherPerson, SameTicket, TargetClosed
from sop.ticket import MergedBefore, Status, Ticket
from store import conversations, counters, messages, tickets, visits
from store.db import Database
from tests.samples import MINUTE, NOW, ids, incoming, officer, small_office

LATER = NOW + 10 * MINUTE


async def ticket(db: Database, number: int) -> Ticket:
    found = await db.read(tickets.find, number)
    assert found is not None
    return found


async def two(db: Database) -> None:
    """Tickets 1001 and 1002 of one person, in two topics of one chat."""
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)
    await db.write(take_in, incoming("Nilai saya belum muncul", key="7001.2"), ids(), NOW + MINUTE)


async def test_a_joined_ticket_is_over_and_its_conversations_lead_to_the_other(db: Database) -> None:
    await two(db)
    sari = await officer(db)

    into = await db.write(merging.merge, "1002", sari, "1001", key="m", now=LATER)

    joined = await ticket(db, 1002)
    assert (into.id, joined.status, joined.merged_into, joined.step) == (1001, Status.CLOSED, 1001, "")
    assert await db.read(visits.open_of, 1002) is None
    assert [each.decision for each in await db.read(visits.history, 1002)] == [MERGED]
    assert await db.read(counters.read, ["open.1", "closed.1"]) == {"open.1": 1, "closed.1": 1}
    await db.write(take_in, incoming("Bagaimana kabarnya?", key="7001.2"), ids(), LATER + MINUTE)
    assert [each.text for each in await db.read(messages.of_ticket, 1001)][-1] == "Bagaimana kabarnya?"


async def test_undoing_brings_status_step_clock_and_conversation_back(db: Database) -> None:
    await two(db)
    sari = await officer(db)
    before = await ticket(db, 1002)
    await db.write(merging.merge, "1002", sari, "1001", key="m", now=LATER)

    again = await db.write(merging.undo, "1002", sari, key="u", now=LATER + MINUTE)

    assert (again.status, again.step, again.due_at, again.merged_into) == (
        Status.OPEN,
        before.step,
        before.due_at,
        None,
    )
    current = await db.read(visits.open_of, 1002)
    assert current and current.visit.due_at == before.due_at and current.look_at is not None
    talk = await db.read(conversations.find, "telegram", "7001.2")
    assert talk and talk.ticket == 1002
    assert await db.read(counters.read, ["open.1", "closed.1"]) == {"open.1": 2, "closed.1": 0}
    with pytest.raises(NothingMerged):
        await db.write(merging.undo, "1002", sari, key="u2", now=LATER + MINUTE)


async def test_unanswered_words_bring_an_answered_target_back(db: Database) -> None:
    await two(db)
    sari = await officer(db)
    await db.write(answer.reply, "1001", sari, "Sudah dibuka.", key="a", ids=ids(), now=LATER)
    assert (await ticket(db, 1001)).status is Status.ANSWERED

    into = await db.write(merging.merge, "1002", sari, "1001", key="m", now=LATER + MINUTE)

    assert (into.status, into.unread) == (Status.OPEN, True)
    assert await db.read(visits.open_of, 1001, kind="silence") is None


async def test_what_was_joined_before_follows_and_comes_back_alone(db: Database) -> None:
    await two(db)
    await db.write(take_in, incoming("Satu lagi", key="7001.3"), ids(), NOW + 2 * MINUTE)
    sari = await officer(db)
    await db.write(merging.merge, "1003", sari, "1002", key="m1", now=LATER)
    await db.write(merging.merge, "1002", sari, "1001", key="m2", now=LATER)
    assert [(await ticket(db, each)).merged_into for each in (1002, 1003)] == [1001, 1001]

    await db.write(merging.undo, "1002", sari, key="u1", now=LATER)
    assert [(await ticket(db, each)).merged_into for each in (1002, 1003)] == [None, 1002]
    await db.write(merging.undo, "1003", sari, key="u2", now=LATER)

    assert (await ticket(db, 1003)).status is Status.OPEN
    for key, number in (("7001", 1001), ("7001.2", 1002), ("7001.3", 1003)):
        talk = await db.read(conversations.find, "telegram", key)
        assert talk and talk.ticket == number


async def test_the_second_of_two_who_join_or_close_at_once_hears_what_the_first_did(db: Database) -> None:
    await two(db)
    sari, lestari = await officer(db), await officer(db, "lestari")

    answers = await asyncio.gather(
        db.write(merging.merge, "1002", sari, "1001", key="m1", now=LATER),
        db.write(merging.merge, "1002", lestari, "1001", key="m2", now=LATER),
        db.write(merging.merge, "1001", lestari, "1002", key="m3", now=LATER),
        return_exceptions=True,
    )

    assert [type(each) for each in answers] == [Ticket, MergedBefore, MergedBefore]
    assert "#1001" in str(answers[1])
    with pytest.raises(AlreadyClosed):
        await db.write(closing.close, "1002", lestari, key="c", now=LATER)
    with pytest.raises(MergedBefore):
        await db.write(closing.reopen, "1002", lestari, key="r", now=LATER)


async def test_persons_units_and_closed_targets_are_kept_apart(db: Database) -> None:
    await two(db)
    await db.write(take_in, incoming("Orang lain", key="8", sender="8"), ids(), NOW)
    sari, budi, hendra = await officer(db), await officer(db, "budi"), await officer(db, "hendra")

    with pytest.raises(OtherPerson):
        await db.write(merging.merge, "1003", sari, "1001", key="a", now=LATER)
    with pytest.raises(SameTicket):
        await db.write(merging.merge, "1001", sari, "1001", key="b", now=LATER)
    for into in ("1001", "9999"):
        with pytest.raises(NotFound):
            await db.write(merging.merge, "1002", budi, into, key="c", now=LATER)
    with pytest.raises((NotFound, NotAllowed)):
        await db.write(merging.merge, "1002", hendra, "1001", key="d", now=LATER)
    await db.write(triage.tag, "1001", sari, "akademik", key="t", now=LATER)
    await db.write(answer.reply, "1001", sari, "Beres.", key="e", ids=ids(), now=LATER, then_close=True)
    with pytest.raises(TargetClosed):
        await db.write(merging.merge, "1002", sari, "1001", key="f", now=LATER + timedelta(hours=1))


async def test_a_pressed_twice_merge_is_one(db: Database) -> None:
    await two(db)
    sari = await officer(db)
    for _ in range(2):
        into = await db.write(merging.merge, "1002", sari, "1001", key="same", now=LATER)
        assert into.id == 1001
