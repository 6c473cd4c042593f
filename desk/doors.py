"""Doors: a supervisor opens one for a unit or a category, and whoever comes through it need not know how the office works."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from desk.seeing import needs, needs_in
from sop import door as rules
from sop.errors import N_, DeskError, NotFound
from sop.messages import Incoming
from sop.office import Category, Office, Unit
from sop.officer import Officer, Right
from store import doors, memory, trail
from store import office as offices
from store.db import Change, View
from store.doors import Door

T = TypeVar("T", Unit, Category)
ADDRESSES = {"telegram": "telegram.me", "whatsapp": "whatsapp.me"}
"""Channel -> under which name it remembers how it is called outside."""


class NoSuchDoor(NotFound):
    """A door, unit or category that is absent or another unit's: both look the same (P15)."""

    def __init__(self) -> None:
        DeskError.__init__(self, N_("Pintu, unit, atau kategori ini tidak ditemukan."))


class LeadsNowhere(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Pilih unit atau kategori yang dituju tautan ini."))


class NotTogether(DeskError):
    def __init__(self, category: str, unit: str) -> None:
        super().__init__(
            N_("Kategori {category} milik unit lain, bukan {unit}."), category=category, unit=unit
        )


class Entrance(Struct, frozen=True, kw_only=True):
    """A door as its page shows it, with where it leads; an address is "" where its channel has none yet."""

    door: Door
    unit: Unit | None
    category: Category | None
    telegram: str
    whatsapp: str
    web: str


def entered(view: View, incoming: Incoming) -> tuple[Incoming, Door | None]:
    """The door whose token a message carries. An unknown or retired one is as none: the person is greeted as always."""
    if incoming.channel == "mail":
        return incoming, None
    token = incoming.token
    if incoming.channel == "whatsapp":
        text, token = rules.taken_off(incoming.text)
        if token:
            text = text if text or incoming.files else rules.GREETING
            incoming = replace(incoming, text=text, token=token)
    if not rules.TOKEN.fullmatch(token):
        return incoming, None
    found = doors.find(view, token)
    return incoming, found if found and found.active else None


def open_door(
    change: Change, actor: Officer, token: str, name: str, unit: str, category: str, now: datetime
) -> Door:
    """A new door to a unit, a category, or a category of a unit; the same token again gives the same door.

    Raises NotAllowed, NotFound, LeadsNowhere, NotTogether.
    """
    needs(actor, Right.OFFICE)
    office = offices.current(change)
    place = _one(office.units.values(), unit)
    kind = _one(office.categories.values(), category)
    if place is None and kind is None:
        raise LeadsNowhere
    where = place.id if place else kind.unit if kind else None
    if where is not None and not actor.has(Right.OFFICE, where):
        raise NoSuchDoor
    needs_in(actor, Right.OFFICE, where)
    if place and kind and kind.unit not in (None, place.id):
        raise NotTogether(kind.name, place.name)
    label = name.strip() or (kind.name if kind else place.name if place else "")
    new = doors.add(
        change,
        token=token,
        name=label,
        unit=place.id if place else None,
        category=kind.id if kind else None,
        by=actor.id,
        at=now,
    )
    kept = doors.find(change, token)
    if kept is None or (kept.unit, kept.category) != (place and place.id, kind and kind.id):
        raise NoSuchDoor
    if new:
        trail.add(change, "door.opened", now, actor=actor.id, unit=kept.unit, category=kept.category)
    return kept


def retire(change: Change, actor: Officer, token: str, now: datetime) -> None:
    """The token leads nowhere from now on; posters that still hang greet as always. Raises NotAllowed, NotFound."""
    door = own(change, actor, token).door
    if door.active:
        doors.retire(change, token)
        trail.add(change, "door.retired", now, actor=actor.id, unit=door.unit, category=door.category)


def own(view: View, actor: Officer, token: str, public_url: str = "") -> Entrance:
    """One door of the officer's units; a foreign one looks as one that is not there. Raises NotAllowed, NotFound."""
    needs(actor, Right.OFFICE)
    door = doors.find(view, token) if rules.TOKEN.fullmatch(token) else None
    office = offices.current(view)
    if door is None or not _mine(actor, office, door):
        raise NoSuchDoor
    return _entrance(view, office, door, public_url)


def listed(view: View, actor: Officer, public_url: str) -> list[Entrance]:
    """The doors of the units in which the officer has the right. Raises NotAllowed."""
    needs(actor, Right.OFFICE)
    office = offices.current(view)
    return [
        _entrance(view, office, door, public_url) for door in doors.all_of(view) if _mine(actor, office, door)
    ]


def forget_others(change: Change, channels: Collection[str]) -> None:
    """A channel that is not configured any more has no address: no new poster shows it."""
    for channel, name in ADDRESSES.items():
        if channel not in channels and memory.get(change, name):
            memory.save(change, name, {})


def _mine(actor: Officer, office: Office, door: Door) -> bool:
    category = office.categories.get(door.category or 0)
    unit = door.unit or (category.unit if category else None)
    return actor.units(Right.OFFICE) is None if unit is None else actor.has(Right.OFFICE, unit)


def _entrance(view: View, office: Office, door: Door, public_url: str) -> Entrance:
    unit, category = office.units.get(door.unit or 0), office.categories.get(door.category or 0)
    username = memory.get(view, ADDRESSES["telegram"]).get("username", "")
    number = memory.get(view, ADDRESSES["whatsapp"]).get("number", "")
    return Entrance(
        door=door,
        unit=unit,
        category=category,
        telegram=rules.telegram(username, door.token) if username else "",
        whatsapp=rules.whatsapp(number, door.token) if number else "",
        web=_form(public_url, unit, category),
    )


def _form(public_url: str, unit: Unit | None, category: Category | None) -> str:
    base = f"{public_url.rstrip('/')}/lapor"
    if unit is None:
        return f"{base}?kategori={category.code}" if category else base
    return f"{base}/{unit.code}/{category.code}" if category else f"{base}/{unit.code}"


def _one(found: Iterable[T], code: str) -> T | None:
    """The one of that code; None for "". Raises NotFound."""
    if not code:
        return None
    for each in found:
        if each.code == code:
            return each
    raise NoSuchDoor
