"""One report about two matters becomes two tickets, and one again while nothing new happened."""

import pytest

from desk import answer, splitting
from desk.intake import take_in
from sop.errors import NotFound
from sop.merging import GoneOn, MovedBefore, NothingChosen, NothingLeft
from sop.ticket import Status
from store import counters, merges, messages, tickets, visits
from store.db import Database
from tests.samples import MINUTE, NOW, ids, incoming, officer, small_office

LATER = NOW + 10 * MINUTE


async def said(db: Database, number: int) -> list[str]:
    return [each.text for each in await db.read(messages.of_ticket, number) if each.direction == "in"]


async def two_matters(db: Database) -> list[int]:
    """Ticket 1001 with two messages of its reporter; their ids."""
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)
    await db.write(take_in, incoming("Selain itu, sandi surel saya lupa"), ids(), NOW + MINUTE)
    return [row["id"] for row in await db.read(merges.words_in, 1001)]


async def test_chosen_messages_become_a_ticket_with_its_own_step(db: Database) -> None:
    words = await two_matters(db)
    sari = await officer(db)

    fresh = await db.write(
        splitting.split, "1001", sari, [words[1]], "Sandi surel", key="s", ids=ids(), now=LATER
    )

    assert (fresh.id, fresh.subject, fresh.opened_at) == (1002, "Sandi surel", NOW + MINUTE)
    assert await said(db, 1001) == ["KRS saya terkunci"]
    assert await said(db, 1002) == ["Selain itu, sandi surel saya lupa"]
    stay = await db.read(visits.open_of, 1002)
    assert stay and stay.visit.opened_at == LATER
    old = await db.read(tickets.find, 1001)
    assert old and fresh.contact == old.contact
    assert await db.read(counters.read, ["open.1"]) == {"open.1": 2}


async def test_undoing_gives_the_messages_back_and_leads_the_number_on(db: Database) -> None:
    words = await two_matters(db)
    sari = await officer(db)
    before = await db.read(tickets.find, 1001)
    await db.write(splitting.split, "1001", sari, [words[1]], "", key="s", ids=ids(), now=LATER)

    again = await db.write(splitting.undo, "1002", sari, key="u", now=LATER + MINUTE)

    assert before and again.messages == before.messages
    assert len(await said(db, 1001)) == 2
    empty = await db.read(tickets.find, 1002)
    assert empty and (empty.status, empty.merged_into, empty.messages) == (Status.CLOSED, 1001, 0)
    assert await db.read(counters.read, ["open.1", "closed.1"]) == {"open.1": 1, "closed.1": 1}


async def test_a_split_that_went_on_is_not_undone(db: Database) -> None:
    words = await two_matters(db)
    sari = await officer(db)
    await db.write(splitting.split, "1001", sari, [words[1]], "", key="s", ids=ids(), now=LATER)
    await db.write(answer.note, "1002", sari, "Saya tanyakan dulu", key="n", ids=ids(), now=LATER)

    with pytest.raises(GoneOn):
        await db.write(splitting.undo, "1002", sari, key="u", now=LATER)


async def test_the_second_who_splits_the_same_message_is_told(db: Database) -> None:
    words = await two_matters(db)
    sari, lestari, budi = [await officer(db, each) for each in ("sari", "lestari", "budi")]
    await db.write(splitting.split, "1001", sari, [words[1]], "", key="s", ids=ids(), now=LATER)

    with pytest.raises(MovedBefore):
        await db.write(splitting.split, "1001", lestari, [words[1]], "", key="s", ids=ids(), now=LATER)
    with pytest.raises(NothingChosen):
        await db.write(splitting.split, "1001", lestari, [], "", key="t", ids=ids(), now=LATER)
    with pytest.raises(NothingLeft):
        await db.write(splitting.split, "1001", lestari, [words[0]], "", key="u", ids=ids(), now=LATER)
    for number in ("1001", "9999"):
        with pytest.raises(NotFound):
            await db.write(splitting.split, number, budi, [words[0]], "", key="v", ids=ids(), now=LATER)
