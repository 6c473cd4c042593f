"""People join and leave announcements by themselves: in chat by the talk's menu, by mail with a yes from that very address."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sop import dialog_state
from sop.dialog_reading import Word, choice, read
from sop.dialog_state import Heard, Scene, State
from sop.dialog_topics import LEAVE, TOPIC
from store import targets, trail
from store.db import Change

if TYPE_CHECKING:
    from desk.intake import Arrival

CHATS = ("telegram", "whatsapp")
AT_ONCE = ("whatsapp",)
"""Where a bare STOP or BERHENTI ends everything at once."""


def around(change: Change, arrival: Arrival, state: State, heard: Heard, scene: Scene) -> Scene:
    """The scene with the topics, where the message is about them; anything else asks the store nothing."""
    channel = arrival.conversation.channel
    if channel not in CHATS:
        return scene
    scene = replace(scene, subscribes=True, at_once=channel in AT_ONCE)
    data = heard.button or ("" if heard.files else choice(heard.text, state.options))
    word = Word.PLAIN if heard.files or heard.button else read(heard.text)
    if word not in (Word.TOPICS, Word.STOP) and data.partition(":")[0] not in (TOPIC, LEAVE):
        return scene
    units = arrival.office.units
    found = [each for each in targets.topics(change) if each.active]
    several = len({each.unit for each in found}) > 1
    owners = {each.id: units.get(each.unit or 0) for each in found}
    named = tuple(
        dialog_state.Topic(
            each.id, f"{each.name} ({unit.name})" if several and (unit := owners[each.id]) else each.name
        )
        for each in found
    )
    return replace(scene, topics=named, hears=targets.joined(change, channel, arrival.conversation.to))


def hear(change: Change, arrival: Arrival, topic: int) -> Arrival:
    """They chose it themselves: that is their consent, kept with its time."""
    conversation = arrival.conversation
    join(change, topic, conversation.channel, conversation.to, conversation.contact, arrival.now)
    return _after(change, arrival)


def unhear(change: Change, arrival: Arrival, topic: int) -> Arrival:
    conversation = arrival.conversation
    leave(change, topic, conversation.channel, conversation.to, conversation.contact, arrival.now)
    return _after(change, arrival)


def join(change: Change, topic: int, channel: str, address: str, contact: int | None, now: datetime) -> None:
    targets.join(change, topic, channel, address, contact=contact, at=now)
    trail.add(change, "subscribed", now, contact=contact, topic=topic, channel=channel)


def leave(
    change: Change, topic: int | None, channel: str, address: str, contact: int | None, now: datetime
) -> None:
    """Of one topic, or of all."""
    if targets.joined(change, channel, address):
        targets.leave(change, topic, channel, address, at=now)
        trail.add(change, "unsubscribed", now, contact=contact, topic=topic or 0, channel=channel)


def _after(change: Change, arrival: Arrival) -> Arrival:
    """The menu shows what they hear of now."""
    scene, conversation = arrival.scene, arrival.conversation
    assert scene is not None
    hears = targets.joined(change, conversation.channel, conversation.to)
    return replace(arrival, scene=replace(scene, hears=hears))
