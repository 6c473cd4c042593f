"""/retensi: what falls due soon, what is held back, and what was erased, for who may erase it."""

from datetime import datetime

from msgspec import Struct

from desk.seeing import needs
from sop import erasing as rules
from sop.office import Office
from sop.officer import Officer, Right
from store import merges, officers, retention, tickets
from store import office as offices
from store.db import View
from store.retention import Due, Erasure, Hold

SHOWN = 100
MOST = 2 * SHOWN  # tickets looked at


class Falling(Struct, frozen=True, kw_only=True):
    """A ticket whose words fall due at `at`, by the category of that name."""

    ticket: int
    unit: str
    category: str
    days: int
    at: datetime


class Keeping(Struct, frozen=True, kw_only=True):
    """A category and for how many days it keeps words; None: for good. `own`: not by the one above it."""

    name: str
    days: int | None
    own: bool


class Shelf(Struct, frozen=True, kw_only=True):
    """`more`: there is more than is shown; `next` is where the list of what was erased goes on."""

    rules: tuple[Keeping, ...]
    falling: tuple[Falling, ...]
    more: bool
    holds: tuple[Hold, ...]
    erased: tuple[Erasure, ...]
    next: int | None
    names: dict[int, str]


def shelf(view: View, actor: Officer, now: datetime, *, before: int | None = None) -> Shelf:
    """Of the units in which the officer may erase. Raises NotAllowed."""
    needs(actor, Right.ERASE)
    office = offices.current(view)
    known = rules.rules_of(office)
    found = retention.due(view, rules.cutoffs(known, now + rules.SOON), most=MOST)
    mine = (each for each in found if actor.has(Right.ERASE, each.unit))
    falling = sorted(
        (_falling(view, office, known, each) for each in mine), key=lambda each: (each.at, each.ticket)
    )
    rows = retention.accounts(view, before=before, most=SHOWN + 1)
    return Shelf(
        rules=tuple(
            Keeping(name=each.name, days=known.get(each.id), own=bool(each.retention_days))
            for each in office.categories.values()
        ),
        falling=tuple(falling[:SHOWN]),
        more=len(falling) > SHOWN or len(found) == MOST,
        holds=tuple(each for each in retention.holds(view) if actor.has(Right.ERASE, each.unit)),
        erased=tuple(each for each in rows[:SHOWN] if actor.has(Right.ERASE, each.unit)),
        next=rows[SHOWN - 1].id if len(rows) > SHOWN else None,
        names={each.id: each.name for each in officers.all_of(view, now)},
    )


def _falling(view: View, office: Office, known: dict[int, int], due: Due) -> Falling:
    family = (due.id, *merges.merged(view, due.id))
    carried = [each for number in family for each in tickets.categories(view, number)]
    days = rules.kept_for(known, carried) or 0
    unit = office.units.get(due.unit or 0)
    return Falling(
        ticket=due.id,
        unit=unit.name if unit else "",
        category=next((each.name for each in office.tags(carried) if known.get(each.id) == days), ""),
        days=days,
        at=rules.due_at(due.closed_at, days),
    )
