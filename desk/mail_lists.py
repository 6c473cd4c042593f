"""Announcements by mail: asked for on a page, begun only by a yes from that very mailbox (double opt-in), ended by one press."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from msgspec import Struct

from desk import form, subscribing
from desk.form import TooManyForms
from sop.errors import N_, DeskError
from sop.language import Language, translate
from sop.messages import Outgoing, Priority
from store import contacts, form_count, outbox, seen, targets, trail
from store import office as offices
from store.db import Change, View
from store.targets import Topic

MAIL = "mail"
SOURCE, ASKED = "langganan", "langganan.surel"
LASTS = timedelta(days=3)  # until the link in the mail is no longer good
SUBJECT = N_("Konfirmasi langganan pengumuman {office}")
LETTER = N_(
    "Seseorang, semoga Anda sendiri, meminta agar pengumuman {office} dikirim ke alamat ini: {topics}.\n\n"
    "Buka tautan ini dalam tiga hari untuk menyetujuinya:\n{link}\n\n"
    "Bila bukan Anda, abaikan saja surel ini; tidak ada yang akan kami kirim."
)


class TopicsMissing(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Pilih setidaknya satu topik."))


class Wish(Struct, frozen=True, kw_only=True):
    """`token` is random and stands in `link` alone; `address` is whole and in lower case."""

    address: str
    topics: tuple[int, ...]
    token: str
    link: str
    language: Language


class Wished(Struct, frozen=True, kw_only=True):
    """What stands behind a link. `hears`: what that mailbox gets already; `topics`: all that there are."""

    address: str
    chosen: frozenset[int]
    hears: frozenset[int]
    topics: tuple[Topic, ...]
    confirmed: bool


def topics(view: View) -> tuple[Topic, ...]:
    """What somebody may subscribe to."""
    return tuple(each for each in targets.topics(view) if each.active)


def ask(change: Change, wish: Wish, counted: str, now: datetime, real: datetime) -> None:
    """Send the letter with the link; to one mailbox once an hour, whoever asks. Raises TopicsMissing, TooManyForms.

    `counted` is who asks, as public forms are counted. Whether an address is known to us shows nowhere.
    """
    known = {each.id: each for each in topics(change)}
    chosen = [known[each] for each in dict.fromkeys(wish.topics) if each in known]
    if not chosen:
        raise TopicsMissing
    if minutes := form.wait_left(change, counted, real):
        raise TooManyForms(minutes)
    form_count.add(change, counted, form.slot(real))
    mailbox = sha256(wish.address.encode()).hexdigest()
    if not seen.first(change, ASKED, f"{mailbox}:{now:%Y-%m-%dT%H}", now):
        return
    seen.first(change, SOURCE, _key(wish.token), now)
    facts = {"address": wish.address, "topics": [each.id for each in chosen], "at": now.isoformat()}
    seen.answer(change, SOURCE, _key(wish.token), facts)
    name, language = offices.current(change).name, wish.language
    letter = Outgoing(
        id=0,
        channel=MAIL,
        to=wish.address,
        subject=translate(SUBJECT, language, office=name),
        text=translate(
            LETTER, language, office=name, topics=", ".join(each.name for each in chosen), link=wish.link
        ),
        priority=Priority.ANSWER,
        auto=True,
    )
    outbox.add(change, letter, now=now, kind="confirm")


def wished(view: View, token: str, now: datetime) -> Wished | None:
    """None: never given, or too long ago."""
    found = seen.find(view, SOURCE, _key(token))
    facts = found[1] if found else {}
    if not facts or not timedelta(0) <= now - datetime.fromisoformat(facts["at"]) <= LASTS:
        return None
    return Wished(
        address=facts["address"],
        chosen=frozenset(facts["topics"]),
        hears=targets.joined(view, MAIL, facts["address"]),
        topics=topics(view),
        confirmed=bool(facts.get("confirmed")),
    )


def confirm(change: Change, token: str, chosen: Sequence[int], now: datetime) -> bool:
    """Exactly these topics from now on; none ends them all. False: the link is not, or no longer, good."""
    wish = wished(change, token, now)
    if wish is None:
        return False
    address = contacts.address(change, MAIL, wish.address)
    contact = address.contact if address else None
    wanted = {each.id for each in wish.topics} & set(chosen)
    if address and address.state != "reachable" and wanted:
        contacts.set_state(change, address.id, "reachable")
        trail.add(change, "presence.reachable", now, contact=contact)
    for each in sorted(wanted - wish.hears):
        subscribing.join(change, each, MAIL, wish.address, contact, now)
    for each in sorted(wish.hears - wanted):
        subscribing.leave(change, each, MAIL, wish.address, contact, now)
    found = seen.find(change, SOURCE, _key(token))
    assert found is not None
    seen.answer(change, SOURCE, _key(token), found[1] | {"confirmed": True})
    return True


def _key(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
