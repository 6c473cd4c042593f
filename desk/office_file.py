"""Bring an office in from its YAML, in one change, and write it out again."""

from datetime import UTC, datetime, time
from typing import Any

import yaml

from desk import staff, templates
from sop import calendar as calendars
from sop.office_file import SHARING, OfficeFile, OfficerLine, ProcedureLine
from store import office as offices
from store import officers, trail
from store import templates as kept
from store.db import Change, View


def bring_in(change: Change, file: OfficeFile, now: datetime) -> None:
    """Add what is new and change what is there, by code. Nothing is removed; a template that changed is a new version."""
    if file.name:
        offices.set_setting(change, "name", file.name)
    if file.intake:
        offices.set_setting(change, "intake", file.intake)
    for calendar in file.calendars:
        offices.save_calendar(change, calendar)
    for unit in file.units:
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
        offices.add_procedure(change, line.procedure.id, line.source, _since(line))
    for category in file.categories:
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


def _since(line: ProcedureLine) -> datetime:
    day = line.since or line.procedure.effective
    return datetime.combine(day, time(0), UTC)


def _templates(change: Change, file: OfficeFile, now: datetime) -> None:
    office = offices.current(change)
    units = {unit.code: unit.id for unit in office.units.values()}
    categories = {category.code: category.id for category in office.categories.values()}
    for line in file.templates:
        templates.check(line.body)
        before = kept.by_code(change, line.code, line.language)
        if before and before.language == line.language and before.body == line.body:
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
    code_of = {unit.id: unit.code for unit in office.units.values()}
    tags = {category.id: category for category in office.categories.values()}
    hours = {unit.calendar.code: unit.calendar for unit in office.units.values()}
    data: dict[str, Any] = {
        "kantor": office.name,
        "masuk": {name or "lainnya": unit for name, unit in office.intake.items()},
        "kalender": [calendars.write(calendar) for calendar in hours.values()],
        "unit": [
            {
                "kode": unit.code,
                "nama": unit.name,
                "jenis": unit.kind,
                "kalender": unit.calendar.code,
                "prosedur": unit.procedure,
                "induk": code_of.get(unit.parent or 0, ""),
                "pembagian": next(word for word, value in SHARING.items() if value == unit.sharing),
            }
            for unit in office.units.values()
        ],
        "prosedur": [
            {"dari": one.from_at.date().isoformat(), "isi": source}
            for one, source in offices.sources(view, office)
        ],
        "kategori": [
            {
                "kode": category.code,
                "nama": category.name,
                "kata": sorted(category.keywords),
                "induk": tags[category.parent].code if category.parent in tags else "",
                "unit": code_of.get(category.unit or 0, ""),
                "prosedur": category.procedure,
                "identitas": category.identity,
                "foto": _word(category.needs_photo),
                "lokasi": _word(category.needs_location),
                "hanya_templat": _word(category.template_only),
            }
            for category in office.categories.values()
        ],
        "templat": [
            {
                "kode": each.code,
                "nama": each.name,
                "bahasa": each.language,
                "isi": each.body,
                "unit": code_of.get(each.unit or 0, ""),
                "kategori": tags[each.category].code if each.category in tags else "",
                "aman": _word(each.harmless),
            }
            for each in kept.newest(view)
            if each.status == "approved"
        ],
        "petugas": [
            {
                "nama_pengguna": officer.login,
                "nama": officer.name,
                "jabatan": officer.title,
                "bahasa": officer.language,
                "peran": [
                    {"lajur": seat.lane, "unit": code_of.get(seat.unit or 0, "")} for seat in officer.seats
                ],
            }
            for officer in officers.all_of(view, now)
        ],
    }
    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110))


def _word(yes: bool) -> str:
    return "ya" if yes else "tidak"
