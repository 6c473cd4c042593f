"""An answer written before its time waits for the decision above, or for an hour of the unit's calendar."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from desk import answer, closing, decide, office_file, prepared, triage
from desk.decide import Choice
from desk.intake import take_in
from desk.prepared import MomentFar, MomentPast, MomentShut, NothingAwaited, OneWaits
from sop import office_file as reading
from sop.errors import AlreadyClosed, NotFound
from sop.officer import Officer
from sop.way import NoSuchWay
from store import drafts, messages, outbox, tickets, visits
from store import prepared as kept
from store.db import Database
from tests import samples
from tests.samples import MINUTE, NOW, ids, incoming, officer

LATER = NOW + MINUTE
TOMORROW = NOW + timedelta(hours=23)  # 08.00 of Tuesday
OFFICE = samples.OFFICE + (
    "  - {nama_pengguna: wira, nama: Wira, jabatan: Wakil Koordinator, peran: [{lajur: wk, unit: pusat}]}\n"
)


@pytest.fixture
async def sari(db: Database) -> Officer:
    await db.write(office_file.bring_in, reading.read(OFFICE), NOW - timedelta(days=30))
    await db.write(take_in, incoming(), ids(), NOW)
    return await officer(db)


async def escalate(db: Database, sari: Officer) -> None:
    here = await db.read(visits.open_of, 1001)
    assert here is not None
    choice = Choice(decision="lapor", visit=here.id, reason="perlu kebijakan")
    await decide.put(db, "1001", sari, choice, key="", now=NOW)


async def policy(db: Database) -> None:
    wira = await officer(db, "wira")
    here = await db.read(visits.open_of, 1001)
    assert here is not None
    choice = Choice(decision="kebijakan", visit=here.id, reason="Dibuka sampai Jumat.")
    await decide.put(db, "1001", wira, choice, key="", now=LATER)


async def prepare(db: Database, sari: Officer, text: str = "KRS dibuka sampai Jumat.", **more: Any) -> None:
    await db.write(prepared.prepare, "1001", sari, text, **{"key": "", "now": NOW, **more})


async def answers(db: Database) -> list[str]:
    return [each.text for each in await db.read(messages.of_ticket, 1001) if each.author]


async def draft_of(db: Database, who: Officer) -> str:
    found = await db.read(drafts.find, 1001, who.id, "answer")
    return found.text if found else ""


async def test_when_the_policy_arrives_the_words_leave_by_themselves_if_so_wished(
    db: Database, sari: Officer
) -> None:
    await escalate(db, sari)
    await prepare(db, sari, at_once=True)
    assert await prepared.once_over(db, NOW) == 0

    await policy(db)
    await prepared.once_over(db, LATER)

    assert await answers(db) == ["KRS dibuka sampai Jumat."]
    ticket = await db.read(tickets.find, 1001)
    assert ticket is not None
    assert ticket.answered_at == LATER
    assert await db.read(kept.of_ticket, 1001) is None


async def test_else_they_stand_in_the_composer_and_the_holder_hears_of_it(
    db: Database, sari: Officer
) -> None:
    await escalate(db, sari)
    await prepare(db, sari)

    await policy(db)

    assert await draft_of(db, sari) == "KRS dibuka sampai Jumat."
    assert await answers(db) == []
    assert await db.read(kept.of_ticket, 1001) is None


async def test_where_nothing_is_awaited_the_answer_can_be_sent(db: Database, sari: Officer) -> None:
    with pytest.raises(NothingAwaited):
        await prepare(db, sari)


async def test_one_answer_waits_in_a_ticket(db: Database, sari: Officer) -> None:
    await escalate(db, sari)
    await prepare(db, sari)
    with pytest.raises(OneWaits):
        await prepare(db, sari, "Lain")


async def test_an_answer_waits_for_nobody_but_its_own_reporter(db: Database, sari: Officer) -> None:
    """A stranger's conversation and one that is not there look the same."""
    await escalate(db, sari)
    stranger = incoming("Halo", key="7002", sender="7002")
    await db.write(take_in, stranger, ids(), NOW)
    other = await db.read(tickets.find, 1002)
    assert other is not None

    for foreign in (other.conversation, 999_999):
        with pytest.raises(NoSuchWay):
            await prepare(db, sari, by=foreign)
    assert await db.read(kept.of_ticket, 1001) is None


async def test_the_reporter_who_wrote_meanwhile_is_read_first(db: Database, sari: Officer) -> None:
    read_to = await db.read(messages.newest, 1001, besides=sari.id)
    await escalate(db, sari)
    await prepare(db, sari, at_once=True, read_to=read_to)
    await db.write(take_in, incoming("Ternyata nilai"), ids(), NOW + timedelta(seconds=5))

    await policy(db)
    await prepared.once_over(db, LATER)

    assert await answers(db) == []
    assert await draft_of(db, sari) == "KRS dibuka sampai Jumat."


async def test_a_scheduled_answer_leaves_in_its_hour_and_then_counts_as_the_answer(
    db: Database, sari: Officer
) -> None:
    await prepare(db, sari, send_at=TOMORROW)
    assert await prepared.once_over(db, TOMORROW - MINUTE) == 0
    assert await answers(db) == []

    await prepared.once_over(db, TOMORROW)

    ticket = await db.read(tickets.find, 1001)
    assert ticket is not None
    assert (await answers(db), ticket.answered_at) == (["KRS dibuka sampai Jumat."], TOMORROW)
    assert await prepared.once_over(db, TOMORROW) == 0


@pytest.mark.parametrize(
    ("at", "refusal"),
    [
        (NOW - MINUTE, MomentPast),
        (NOW, MomentPast),
        (NOW + timedelta(hours=12), MomentShut),
        (NOW + timedelta(days=5), MomentShut),
        (NOW + timedelta(days=200), MomentFar),
    ],
)
async def test_a_moment_that_is_past_far_or_outside_hours_is_refused(
    db: Database, sari: Officer, at: datetime, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await prepare(db, sari, send_at=at)


async def test_a_waiting_answer_is_called_off_and_its_words_return(db: Database, sari: Officer) -> None:
    await prepare(db, sari, send_at=TOMORROW)
    waits = await db.read(kept.of_ticket, 1001)
    assert waits is not None

    await db.write(prepared.cancel, "1001", sari, waits.id, now=LATER)

    assert await draft_of(db, sari) == "KRS dibuka sampai Jumat."
    assert await prepared.once_over(db, TOMORROW) == 0
    with pytest.raises(NotFound):
        await db.write(prepared.cancel, "1001", sari, waits.id, now=LATER)


async def test_words_for_a_ticket_that_was_closed_meanwhile_go_back(db: Database, sari: Officer) -> None:
    await prepare(db, sari, send_at=TOMORROW)
    await db.write(answer.reply, "1001", sari, "Sudah.", key="", ids=ids(), now=LATER)
    await db.write(triage.tag, "1001", sari, "akademik", key="", now=LATER)
    await db.write(closing.close, "1001", sari, key="", now=LATER)
    await prepared.once_over(db, TOMORROW)

    assert await answers(db) == ["Sudah."]
    assert await draft_of(db, sari) == "KRS dibuka sampai Jumat."
    with pytest.raises(AlreadyClosed):
        await prepare(db, sari)


async def test_waiting_answers_are_listed_for_who_works_there(db: Database, sari: Officer) -> None:
    await prepare(db, sari, send_at=TOMORROW)

    assert [each.text for each, _ in await db.read(prepared.all_waiting, sari)] == [
        "KRS dibuka sampai Jumat."
    ]
    assert await db.read(prepared.all_waiting, await officer(db, "budi")) == []
    assert await db.read(outbox.dead) == []
