"""Which text of a procedure a command means: a file, the desk's own revision, or what comes with the program."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from sop import procedure_file
from sop.calendar import Calendar, office_hours
from sop.errors import N_, DeskError, Unavailable
from sop.office import Office
from sop.procedure import Procedure
from sop.procedure_file import ProcedureFaulty, shipped
from sop.text import one_line
from store import office as offices
from tanggap.commands.options import CONFIG
from tanggap.faults import BadSettings, suggestion
from tanggap.file_faults import faulty, read_text
from tanggap.opened import Opened, ask

T = TypeVar("T")


class Known(Struct, frozen=True, kw_only=True):
    """A procedure that can be named; `since` is when this desk put it in force, None: it only comes with the program."""

    procedure: Procedure
    since: datetime | None = None


class UnknownProcedure(DeskError):
    def __init__(self, name: str, near: str) -> None:
        super().__init__(N_("SOP “{name}” tidak ada; {near}"), name=one_line(name, 40), near=near)


def from_file(path: Path) -> tuple[Procedure, str]:
    """The procedure and its text. Raises BadSettings with every mistake, by line."""
    text = read_text(path).strip()
    try:
        return procedure_file.read(text), text
    except ProcedureFaulty as error:
        raise faulty(path, error.faults) from None


def known(config: Path | None) -> dict[str, Known]:
    """By id: the shipped ones, and over them what is in force at the desk, if there is one."""

    async def work(desk: Opened) -> dict[str, Known]:
        office = await desk.db.read(offices.current)
        return _in_force(office, desk.now())

    found = {name: Known(procedure=procedure_file.read(text)) for name, text in shipped().items()}
    return found | (if_any(config, work) or {})


def _in_force(office: Office, now: datetime) -> dict[str, Known]:
    codes = dict.fromkeys(one.code for one in office.procedures)
    bound = (office.in_force(code, now) for code in codes)
    return {one.code: Known(procedure=one.procedure, since=one.from_at) for one in bound if one}


def get(name: str, config: Path | None) -> Procedure:
    """By id, or by the file of that name. Raises UnknownProcedure."""
    if name.endswith((".yaml", ".yml")):
        return from_file(Path(name))[0]
    found = known(config)
    if name not in found:
        raise UnknownProcedure(name, suggestion(name, found))
    return found[name].procedure


def hours_of(name: str, config: Path | None) -> Calendar:
    """Of the desk's first unit that runs the procedure, else the usual office week."""

    async def work(desk: Opened) -> Calendar | None:
        office = await desk.db.read(offices.current)
        return next((unit.calendar for unit in office.units.values() if unit.procedure == name), None)

    return if_any(config, work) or office_hours()


def if_any(config: Path | None, work: Callable[[Opened], Awaitable[T]]) -> T | None:
    """On the desk that was named; else on the one in this folder if it can be opened, None if not."""
    if config is not None:
        return ask(config, work)
    try:
        return ask(CONFIG, work)
    except (BadSettings, DeskError, Unavailable, OSError):
        return None
