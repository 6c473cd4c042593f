"""Topics that people subscribe to, and their subscribers on each channel as targets of announcements."""

from datetime import datetime

from desk.targets import (
    HEARD_BY,
    NAME,
    NameMissing,
    TargetAbsent,
    TargetKnown,
    managed,
    may_manage,
    noted,
    of_unit,
)
from sop.errors import N_, DeskError
from sop.officer import Officer
from sop.text import one_line
from store import office as offices
from store import targets
from store.db import Change, View
from store.targets import Topic


class TopicTaken(DeskError):
    def __init__(self, code: str) -> None:
        super().__init__(N_("Topik dengan kode “{code}” sudah ada. Pilih kode lain."), code=code)


def mine(view: View, actor: Officer, number: int, now: datetime) -> Topic:
    """Raises NotAllowed for who manages none at all, TargetAbsent."""
    office = offices.current(view)
    managed(office, actor, now)
    found = targets.topic(view, number) if 0 < number < 1 << 62 else None
    if found is None or not may_manage(office, actor, found.unit, now):
        raise TargetAbsent
    return found


def create(
    change: Change,
    actor: Officer,
    *,
    code: str,
    name: str,
    unit: int | None,
    channels: tuple[str, ...],
    now: datetime,
) -> int:
    """A topic that people subscribe to, and its subscribers on each of the desk's channels as targets.

    Raises NotAllowed, NameMissing, TopicTaken.
    """
    of_unit(change, actor, unit, now)
    title = one_line(name, NAME)
    if not title:
        raise NameMissing
    number = targets.add_topic(change, code=code, name=title, unit=unit)
    if number is None:
        raise TopicTaken(code)
    noted(change, "topic.added", number, actor, now, kind="topic")
    topic = Topic(id=number, code=code, name=title, unit=unit)
    for channel in HEARD_BY:
        if channel in channels:
            _subscribers(change, topic, channel, actor, now)
    return number


def revise(change: Change, actor: Officer, number: int, *, name: str, active: bool, now: datetime) -> None:
    """Rename, retire or use again. Who subscribed stays so; a retired topic is not offered and not sent to.

    Raises NotAllowed, TargetAbsent, NameMissing.
    """
    before, title = mine(change, actor, number, now), one_line(name, NAME)
    if not title:
        raise NameMissing
    if (title, active) == (before.name, before.active):
        return
    targets.set_topic(change, number, name=title, active=active)
    for each in targets.every(change):
        if each.topic == number and each.kind == "subscribers":
            if each.name == before.name:
                targets.rename(change, each.id, title)
            targets.set_active(change, each.id, active)
    did = "renamed" if active == before.active else "revived" if active else "retired"
    noted(change, f"topic.{did}", number, actor, now, kind="topic")


def hear(change: Change, actor: Officer, topic: int, channel: str, now: datetime) -> int:
    """The subscribers of a topic on a channel become a target. Raises NotAllowed, TargetAbsent, TargetKnown."""
    found = mine(change, actor, topic, now)
    if channel not in HEARD_BY:
        raise TargetAbsent
    if any(each.topic == topic and each.channel == channel for each in targets.every(change)):
        raise TargetKnown(found.name)
    return _subscribers(change, found, channel, actor, now)


def _subscribers(change: Change, topic: Topic, channel: str, actor: Officer | None, now: datetime) -> int:
    number = targets.add(
        change,
        kind="subscribers",
        channel=channel,
        address="",
        name=topic.name,
        topic=topic.id,
        unit=topic.unit,
        state="ready",
        at=now,
    )
    noted(change, "target.added", number, actor, now)
    return number
