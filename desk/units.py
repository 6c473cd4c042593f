"""Units made and changed by the supervisor: name, kind, calendar, SOP, how cases are shared."""

from datetime import datetime

from msgspec import Struct

from desk.seeing import needs, needs_in
from sop.calendar import office_hours
from sop.errors import N_, DeskError, NotFound
from sop.office import Unit
from sop.officer import Officer, Right
from store import office as offices
from store import trail
from store.db import Change, View


class UnitAbsent(NotFound):
    """It is not there, or foreign: both look the same."""

    def __init__(self) -> None:
        DeskError.__init__(self, N_("Unit ini tidak ada. Kembali ke daftarnya."))


class UnitCodeTaken(DeskError):
    def __init__(self, code: str) -> None:
        super().__init__(N_("Kode “{code}” sudah dipakai unit lain."), code=code)


class UnitCircle(DeskError):
    def __init__(self, name: str) -> None:
        super().__init__(N_("“{name}” tidak dapat berada di bawah unit bawahannya sendiri."), name=name)


class Sheet(Struct, frozen=True, kw_only=True):
    """What a unit is to be. `calendar`, `procedure` and `parent` are codes; "" is none, for the calendar office hours."""

    code: str
    name: str
    kind: str = "kantor_pusat"
    calendar: str = ""
    procedure: str = ""
    parent: str = ""
    sharing: str = "hand"


def mine(view: View, actor: Officer, code: str) -> Unit:
    """The unit of that code, if this officer may change it. Raises NotAllowed, UnitAbsent."""
    needs(actor, Right.OFFICE)
    found = next((each for each in offices.current(view).units.values() if each.code == code), None)
    if found is None or not actor.has(Right.OFFICE, found.id):
        raise UnitAbsent
    return found


def create(change: Change, actor: Officer, wanted: Sheet, now: datetime, zone: str) -> None:
    """What comes in goes to the first unit there is. Raises NotAllowed, UnitCodeTaken."""
    needs_in(actor, Right.OFFICE, None)
    if wanted.code in offices.unit_ids(change):
        raise UnitCodeTaken(wanted.code)
    if not offices.current(change).units:
        offices.set_setting(change, "intake", {"": wanted.code})
    _put(change, actor, "unit.added", wanted, now, zone)


def save(change: Change, actor: Officer, wanted: Sheet, now: datetime, zone: str) -> None:
    """Open cases keep the SOP they are pinned to. Raises NotAllowed, UnitAbsent, UnitCircle."""
    before = mine(change, actor, wanted.code)
    units = offices.current(change).units
    parent = next((each for each in units.values() if each.code == wanted.parent), None)
    while parent is not None:
        if parent.id == before.id:
            raise UnitCircle(before.name)
        parent = units.get(parent.parent or 0)
    _put(change, actor, "unit.changed", wanted, now, zone)


def _put(change: Change, actor: Officer, kind: str, wanted: Sheet, now: datetime, zone: str) -> None:
    calendar = wanted.calendar
    if not calendar:
        hours = office_hours(zone)
        calendar = hours.code
        if calendar not in offices.calendar_codes(change):
            offices.save_calendar(change, hours)
    number = offices.save_unit(
        change,
        wanted.code,
        name=wanted.name,
        kind=wanted.kind,
        calendar=calendar,
        procedure=wanted.procedure,
        parent=wanted.parent,
        sharing=wanted.sharing,
    )
    offices.changed(change)
    trail.add(change, kind, now, actor=actor.id, unit=number)
    change.tell("queue")
