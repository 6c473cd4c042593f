"""Chats of the staff: an officer who blocks the bot, a unit's group that moves or is gone; what leaves finds out as well."""

from datetime import datetime

from desk import notify, publication_notify
from sop.messages import SendFailed
from sop.office import Unit
from store import office as offices
from store import officers, trail
from store.db import Change, View
from store.outbox import Letter

BOT = notify.BOT
BOTS = (BOT, publication_notify.BOT)


def unit_of(view: View, chat: str, topic: str = "") -> Unit | None:
    """The unit whose group that is: the one linked to this very topic, else the one linked to the whole group."""
    linked = {each.staff_chat: each for each in offices.current(view).units.values() if each.staff_chat}
    return linked.get(f"{chat}:{topic}") or linked.get(chat)


def heard(change: Change, chat: str, state: str, now: datetime, *, bot: str = BOT) -> None:
    """Telegram's word on a chat with a bot: "blocked" or "reachable"; a group that took the staff bot out is nobody's."""
    if chat.startswith("-"):
        if state == "blocked" and bot == BOT:
            _lost(change, chat, now)
        return
    if officers.set_chat_state(change, bot=bot, chat=chat, state=state):
        trail.add(change, f"officer.{state}", now, bot=bot)
        offices.changed(change)


def moved(change: Change, chat: str, to: str, now: datetime) -> None:
    """The group got another number: its units' cards go there from now on, in the topic that was linked; the office's
    own group of config.yaml too, until the next start reads that file again.
    """
    if offices.setting(change, "group", "") == chat:
        offices.set_setting(change, "group", to)
        trail.add(change, "group.moved", now)
        offices.changed(change)
    for unit in _units_in(change, chat):
        topic = unit.staff_chat.partition(":")[2]
        offices.set_staff_chat(change, unit.id, f"{to}:{topic}" if topic else to)
        trail.add(change, "group.moved", now, unit=unit.id)
        offices.changed(change)


def refused(change: Change, letter: Letter, failure: SendFailed, now: datetime) -> None:
    """What a send told us of the chat that it was for."""
    bot = letter.outgoing.channel
    if bot not in BOTS:
        return
    if failure.moved_to:
        moved(change, letter.outgoing.to, failure.moved_to, now)
    elif failure.blocked:
        heard(change, letter.outgoing.to, "blocked", now, bot=bot)


def _lost(change: Change, chat: str, now: datetime) -> None:
    """Nobody reads cards there any more: each agent gets them again, until a group is linked anew."""
    for unit in _units_in(change, chat):
        offices.set_staff_chat(change, unit.id, "")
        trail.add(change, "group.lost", now, unit=unit.id)
        offices.changed(change)


def _units_in(view: View, chat: str) -> list[Unit]:
    units = offices.current(view).units.values()
    return [each for each in units if each.staff_chat.partition(":")[0] == chat]
