from datetime import timedelta

import pytest

from desk import answer, asking, decide, triage
from desk.decide import Choice, DecidedBefore, NotYours
from desk.intake import take_in
from sop.errors import NotFound
from sop.ticket import Status
from store import messages, tickets, trail, visits
from store.db import Database
from tests.samples import MINUTE, NOW, ids, incoming, officer, small_office


async def standing(db: Database, number: int) -> int:
    """The id of the case's open stay."""
    current = await db.read(visits.open_of, number)
    assert current is not None
    return current.id


async def test_the_policy_of_a_rung_comes_straight_back_to_the_narahubung(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming("Nilai saya keliru"), ids(), NOW)
    sari, hendra = await officer(db), await officer(db, "hendra")
    up = Choice(decision="lapor", visit=await standing(db, 1001), reason="perlu kebijakan")
    await decide.put(db, "1001", sari, up, key="f1", now=NOW + MINUTE)
    pass_on = await standing(db, 1001)

    with pytest.raises(NotYours):
        await decide.put(
            db, "1001", sari, Choice(decision="naik", visit=pass_on, reason="x"), key="f2", now=NOW
        )
    ticket = await db.read(tickets.find, 1001)
    assert ticket
    assert ticket.lane == "wk"
    events = await db.read(trail.of_case, 1001)
    assert [each.kind for each in events] == ["opened", "decided", "refused"]

    with pytest.raises(NotFound):
        await decide.put(
            db, "1001", hendra, Choice(decision="kebijakan", visit=pass_on, reason="y"), key="f3", now=NOW
        )


async def test_a_decision_on_a_stay_already_left_says_who_decided(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming("Nilai saya keliru"), ids(), NOW)
    sari = await officer(db)
    stay = await standing(db, 1001)
    await decide.put(db, "1001", sari, Choice(decision="jawab", visit=stay), key="f1", now=NOW + MINUTE)

    with pytest.raises(DecidedBefore, match="Sari"):
        await decide.put(
            db, "1001", sari, Choice(decision="lapor", visit=stay, reason="x"), key="f2", now=NOW
        )


async def test_the_same_key_decides_once_and_answers_the_same(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming("Nilai saya keliru"), ids(), NOW)
    sari = await officer(db)
    choice = Choice(decision="jawab", visit=await standing(db, 1001))

    first = await decide.put(db, "1001", sari, choice, key="f1", now=NOW + MINUTE)
    second = await decide.put(db, "1001", sari, choice, key="f1", now=NOW + 2 * MINUTE)

    assert (first.step, second.step) == ("jawab", "jawab")
    assert len(await db.read(visits.history, 1001)) == 1


async def test_an_answer_walks_the_steps_it_means_and_waits_for_silence(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming("Nilai saya keliru"), ids(), NOW)
    sari = await officer(db)

    ticket = await db.write(
        answer.reply, "1001", sari, "Nilai sudah kami perbaiki.", key="f1", ids=ids(), now=NOW + 10 * MINUTE
    )

    assert (ticket.status, ticket.step, ticket.holder) == (Status.ANSWERED, "", sari.id)
    assert [each.decision for each in await db.read(visits.history, 1001)] == ["jawab", "kirim"]
    silence = await db.read(visits.open_of, 1001, kind="silence")
    assert silence
    assert silence.visit.due_at == NOW + 10 * MINUTE + timedelta(days=3)
    assert (await db.read(messages.of_ticket, 1001))[-1].sent == "queued"


async def test_a_question_to_the_reporter_is_a_stay_of_its_own_and_their_word_brings_it_back(
    db: Database,
) -> None:
    await small_office(db)
    await db.write(take_in, incoming("Nilai saya keliru"), ids(), NOW)
    sari = await officer(db)

    asked = await db.write(
        asking.ask, "1001", sari, "Mohon NIM Anda.", key="q", ids=ids(), now=NOW + 5 * MINUTE
    )
    assert (asked.step, asked.lane) == ("analisa", "user")

    await db.write(take_in, incoming("NIM 221040037"), ids(), NOW + 9 * MINUTE)

    ticket = await db.read(tickets.find, 1001)
    assert ticket
    assert (ticket.step, ticket.lane) == ("analisa", "narahubung")
    assert ticket.due_at == NOW + 15 * MINUTE  # the step's clock never paused
    history = await db.read(visits.history, 1001)
    assert [(each.lane, each.decision) for each in history] == [("narahubung", "tanya"), ("user", "balas")]


async def test_a_case_that_comes_back_is_in_its_holders_hands_again(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming("Nilai saya keliru"), ids(), NOW)
    sari = await officer(db)
    await db.write(triage.take, "1001", sari, key="t", now=NOW + MINUTE)

    choice = Choice(decision="jawab", visit=await standing(db, 1001))
    await decide.put(db, "1001", sari, choice, key="f1", now=NOW + 2 * MINUTE)

    current = await db.read(visits.open_of, 1001)
    assert current
    assert current.visit.holder == sari.id
