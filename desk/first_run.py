"""The first steps of a new desk, read off what is there: from the first unit to a test message that arrived."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from desk.seeing import needs_in
from sop.errors import NotAllowed
from sop.office import Office
from sop.officer import Officer, Right
from store import office as offices
from store import officers, templates, tickets, trail
from store.db import Change, View


class Name(StrEnum):
    """In the order in which one leads to the next."""

    UNIT = "unit"
    PROCEDURE = "procedure"
    OFFICERS = "officers"
    CATEGORY = "category"
    TEMPLATE = "template"
    CHANNEL = "channel"
    MESSAGE = "message"


class Step(Struct, frozen=True, kw_only=True):
    """`missing` names the units that lack it; `found` what is there: how many, or the number of the first ticket."""

    name: Name
    done: bool
    found: int = 0
    missing: tuple[str, ...] = ()


class FirstSteps(Struct, frozen=True, kw_only=True):
    steps: tuple[Step, ...]
    shown: bool  # the queue still leads here
    intake: str  # code of the unit that what comes in goes to

    @property
    def done(self) -> bool:
        return all(step.done for step in self.steps)


def may_see(actor: Officer) -> bool:
    """Who sets the office up, and who keeps the machine."""
    return actor.may_anywhere(Right.OFFICE) or actor.may_anywhere(Right.OPERATE)


def read(view: View, actor: Officer, channels: tuple[str, ...], now: datetime) -> FirstSteps:
    """Raises NotAllowed."""
    if not may_see(actor):
        raise NotAllowed
    office = offices.current(view)
    approved = len(templates.usable(view, unit=None))
    reachable = [name for name in channels if name != "counter"]
    first = tickets.first_heard(view)
    return FirstSteps(
        steps=(
            Step(name=Name.UNIT, done=bool(office.units), found=len(office.units)),
            _procedures(office, now),
            _agents(office, officers.all_of(view, now)),
            Step(name=Name.CATEGORY, done=bool(office.categories), found=len(office.categories)),
            Step(name=Name.TEMPLATE, done=bool(approved), found=approved),
            Step(name=Name.CHANNEL, done=bool(reachable), found=len(reachable)),
            Step(name=Name.MESSAGE, done=first is not None, found=first or 0),
        ),
        shown=office.first_run,
        intake=office.intake.get("web") or office.intake.get("") or "",
    )


def _procedures(office: Office, now: datetime) -> Step:
    missing = [each.name for each in office.units.values() if office.in_force(each.procedure, now) is None]
    some = bool(office.units) and not missing
    return Step(
        name=Name.PROCEDURE, done=some, found=len(office.units) - len(missing), missing=tuple(missing)
    )


def _agents(office: Office, people: list[Officer]) -> Step:
    """Somebody in every unit who may take a ticket."""
    working = [each for each in people if each.may_anywhere(Right.WORK)]
    missing = [
        unit.name
        for unit in office.units.values()
        if not any(each.has(Right.WORK, unit.id) for each in working)
    ]
    some = bool(working) and not missing
    return Step(name=Name.OFFICERS, done=some, found=len(working), missing=tuple(missing))


def dismiss(change: Change, actor: Officer, shown: bool, now: datetime) -> None:
    """The queue no longer leads to the first steps, or does again. Raises NotAllowed."""
    needs_in(actor, Right.OFFICE, None)
    offices.set_setting(change, offices.FIRST_RUN, shown)
    offices.changed(change)
    trail.add(change, "first_run.shown" if shown else "first_run.done", now, actor=actor.id)
    change.tell("queue")
