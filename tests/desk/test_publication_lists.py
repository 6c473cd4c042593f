"""Publications among the desk's lists: taken out with where they hang, and moved by a late decree."""

from datetime import date
from typing import Any

from desk import decreeing, exports
from store import publications, visits
from store.db import Database
from tests import samples
from tests.flows.publishing import Chain
from tests.offices import wib


async def asked(db: Database, at: str, **facts: Any) -> Chain:
    chain = Chain(db)
    await chain.office(at)
    await chain.ask(at, **facts)
    await chain.choose("wr3", at)
    return chain


async def test_a_late_decree_moves_an_open_publication_and_not_one_that_is_segera(db: Database) -> None:
    chain = await asked(db, "03-04 09.00")
    urgent = await chain.ask("03-04 09.00", urgent=True)
    usual = urgent.id - 1
    before = await db.read(publications.find, usual)
    assert before and before.due_at == wib("03-05 09.00")
    lestari = await samples.officer(db, "lestari")
    moved = await decreeing.close_day(
        db, lestari, "kantor", date(2026, 3, 5), "SE 1", date(2026, 3, 4), wib("03-04 12.00")
    )
    after, same = await db.read(publications.find, usual), await db.read(publications.find, urgent.id)
    stay = await db.read(visits.open_of, usual, case_kind="publication")

    assert moved == 1
    assert after and stay and after.due_at == stay.visit.due_at == wib("03-06 09.00")
    assert same and same.due_at == wib("03-05 09.00")


async def test_publications_are_taken_out_in_batches_with_their_targets(db: Database) -> None:
    chain = await asked(db, "03-04 09.00")
    for _ in range(2):
        await chain.ask("03-04 10.00")
    names = await db.read(exports.names, wib("03-04 11.00"))
    first = await db.read(exports.batch, "publications", 0, 2, names)
    last = await db.read(exports.batch, "publications", first.last, 2, names)
    records = [record for _, record in (*first.rows, *last.rows)]

    assert [each["number"] for each in records] == ["P-0101", "P-0102", "P-0103"]
    assert (records[0]["targets"], records[0]["links"]) == (["telegram: Kabar Contoh"], [])
    assert (records[0]["unit"], records[0]["procedure"], records[0]["by"]) == (
        "humas",
        "humas-telegram",
        "lestari",
    )
