"""Bring an office in from its YAML, in one change, and write it out again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

import yaml

from desk import staff, templates
from sop import calendar as calendars
from sop.clock import midnight
from sop.office import Category, Office, Unit
from sop.office_file import (
    SHARING,
    CategoryLine,
    OfficeFile,
    OfficerLine,
    ProcedureLine,
    TemplateLine,
    UnitLine,
)
from sop.officer import Officer
from store import office as offices
from store import officers, trail
from store import templates as kept
from store.db import Change, View

Line = TypeVar("Line", UnitLine, CategoryLine)


def bring_in(change: Change, file: OfficeFile, now: datetime, zone: str = "UTC") -> None:
    """Add what is new and change what is there, by code. Nothing is removed; a template that changed is a new version.

    A procedure's day begins at midnight in `zone`.
    """
    if file.name:
        offices.set_setting(change, "name", file.name)
    if file.intake:
        offices.set_setting(change, "intake", file.intake)
    for calendar in file.calendars:
        offices.save_calendar(change, calendar)
    for unit in _parents_first(file.units):
        offices.save_unit(
            change,
            unit.code,
            name=unit.name,
            kind=unit.kind,
            calendar=unit.calendar,
            procedure=unit.procedure,
            parent=unit.parent,
            sharing=unit.sharing,
        )
    for line in file.procedures:
        offices.add_procedure(change, line.procedure.id, line.source, _since(line, zone))
    for category in _parents_first(file.categories):
        offices.save_category(
            change,
            category.code,
            name=category.name,
            keywords=category.keywords,
            parent=category.parent,
            unit=category.unit,
            procedure=category.procedure,
            identity=category.identity,
            needs_photo=category.needs_photo,
            needs_location=category.needs_location,
            template_only=category.template_only,
        )
    offices.changed(change)
    _templates(change, file, now)
    for officer in file.officers:
        _seat(change, officer, now)
    trail.add(change, "office.imported", now, units=len(file.units), categories=len(file.categories))


def _parents_first(lines: Iterable[Line]) -> list[Line]:
    """In their order, but none before the one it hangs under; who hangs in a circle comes last."""
    waiting = {line.code: line for line in lines}
    found: list[Line] = []
    while ready := [line for line in waiting.values() if line.parent not in waiting]:
        found += ready
        waiting = {code: line for code, line in waiting.items() if line not in ready}
    return found + list(waiting.values())


def _since(line: ProcedureLine, zone: str) -> datetime:
    return midnight(zone, line.since or line.procedure.effective)


def _templates(change: Change, file: OfficeFile, now: datetime) -> None:
    office = offices.current(change)
    units = {unit.code: unit.id for unit in office.units.values()}
    categories = {category.code: category.id for category in office.categories.values()}
    for line in file.templates:
        templates.check(line.body)
        if _same(kept.by_code(change, line.code, line.language), line, units, categories):
            continue
        number = kept.add(
            change,
            code=line.code,
            name=line.name,
            language=line.language,
            body=line.body,
            at=now,
            unit=units.get(line.unit),
            category=categories.get(line.category),
            harmless=line.harmless,
        )
        kept.approve(change, number, by=None, at=now)


def _same(
    before: kept.Template | None, line: TemplateLine, units: dict[str, int], categories: dict[str, int]
) -> bool:
    """Whether the version in force says that already."""
    return before is not None and (
        before.language,
        before.name,
        before.body.strip(),
        before.unit,
        before.category,
        before.harmless,
    ) == (
        line.language,
        line.name,
        line.body.strip(),
        units.get(line.unit),
        categories.get(line.category),
        line.harmless,
    )


def _seat(change: Change, line: OfficerLine, now: datetime) -> None:
    """An officer without a password: `tanggap staff add` or the supervisor sets one."""
    officer = officers.by_login(change, line.login, now)
    if officer is None:
        staff.add(
            change,
            login=line.login,
            name=line.name,
            password_hash="",
            now=now,
            title=line.title,
            language="en" if line.language == "en" else "id",
        )
        officer = officers.by_login(change, line.login, now)
    assert officer is not None
    units = {unit.code: unit.id for unit in offices.current(change).units.values()}
    held = {(seat.lane, seat.unit) for seat in officer.seats}
    for seat in line.seats:
        if (seat.lane, units.get(seat.unit)) not in held:
            staff.grant(change, line.login, lane=seat.lane, unit=seat.unit, now=now, decree=seat.decree)


def export(view: View, now: datetime) -> str:
    """The YAML that `bring_in` takes, of the office as it is at `now`. Passwords and chats are not in it."""
    office = offices.current(view)
    hours = {unit.calendar.code: unit.calendar for unit in office.units.values()}
    data: dict[str, Any] = {
        "kantor": office.name,
        "masuk": {name or "lainnya": unit for name, unit in office.intake.items()},
        "kalender": [calendars.write(calendar) for calendar in hours.values()],
        "unit": [_unit(office, unit) for unit in office.units.values()],
        "prosedur": [
            {"dari": one.from_at.date().isoformat(), "isi": source}
            for one, source in offices.sources(view, office)
        ],
        "kategori": [_category(office, category) for category in office.categories.values()],
        "templat": [_template(office, each) for each in kept.newest(view) if each.status == "approved"],
        "petugas": [_officer(office, officer) for officer in officers.all_of(view, now)],
    }
    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110))


def _unit(office: Office, unit: Unit) -> dict[str, Any]:
    return {
        "kode": unit.code,
        "nama": unit.name,
        "jenis": unit.kind,
        "kalender": unit.calendar.code,
        "prosedur": unit.procedure,
        "induk": _unit_code(office, unit.parent),
        "pembagian": next(word for word, value in SHARING.items() if value == unit.sharing),
    }


def _category(office: Office, category: Category) -> dict[str, Any]:
    return {
        "kode": category.code,
        "nama": category.name,
        "kata": sorted(category.keywords),
        "induk": _category_code(office, category.parent),
        "unit": _unit_code(office, category.unit),
        "prosedur": category.procedure,
        "identitas": category.identity,
        "foto": _word(category.needs_photo),
        "lokasi": _word(category.needs_location),
        "hanya_templat": _word(category.template_only),
    }


def _template(office: Office, template: kept.Template) -> dict[str, Any]:
    return {
        "kode": template.code,
        "nama": template.name,
        "bahasa": template.language,
        "isi": template.body,
        "unit": _unit_code(office, template.unit),
        "kategori": _category_code(office, template.category),
        "aman": _word(template.harmless),
    }


def _officer(office: Office, officer: Officer) -> dict[str, Any]:
    return {
        "nama_pengguna": officer.login,
        "nama": officer.name,
        "jabatan": officer.title,
        "bahasa": officer.language,
        "peran": [{"lajur": seat.lane, "unit": _unit_code(office, seat.unit)} for seat in officer.seats],
    }


def _unit_code(office: Office, unit: int | None) -> str:
    found = office.units.get(unit) if unit else None
    return found.code if found else ""


def _category_code(office: Office, category: int | None) -> str:
    found = office.categories.get(category) if category else None
    return found.code if found else ""


def _word(yes: bool) -> str:
    return "ya" if yes else "tidak"
