"""The chain of events is anchored once a day: where it stood, kept here and sent to whom the office chose."""

from datetime import datetime

from msgspec import Struct

from desk import notify
from desk.alerts import Telling
from desk.seeing import needs_in
from sop.clock import local_date
from sop.errors import N_, DeskError
from sop.language import Language, translate
from sop.messages import Outgoing, Priority
from sop.officer import Officer, Right
from sop.text import one_line
from store import anchors, memory, officers, outbox, trail
from store.anchors import Anchor
from store.db import Change, View

NAME = "anchor.to"  # in the table `memory`
LONGEST = 254


class NoSuchKeeper(DeskError):
    def __init__(self) -> None:
        super().__init__(
            N_("Isi alamat surel, atau nama pengguna petugas yang sudah menghubungkan akun Telegramnya.")
        )


class Keeper(Struct, frozen=True, kw_only=True):
    """To whom the head of the chain goes: a mail address, an officer's login, or nobody."""

    mail: str = ""
    login: str = ""


def keeper(view: View) -> Keeper:
    kept = memory.get(view, NAME)
    return Keeper(mail=kept.get("mail", ""), login=kept.get("login", ""))


def choose(change: Change, actor: Officer, to: str, now: datetime) -> None:
    """The office names who keeps the heads; "" is nobody. Raises NotAllowed, NoSuchKeeper."""
    needs_in(actor, Right.OFFICE, None)
    to = one_line(to, LONGEST + 1).strip()
    chosen = _chosen(change, to, now)
    memory.save(change, NAME, {"mail": chosen.mail, "login": chosen.login})
    trail.add(
        change, "anchor.keeper", now, actor=actor.id, way="mail" if chosen.mail else "chat" if to else ""
    )


def _chosen(view: View, to: str, now: datetime) -> Keeper:
    if not to:
        return Keeper()
    if "@" in to:
        name, _, host = to.rpartition("@")
        if not name or "." not in host or " " in to or len(to) > LONGEST:
            raise NoSuchKeeper
        return Keeper(mail=to)
    officer = officers.by_login(view, to.lower(), now)
    if officer is None or not officers.chats_of(view, notify.BOT, [officer.id]):
        raise NoSuchKeeper
    return Keeper(login=officer.login)


def daily(change: Change, telling: Telling, now: datetime) -> Anchor | None:
    """The first look of a day anchors where the chain stands; None when that is done, or there is no event yet."""
    day = local_date(telling.zone, now).isoformat()
    if anchors.find(change, day):
        return None
    event, head = trail.head(change)
    anchor = Anchor(day=day, event=event, hash=head, at=now)
    if not event or not anchors.add(change, anchor):
        return None
    _send(change, anchor, telling, now)
    return anchor


def _send(change: Change, anchor: Anchor, telling: Telling, now: datetime) -> None:
    to = keeper(change)
    if to.mail:
        words = _words(anchor, telling.language)
        subject = translate(N_("Jangkar catatan {day}"), telling.language, day=anchor.day)
        _post(change, "mail", to.mail, words, now, subject)
        return
    officer = officers.by_login(change, to.login, now) if to.login else None
    chats = officers.chats_of(change, notify.BOT, [officer.id]) if officer else {}
    for chat in chats.values():
        _post(change, notify.BOT, chat, _words(anchor, officer.language if officer else "id"), now)


def _words(anchor: Anchor, language: Language) -> str:
    return translate(
        N_(
            "Jangkar catatan {day}: kejadian {event}, {hash}\nSimpan baris ini di luar meja. Periksa kapan saja dengan: tanggap audit verify --head {event}:{hash}"
        ),
        language,
        day=anchor.day,
        event=anchor.event,
        hash=anchor.hash,
    )


def _post(change: Change, channel: str, to: str, words: str, now: datetime, subject: str = "") -> None:
    outgoing = Outgoing(
        id=0, channel=channel, to=to, text=words, subject=subject, priority=Priority.NOTICE, auto=True
    )
    outbox.add(change, outgoing, now=now, kind="anchor")
