"""Ten seconds of grace: an answer that is taken back has happened to nobody, and no word of it is lost."""

from datetime import timedelta
from typing import Any

import pytest

from desk import answer, closing, sending, triage, undoing
from desk.intake import take_in
from desk.undoing import UNDO, TooLate
from sop.errors import NotFound
from sop.messages import File, Receipt
from sop.officer import Officer
from store import counters, drafts, messages, tickets, visits
from store.db import Change, Database, View
from tests.samples import MINUTE, NOW, ids, incoming, officer, small_office

LATER = NOW + MINUTE
FILE = File(name="panduan.pdf", content_type="application/pdf", size=3, path="aa/aa", sha256="0")
SECOND = timedelta(seconds=1)


@pytest.fixture
async def sari(db: Database) -> Officer:
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)
    found = await officer(db)
    await db.write(triage.tag, "1001", found, "akademik", key="", now=NOW)
    return found


def picture(view: View) -> dict[str, Any]:
    """The case as anybody could see it."""
    ticket = tickets.find(view, 1001)
    assert ticket is not None
    stays = view.all(
        """
        SELECT kind, step, lane, opened_at, due_at, look_at, closed_at, decision, by_officer FROM visit
         WHERE case_id = 1001 ORDER BY id
        """
    )
    return {
        "ticket": (ticket.status, ticket.step, ticket.lane, ticket.due_at, ticket.holder, ticket.answered_at),
        "more": (ticket.decided, ticket.closed_at, ticket.messages),
        "stays": stays,
        "counted": view.all("SELECT name, n FROM counter WHERE n <> 0 ORDER BY name"),
        "said": [(each.direction, each.text) for each in messages.of_ticket(view, 1001)],
    }


async def reply(db: Database, sari: Officer, **more: Any) -> int:
    """A first answer with its ten seconds; the message's id."""
    await db.write(
        answer.reply,
        "1001",
        sari,
        "KRS sudah dibuka.",
        key="f1",
        ids=ids(),
        now=LATER,
        files=[FILE],
        undo=UNDO,
        **more,
    )
    said = await db.read(messages.of_ticket, 1001)
    return next(each.id for each in said if each.author == sari.id)


def leaving(change: Change, now: Any) -> list[str]:
    """What leaves by then, and arrives."""
    letters = sending.claim(change, "telegram", now, 20)
    for letter in letters:
        sending.sent(change, letter, Receipt(external_id=f"7001:{900 + letter.id}"), now)
    return [letter.outgoing.text for letter in letters]


@pytest.mark.parametrize("then_close", [False, True])
async def test_an_answer_taken_back_leaves_the_case_as_it_stood(
    db: Database, sari: Officer, then_close: bool
) -> None:
    await db.write(leaving, LATER)
    before = await db.read(picture)
    message = await reply(db, sari, then_close=then_close)
    assert await db.read(picture) != before

    await db.write(undoing.take_back, "1001", sari, message, now=LATER + 9 * SECOND)

    assert await db.read(picture) == before
    draft = await db.read(drafts.find, 1001, sari.id, "answer")
    assert draft is not None
    assert (draft.text, draft.files) == ("KRS sudah dibuka.", (FILE,))
    assert await db.write(leaving, LATER + timedelta(days=1)) == []


async def test_nothing_of_an_answer_leaves_within_its_ten_seconds(db: Database, sari: Officer) -> None:
    await db.write(leaving, LATER)
    await reply(db, sari)

    assert await db.write(leaving, LATER + 9 * SECOND) == []
    assert await db.write(leaving, LATER + UNDO) == ["KRS sudah dibuka."]


async def test_what_has_left_is_not_taken_back(db: Database, sari: Officer) -> None:
    message = await reply(db, sari)

    with pytest.raises(TooLate):
        await db.write(undoing.take_back, "1001", sari, message, now=LATER + UNDO)


async def test_a_second_press_changes_nothing(db: Database, sari: Officer) -> None:
    message = await reply(db, sari)
    for _ in range(2):
        await db.write(undoing.take_back, "1001", sari, message, now=LATER + SECOND)

    draft = await db.read(drafts.find, 1001, sari.id, "answer")
    assert draft is not None
    assert draft.text == "KRS sudah dibuka."


async def test_nobody_takes_back_what_another_wrote(db: Database, sari: Officer) -> None:
    message = await reply(db, sari)
    lestari = await officer(db, "lestari")

    with pytest.raises(NotFound):
        await db.write(undoing.take_back, "1001", lestari, message, now=LATER)


async def test_words_written_meanwhile_are_kept_behind_those_taken_back(db: Database, sari: Officer) -> None:
    message = await reply(db, sari)
    await db.write(answer.save_draft, "1001", sari, "answer", "Satu hal lagi.", now=LATER)

    await db.write(undoing.take_back, "1001", sari, message, now=LATER)

    draft = await db.read(drafts.find, 1001, sari.id, "answer")
    assert draft is not None
    assert draft.text == "KRS sudah dibuka.\n\nSatu hal lagi."


async def test_when_the_reporter_wrote_meanwhile_the_words_go_and_the_case_stays_where_it_went(
    db: Database, sari: Officer
) -> None:
    message = await reply(db, sari)
    await db.write(take_in, incoming("Ternyata nilai saya juga salah"), ids(), LATER + SECOND)
    standing = await db.read(visits.open_of, 1001)

    ticket = await db.write(undoing.take_back, "1001", sari, message, now=LATER + 2 * SECOND)

    assert ticket.answered_at is None
    assert await db.read(visits.open_of, 1001) == standing
    said = [each.text for each in await db.read(messages.of_ticket, 1001)]
    assert "KRS sudah dibuka." not in said
    assert "Ternyata nilai saya juga salah" in said


async def test_after_taking_back_the_answer_is_given_and_closed_as_ever(db: Database, sari: Officer) -> None:
    message = await reply(db, sari, then_close=True)
    await db.write(undoing.take_back, "1001", sari, message, now=LATER)

    await db.write(answer.reply, "1001", sari, "Lebih baik.", key="f2", ids=ids(), now=LATER)
    ticket = await db.write(closing.close, "1001", sari, key="f3", now=LATER)

    assert ticket.closed_at == LATER
    assert await db.read(counters.read, ["closed.1"]) == {"closed.1": 1}
