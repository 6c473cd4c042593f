"""Telling the operator: once when a trouble begins, again after a day, and when it is over. Never with anybody's words."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from desk import notify
from sop import wording
from sop.card import channel_name
from sop.errors import N_
from sop.language import Language, translate
from sop.messages import Outgoing, Priority
from sop.trouble import Trouble
from store import alerts, officers, outbox
from store.db import Change, View

AGAIN = timedelta(days=1)
LANE = "sysadmin"


class Telling(Struct, frozen=True, kw_only=True):
    """Where alerts go beside the sysadmins' chats, and how they are worded. `mail` "" is nowhere."""

    zone: str
    language: Language
    url: str
    mail: str = ""


def look(change: Change, found: Sequence[Trouble], telling: Telling, now: datetime) -> int:
    """Compare what is wrong with what was told; how many words left."""
    lasting, told = alerts.lasting(change), 0
    for trouble in found:
        known, body = lasting.pop(trouble.kind, None), _kept(trouble)
        if known is None:
            alerts.begin(change, trouble.kind, body, now)
        elif known.told_at is None or now - known.told_at >= AGAIN:
            alerts.told(change, trouble.kind, body, now)
        else:
            continue
        told += _tell(change, trouble, telling, now)
    for kind, alert in lasting.items():
        alerts.over(change, kind, now)
        told += _tell(change, _known(kind, alert.body), telling, now, over=True)
    return told


def hearers(view: View, now: datetime) -> int:
    """How many chats hear of a trouble."""
    people = officers.in_lane(view, LANE, None, now)
    return len(officers.chats_of(view, notify.BOT, [each.id for each in people]))


def _kept(trouble: Trouble) -> dict[str, Any]:
    params = {
        name: {"at": value.isoformat()} if isinstance(value, datetime) else value
        for name, value in trouble.params.items()
    }
    return {"message": trouble.message, "remedy": trouble.remedy, "params": params}


def _known(kind: str, body: Mapping[str, Any]) -> Trouble:
    params = {
        name: datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value
        for name, value in body["params"].items()
    }
    return Trouble(kind=kind, message=body["message"], remedy=body["remedy"], params=params)


def _tell(change: Change, trouble: Trouble, telling: Telling, now: datetime, *, over: bool = False) -> int:
    people = officers.in_lane(change, LANE, None, now)
    chats = officers.chats_of(change, notify.BOT, [each.id for each in people])
    for each in people:
        if chat := chats.get(each.id):
            words = _words(trouble, telling, each.language, now, over)
            _post(change, notify.BOT, chat, words, now)
    if telling.mail:
        subject = translate(N_("Keadaan meja layanan"), telling.language)
        words = _words(trouble, telling, telling.language, now, over)
        _post(change, "mail", telling.mail, words, now, subject=subject)
    return len(chats) + bool(telling.mail)


def _words(trouble: Trouble, telling: Telling, language: Language, now: datetime, over: bool) -> str:
    message = said(trouble, telling.zone, language, now)
    if over:
        return translate(N_("Sudah pulih. Yang tadi: {trouble}"), language, trouble=message)
    return "\n".join((message, remedied(trouble, language), f"{telling.url}/admin/keadaan"))


def said(trouble: Trouble, zone: str, language: Language, now: datetime) -> str:
    """The trouble as a sentence for its reader."""
    return translate(trouble.message, language, **_spoken(trouble.params, zone, language, now))


def remedied(trouble: Trouble, language: Language) -> str:
    """What to do about it."""
    return translate(trouble.remedy, language, **dict(trouble.params))


def _spoken(params: Mapping[str, Any], zone: str, language: Language, now: datetime) -> dict[str, Any]:
    words = dict(params)
    if "channel" in words:
        words["channel"] = named(words["channel"], language)
    if "since" in words:
        words["since"] = wording.moment(words["since"], zone, language, now=now)
    if "share" in words:
        words["share"] = wording.percent(words["share"], language)
    if "free" in words:
        words["free"] = wording.size(words["free"], language)
    if "reason" in words:
        words["reason"] = translate(words["reason"], language)
    if "count" in words:
        words["count"] = wording.number(words["count"], language)
    return words


BOTS = {"staff": N_("bot petugas"), "humas": N_("bot Humas")}


def named(channel: str, language: Language) -> str:
    """A channel or bot as people call it."""
    return translate(BOTS[channel], language) if channel in BOTS else channel_name(channel, language)


def _post(change: Change, channel: str, to: str, words: str, now: datetime, *, subject: str = "") -> None:
    outgoing = Outgoing(
        id=0, channel=channel, to=to, text=words, subject=subject, priority=Priority.NOTICE, auto=True
    )
    outbox.add(change, outgoing, now=now, kind="alert")
