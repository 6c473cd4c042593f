"""A closing day by a late decree: the calendar learns of it, and the open due times of its units move."""

from datetime import date, datetime

from msgspec.structs import replace

from desk import recomputing
from desk.seeing import needs, needs_in
from sop.calendar import Calendar, Closure
from sop.errors import N_, DeskError, NotFound
from sop.officer import Officer, Right
from store import office as offices
from store import trail
from store.db import Change, Database


class ClosedAlready(DeskError):
    def __init__(self, day: str) -> None:
        super().__init__(N_("Tanggal {day} sudah tercatat libur pada kalender ini."), day=day)


class DayGone(DeskError):
    """What was measured stays measured."""

    def __init__(self, day: str) -> None:
        super().__init__(N_("Tanggal {day} sudah lewat; yang sudah terukur tidak diubah."), day=day)


class ReasonNeeded(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Sebutkan dasar penutupannya, misalnya nomor surat edaran."))


async def close_day(
    db: Database, actor: Officer, calendar: str, day: date, reason: str, today: date, now: datetime
) -> int:
    """Close a date and recompute the units of that calendar; how many open due times moved.

    Raises NotAllowed, NotFound, ClosedAlready, DayGone, ReasonNeeded.
    """
    units = await db.write(add_closure, actor, calendar, day, reason, today, now)
    return sum([await recomputing.unit(db, unit, now) for unit in units])


def add_closure(
    change: Change, actor: Officer, code: str, day: date, reason: str, today: date, now: datetime
) -> list[int]:
    """The closure itself; the units that work by that calendar, in each of which the right is asked."""
    needs(actor, Right.OFFICE)
    office = offices.current(change)
    found: Calendar | None = next(
        (each.calendar for each in office.units.values() if each.calendar.code == code), None
    )
    if found is None:
        raise NotFound(code)
    units = [each.id for each in office.units.values() if each.calendar.code == code]
    for each in units:
        needs_in(actor, Right.OFFICE, each)
    if not reason.strip():
        raise ReasonNeeded
    if day < today:
        raise DayGone(day.isoformat())
    before = next((each for each in found.closures if each.day == day), None)
    if before and before.reason == reason.strip():
        return units  # the same form again: what was not recomputed yet is recomputed now
    if before:
        raise ClosedAlready(day.isoformat())
    openings = tuple(each for each in found.openings if each.day != day)
    closures = tuple(
        sorted((*found.closures, Closure(day=day, reason=reason.strip())), key=lambda each: each.day)
    )
    offices.save_calendar(change, replace(found, closures=closures, openings=openings))
    offices.changed(change)
    trail.add(change, "calendar.closed", now, actor=actor.id, calendar=code, day=day.isoformat())
    return units
