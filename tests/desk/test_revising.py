"""A revision is put in force from a day; cases keep the one they are pinned to."""

from datetime import date

import pytest

from desk.revising import AlreadyInForce, put_in_force
from sop.procedure import Procedure
from sop.procedure_file import read, shipped
from store import office as offices
from store.db import Database
from tests.samples import NOW, small_office

ZONE = "Asia/Jakarta"
TOMORROW = date(2026, 3, 3)


def revised(limit: str) -> tuple[Procedure, str]:
    text = shipped()["uc3-kantor-pusat"].replace("waktu: 15 menit", f"waktu: {limit}")
    return read(text), text


async def test_a_new_revision_begins_at_midnight_of_the_office(db: Database) -> None:
    await small_office(db)

    said = await db.write(put_in_force, *revised("30 menit"), TOMORROW, ZONE, NOW)

    assert said == ("Langkah analisa: Batas berubah dari “15 menit” menjadi “30 menit”.",)
    office = await db.read(offices.current)
    starts = [one.from_at.isoformat() for one in office.procedures if one.code == "uc3-kantor-pusat"]
    assert starts[-1] == "2026-03-02T17:00:00+00:00"


async def test_the_same_again_changes_nothing(db: Database) -> None:
    await small_office(db)
    await db.write(put_in_force, *revised("30 menit"), TOMORROW, ZONE, NOW)
    before = await db.read(offices.current)

    assert await db.write(put_in_force, *revised("30 menit"), TOMORROW, ZONE, NOW) == ()
    assert await db.read(offices.current) == before


async def test_one_that_waits_for_its_day_may_still_change(db: Database) -> None:
    await small_office(db)
    await db.write(put_in_force, *revised("30 menit"), TOMORROW, ZONE, NOW)

    await db.write(put_in_force, *revised("45 menit"), TOMORROW, ZONE, NOW)

    office = await db.read(offices.current)
    assert len([one for one in office.procedures if one.code == "uc3-kantor-pusat"]) == 2


@pytest.mark.parametrize("day", [date(2021, 8, 6), date(2020, 1, 1), date(2026, 3, 1)])
async def test_a_day_that_is_over_is_refused(db: Database, day: date) -> None:
    await small_office(db)
    before = await db.read(offices.current)

    with pytest.raises(AlreadyInForce):
        await db.write(put_in_force, *revised("30 menit"), day, ZONE, NOW)
    assert await db.read(offices.current) == before


async def test_today_is_not_too_late_but_only_once(db: Database) -> None:
    await small_office(db)
    today = date(2026, 3, 2)
    await db.write(put_in_force, *revised("30 menit"), today, ZONE, NOW)

    with pytest.raises(AlreadyInForce):
        await db.write(put_in_force, *revised("45 menit"), today, ZONE, NOW)
