"""What one recipient of an announcement gets: the words in the form their channel carries. Pure but for what it reads first."""

from datetime import datetime, timedelta

from msgspec import Struct

from sop.announcement import refusal
from sop.errors import N_
from sop.language import translate
from sop.messages import File, Kind, Outgoing, Priority, SendFailed
from sop.publication import Publication
from sop.text import clean
from store import contacts, narrations, provider_templates, pushes, targets
from store.db import Change, View
from store.outbox import Letter
from store.pushes import Push, Recipient

PURPOSE = "announcement"
"""The provider template by which WhatsApp carries an announcement to who agreed to it."""
DELETABLE = timedelta(hours=48)
"""For so long Telegram takes back what stands in a group or a private chat; in a channel at any time."""
HAS_IT = frozenset({"sent", "delivered", "read", "unknown"})
PLACES = ("channel", "group")
RELATED = 600  # characters of a WhatsApp template's hole


class Carried(Struct, frozen=True, kw_only=True):
    """What a push carries, read once for a batch. `content`: WhatsApp's approved template, {} where there is none."""

    kind: str
    subject: str
    text: str
    files: tuple[File, ...]
    content: dict[str, object]
    at: datetime


def carried(view: View, publication: Publication, push: Push, now: datetime) -> Carried:
    return Carried(
        kind=push.kind,
        subject=publication.subject,
        text=push.text,
        files=files_of(view, publication.id),
        content=_template(view, publication.subject, push.text),
        at=now,
    )


def files_of(view: View, publication: int) -> tuple[File, ...]:
    """Pictures and files that go out; the letter never does."""
    return tuple(
        _shown(each.file) if each.role == "picture" else each.file
        for each in narrations.enclosures(view, publication)
        if each.role != "letter"
    )


def to(carried: Carried, recipient: Recipient) -> Outgoing | None:
    """None: there is nothing of ours to do there."""
    if recipient.channel == "hand":
        return None
    if carried.kind == "publish":
        return _message(carried, recipient, carried.subject, carried.text, carried.files)
    if recipient.state not in HAS_IT:
        return None
    if carried.kind in ("pin", "unpin"):
        return _pin(carried, recipient)
    posted = recipient.channel == "telegram" and bool(recipient.external_id)
    if carried.kind == "withdrawal":
        return _withdrawal(carried, recipient, posted)
    if posted:
        return _touching(carried, recipient, text=carried.text, edits=recipient.external_id)
    return _message(carried, recipient, _headed(N_("Ralat: {subject}"), carried), carried.text, ())


def trial(text: str, files: tuple[File, ...], chat: str) -> Outgoing:
    """The same to one officer's own chat."""
    return Outgoing(
        id=0, channel="telegram", to=chat, text=text, files=files, priority=Priority.NOTICE, auto=True
    )


def refused(view: View, publication: Publication, channel: str, text: str) -> str:
    """Why a channel would not carry these words and files, untranslated; "" when it does."""
    if channel == "whatsapp" and provider_templates.usable(view, channel, PURPOSE) is None:
        return N_(
            "WhatsApp hanya membawa pengumuman dengan templat yang disetujui. "
            "Minta penyelia mengajukan templat bertujuan pengumuman, atau lepaskan sasaran ini."
        )
    return refusal(channel, text, files_of(view, publication.id))


def shut_out(change: Change, letter: Letter, failure: SendFailed, now: datetime) -> None:
    """A subscriber who blocked us is not asked again until they come back; a place that refuses us says so in its list."""
    known = pushes.of_outbox(change, letter.id)
    place = targets.get(change, known.target) if known else None
    if place is not None and place.kind in PLACES:
        targets.asked(
            change,
            place.id,
            state="refused",
            reason=failure.reason,
            name=place.name,
            members=place.members,
            link=place.link,
            at=now,
        )
        return
    channel, to = letter.outgoing.channel, letter.outgoing.to
    contact = contacts.add(change, name="", language="id", at=now)
    contacts.add_address(change, contact=contact, channel=channel, value=to, wrote_at=None)
    made = contacts.address(change, channel, to)
    if made is not None:
        contacts.set_state(change, made.id, "blocked")


def _message(
    carried: Carried, recipient: Recipient, subject: str, text: str, files: tuple[File, ...]
) -> Outgoing:
    whatsapp = recipient.channel == "whatsapp"
    return Outgoing(
        id=0,
        channel=recipient.channel,
        to=recipient.address,
        text=text,
        subject=subject,
        files=() if whatsapp else files,
        content=carried.content if whatsapp else {},
        priority=Priority.BROADCAST,
        auto=True,
    )


def _touching(
    carried: Carried, recipient: Recipient, *, text: str = "", edits: str = "", deletes: str = ""
) -> Outgoing:
    return Outgoing(
        id=0,
        channel=recipient.channel,
        to=recipient.address,
        text=text,
        files=carried.files,
        edits=edits,
        deletes=deletes,
        priority=Priority.BROADCAST,
        auto=True,
    )


def _withdrawal(carried: Carried, recipient: Recipient, posted: bool) -> Outgoing:
    words = _headed(N_("Pengumuman “{subject}” ditarik. Mohon abaikan pengumuman itu."), carried)
    if carried.text:
        words = f"{words}\n\n{carried.text}"
    if not posted:
        return _message(carried, recipient, _headed(N_("Ditarik: {subject}"), carried), words, ())
    young = recipient.sent_at is not None and carried.at - recipient.sent_at < DELETABLE
    if young or recipient.kind == "channel":
        return _touching(carried, recipient, text=words, deletes=recipient.parts)
    return _touching(carried, recipient, text=words, edits=recipient.external_id)


def _pin(carried: Carried, recipient: Recipient) -> Outgoing | None:
    if recipient.channel != "telegram" or recipient.kind not in PLACES or not recipient.external_id:
        return None
    pins = carried.kind == "pin"
    return Outgoing(
        id=0,
        channel=recipient.channel,
        to=recipient.address,
        pins=recipient.external_id if pins else "",
        unpins="" if pins else recipient.external_id,
        priority=Priority.BROADCAST,
        auto=True,
    )


def _headed(message: str, carried: Carried) -> str:
    return translate(message, "id", subject=carried.subject)


def _template(view: View, subject: str, text: str) -> dict[str, object]:
    """WhatsApp refuses a variable with a line break."""
    found = provider_templates.usable(view, "whatsapp", PURPOSE)
    words = " ".join(clean(text, RELATED).split())
    return {"sid": found.external, "variables": {"1": subject, "2": words}} if found else {}


def _shown(file: File) -> File:
    return File(
        kind=Kind.PHOTO,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        path=file.path,
        sha256=file.sha256,
    )
