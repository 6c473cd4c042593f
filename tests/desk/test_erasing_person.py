"""A person is erased whole or not at all, and is a stranger when they write again."""

import pytest
from msgspec import to_builtins

from desk import erasing, intake
from sop.erasing import NotAllYours, PersonErased, StillOpen
from sop.messages import Outgoing
from sop.officer import Officer, Seat
from store import contacts, conversations, outbox, parked, seen, targets, tickets, trail
from store.db import Change, Database, Row, View
from tests.desk.erased import LATER, WORDS, closed, erase, every_word, one_closed, ticket
from tests.samples import MINUTE, NOW, ids, incoming, officer


async def test_a_person_is_erased_whole_and_a_stranger_when_they_write_again(db: Database) -> None:
    await one_closed(db)
    who = (await ticket(db)).contact
    await db.write(state_nim, who)
    token = (await ticket(db)).token
    lestari = await officer(db, "lestari")

    await db.write(
        erasing.erase_person, "1001", lestari, "1001", "Permintaan pelapor", key="p", now=LATER + MINUTE
    )

    left = await db.read(every_word)
    assert not [each for each in (WORDS, "'7001'", "221040037", "Dewi", f"'{token}'") if each in left]
    assert (await ticket(db)).erased_rule == "person"
    assert await db.read(tickets.by_token, token) is None
    assert await db.read(conversations.find, "telegram", "7001") is None
    assert (await db.read(trail.first_broken))[0] is None
    with pytest.raises(PersonErased):
        await db.write(erasing.erase_person, "1001", lestari, "1001", "Lagi", key="p2", now=LATER)
    again = await db.write(intake.take_in, incoming("Halo, KRS saya terkunci"), ids(), LATER + 2 * MINUTE)
    assert again == 1002
    assert (await ticket(db, 1002)).contact != who


def state_nim(change: Change, contact: int) -> None:
    contacts.state_claim(change, contact, kind="nim", value="221040037", level="stated", at=NOW)


async def test_a_person_with_an_open_ticket_or_one_elsewhere_is_not_erased(db: Database) -> None:
    await one_closed(db)
    await db.write(intake.take_in, incoming("KRS lagi", key="7001.2"), ids(), LATER)
    lestari = await officer(db, "lestari")

    with pytest.raises(StillOpen):
        await db.write(erasing.erase_person, "1001", lestari, "1001", "Permintaan", key="", now=LATER)
    assert WORDS in await db.read(every_word)

    await closed(db, "1002")
    await db.write(move_to_feb)
    fitri = await db.write(seat_in_pusat)
    with pytest.raises(NotAllYours):
        await db.write(erasing.erase_person, "1001", fitri, "1001", "Permintaan", key="", now=LATER)


def move_to_feb(change: Change) -> None:
    change.run("UPDATE ticket SET unit_id = 2 WHERE id = 1002")


def seat_in_pusat(change: Change) -> Officer:
    return Officer(
        id=1, login="fitri", name="Fitri", seats=(Seat(lane="supervisor", role="supervisor", unit=1),)
    )


async def test_claims_go_with_the_last_words_of_a_person_and_not_before(db: Database) -> None:
    await one_closed(db)
    who = (await ticket(db)).contact
    await db.write(state_nim, who)
    await db.write(intake.take_in, incoming("Satu lagi", key="7001.2"), ids(), LATER)
    await closed(db, "1002", category="akun")

    await erase(db)
    assert await db.read(contacts.claims, who)
    await erase(db, "1002")

    assert not await db.read(contacts.claims, who)
    assert await db.read(contacts.addresses, who)


async def test_announcements_wishes_and_raw_forms_forget_the_person_too(db: Database) -> None:
    await one_closed(db)
    await db.write(elsewhere)
    lestari = await officer(db, "lestari")

    await db.write(erasing.erase_person, "1001", lestari, "1001", "Permintaan pelapor", key="p", now=LATER)

    left = await db.read(every_word)
    assert "'7001'" not in left and "dewi@contoh.example" not in left
    assert {row["state"] for row in await db.read(parked_rows)} == {"dropped", "parked"}
    assert [bytes(row["raw"]) for row in await db.read(parked_rows)] == [b"", b"of somebody else"]
    assert "'8002'" in left


def elsewhere(change: Change) -> None:
    """A subscription and a post of theirs, a wish of their mailbox, and a message of theirs that was never read."""
    topic = targets.add_topic(change, code="wisuda", name="Wisuda", unit=1)
    assert topic is not None
    who = change.all("SELECT contact_id FROM ticket")[0]["contact_id"]
    targets.join(change, topic, "telegram", "7001", contact=who, at=NOW)
    targets.join(change, topic, "telegram", "8002", contact=None, at=NOW)
    contacts.add_address(change, contact=who, channel="mail", value="dewi@contoh.example", wrote_at=NOW)
    seen.first(change, "langganan", "a-hash", NOW)
    seen.answer(change, "langganan", "a-hash", {"address": "dewi@contoh.example"})
    outbox.add(
        change, Outgoing(id=0, channel="telegram", to="7001", text="Wisuda"), now=NOW, kind="broadcast"
    )
    for key, sender, raw in (("p1", "7001", b"of theirs"), ("p2", "9", b"of somebody else")):
        word = to_builtins(incoming("Halo", key=sender, sender=sender))
        parked.add(change, "telegram", key, raw, word, "KeyError", NOW)


def parked_rows(view: View) -> list[Row]:
    return view.all("SELECT state, raw FROM parked ORDER BY id")
