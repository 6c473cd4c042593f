"""P14 and P15 for acts on a publication: to who is not of its unit it is not there, and who is may do their lane's own."""

from typing import Any

import pytest

from desk import office_file
from desk.dispositions import NotYourLane
from desk.errata import NotTheChecker
from sop import office_file as reading
from sop.errors import DeskError, NotAllowed
from sop.publication import NoSuchPublication
from store.db import Database, View
from tests import offices
from tests.desk.publication_rights import LETTER, ROWS
from tests.flows.publishing import Chain
from tests.offices import wib

OFFICE = offices.HUMAS.replace(
    "prosedur: [humas-telegram]",
    "  - {kode: lain, nama: Humas Lain, jenis: fakultas, kalender: kantor, prosedur: humas-telegram}\n"
    "prosedur: [humas-telegram]",
) + (
    "  - {nama_pengguna: dua, nama: Dua, peran: [{lajur: petugas, unit: lain}, {lajur: wk-humas, unit: lain}]}\n"
    "  - {nama_pengguna: fitri, nama: Fitri, peran: [{lajur: supervisor, unit: lain}]}\n"
    "  - {nama_pengguna: yusuf, nama: Yusuf, peran: [{lajur: sysadmin}]}\n"
)
STRANGERS = ("dua", "fitri", "yusuf")
REFUSALS = (NotAllowed, NoSuchPublication, NotYourLane, NotTheChecker)


async def ordered(db: Database) -> Chain:
    """Found fit and ordered out; it stands with Petugas."""
    chain = Chain(db)
    await chain.office("02-13 15.30")
    await db.write(office_file.bring_in, reading.read(OFFICE), wib("02-13 15.31"))
    unit = await db.read(_unit)
    await chain.ask("02-18 08.00", unit=unit, letters=(LETTER,))
    await chain.go("wr3", "disposisi", "02-18 09.00")
    await chain.choose("bpkh", "02-18 09.30")
    await chain.go("bpkh", "instruksi", "02-18 09.40")
    await chain.go("koor-pkih", "instruksi", "02-18 09.50")
    await chain.tick("wk-humas", "02-18 09.55")
    await chain.go("wk-humas", "layak", "02-18 09.56")
    await chain.go("wk-humas", "instruksi", "02-18 09.57")
    return chain


def _unit(view: View) -> int:
    row = view.one("SELECT id FROM unit WHERE code = 'humas'")
    assert row is not None
    return int(row["id"])


def _state(view: View) -> list[Any]:
    tables = (
        "publication",
        "narration",
        "publication_file",
        "publication_target",
        "push",
        "recipient",
        "visit",
    )
    return [view.all(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]


async def met(chain: Chain, name: str, login: str, number: str) -> str:
    """What came of it: "" or the refusal's kind and words without the number."""
    actor = await chain.officer(login, "02-18 09.59")
    try:
        await chain.db.write(ROWS[name].act, number, actor)
    except DeskError as error:
        return f"{type(error).__name__} {str(error).replace(number, '')}"
    return ""


@pytest.mark.parametrize("name", ROWS)
async def test_to_strangers_a_publication_is_not_there(sqlite: Database, name: str) -> None:
    chain = await ordered(sqlite)
    before = await sqlite.read(_state)
    for login in STRANGERS:
        absent = await met(chain, name, login, "P-9999")
        assert absent.startswith("NoSuchPublication")
        assert await met(chain, name, login, chain.number) == absent, login
    assert await sqlite.read(_state) == before


@pytest.mark.parametrize("name", ROWS)
async def test_who_may_is_stopped_by_no_missing_right(sqlite: Database, name: str) -> None:
    chain = await ordered(sqlite)
    row = ROWS[name]
    for login in (row.may, *(["lestari"] if row.leads else [])):
        kind = (await met(chain, name, login, chain.number)).partition(" ")[0]
        assert kind not in {each.__name__ for each in REFUSALS}, (login, kind)


@pytest.mark.parametrize("name", ["pushing.begin", "dispositions.by_officer"])
async def test_nobody_but_the_sending_lane_sends(sqlite: Database, name: str) -> None:
    chain = await ordered(sqlite)
    for login in ("wr3", "bpkh", "koor-pkih", "wk-humas", "lestari"):
        assert (await met(chain, name, login, chain.number)).startswith("NotYourLane"), login
