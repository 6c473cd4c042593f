"""What a provider tells unasked of the channels and groups where announcements go: the right to post, a new id."""

from datetime import datetime

from desk.targets import noted
from sop.messages import Presence
from store import targets
from store.db import Change
from store.targets import Target


def heard(change: Change, word: Presence, now: datetime) -> None:
    """The bot was added, taken out, or its rights changed. A place that is no target of ours stays none."""
    if word.state == "moved":
        moved(change, word.channel, word.key, word.moved_to, now)
        return
    target = _known(change, word)
    if target is None or (target.state, target.reason) == (word.state, word.reason):
        return
    targets.asked(
        change,
        target.id,
        state=word.state,
        reason=word.reason,
        name=target.name,
        members=target.members,
        link=target.link,
        at=now,
    )
    noted(change, "target.told", target.id, None, now, state=word.state)


def moved(change: Change, channel: str, address: str, to: str, now: datetime) -> None:
    """A group got another id: announcements go there from now on."""
    target = targets.at(change, channel, address)
    if target is None or targets.at(change, channel, to) is not None:
        return
    targets.move(change, target.id, to)
    noted(change, "target.moved", target.id, None, now)


def _known(change: Change, word: Presence) -> Target | None:
    """By the provider's id, else by the public name under which it was brought in while nobody could be asked."""
    target = targets.at(change, word.channel, word.key)
    if target is not None or not word.alias:
        return target
    target = targets.named(change, word.channel, word.alias)
    if target is not None:
        targets.move(change, target.id, word.key)
    return target
