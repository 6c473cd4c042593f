"""Lists of the queue that an officer keeps under a name: for themselves, or shared with a unit by who leads it."""

from datetime import datetime

from desk import once
from desk.seeing import must_read_some, needs_in
from sop import filters
from sop.errors import N_, DeskError, EmptyText
from sop.filters import Filters
from sop.officer import Officer, Right
from store import office as offices
from store import trail, views
from store.db import Change, View
from store.views import Saved

MOST = 12
LONGEST = 40  # characters of a name


class NoSuchView(DeskError):
    """Absent, or not the officer's to change: both look the same (P15)."""

    def __init__(self) -> None:
        super().__init__(N_("Tampilan itu tidak ada lagi."))


class NameTaken(DeskError):
    def __init__(self, name: str) -> None:
        super().__init__(N_("Anda sudah memiliki tampilan bernama “{name}”. Pilih nama lain."), name=name)


class TooManyViews(DeskError):
    def __init__(self) -> None:
        super().__init__(
            N_("Anda sudah menyimpan {most} tampilan. Hapus satu yang tidak terpakai dahulu."), most=MOST
        )


class UnknownUnit(DeskError):
    def __init__(self, code: str) -> None:
        super().__init__(N_("Unit “{code}” tidak ada."), code=code)


def save(
    change: Change, actor: Officer, name: str, wanted: Filters, share: str, *, key: str, now: datetime
) -> int:
    """Keep a list. `share` is a unit's code, "*" for every unit, "" for oneself; sharing is for who assigns there.

    Raises EmptyText, NameTaken, TooManyViews, UnknownUnit, NotAllowed, OnlyDecides.
    """
    if not once.first(change, key, actor, now):
        return int(once.answer(change, key, actor).get("view", 0))
    unit = _unit(change, actor, share)
    must_read_some(actor)
    mine = views.of_officer(change, actor.id)
    if len(mine) >= MOST:
        raise TooManyViews
    number = views.add(
        change,
        officer=actor.id,
        name=_name(name, mine),
        filters=filters.text(wanted),
        unit=unit,
        shared=bool(share),
        at=now,
    )
    if share:
        trail.add(change, "view_shared", now, actor=actor.id, view=number, unit=unit or 0)
    once.keep(change, key, actor, view=number)
    return number


def rename(change: Change, actor: Officer, number: int, name: str) -> None:
    """Raises NoSuchView, EmptyText, NameTaken."""
    saved = _own(change, actor, number)
    others = [each for each in views.of_officer(change, saved.owner) if each.id != number]
    views.rename(change, number, _name(name, others))


def drop(change: Change, actor: Officer, number: int) -> None:
    """Raises NoSuchView."""
    views.drop(change, _own(change, actor, number).id)


def _own(view: View, actor: Officer, number: int) -> Saved:
    """One's own; a shared one is also its unit's leader's to tidy."""
    saved = views.find(view, number)
    if saved is None or not (saved.owner == actor.id or (saved.shared and _leads(actor, saved.unit))):
        raise NoSuchView
    return saved


def _leads(actor: Officer, unit: int | None) -> bool:
    return actor.units(Right.ASSIGN) is None if unit is None else actor.has(Right.ASSIGN, unit)


def _unit(change: Change, actor: Officer, share: str) -> int | None:
    if not share:
        return None
    if share == "*":
        needs_in(actor, Right.ASSIGN, None)
        return None
    unit = next((each for each in offices.current(change).units.values() if each.code == share), None)
    if unit is None:
        needs_in(actor, Right.ASSIGN, None)  # who may share somewhere only learns of no other unit
        raise UnknownUnit(share)
    needs_in(actor, Right.ASSIGN, unit.id)
    return unit.id


def _name(name: str, others: list[Saved]) -> str:
    name = " ".join(name.split())[:LONGEST]
    if not name:
        raise EmptyText
    if any(each.name == name for each in others):
        raise NameTaken(name)
    return name
