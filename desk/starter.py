"""The office that a fresh desk begins with: one unit that works, every procedure at hand, first templates."""

from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from desk import office_file, replies
from sop import office_file as reading
from sop.office_file import OfficeFile
from store import office as offices
from store.db import Change

FILE = Path(__file__).with_name("starter.yaml")


def office(name: str, zone: str) -> OfficeFile:
    """The starter office under that name, its hours on the wall clock of that zone (IANA)."""
    file = reading.read(FILE.read_text(encoding="utf-8"))
    calendars = tuple(replace(calendar, zone=zone) for calendar in file.calendars)
    return replace(file, name=name, calendars=calendars, templates=replies.starters())


def seed(change: Change, file: OfficeFile, zone: str, now: datetime) -> bool:
    """Bring it in where no unit is yet; False: there is an office already, which stays as it is."""
    if offices.current(change).units:
        return False
    office_file.bring_in(change, file, now, zone)
    offices.set_setting(change, offices.FIRST_RUN, True)
    offices.changed(change)
    return True
