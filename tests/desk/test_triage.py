"""ITB steps 3 and 7: an agent takes a ticket, files it, and says whether its reporter's identity holds."""

import asyncio

import pytest

from desk import triage
from desk.intake import take_in
from sop.errors import NotAllowed, NotFound
from sop.ticket import HeldByOther
from store import contacts, counters, queue, tickets, visits
from store.db import Database
from tests.samples import MINUTE, NOW, ids, incoming, officer, small_office


async def test_who_takes_a_ticket_holds_it_and_a_colleague_is_told_who(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)
    sari, lestari = await officer(db), await officer(db, "lestari")

    ticket = await db.write(triage.take, "1001", sari, key="k1", now=NOW)

    assert ticket.holder == sari.id
    current = await db.read(visits.open_of, 1001)
    assert current and current.visit.holder == sari.id
    with pytest.raises(HeldByOther, match="Sari"):
        await db.write(triage.take, "1001", lestari, key="k2", now=NOW)
    assert await db.read(counters.read, [f"held.{sari.id}", "free.1"]) == {f"held.{sari.id}": 1, "free.1": 0}


async def test_of_ten_who_take_at_once_one_gets_it(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)
    people = [await officer(db, login) for login in ("sari", "lestari")]

    answers = await asyncio.gather(
        *(db.write(triage.take, "1001", people[n % 2], key=f"k{n}", now=NOW) for n in range(10)),
        return_exceptions=True,
    )

    refused = [each for each in answers if isinstance(each, HeldByOther)]
    assert len(refused) == 5
    found = await db.read(tickets.find, 1001)
    assert found and found.holder in {each.id for each in people}


async def test_taking_what_one_holds_changes_nothing(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)
    sari = await officer(db)
    await db.write(triage.take, "1001", sari, key="k1", now=NOW)

    again = await db.write(triage.take, "1001", sari, key="k2", now=NOW + MINUTE)

    assert again.changed_at == NOW


async def test_the_holder_and_the_supervisor_pass_a_ticket_on_within_the_unit(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)
    sari, lestari = await officer(db), await officer(db, "lestari")

    with pytest.raises(NotAllowed):
        await db.write(triage.assign, "1001", sari, "lestari", key="k0", now=NOW)
    ticket = await db.write(triage.assign, "1001", lestari, "sari", key="k1", now=NOW)
    assert ticket.holder == sari.id
    ticket = await db.write(triage.assign, "1001", sari, "lestari", key="k2", now=NOW)

    assert ticket.holder == lestari.id
    for login in ("budi", "hendra", "nobody"):
        with pytest.raises(triage.UnknownOfficer, match=login):
            await db.write(triage.assign, "1001", lestari, login, key=login, now=NOW)


async def test_a_category_is_named_by_its_code_and_an_unknown_one_hears_what_there_is(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)
    sari = await officer(db)

    ticket = await db.write(triage.tag, "1001", sari, " Akademik ", key="k1", now=NOW)

    assert len(ticket.categories) == 1
    with pytest.raises(triage.UnknownCategory, match="akademik, akun, keuangan"):
        await db.write(triage.tag, "1001", sari, "pajak", key="k2", now=NOW)
    page = await db.read(queue.page, "unit", officer=sari.id, units=frozenset({1}))
    assert page[0].categories == ticket.categories


async def test_a_category_is_put_on_once_and_taken_off_again(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)
    sari = await officer(db)
    for key in ("k1", "k1", "k2"):
        await db.write(triage.tag, "1001", sari, "akun", key=key, now=NOW)
    assert len(await db.read(tickets.categories, 1001)) == 1

    await db.write(triage.untag, "1001", sari, "akun", key="k3", now=NOW)
    await db.write(triage.untag, "1001", sari, "akun", key="k4", now=NOW)

    assert await db.read(tickets.categories, 1001) == ()


async def test_the_supervisors_category_of_another_unit_does_not_move_a_case_that_is_bound(
    db: Database,
) -> None:
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)
    sari = await officer(db)

    ticket = await db.write(triage.tag, "1001", sari, "keuangan", key="k1", now=NOW)

    assert ticket.unit == 1


async def test_an_officers_check_stands_whatever_the_person_repeats(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming("Saya Dewi, NIM 221040037"), ids(), NOW)
    sari = await officer(db)
    first = await db.read(tickets.find, 1001)
    assert first and first.proof == "stated"

    await db.write(
        triage.check_identity,
        "1001",
        sari,
        kind="nim",
        value="221040037",
        valid=True,
        how="SIAKAD",
        key="k1",
        now=NOW,
    )
    await db.write(take_in, incoming("NIM saya 221040037"), ids(), NOW + MINUTE)

    claims = await db.read(contacts.claims, first.contact)
    assert [(each.kind, each.level, each.how) for each in claims if each.kind == "nim"] == [
        ("nim", "checked", "SIAKAD")
    ]
    after = await db.read(tickets.find, 1001)
    assert after and after.proof == "checked"


async def test_opening_a_ticket_marks_it_read_for_its_holder_only(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming(), ids(), NOW)
    sari, lestari, budi = [await officer(db, login) for login in ("sari", "lestari", "budi")]
    await db.write(triage.take, "1001", sari, key="k", now=NOW)

    await db.write(triage.read, "1001", lestari)
    unread = await db.read(tickets.find, 1001)
    assert unread and unread.unread
    await db.write(triage.read, "1001", sari)

    found = await db.read(tickets.find, 1001)
    assert found and not found.unread
    with pytest.raises(NotFound):
        await db.write(triage.read, "1001", budi)


async def test_a_person_who_was_checked_is_known_in_the_next_ticket_where_the_provider_vouches(
    db: Database,
) -> None:
    await small_office(db)
    await db.write(take_in, incoming("Saya Dewi, NIM 221040037"), ids(), NOW)
    sari = await officer(db)
    await db.write(
        triage.check_identity,
        "1001",
        sari,
        kind="nim",
        value="221040037",
        valid=True,
        how="SIAKAD",
        key="k",
        now=NOW,
    )

    await db.write(take_in, incoming("KRS lagi", key="7001.2"), ids(), NOW + MINUTE)
    await db.write(take_in, incoming("KRS lagi", key="7001.3", proved=False), ids(), NOW + MINUTE)

    badges = [found.proof for each in (1002, 1003) if (found := await db.read(tickets.find, each))]
    assert badges == ["checked", "none"]


async def test_a_name_alone_verifies_nobody(db: Database) -> None:
    await small_office(db)
    await db.write(take_in, incoming("Nama saya Dewi"), ids(), NOW)
    sari = await officer(db)

    ticket = await db.write(
        triage.check_identity,
        "1001",
        sari,
        kind="name",
        value="Dewi",
        valid=True,
        how="Telepon",
        key="k",
        now=NOW,
    )

    assert ticket.proof == "stated"
