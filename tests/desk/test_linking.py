"""One person, several addresses: linked, taken off again, and each undone; rights in every ticket that comes along."""

import pytest

from desk import answer, linking, merging, triage
from desk.intake import take_in
from sop.errors import NotAllowed, NotFound
from store import contacts, conversations, search, tickets
from store.db import Database, View
from tests.samples import MINUTE, NOW, ids, incoming, officer, small_office

LATER = NOW + 10 * MINUTE
WHATSAPP = "whatsapp:+628123334471"


async def two_people(db: Database) -> None:
    """1001 on Telegram, 1002 on WhatsApp with a NIM."""
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)
    there = incoming(
        "Nama saya Dewi, NIM 231040112, nilai saya salah", channel="whatsapp", key="w1", sender=WHATSAPP
    )
    await db.write(take_in, there, ids(), NOW + MINUTE)


async def of(db: Database, number: int) -> int:
    found = await db.read(tickets.find, number)
    assert found is not None
    return found.contact


def moves(view: View) -> list[int]:
    return [row["id"] for row in view.all("SELECT id FROM address_move ORDER BY id")]


async def test_an_address_comes_with_its_conversation_ticket_and_claims(db: Database) -> None:
    await two_people(db)
    sari = await officer(db)

    await db.write(linking.link, "1001", sari, "1002", key="l", now=LATER)

    person = await of(db, 1001)
    assert await of(db, 1002) == person
    assert [each.channel for each in await db.read(contacts.addresses, person)] == ["telegram", "whatsapp"]
    talk = await db.read(conversations.find, "whatsapp", "w1")
    assert talk and talk.contact == person
    assert ("nim", "231040112") in [
        (each.kind, each.value) for each in await db.read(contacts.claims, person)
    ]
    await db.write(merging.merge, "1002", sari, "1001", key="m", now=LATER)


async def test_undoing_a_link_gives_all_of_it_back(db: Database) -> None:
    await two_people(db)
    sari = await officer(db)
    mine, theirs = await of(db, 1001), await of(db, 1002)
    await db.write(linking.link, "1001", sari, "1002", key="l", now=LATER)
    (move,) = await db.read(moves)

    await db.write(linking.undo, "1001", sari, move, key="u", now=LATER + MINUTE)

    assert (await of(db, 1001), await of(db, 1002)) == (mine, theirs)
    assert await db.read(contacts.claims, mine) == []
    assert [each.channel for each in await db.read(contacts.addresses, theirs)] == ["whatsapp"]
    with pytest.raises(linking.NoSuchAddress):
        await db.write(linking.undo, "1001", sari, move, key="u2", now=LATER + MINUTE)


async def test_what_an_officer_checked_of_the_other_counts_for_the_one_person(db: Database) -> None:
    await two_people(db)
    sari = await officer(db)
    await db.write(
        triage.check_identity,
        "1002",
        sari,
        kind="nim",
        value="231040112",
        valid=True,
        how="SIAKAD",
        key="c",
        now=LATER,
    )

    ticket = await db.write(linking.link, "1001", sari, "1002", key="l", now=LATER)
    assert ticket.proof == "checked"
    (move,) = await db.read(moves)

    assert (await db.write(linking.undo, "1001", sari, move, key="u", now=LATER)).proof == "none"


async def test_an_address_taken_off_is_somebody_of_their_own(db: Database) -> None:
    await two_people(db)
    sari = await officer(db)
    await db.write(linking.link, "1001", sari, "1002", key="l", now=LATER)
    person = await of(db, 1001)
    phone = (await db.read(contacts.addresses, person))[1]

    await db.write(linking.unlink, "1001", sari, phone.id, key="u", now=LATER)

    assert await of(db, 1002) not in (person, 0)
    with pytest.raises(linking.OnlyAddress):
        only = (await db.read(contacts.addresses, person))[0]
        await db.write(linking.unlink, "1001", sari, only.id, key="v", now=LATER)
    with pytest.raises(linking.NoSuchAddress):
        await db.write(linking.unlink, "1001", sari, phone.id, key="w", now=LATER)


async def test_joined_tickets_keep_one_person(db: Database) -> None:
    await two_people(db)
    sari = await officer(db)
    await db.write(linking.link, "1001", sari, "1002", key="l", now=LATER)
    await db.write(merging.merge, "1002", sari, "1001", key="m", now=LATER)
    phone = (await db.read(contacts.addresses, await of(db, 1001)))[1]

    with pytest.raises(linking.StillMerged):
        await db.write(linking.unlink, "1001", sari, phone.id, key="u", now=LATER)


async def test_nobody_links_what_lies_in_another_unit(db: Database) -> None:
    await two_people(db)
    await db.write(take_in, incoming("UKT saya salah", key="8", sender="8"), ids(), NOW)
    sari, budi, lestari = [await officer(db, each) for each in ("sari", "budi", "lestari")]
    await db.write(triage.tag, "1003", lestari, "keuangan", key="t", now=LATER)

    for number in ("1003", "9999"):
        with pytest.raises((NotFound, NotAllowed)):
            await db.write(linking.link, "1001", sari, number, key="l", now=LATER)
    with pytest.raises(NotFound):
        await db.write(linking.link, "1001", budi, "1002", key="l", now=LATER)
    assert await db.read(found, sari, "1003") == []


def found(view: View, actor: object, words: str) -> list[int]:
    return [each.ticket.ticket for each in linking.find(view, "1001", actor, words)[1]]  # type: ignore[arg-type]  # an officer


async def test_the_other_person_is_found_by_name(db: Database) -> None:
    await two_people(db)
    await db.write(search.index_some)

    assert await db.read(found, await officer(db), "dewi nim") == [1002]


@pytest.mark.parametrize("words", ["1002", "#1002", "231040112", "08123334471", "+62 812-3334-471"])
async def test_the_other_person_is_found_by_number_nim_and_phone(db: Database, words: str) -> None:
    await two_people(db)

    assert await db.read(found, await officer(db), words) == [1002]


async def test_the_same_person_is_not_linked_again(db: Database) -> None:
    await two_people(db)
    sari = await officer(db)
    await db.write(take_in, incoming("Lagi", key="7001.2"), ids(), NOW)
    with pytest.raises(linking.SamePerson):
        await db.write(linking.link, "1001", sari, "1003", key="l", now=LATER)
    await db.write(answer.note, "1001", sari, "Tetap satu", key="n", ids=ids(), now=LATER)
