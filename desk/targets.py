"""Where announcements go (SOP PKIH HUM-02 step 2): channels and groups, subscribers of topics, media that a hand serves.

The right to post is asked of the provider when a place is added, and again right before a push.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, runtime_checkable

from msgspec import Struct

from desk import publication_seeing
from sop.errors import N_, DeskError, NotAllowed, NotFound
from sop.office import Office, Unit
from sop.officer import Officer, Right
from sop.place import Inspection, place_of
from sop.procedure import Role
from sop.text import one_line
from store import office as offices
from store import pushes, targets, trail
from store.db import Change, Database, View
from store.targets import Target, Topic

CASE = "target"
TELEGRAM, HAND = "telegram", "hand"
HEARD_BY = ("telegram", "whatsapp", "mail")
"""The channels on which people subscribe to a topic."""
PLACES = ("channel", "group")
NAME = 80  # characters


@runtime_checkable
class Inspector(Protocol):
    """A channel that tells what a place is and whether we may post there. Never raises."""

    async def inspect(self, address: str) -> Inspection: ...


class TargetAbsent(NotFound):
    """It is not there, or another unit's: both look the same."""

    def __init__(self) -> None:
        DeskError.__init__(self, N_("Sasaran ini tidak ada. Kembali ke daftarnya."))


class TargetKnown(DeskError):
    def __init__(self, name: str) -> None:
        super().__init__(N_("“{name}” sudah ada di daftar sasaran."), name=name)


class TargetRefused(DeskError):
    """The provider lets nobody of ours post there; `reason` says what to do."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(N_("{place} belum dapat dipakai. {reason}"), place=place, reason=reason)


class NobodyToAsk(DeskError):
    def __init__(self) -> None:
        super().__init__(
            N_("Kanal Telegram belum dipasang. Isi channels.telegram di config.yaml, lalu jalankan lagi.")
        )


class NameMissing(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Nama masih kosong."))


class Heard(Struct, frozen=True, kw_only=True):
    """A topic with how many hear of it, by channel."""

    topic: Topic
    people: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.people.values())


class Board(Struct, frozen=True, kw_only=True):
    """What an officer may manage. `missing`: channels of a topic that are no target yet."""

    targets: tuple[Target, ...]
    topics: tuple[Heard, ...]
    units: tuple[Unit, ...]
    every_unit: bool
    missing: Mapping[int, tuple[str, ...]]


def inspectors(opened: Mapping[str, object]) -> dict[str, Inspector]:
    """The open channels that can be asked about a place."""
    return {name: each for name, each in opened.items() if isinstance(each, Inspector)}


def may_manage(office: Office, actor: Officer, unit: int | None, now: datetime) -> bool:
    """The unit's supervisor and the lanes of its Humas chain; what is every unit's, who supervises all of them."""
    if unit is None:
        return actor.units(Right.OFFICE) is None
    if actor.has(Right.OFFICE, unit):
        return True
    found = next((bound for each, bound in publication_seeing.chains(office, now) if each.id == unit), None)
    lanes = (
        {each.id for each in found.procedure.lanes if each.role is Role.HUMAS} if found else frozenset[str]()
    )
    return bool(actor.lanes(unit) & lanes)


def read(view: View, actor: Officer, channels: tuple[str, ...], now: datetime) -> Board:
    """Raises NotAllowed."""
    office = offices.current(view)
    units = managed(office, actor, now)
    every = may_manage(office, actor, None, now)
    known = {each.id for each in units} | ({None} if every else set())
    heard = targets.subscribers(view)
    shown = tuple(each for each in targets.every(view) if each.unit in known)
    topics = tuple(
        Heard(topic=each, people={name: heard.get((each.id, name), 0) for name in HEARD_BY})
        for each in targets.topics(view)
        if each.unit in known
    )
    there = {(each.topic, each.channel) for each in shown if each.kind == "subscribers"}
    return Board(
        targets=shown,
        topics=topics,
        units=units,
        every_unit=every,
        missing={
            each.topic.id: tuple(
                name for name in HEARD_BY if name in channels and (each.topic.id, name) not in there
            )
            for each in topics
        },
    )


def must_manage_some(view: View, actor: Officer, now: datetime) -> None:
    """Raises NotAllowed where the page of targets is not for this officer."""
    managed(offices.current(view), actor, now)


def managed(office: Office, actor: Officer, now: datetime) -> tuple[Unit, ...]:
    found = tuple(each for each in office.units.values() if may_manage(office, actor, each.id, now))
    if not found and not may_manage(office, actor, None, now):
        raise NotAllowed
    return found


def of_unit(view: View, actor: Officer, unit: int | None, now: datetime) -> None:
    """Raises NotAllowed where the officer manages no targets of that unit; one that is not there looks the same."""
    office = offices.current(view)
    if (unit is not None and unit not in office.units) or not may_manage(office, actor, unit, now):
        raise NotAllowed


def mine(view: View, actor: Officer, number: int, now: datetime) -> Target:
    """Raises NotAllowed for who manages none at all, TargetAbsent."""
    office = offices.current(view)
    managed(office, actor, now)
    found = targets.get(view, number) if 0 < number < 1 << 62 else None
    if found is None or not may_manage(office, actor, found.unit, now):
        raise TargetAbsent
    return found


async def look(inspectors: Mapping[str, Inspector], typed: str) -> Inspection:
    """What Telegram says of the place that somebody typed. Raises NotAPlace, NobodyToAsk, and TargetRefused for a place
    of which nothing is known, so that a typing error becomes no target.
    """
    address = place_of(typed)
    if TELEGRAM not in inspectors:
        raise NobodyToAsk
    found = await inspectors[TELEGRAM].inspect(address)
    if found.state == "refused" and not found.address:
        raise TargetRefused(address, reason_of(found))
    return found


def reason_of(found: Inspection) -> str:
    return found.reason.format_map(found.params)


def add_place(
    change: Change,
    actor: Officer,
    *,
    unit: int | None,
    typed: str,
    found: Inspection,
    name: str = "",
    now: datetime,
) -> int:
    """A channel or group, as its provider told of it. One that was retired is in use again. Raises NotAllowed, TargetKnown."""
    of_unit(change, actor, unit, now)
    address = found.address or place_of(typed)
    known = targets.at(change, TELEGRAM, address)
    title = one_line(name, NAME) or one_line(found.name, NAME) or address
    if known and (known.active or known.unit != unit):
        raise TargetKnown(known.name)
    if known:
        targets.set_active(change, known.id, True)
    number = (
        known.id
        if known
        else targets.add(
            change,
            kind=found.kind or "channel",
            channel=TELEGRAM,
            address=address,
            name=title,
            topic=None,
            unit=unit,
            at=now,
        )
    )
    _note(change, number, found, title, now)
    noted(change, "target.added", number, actor, now)
    return number


def add_hand(change: Change, actor: Officer, *, unit: int | None, name: str, now: datetime) -> int:
    """A medium that we do not reach (Instagram, a notice board): an officer posts there and keys in the link."""
    of_unit(change, actor, unit, now)
    title = one_line(name, NAME)
    if not title:
        raise NameMissing
    if any(
        each.active and each.kind == HAND and each.unit == unit and each.name.lower() == title.lower()
        for each in targets.every(change)
    ):
        raise TargetKnown(title)
    number = targets.add(
        change, kind=HAND, channel=HAND, address="", name=title, topic=None, unit=unit, state="ready", at=now
    )
    noted(change, "target.added", number, actor, now)
    return number


def rename(change: Change, actor: Officer, number: int, name: str, now: datetime) -> None:
    """Raises NotAllowed, TargetAbsent, NameMissing."""
    before, title = mine(change, actor, number, now), one_line(name, NAME)
    if not title:
        raise NameMissing
    if title != before.name:
        targets.rename(change, number, title)
        noted(change, "target.renamed", number, actor, now, was=before.name)


def retire(change: Change, actor: Officer, number: int, now: datetime) -> None:
    """No longer chosen; what was sent there stays in its archive. Raises NotAllowed, TargetAbsent."""
    if mine(change, actor, number, now).active:
        targets.set_active(change, number, False)
        noted(change, "target.retired", number, actor, now)


def revive(change: Change, actor: Officer, number: int, now: datetime) -> None:
    if not mine(change, actor, number, now).active:
        targets.set_active(change, number, True)
        noted(change, "target.revived", number, actor, now)


def note(change: Change, actor: Officer, number: int, found: Inspection, now: datetime) -> Target:
    """An officer asked again. Raises NotAllowed, TargetAbsent."""
    before = mine(change, actor, number, now)
    if before.kind in PLACES:
        _note(change, number, found, before.name, now)
        noted(change, "target.asked", number, actor, now, state=found.state)
    return mine(change, actor, number, now)


def told(change: Change, number: int, found: Inspection, now: datetime) -> None:
    """What the provider said right before a push."""
    before = targets.get(change, number)
    if before is None or found.state == "unknown":
        return
    if (found.state, reason_of(found)) == _said(before) and found.address in ("", before.address):
        return
    _note(change, number, found, before.name, now)
    noted(change, "target.asked", number, None, now, state=found.state)


async def ask_before(
    db: Database, inspectors: Mapping[str, Inspector], publication: int, now: datetime
) -> None:
    """Ask the provider once more of every place of a frozen audience, right before the push."""
    if TELEGRAM not in inspectors:
        return
    for each in await db.read(places_of, publication):
        await db.write(told, each.id, await inspectors[TELEGRAM].inspect(each.address), now)


def places_of(view: View, publication: int) -> list[Target]:
    """The channels and groups that the frozen audience brought."""
    brought = pushes.audience(view, publication)
    return [
        each
        for each in targets.every(view)
        if each.id in brought and each.kind in PLACES and each.channel == TELEGRAM
    ]


def _note(change: Change, number: int, found: Inspection, name: str, now: datetime) -> None:
    before = targets.get(change, number)
    assert before is not None
    silent = found.state == "unknown"
    if before.address != found.address != "" and targets.at(change, TELEGRAM, found.address) is None:
        targets.move(change, number, found.address)
    targets.asked(
        change,
        number,
        state=before.state if silent else found.state,
        reason=reason_of(found),
        name=name,
        members=before.members if silent else found.members,
        link=before.link if silent else found.link,
        at=now,
    )


def _said(target: Target) -> tuple[str, str]:
    return target.state, target.reason


def noted(
    change: Change,
    event: str,
    number: int,
    actor: Officer | None,
    now: datetime,
    *,
    kind: str = CASE,
    **facts: object,
) -> None:
    trail.add(change, event, now, actor=actor.id if actor else None, ticket=number, case_kind=kind, **facts)
    change.tell("publications")
