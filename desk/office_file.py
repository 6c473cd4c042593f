"""Bring an office in from its YAML, in one change. `desk/office_export.py` writes it out again."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from desk import office_targets, staff, templates
from desk.revising import AlreadyInForce
from sop.clock import local_date, midnight
from sop.errors import N_, DeskError
from sop.office import Category
from sop.office_file import (
    CategoryLine,
    OfficeFile,
    OfficerLine,
    TemplateLine,
    UnitLine,
)
from store import categories, officers, targets, trail
from store import office as offices
from store import templates as kept
from store.db import Change

Line = TypeVar("Line", UnitLine, CategoryLine)


class NothingOfThatName(DeskError):
    """A line refers to what neither the file nor the office has."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        super().__init__(
            N_("{what} “{name}” tidak ada di berkas ini maupun di kantor. Yang ada: {known}."),
            what=what,
            name=name,
            known=", ".join(sorted(known)) or "-",
        )


def bring_in(change: Change, file: OfficeFile, now: datetime, zone: str = "UTC") -> None:
    """Add what is new and change what is there, by code. Nothing is removed; a template that changed is a new version.

    A procedure's day begins at midnight in `zone`. Raises NothingOfThatName, AlreadyInForce.
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
    _procedures(change, file, now, zone)
    for category in _parents_first(file.categories):
        _category(change, category)
    offices.changed(change)
    _known(change, file)
    _templates(change, file, now)
    for officer in file.officers:
        _seat(change, officer, now)
    office_targets.bring_in(change, file.topics, file.targets, offices.unit_ids(change), now)
    trail.add(change, "office.imported", now, units=len(file.units), categories=len(file.categories))


def _category(change: Change, line: CategoryLine) -> None:
    known, units = categories.ids(change), offices.unit_ids(change)
    found = Category(
        id=0,
        code=line.code,
        name=line.name,
        keywords=frozenset(line.keywords),
        parent=known.get(line.parent),
        unit=units.get(line.unit),
        procedure=line.procedure,
        identity=line.identity,
        needs_photo=line.needs_photo,
        needs_location=line.needs_location,
        template_only=line.template_only,
        retention_days=line.retention_days,
        position=line.position,
    )
    categories.put(change, found)


def _known(change: Change, file: OfficeFile) -> None:
    """Raises NothingOfThatName."""
    office = offices.current(change)
    units = {unit.code for unit in office.units.values()}
    procedures = {one.code for one in office.procedures}
    categories = {category.code for category in office.categories.values()}
    topics = {each.code for each in targets.topics(change)} | {line.code for line in file.topics}
    wanted = [
        *((N_("Unit"), unit.parent, units) for unit in file.units),
        *((N_("Prosedur"), unit.procedure, procedures) for unit in file.units),
        *((N_("Unit"), category.unit, units) for category in file.categories),
        *((N_("Prosedur"), category.procedure, procedures) for category in file.categories),
        *((N_("Kategori"), category.parent, categories) for category in file.categories),
        *((N_("Unit"), template.unit, units) for template in file.templates),
        *((N_("Kategori"), template.category, categories) for template in file.templates),
        *((N_("Unit"), unit, units) for unit in file.intake.values()),
        *((N_("Unit"), topic.unit, units) for topic in file.topics),
        *((N_("Unit"), place.unit, units) for place in file.targets),
        *((N_("Topik"), place.topic, topics) for place in file.targets),
    ]
    for what, name, known in wanted:
        if name and name not in known:
            raise NothingOfThatName(what, name, known)


def _parents_first(lines: Iterable[Line]) -> list[Line]:
    """In their order, but none before the one it hangs under; who hangs in a circle comes last."""
    waiting = {line.code: line for line in lines}
    found: list[Line] = []
    while ready := [line for line in waiting.values() if line.parent not in waiting]:
        found += ready
        waiting = {code: line for code, line in waiting.items() if line not in ready}
    return found + list(waiting.values())


def _procedures(change: Change, file: OfficeFile, now: datetime, zone: str) -> None:
    """Cases are pinned to what is in force: the same again is passed over, another text raises AlreadyInForce."""
    there = {(one.code, local_date(zone, one.from_at)): one for one in offices.current(change).procedures}
    for line in file.procedures:
        day = line.since or line.procedure.effective
        before = there.get((line.procedure.id, day))
        if before and before.procedure == line.procedure:
            continue
        if before and before.from_at <= now:
            raise AlreadyInForce(line.procedure.id, day.isoformat())
        from_at = before.from_at if before else midnight(zone, day)
        offices.add_procedure(change, line.procedure.id, line.source, from_at)


def _templates(change: Change, file: OfficeFile, now: datetime) -> None:
    office = offices.current(change)
    units = {unit.code: unit.id for unit in office.units.values()}
    categories = {category.code: category.id for category in office.categories.values()}
    for line in file.templates:
        for words in (line.body, *line.variants.values()):
            templates.check(words)
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
            variants=variants_of(line),
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
        before.variants,
    ) == (
        line.language,
        line.name,
        line.body.strip(),
        units.get(line.unit),
        categories.get(line.category),
        line.harmless,
        variants_of(line),
    )


def variants_of(line: TemplateLine) -> dict[str, kept.Variant]:
    """As the store keeps them."""
    found = {channel: kept.Variant(words.strip()) for channel, words in line.variants.items()}
    if line.content:
        found["whatsapp"] = kept.Variant(found.get("whatsapp", kept.Variant()).body, line.content)
    return found


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
