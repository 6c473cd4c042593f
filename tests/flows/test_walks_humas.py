"""Humas' chain up to publication through the desk's acts; the request comes as a ticket of the Humas unit."""

import pytest

from desk.decide import NotYours
from sop.ticket import Status
from sop.visit import NoSuchDecision, ReasonMissing
from store.db import Database
from tests import offices
from tests.flows.walking import Walk
from tests.offices import wib

CHAIN = ("wr3", "bpkh", "koor-pkih", "wk-humas", "petugas")


async def opened(db: Database, at: str = "02-13 15.55") -> Walk:
    """Friday afternoon before a long weekend; Monday 16 and Tuesday 17 February are closed."""
    walk = Walk(db)
    await walk.office(offices.HUMAS, wib(at))
    await walk.arrive("Permohonan publikasi wisuda", at)
    return walk


async def to_the_check(walk: Walk) -> None:
    await walk.here("disposisi", "wr3", "02-18 15.55")
    await walk.go("wr3", "disposisi", "02-18 09.00", "tindak-lanjut", "bpkh", "02-18 11.00")
    await walk.go("bpkh", "instruksi", "02-18 10.30", "fasilitasi", "koor-pkih", "02-18 11.30")
    await walk.go("koor-pkih", "instruksi", "02-18 11.00", "narasi", "wk-humas", "02-18 11.10")


async def test_the_chain_runs_down_to_publication_and_archive(db: Database) -> None:
    walk = await opened(db)
    await to_the_check(walk)
    assert [(each.kind, each.login) for each in await walk.cards()] == [
        ("decision", "bpkh"),
        ("decision", "koor-pkih"),
        ("decision", "wk-humas"),
    ]
    await walk.go("wk-humas", "layak", "02-18 11.08", "perintah", "wk-humas", "02-18 11.13")
    await walk.go("wk-humas", "instruksi", "02-18 11.10", "sebar", "petugas", "02-18 11.15")
    await walk.go("petugas", "terbitkan", "02-18 11.58", "arsip", "petugas", "02-18 13.03")
    await walk.go("petugas", "arsipkan", "02-18 13.01")

    assert [each.lane for each in await walk.history()] == [*CHAIN[:4], "wk-humas", "petugas", "petugas"]


async def test_at_the_end_of_each_limit_the_sum_is_a_day_three_hours_and_25_minutes(sqlite: Database) -> None:
    walk = await opened(sqlite, "03-02 08.00")
    for login, decision, at, step, lane, due in (
        ("wr3", "disposisi", "03-03 08.00", "tindak-lanjut", "bpkh", "03-03 10.00"),
        ("bpkh", "instruksi", "03-03 10.00", "fasilitasi", "koor-pkih", "03-03 11.00"),
        ("koor-pkih", "instruksi", "03-03 11.00", "narasi", "wk-humas", "03-03 11.10"),
        ("wk-humas", "layak", "03-03 11.10", "perintah", "wk-humas", "03-03 11.15"),
        ("wk-humas", "instruksi", "03-03 11.15", "sebar", "petugas", "03-03 11.20"),
        ("petugas", "terbitkan", "03-03 11.20", "arsip", "petugas", "03-03 11.25"),
    ):
        await walk.go(login, decision, at, step, lane, due)
    await walk.go("petugas", "arsipkan", "03-03 11.25")  # a day, then 3 h 25 min from 08.00


async def test_a_narration_goes_back_with_a_reason_three_times_and_nobody_else_publishes(
    sqlite: Database,
) -> None:
    walk = await opened(sqlite)
    await to_the_check(walk)
    with pytest.raises(ReasonMissing):
        await walk.go("wk-humas", "kembalikan", "02-18 11.05", reason="")
    with pytest.raises(NotYours):
        await walk.go("koor-pkih", "layak", "02-18 11.05")
    for _ in range(3):
        await walk.go("wk-humas", "kembalikan", "02-18 11.05", "fasilitasi", "koor-pkih", "02-18 13.05")
        await walk.go("koor-pkih", "instruksi", "02-18 11.05", "narasi", "wk-humas", "02-18 11.15")
    with pytest.raises(NoSuchDecision):
        await walk.go("wk-humas", "kembalikan", "02-18 11.06")
    await walk.go("wk-humas", "naik", "02-18 11.06", "disposisi", "wr3", "02-19 11.06")
    await walk.told()

    done = await walk.go("wr3", "tolak", "02-18 11.30", reason="narasi tidak layak")

    assert await walk.told() == ["Permohonan publikasi tidak dapat dipenuhi: narasi tidak layak."]
    assert done.status is Status.CLOSED
