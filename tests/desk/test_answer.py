"""UC3 step 3, MIPA step 6, ITB step 5: an agent answers; nothing leaves that a rule refused."""

import asyncio

import pytest

from desk import answer, closing, decide, triage
from desk.decide import Choice
from desk.intake import take_in
from sop.errors import AlreadyClosed, AnsweredMeanwhile, EmptyText, NotAllowed, NotFound, NotTagged, TooLong
from sop.messages import File
from sop.officer import Officer
from sop.ticket import Status, Ticket
from store import attachments, drafts, messages, outbox, tickets, trail, visits
from store.db import Database, View
from tests.samples import MINUTE, NOW, ids, incoming, officer, small_office

LATER = NOW + 5 * MINUTE


async def opened(db: Database, text: str = "KRS saya terkunci", **facts: str) -> Officer:
    """A ticket 1001 of the central unit; gives its agent."""
    await small_office(db)
    assert await db.write(take_in, incoming(text, **facts), ids(), NOW) == 1001
    return await officer(db)


async def words(db: Database) -> list[str]:
    """What is on its way to the reporter besides the acknowledgement, oldest first."""

    def read(view: View) -> list[str]:
        rows = view.all("SELECT body_json FROM outbox WHERE kind = 'answer' ORDER BY id")
        return [row["body_json"]["text"] for row in rows]

    return await db.read(read)


async def ticket(db: Database) -> Ticket:
    found = await db.read(tickets.find, 1001)
    assert found is not None
    return found


async def test_an_answer_is_a_message_of_the_ticket_and_on_its_way(db: Database) -> None:
    sari = await opened(db)

    await db.write(answer.reply, "1001", sari, "Sudah kami buka.", key="f1", ids=ids(), now=LATER)

    said = await db.read(messages.of_ticket, 1001)
    assert [(each.direction, each.author, each.text) for each in said][-1] == (
        "out",
        sari.id,
        "Sudah kami buka.",
    )
    assert said[-1].sent == "queued"
    assert await words(db) == ["Sudah kami buka."]
    found = await ticket(db)
    assert (found.status, found.holder, found.answered_at) == (Status.ANSWERED, sari.id, LATER)
    assert (await db.read(trail.of_case, 1001))[-1].kind == "answered"


@pytest.mark.parametrize("text", ["", "   \n ", "\x00\x07"])
async def test_an_answer_without_words_is_refused(db: Database, text: str) -> None:
    sari = await opened(db)

    with pytest.raises(EmptyText):
        await db.write(answer.reply, "1001", sari, text, key="f1", ids=ids(), now=LATER)

    assert await words(db) == []
    assert (await ticket(db)).status is Status.OPEN


async def test_a_file_alone_is_an_answer(db: Database) -> None:
    sari = await opened(db)
    file = File(name="panduan.pdf", path="ab/abcd", size=3, sha256="0" * 64)

    await db.write(answer.reply, "1001", sari, "", key="f1", ids=ids(), now=LATER, files=[file])

    said = (await db.read(messages.of_ticket, 1001))[-1]
    assert said.outbox is not None
    letter = await db.read(outbox.get, said.outbox)
    assert letter and [each.name for each in letter.outgoing.files] == ["panduan.pdf"]
    assert (await db.read(attachments.get, said.attachments[0].id)) is not None


async def test_an_answer_that_its_channel_cannot_carry_is_refused_before_it_is_sent(db: Database) -> None:
    sari = await opened(db, channel="whatsapp")

    with pytest.raises(TooLong, match="1600"):
        await db.write(answer.reply, "1001", sari, "a" * 1601, key="f1", ids=ids(), now=LATER)

    assert await words(db) == []


async def test_an_answer_after_closing_is_refused(db: Database) -> None:
    sari = await opened(db)
    await db.write(triage.tag, "1001", sari, "akademik", key="t", now=NOW)
    await db.write(answer.reply, "1001", sari, "Selesai.", key="f1", ids=ids(), now=LATER, then_close=True)
    assert (await ticket(db)).status is Status.CLOSED

    with pytest.raises(AlreadyClosed):
        await db.write(answer.reply, "1001", sari, "Satu lagi.", key="f2", ids=ids(), now=LATER + MINUTE)

    assert await words(db) == ["Selesai."]


async def test_what_closing_refuses_sends_nothing(db: Database) -> None:
    sari = await opened(db)

    with pytest.raises(NotTagged):
        await db.write(
            answer.reply, "1001", sari, "Selesai.", key="f1", ids=ids(), now=LATER, then_close=True
        )

    assert await words(db) == []
    assert (await ticket(db)).status is Status.OPEN


async def test_an_answer_is_held_back_when_somebody_wrote_meanwhile(db: Database) -> None:
    sari = await opened(db)
    read_to = (await db.read(messages.of_ticket, 1001))[-1].id
    await db.write(take_in, incoming("Maksud saya KHS"), ids(), NOW + MINUTE)

    with pytest.raises(AnsweredMeanwhile):
        await db.write(
            answer.reply, "1001", sari, "KRS dibuka.", key="f", ids=ids(), now=LATER, read_to=read_to
        )

    assert await words(db) == []
    read_to = (await db.read(messages.of_ticket, 1001))[-1].id
    await db.write(answer.reply, "1001", sari, "KHS dibuka.", key="f", ids=ids(), now=LATER, read_to=read_to)
    assert await words(db) == ["KHS dibuka."]


async def test_ones_own_words_and_the_desks_do_not_hold_an_answer_back(db: Database) -> None:
    sari = await opened(db)
    read_to = (await db.read(messages.of_ticket, 1001))[0].id  # before the acknowledgement
    await db.write(answer.note, "1001", sari, "Sudah dicek.", key="n", ids=ids(), now=NOW + MINUTE)

    await db.write(answer.reply, "1001", sari, "Beres.", key="f", ids=ids(), now=LATER, read_to=read_to)

    assert await words(db) == ["Beres."]


async def test_a_repeated_key_answers_the_same_and_sends_once(db: Database) -> None:
    sari = await opened(db)

    answers = await asyncio.gather(
        *(
            db.write(answer.reply, "1001", sari, "Beres.", key="form-1", ids=ids(), now=LATER)
            for _ in range(8)
        )
    )

    assert {each.number for each in answers} == {"1001"}
    assert await words(db) == ["Beres."]


async def test_a_refused_answer_may_be_mended_and_sent_under_the_same_key(db: Database) -> None:
    sari = await opened(db)
    with pytest.raises(EmptyText):
        await db.write(answer.reply, "1001", sari, "", key="form-1", ids=ids(), now=LATER)

    await db.write(answer.reply, "1001", sari, "Beres.", key="form-1", ids=ids(), now=LATER)

    assert await words(db) == ["Beres."]


async def test_an_interim_word_at_a_superiors_rung_does_not_decide(db: Database) -> None:
    sari = await opened(db)
    stay = await db.read(visits.open_of, 1001)
    assert stay
    up = Choice(decision="lapor", visit=stay.id, reason="perlu kebijakan")
    await decide.put(db, "1001", sari, up, key="up", now=NOW + MINUTE)
    before = await ticket(db)

    await db.write(answer.reply, "1001", sari, "Masih kami bahas.", key="f1", ids=ids(), now=LATER)

    after = await ticket(db)
    assert (after.step, after.lane, after.status) == (before.step, before.lane, Status.OPEN)
    assert await words(db) == ["Masih kami bahas."]


async def test_who_may_not_see_a_ticket_hears_that_there_is_none(db: Database) -> None:
    await opened(db)
    budi = await officer(db, "budi")  # of the other unit

    for number in ("1001", "9999", "abc", ""):
        with pytest.raises(NotFound):
            await db.write(answer.reply, number, budi, "Halo.", key="f", ids=ids(), now=LATER)


async def test_who_only_reads_may_not_answer(db: Database) -> None:
    await opened(db)
    hendra = await officer(db, "hendra")

    with pytest.raises((NotAllowed, NotFound)):
        await db.write(answer.reply, "1001", hendra, "Halo.", key="f", ids=ids(), now=LATER)

    assert await words(db) == []


async def test_a_note_never_reaches_the_reporter(db: Database) -> None:
    sari = await opened(db)

    await db.write(answer.note, "1001", sari, "Tanya BAAK dulu", key="n1", ids=ids(), now=LATER)

    assert [each.direction for each in await db.read(messages.of_ticket, 1001)][-1] == "note"
    assert await words(db) == []
    with pytest.raises(EmptyText):
        await db.write(answer.note, "1001", sari, " ", key="n2", ids=ids(), now=LATER)


async def test_a_draft_lives_until_its_answer_is_sent(db: Database) -> None:
    sari = await opened(db)
    await db.write(answer.save_draft, "1001", sari, "answer", "Baik, kami", now=NOW, read_to=1)
    draft = await db.read(drafts.find, 1001, sari.id, "answer")
    assert draft and (draft.text, draft.read_to) == ("Baik, kami", 1)

    await db.write(answer.reply, "1001", sari, "Baik.", key="f1", ids=ids(), now=LATER)

    assert await db.read(drafts.find, 1001, sari.id, "answer") is None


async def test_the_first_answer_is_the_time_that_the_sop_measures(db: Database) -> None:
    sari = await opened(db)
    await db.write(answer.reply, "1001", sari, "Satu.", key="f1", ids=ids(), now=LATER)
    await db.write(take_in, incoming("Masih belum bisa"), ids(), LATER + MINUTE)

    await db.write(answer.reply, "1001", sari, "Dua.", key="f2", ids=ids(), now=LATER + 9 * MINUTE)

    assert (await ticket(db)).answered_at == LATER
    with pytest.raises(NotTagged):
        await db.write(closing.close, "1001", sari, key="c", now=LATER + 10 * MINUTE)
