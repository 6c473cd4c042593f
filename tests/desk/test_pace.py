"""At most one automatic word a minute and person: over all their conversations and channels, and whoever began it."""

from datetime import datetime, timedelta
from typing import Any

from desk import intake, letters, sending
from sop.messages import Receipt
from store import contacts, conversations, outbox, tickets
from store.db import Change, Database, View
from tests.samples import MINUTE, NOW, ids, incoming, small_office

SOON = NOW + timedelta(seconds=20)


async def says(db: Database, text: str, at: datetime = NOW, **facts: Any) -> int | None:
    return await db.write(intake.take_in, incoming(text, **facts), ids(), at)


def _leaving(view: View) -> list[tuple[str, datetime]]:
    """(channel, when it may leave) of all that reporters are to read, in order."""
    rows = view.all("SELECT channel, next_at FROM outbox WHERE channel <> 'staff' ORDER BY id")
    return [(row["channel"], row["next_at"]) for row in rows]


def _same_person(change: Change) -> None:
    """The person of the chat writes from a WhatsApp number too, as somebody confirmed."""
    known = contacts.address(change, "telegram", "7001")
    assert known is not None
    contacts.add_address(
        change, contact=known.contact, channel="whatsapp", value="whatsapp:+6281200000101", wrote_at=NOW
    )


WHATSAPP = {"channel": "whatsapp", "key": "w1", "sender": "whatsapp:+6281200000101"}


async def test_two_channels_of_one_person_get_their_words_a_minute_apart(db: Database) -> None:
    await small_office(db)
    await says(db, "KRS saya terkunci")
    await db.write(_same_person)
    await says(db, "Sandi saya salah", SOON, **WHATSAPP)

    assert await db.read(_leaving) == [("telegram", NOW), ("whatsapp", NOW + MINUTE)]


async def test_two_topics_of_one_chat_are_one_person(db: Database) -> None:
    await small_office(db)
    await says(db, "KRS saya terkunci", key="7001:5")
    await says(db, "Sandi saya salah", SOON, key="7001:6")

    assert [at for _, at in await db.read(_leaving)] == [NOW, NOW + MINUTE]


async def test_after_a_minute_nothing_is_held(db: Database) -> None:
    await small_office(db)
    await says(db, "KRS saya terkunci")
    await db.write(_same_person)
    await says(db, "Sandi saya salah", NOW + MINUTE, **WHATSAPP)

    assert [at for _, at in await db.read(_leaving)] == [NOW, NOW + MINUTE]


async def test_two_persons_wait_for_nobody(db: Database) -> None:
    await small_office(db)
    await says(db, "KRS saya terkunci")
    await says(db, "Sandi saya salah", SOON, key="7002", sender="7002", message_id="7002:1")

    assert [at for _, at in await db.read(_leaving)] == [NOW, SOON]


async def test_what_a_person_asks_for_is_answered_at_once(db: Database) -> None:
    await small_office(db)
    await says(db, "KRS saya terkunci")
    await says(db, "status", SOON)

    assert [at for _, at in await db.read(_leaving)] == [NOW, SOON]


def _notices(change: Change, now: datetime) -> None:
    """Two notices of the procedure's in one change, and an officer's answer after them."""
    ticket = tickets.find(change, 1001)
    assert ticket is not None
    for words in ("Laporan Anda diteruskan.", "Laporan Anda ditangani."):
        conversation = conversations.get(change, ticket.conversation)
        letters.to_reporter(change, ticket, conversation, words, now=now, salt="s", automatic=True)
    conversation = conversations.get(change, ticket.conversation)
    letters.to_reporter(change, ticket, conversation, "Sudah kami buka.", now=now, salt="s", author=1)


async def test_notices_of_the_procedure_stand_in_line_and_an_officers_answer_does_not(db: Database) -> None:
    await small_office(db)
    await says(db, "KRS saya terkunci")
    await db.write(_notices, SOON)

    assert [at for _, at in await db.read(_leaving)] == [NOW, NOW + MINUTE, NOW + 2 * MINUTE, SOON]
    (received,) = await db.write(outbox.claim, "telegram", SOON, 10)
    await db.write(sending.sent, received, Receipt(external_id="7001:900"), SOON)
    (answer,) = await db.write(outbox.claim, "telegram", SOON, 10)
    assert answer.outgoing.text == "Sudah kami buka."


async def test_a_clock_that_was_set_back_silences_nobody(db: Database) -> None:
    await small_office(db)
    await says(db, "KRS saya terkunci", NOW + timedelta(days=3))
    await db.write(_notices, NOW)

    assert [at for _, at in await db.read(_leaving)][1] == NOW
