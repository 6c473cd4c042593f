"""P15 for acts: each that a page or a bot calls for an officer stands in a table, so that a new one without a row fails."""

import ast
import inspect
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from desk import (
    decide,
    intake,
    office_file,
    staff,
    templates,
    views,
)
from desk.decide import Choice, NotYours
from sop import office_file as reading
from sop.errors import DeskError, NotAllowed, NotFound
from sop.officer import Officer
from store import office as offices
from store import visits
from store.db import Change, Database, View
from tests import samples
from tests.desk import publication_rights
from tests.desk.act_rights import OWN, RECORDS, ROWS
from tests.desk.rights_scene import LATER, OFFICE, Scene, furnished
from tests.samples import NOW, ids

ROOT = Path(__file__).parent.parent.parent
STRANGERS = ("budi", "fitri", "wira", "hendra", "dian", "yusuf")
REFUSALS = (NotAllowed, NotFound, NotYours, templates.UnknownTemplate, views.NoSuchView)


def acts_called() -> Iterator[str]:
    """Every `db.write(room.act, ...)` of the faces, and of acts that the desk wraps for them, with an `actor`."""
    for path in (path for room in ("console", "bots", "desk") for path in (ROOT / room).glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        homes = {
            alias.asname or alias.name: (node.module, alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr != "write" or not ast.unparse(node.func.value).endswith(("db", "_db")):
                continue
            if not node.args:
                continue
            act = node.args[0]
            if isinstance(act, ast.Attribute) and isinstance(act.value, ast.Name) and act.value.id in homes:
                package, name = homes[act.value.id]
                module, function = import_module(f"{package}.{name}"), act.attr
            elif isinstance(act, ast.Name) and path.parent.name == "desk":
                module, function = import_module(f"desk.{path.stem}"), act.id
            else:
                continue
            found = getattr(module, function, None)
            if found is not None and "actor" in inspect.signature(found).parameters:
                yield f"{module.__name__.rpartition('.')[2]}.{function}"


def test_every_act_that_a_face_calls_for_an_officer_has_a_row() -> None:
    publications = set(publication_rights.ROWS) | publication_rights.OWN | publication_rights.RECORDS
    assert set(acts_called()) - OWN - RECORDS == set(ROWS) | publications


@pytest.fixture
async def scene(sqlite: Database) -> Scene:
    await sqlite.write(office_file.bring_in, reading.read(OFFICE), NOW - timedelta(days=30))
    for sender in ("7001", "7002"):
        await sqlite.write(intake.take_in, samples.incoming(key=sender, sender=sender), ids(), NOW)
    first = await sqlite.read(visits.open_of, 1001)
    assert first is not None
    up = Choice(decision="lapor", visit=first.id, reason="perlu kebijakan")
    sari = await samples.officer(sqlite)
    await decide.put(sqlite, "1001", sari, up, key="", now=NOW)
    now = await sqlite.read(visits.open_of, 1001)
    assert now is not None

    def source_of(view: View) -> str:
        found = offices.sources(view, offices.current(view))
        return next(text for one, text in found if one.code == "uc3-kantor-pusat")

    source = await sqlite.read(source_of)
    around = await sqlite.write(furnished, source)
    return Scene(up="1001", here="1002", visit=now.id, letter=1, parked=1, source=source, **around)


async def refused(db: Database, name: str, scene: Scene, actor: Officer) -> bool:
    """Whether a right was missing; any other rule that says no is none."""
    try:
        await db.write(ROWS[name].act, scene, actor)
    except REFUSALS:
        return True
    except DeskError:
        return False
    return False


def _state(view: View) -> list[dict[str, Any]]:
    return view.all("SELECT * FROM ticket ORDER BY id")


@pytest.mark.parametrize("name", ROWS)
async def test_an_act_is_refused_to_who_has_no_right_there(sqlite: Database, scene: Scene, name: str) -> None:
    before = await sqlite.read(_state)
    for login in set(STRANGERS) - set(ROWS[name].also):
        actor = await samples.officer(sqlite, login)
        no = await refused(sqlite, name, scene, actor)
        assert no or name == "triage.read", login
        assert await sqlite.read(_state) == before, login

    assert not await refused(sqlite, name, scene, await samples.officer(sqlite, ROWS[name].may))


async def test_a_unit_supervisor_withdraws_no_template_of_all_by_one_of_the_same_code(
    sqlite: Database, scene: Scene
) -> None:
    fitri = await samples.officer(sqlite, "fitri")
    feb = next(seat.unit for seat in fitri.seats)

    def own(change: Change) -> int:
        return templates.save(
            change, fitri, code="sandi", name="Sandi FEB", body="Baru.", language="id", now=LATER, unit=feb
        )

    mine = await sqlite.write(own)

    with pytest.raises(NotAllowed):
        await sqlite.write(templates.approve, fitri, mine, LATER)


async def test_a_code_for_a_group_is_made_by_who_seats_that_unit(sqlite: Database, scene: Scene) -> None:
    for login in ("sari", "fitri", "dian"):
        with pytest.raises(NotAllowed):
            await sqlite.write(
                staff.offer_group_code, await samples.officer(sqlite, login), "pusat", "KODE", NOW
            )

    lestari = await samples.officer(sqlite, "lestari")
    await sqlite.write(staff.offer_group_code, lestari, "pusat", "KODE", NOW)
    assert await sqlite.write(staff.link_group, "-100", "kode", NOW) == "Kantor Pusat"
