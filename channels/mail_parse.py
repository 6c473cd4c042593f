"""Any bytes to a mail in the desk's words. Pure, and never raises: what cannot be read is kept as a file."""

import hashlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from msgspec import Struct

from channels import mail_body as body
from channels import mail_bounces as bounces
from channels import mail_machines as machines
from channels import mail_words as words
from channels.mail_parts import Part, safe_name, split
from channels.mail_quotes import fold

MAX_ATTACHMENTS = 200  # what follows is kept as one file
MAX_REFERENCES = 200
READABLE = ("text/plain", "text/html", "text/enriched", "text/markdown")
_ENDINGS = {
    "message/rfc822": "eml",
    "text/calendar": "ics",
    "text/html": "html",
    "text/plain": "txt",
    "image/jpeg": "jpg",
}


class Attachment(Struct, frozen=True, kw_only=True):
    filename: str
    content_type: str
    size: int
    sha256: str
    content: bytes


class Mail(Struct, frozen=True, kw_only=True):
    """A parsed mail. `text` is whole; `reply` and `quoted` share its words: what the person wrote, and history with
    signature. Ids keep their angle brackets, times are aware and UTC. No header field holds CR, LF or NUL."""

    from_: str
    from_name: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    date: datetime | None
    text: str
    reply: str
    quoted: str
    html: str
    auto: bool
    attachments: tuple[Attachment, ...]
    authentication: tuple[machines.Result, ...] = ()  # results of our own server only
    reports: tuple[machines.Report, ...] = ()  # RFC 3464 and 8098: what became of mails we sent
    delivered_to: tuple[str, ...] = ()
    thread_index: str = ""
    senders: int = 1  # addresses in From; more than one proves nothing


def parse(raw: bytes, authserv_id: str = "") -> Mail:
    """`authserv_id`: the name of our own server, whose Authentication-Results alone are believed."""
    top, leaves = split(raw)
    texts, files = _sort(leaves)
    text, html = _words(texts)
    subject = words.header(top.first("subject"))
    references = _ids(top, "references")
    in_reply_to = next(iter(_ids(top, "in-reply-to")), "")
    folded = fold(text, answering=bool(references or in_reply_to) or machines.answers(subject))
    senders = words.addresses(b", ".join(top.every("from")))
    name, address = senders[0] if senders else ("", "")
    return Mail(
        from_=address,
        from_name=name,
        to=_addresses(top, "to"),
        cc=_addresses(top, "cc"),
        subject=subject,
        message_id=next(iter(_ids(top, "message-id")), ""),
        in_reply_to=in_reply_to,
        references=references,
        date=_date(top),
        text=text.strip(),
        reply=folded.reply,
        quoted=folded.quoted,
        html=html,
        auto=machines.is_machine(top, address, subject),
        attachments=_attachments(files),
        authentication=machines.authentication(top, authserv_id),
        reports=bounces.reports(top, address, subject, text, machines.reports(leaves)),
        delivered_to=_addresses(top, "delivered-to") + _addresses(top, "x-original-to"),
        thread_index=words.header(top.first("thread-index"))[:1000].replace(" ", ""),
        senders=len(senders),
    )


def as_json(mail: Mail) -> dict[str, Any]:
    """The one object of `tanggap mail parse`."""
    return {
        "from": mail.from_,
        "to": list(mail.to),
        "subject": mail.subject,
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "references": list(mail.references),
        "date": mail.date.isoformat() if mail.date else None,
        "text": mail.text,
        "reply": mail.reply,
        "auto": mail.auto,
        "attachments": [
            {name: getattr(file, name) for name in ("filename", "content_type", "size", "sha256")}
            for file in mail.attachments
        ],
    }


def _sort(leaves: list[Part]) -> tuple[list[Part], list[Part]]:
    """What is read, and what is kept as a file. Words between parts are read only when there are no others."""
    texts: list[Part] = []
    files: list[Part] = []
    budget = body.MAX_TEXT
    for part in leaves:
        if part.between:
            continue
        readable = part.content_type in READABLE
        attached = part.disposition == "attachment" or (part.file_name and part.disposition != "inline")
        if readable and not attached and len(part.body) < budget:
            texts.append(part)
            budget -= len(part.body) + 100
        else:
            files.append(part)
    if not texts:  # programs exist that give even the only text a name
        texts = [
            part for part in files if part.content_type in READABLE[:2] and part.disposition != "attachment"
        ][:1]
        texts = [part for part in texts if len(part.body) < budget]
        files = [part for part in files if all(part is not text for text in texts)]
    if not texts and not files:
        texts = [part for part in leaves if part.between and len(part.body) < budget]
        files = [part for part in leaves if part.between and len(part.body) >= budget]
    return texts, files


def _words(texts: list[Part]) -> tuple[str, str]:
    """All text in its order. Of alternatives the plain one is read, unless it is empty."""
    read = [(part, body.text(part)) for part in texts]
    spoken = {part.alternative for part, text in read if part.content_type != "text/html" and text.strip()}
    said = [
        text
        for part, text in read
        if text.strip()
        and not (part.content_type == "text/html" and part.alternative and part.alternative in spoken)
    ]
    html = "\n".join(body.html(part) for part in texts if part.content_type == "text/html")
    return "\n\n".join(text.strip("\n") for text in said), html


def _attachments(files: list[Part]) -> tuple[Attachment, ...]:
    made = [_attachment(part, number) for number, part in enumerate(files[:MAX_ATTACHMENTS], 1)]
    if len(files) > MAX_ATTACHMENTS:
        rest = b"\r\n\r\n".join(part.body for part in files[MAX_ATTACHMENTS:])
        made.append(_file("lampiran-selebihnya.txt", "text/plain", rest))
    return tuple(made)


def _attachment(part: Part, number: int) -> Attachment:
    data = body.content(part)
    name = part.file_name
    if not name and part.content_type == "message/rfc822":
        name = safe_name(words.header(split(data[:100_000])[0].first("subject"))[:60].replace("/", "-"))
        name = f"{name}.eml" if name else ""
    if not name:
        kind, _, subtype = part.content_type.partition("/")
        ending = _ENDINGS.get(part.content_type) or (
            subtype if subtype.isalnum() and kind != "application" else "bin"
        )
        name = f"lampiran-{number}.{ending}"
    return _file(name, part.content_type, data)


def _file(name: str, content_type: str, data: bytes) -> Attachment:
    digest = hashlib.sha256(data).hexdigest()
    return Attachment(filename=name, content_type=content_type, size=len(data), sha256=digest, content=data)


def _ids(top: Part, name: str) -> tuple[str, ...]:
    """Message ids of a field in its order, each once; of a field that is too long the first and the newest."""
    value = words.header(b" ".join(top.every(name)))
    found = list(dict.fromkeys(machines.IDS.findall(value)))
    if not found and name == "message-id" and value:
        found = [f"<{value.strip('<> ')[:300]}>"]
    return tuple(found if len(found) <= MAX_REFERENCES else [found[0], *found[1 - MAX_REFERENCES :]])


def _addresses(top: Part, name: str) -> tuple[str, ...]:
    found = [address for _, address in words.addresses(b", ".join(top.every(name)))]
    return tuple(dict.fromkeys(found))


def _date(top: Part) -> datetime | None:
    value = words.header(top.first("date"))[:200]
    try:
        stated = parsedate_to_datetime(value)
        return stated.replace(tzinfo=UTC) if stated.tzinfo is None else stated.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None
