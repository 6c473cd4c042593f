"""Topics and targets of an office's YAML brought in, and written out again."""

from datetime import datetime
from typing import Any

from sop.office import Office
from sop.office_targets import CHANNELS, KINDS, TargetLine, TopicLine
from store import targets
from store.db import Change, View
from store.targets import Target


def bring_in(
    change: Change,
    topics: tuple[TopicLine, ...],
    places: tuple[TargetLine, ...],
    units: dict[str, int],
    now: datetime,
) -> None:
    """Add what is new and rename what is there. Nothing is retired; whether we may post is asked by an officer or the push."""
    for line in topics:
        known = {each.code: each for each in targets.topics(change)}.get(line.code)
        if known is None:
            targets.add_topic(change, code=line.code, name=line.name, unit=units.get(line.unit))
        elif known.name != line.name:
            targets.set_topic(change, known.id, name=line.name, active=known.active)
    codes = {each.code: each.id for each in targets.topics(change)}
    for each in places:
        _target(change, each, codes.get(each.topic), units.get(each.unit), now)


def _target(change: Change, line: TargetLine, topic: int | None, unit: int | None, now: datetime) -> None:
    known = next(
        (each for each in targets.every(change) if _mark(each) == _of(line, topic, unit)),
        None,
    )
    if known is None:
        targets.add(
            change,
            kind=line.kind,
            channel=line.channel,
            address=line.address,
            name=line.name,
            topic=topic,
            unit=unit,
            state="ready" if line.kind in ("subscribers", "hand") else "unknown",
            at=now,
        )
    elif known.name != line.name:
        targets.rename(change, known.id, line.name)


def _of(line: TargetLine, topic: int | None, unit: int | None) -> tuple[object, ...]:
    if line.kind == "subscribers":
        return line.channel, topic
    return (line.name.lower(), unit) if line.kind == "hand" else (line.channel, line.address)


def _mark(target: Target) -> tuple[object, ...]:
    """What makes it the same target under another name; a hand's medium is its name in its unit."""
    if target.kind == "subscribers":
        return target.channel, target.topic
    if target.kind == "hand":
        return target.name.lower(), target.unit
    return target.channel, target.address


def export(view: View, office: Office) -> dict[str, Any]:
    """The keys `topik` and `sasaran`, of what is in use."""
    topics = {each.id: each for each in targets.topics(view) if each.active}
    kinds = {value: word for word, value in KINDS.items()}
    channels = {value: word for word, value in CHANNELS.items()}

    def unit(number: int | None) -> dict[str, str]:
        found = office.units.get(number or 0)
        return {"unit": found.code} if found else {}

    def place(each: Target) -> dict[str, str]:
        if each.kind == "subscribers":
            return {"topik": topics[each.topic or 0].code, "kanal": channels[each.channel]}
        return {"alamat": each.address} if each.address else {}

    return {
        "topik": [{"kode": each.code, "nama": each.name} | unit(each.unit) for each in topics.values()],
        "sasaran": [
            {"jenis": kinds[each.kind], "nama": each.name} | place(each) | unit(each.unit)
            for each in targets.every(view)
            if each.active and (each.kind != "subscribers" or each.topic in topics)
        ],
    }
