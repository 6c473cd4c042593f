"""Several tickets at once: each by the ordinary act, with its own rights and rules."""

import pytest

from desk import answer, bulk, triage, views
from desk.bulk import NothingChosen, Order
from desk.intake import take_in
from sop.errors import EmptyText, NotAllowed, NotAnswered, NotFound, NotTagged
from sop.filters import Filters
from sop.officer import Officer
from store import tickets
from store import views as kept
from store.db import Database
from tests.samples import NOW, ids, incoming, officer, small_office


async def desk_with(db: Database, number: int = 3) -> Officer:
    await small_office(db)
    for each in range(number):
        who = f"p{each}"
        await db.write(take_in, incoming("KRS saya", key=who, sender=who), ids(), NOW)
    return await officer(db)


async def test_what_can_be_closed_is_closed_and_the_rest_says_why(db: Database) -> None:
    sari = await desk_with(db)
    tagged = await bulk.run(db, ["1001", "1003"], sari, Order("tag", "akun"), key="t", now=NOW)
    assert tagged == [bulk.Outcome("1001"), bulk.Outcome("1003")]
    for number in ("1001", "1002"):
        await db.write(answer.reply, number, sari, "Sudah.", key=f"a{number}", ids=ids(), now=NOW)

    found = await bulk.run(
        db, ["1001", "1002", "1003", "9999", "1001"], sari, Order("close"), key="k", now=NOW
    )

    assert [(each.number, type(each.error)) for each in found] == [
        ("1001", type(None)),
        ("1002", NotTagged),
        ("1003", NotAnswered),
        ("9999", NotFound),
    ]
    assert await bulk.run(db, ["1001"], sari, Order("close"), key="k", now=NOW) == [bulk.Outcome("1001")]


async def test_another_units_tickets_are_absent_in_bulk_too(db: Database) -> None:
    await desk_with(db)
    budi = await officer(db, "budi")

    found = await bulk.run(db, ["1001", "9999"], budi, Order("tag", "akun"), key="k", now=NOW)

    assert [type(each.error) for each in found] == [NotFound, NotFound]
    assert await db.read(tickets.categories, 1001) == ()


async def test_the_same_form_again_hands_over_once(db: Database) -> None:
    await desk_with(db, 25)
    lestari = await officer(db, "lestari")
    numbers = [str(1001 + each) for each in range(25)]
    order = Order("assign", "sari")

    first = await bulk.run(db, numbers, lestari, order, key="k", now=NOW)
    await db.write(triage.assign, "1005", lestari, "lestari", key="x", now=NOW)
    again = await bulk.run(db, numbers, lestari, order, key="k", now=NOW)

    assert first == again == [bulk.Outcome(each) for each in numbers]
    ticket = await db.read(tickets.find, 1005)
    assert ticket is not None and ticket.holder == lestari.id


async def test_nothing_chosen_and_no_target_are_said(db: Database) -> None:
    sari = await desk_with(db, 1)

    with pytest.raises(NothingChosen):
        await bulk.run(db, [], sari, Order("close"), key="k", now=NOW)
    with pytest.raises(bulk.NoTarget):
        await bulk.run(db, ["1001"], sari, Order("tag"), key="k", now=NOW)


async def test_a_shared_list_is_seen_by_its_unit_and_a_private_one_by_nobody_else(db: Database) -> None:
    sari = await desk_with(db, 1)
    budi, lestari = await officer(db, "budi"), await officer(db, "lestari")
    mail = Filters(tab="all", channel="mail")
    await db.write(views.save, sari, "Surel", mail, "", key="1", now=NOW)
    await db.write(views.save, lestari, "Untuk pusat", mail, "pusat", key="2", now=NOW)
    same = await db.write(views.save, lestari, "Untuk pusat", mail, "pusat", key="2", now=NOW)

    seen = {
        who.login: [each.name for each in (await db.read(kept.around, who.id, units, ["open.1"])).views]
        for who, units in ((sari, (0, 1)), (budi, (0, 2)))
    }

    assert seen == {"sari": ["Surel", "Untuk pusat"], "budi": []}
    assert same == 2
    with pytest.raises(NotAllowed):
        await db.write(views.save, sari, "Semua", mail, "pusat", key="3", now=NOW)
    with pytest.raises(views.NameTaken):
        await db.write(views.save, sari, " Surel ", mail, "", key="4", now=NOW)
    with pytest.raises(EmptyText):
        await db.write(views.rename, sari, 1, "  ")
    with pytest.raises(views.NoSuchView):
        await db.write(views.drop, budi, 1)
    await db.write(views.drop, sari, 1)
    assert await db.read(kept.find, 1) is None
