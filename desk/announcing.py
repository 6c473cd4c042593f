"""What one recipient of an announcement gets: the narration in the form its channel carries. Pure but for what it reads first."""

from msgspec import Struct

from sop.messages import File, Kind, Outgoing, Priority
from sop.publication import Publication
from store import narrations, provider_templates
from store.db import View
from store.pushes import Push, Recipient

PURPOSE = "announcement"
"""The provider template by which WhatsApp carries an announcement to who agreed to it."""


class Carried(Struct, frozen=True, kw_only=True):
    """What a push carries, read once for a batch. `content`: WhatsApp's approved template, {} where there is none."""

    kind: str
    subject: str
    text: str
    files: tuple[File, ...]
    content: dict[str, object]


def carried(view: View, publication: Publication, push: Push) -> Carried:
    files = tuple(
        _shown(each.file) if each.role == "picture" else each.file
        for each in narrations.enclosures(view, publication.id)
        if each.role != "letter"
    )
    return Carried(
        kind=push.kind,
        subject=publication.subject,
        text=push.text,
        files=files if push.kind == "publish" else (),
        content=_template(view, publication.subject, push.text),
    )


def to(carried: Carried, recipient: Recipient) -> Outgoing | None:
    """None: a hand serves this medium, no message of ours does."""
    if recipient.channel == "hand":
        return None
    whatsapp = recipient.channel == "whatsapp"
    corrects = carried.kind == "erratum" and recipient.channel == "telegram"
    return Outgoing(
        id=0,
        channel=recipient.channel,
        to=recipient.address,
        text=carried.text,
        subject=carried.subject,
        files=() if whatsapp else carried.files,
        content=carried.content if whatsapp else {},
        edits=recipient.external_id if corrects else "",
        priority=Priority.BROADCAST,
        auto=True,
    )


def _template(view: View, subject: str, text: str) -> dict[str, object]:
    found = provider_templates.usable(view, "whatsapp", PURPOSE)
    return {"sid": found.external, "variables": {"1": subject, "2": text}} if found else {}


def _shown(file: File) -> File:
    return File(
        kind=Kind.PHOTO,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        path=file.path,
        sha256=file.sha256,
    )
