"""A supervisor erases a ticket's words: what was done, when and by whom stays and still verifies."""

from typing import Any

import pytest
from msgspec import to_builtins

from desk import (
    answer,
    closing,
    erasing,
    exports,
    inbound,
    intake,
    merging,
    office_file,
    reporter,
)
from desk.reporter import Words
from sop import office_file as reading
from sop.erasing import (
    NoReason,
    StillOpen,
    WordsErased,
    WrongNumber,
)
from sop.errors import NotAllowed, NotFound
from sop.finding import sought
from sop.ticket import MergedBefore, Ticket
from store import (
    calls,
    messages,
    search,
    trail,
)
from store.db import Change, Database, View
from tests.desk.erased import DAY, LATER, WORDS, closed, deliver, erase, every_word, one_closed, ticket
from tests.samples import MINUTE, NOW, OFFICE, ids, incoming, officer


async def test_what_was_done_stays_and_the_chain_still_verifies(db: Database) -> None:
    await one_closed(db)
    before, events = await ticket(db), await db.read(trail.of_case, 1001)

    await erase(db)

    after = await ticket(db)
    kept = (
        "id",
        "status",
        "categories",
        "procedure",
        "opened_at",
        "answered_at",
        "closed_at",
        "messages",
        "token",
    )
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    told = await db.read(trail.of_case, 1001)
    assert told[:-1] == events and told[-1].kind == "erased" and told[-1].facts["rule"] == "ticket"
    assert (await db.read(trail.first_broken))[0] is None
    said = await db.read(messages.of_ticket, 1001)
    assert said and {each.text + each.quoted + each.subject for each in said} == {""}
    assert await db.read(salts) == {""}


def salts(view: View) -> set[str]:
    return {row["salt"] for row in view.all("SELECT salt FROM message")}


async def test_only_a_closed_ticket_by_its_own_number_and_with_a_reason_is_erased_by_hand(
    db: Database,
) -> None:
    await one_closed(db)
    await db.write(intake.take_in, incoming("Nilai saya", key="9", sender="9"), ids(), NOW)
    lestari, sari = await officer(db, "lestari"), await officer(db)

    async def wrong(number: str, typed: str, reason: str, who: Any = lestari) -> Ticket:
        return await db.write(erasing.erase_ticket, number, who, typed, reason, key="", now=LATER)

    for refusal, made in (
        (WrongNumber, wrong("1001", "1002", "Salah kirim")),
        (NoReason, wrong("1001", "1001", "  ")),
        (StillOpen, wrong("1002", "1002", "Salah kirim")),
        (NotAllowed, wrong("1001", "1001", "Salah kirim", sari)),
        (NotFound, wrong("9999", "9999", "Salah kirim")),
    ):
        with pytest.raises(refusal):
            await made
    assert WORDS in await db.read(every_word)
    assert (await wrong("1001", " #1001 ", "Salah kirim")).erased_at == LATER


async def test_nothing_more_is_done_to_an_erased_ticket_and_the_person_begins_another(db: Database) -> None:
    await one_closed(db)
    token = (await ticket(db)).token
    await erase(db, now=LATER + MINUTE)
    sari = await officer(db)

    with pytest.raises(WordsErased):
        await db.write(closing.reopen, "1001", sari, key="r", now=LATER + 2 * MINUTE)
    with pytest.raises(WordsErased):
        await db.write(answer.note, "1001", sari, "Catatan", key="n", ids=ids(), now=LATER + 2 * MINUTE)
    with pytest.raises(reporter.ClosedLongAgo):
        await db.write(reporter.say, token, Words(key="w", text="Halo lagi"), ids(), LATER + 2 * MINUTE)
    with pytest.raises(WordsErased):
        await db.write(
            reporter.rate, token, Words(key="w2", text="Bagus"), 5, True, ids(), LATER + 2 * MINUTE
        )
    assert await db.write(intake.take_in, incoming("Masih terkunci"), ids(), LATER + 3 * MINUTE) == 1002
    assert (await ticket(db, 1002)).contact == (await ticket(db)).contact


async def test_tickets_joined_to_it_go_along_and_are_not_erased_alone(db: Database) -> None:
    await office_with_two(db)
    sari = await officer(db)
    await db.write(merging.merge, "1002", sari, "1001", key="m", now=NOW + 2 * MINUTE)
    await closed(db)

    with pytest.raises(MergedBefore):
        await erase(db, "1002")
    await erase(db)

    assert (await ticket(db, 1002)).erased_at == LATER
    assert WORDS not in await db.read(every_word)


async def office_with_two(db: Database) -> None:
    await db.write(office_file.bring_in, reading.read(OFFICE), NOW - 30 * DAY)
    for key in ("7001", "7001.2"):
        word = incoming(f"KRS {WORDS}", subject=f"Soal {WORDS}", key=key)
        await db.write(intake.take_in, word, ids(), NOW + MINUTE)


async def test_notes_mentions_drafts_and_what_undo_keeps_go_too(db: Database) -> None:
    await one_closed(db)
    sari = await officer(db)
    await db.write(answer.note, "1001", sari, f"@lestari {WORDS}", key="n", ids=ids(), now=LATER)
    await db.write(answer.save_draft, "1001", sari, "answer", f"Konsep {WORDS}", now=LATER)
    await db.write(closing.reopen, "1001", sari, key="r", now=LATER)
    await db.write(
        answer.reply,
        "1001",
        sari,
        f"Lagi {WORDS}",
        key="a2",
        ids=ids(),
        now=LATER,
        then_close=True,
        undo=10 * MINUTE,
    )
    await db.write(deliver, LATER)

    await erase(db)

    assert WORDS not in await db.read(every_word)


async def test_erased_words_are_found_no_more_and_no_beginning_leads_to_them(db: Database) -> None:
    await one_closed(db)
    assert (await db.read(search.find, sought(WORDS[:5]), [0, 1])).hits

    await erase(db)
    await db.write(search.index_some)

    assert not (await db.read(search.find, sought(WORDS), [0, 1])).hits
    assert WORDS not in {row["word"] for row in await db.read(known_words)}


def known_words(view: View) -> list[dict[str, Any]]:
    return view.all("SELECT word FROM search_word")


async def test_the_raw_form_of_a_message_that_was_parked_goes_with_its_ticket(db: Database) -> None:
    await one_closed(db)
    raw = incoming(f"Lagi {WORDS}", key="9", sender="9")
    await db.write(inbound.park, "telegram", "p", WORDS.encode(), to_builtins(raw), "KeyError", NOW)
    lestari = await officer(db, "lestari")
    number = await db.write(inbound.drive_again, 1, lestari, ids(), NOW)
    assert number == 1002
    await closed(db, "1002", category="akun")

    await erase(db, "1002")

    assert WORDS.encode() not in {bytes(row["raw"]) for row in await db.read(parked_rows)}


def parked_rows(view: View) -> list[dict[str, Any]]:
    return view.all("SELECT raw FROM parked")


async def test_a_name_that_one_ticket_taught_the_suggestions_is_forgotten_and_common_words_stay(
    db: Database,
) -> None:
    await one_closed(db)
    await db.write(intake.take_in, incoming("KRS saya juga terkunci", key="9", sender="9"), ids(), NOW)
    await closed(db, "1002")
    assert WORDS in await db.read(taught)

    await erase(db)

    assert WORDS not in await db.read(taught) and "krs" in await db.read(taught)


def taught(view: View) -> set[str]:
    return {row["word"] for row in view.all("SELECT word FROM category_word")}


async def test_exports_of_an_erased_ticket_hold_its_times_and_none_of_its_words(db: Database) -> None:
    await one_closed(db)
    await erase(db)
    known = await db.read(exports.names, NOW)

    whole = [
        await db.read(exports.batch, what, 0, 50, known)
        for what in ("tickets", "messages", "visits", "events")
    ]

    records = [record for each in whole for _, record in each.rows]
    assert WORDS not in repr(records) and "Dewi" not in repr(records)
    assert (records[0]["number"], records[0]["erased_at"]) == (1001, LATER)


async def test_a_call_that_nobody_made_is_called_off_with_its_words(db: Database) -> None:
    await one_closed(db)
    await db.write(as_a_call)
    assert [each.ticket for each in await db.read(calls.due)] == [1001]

    await erase(db)

    assert not await db.read(calls.due)


def as_a_call(change: Change) -> None:
    change.run("UPDATE outbox SET channel = 'counter', state = 'sent' WHERE kind = 'answer'")
