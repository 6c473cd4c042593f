"""Which conversation a mail belongs to, and who vouches for its sender. Pure.

Our own ids and reply addresses carry the conversation's token with a signature of the desk's secret: a person who
answers is known by it whatever their mail program does to the subject, and nobody can make one up.
"""

import hashlib
import hmac
import re
from base64 import b32encode
from datetime import datetime
from typing import Any

from channels.mail_parse import Attachment, Mail
from channels.mail_settings import Settings
from sop.messages import File, Incoming, Kind

NAME = "mail"
_TOKEN = re.compile(r"[A-Za-z0-9_\-]{1,26}")
_OWN_ID = re.compile(r"<(\d{1,19}\.([A-Za-z0-9_\-]*))\.([a-z2-7]{16})")
_KINDS = {"image": Kind.PHOTO, "audio": Kind.AUDIO, "video": Kind.VIDEO}


def sign(secret: str, purpose: str, value: str) -> str:
    """80 bits in lower case, which survive mail programs that change case."""
    digest = hmac.new(secret.encode(), f"{purpose}\0{value}".encode(), hashlib.sha256).digest()
    return b32encode(digest[:10]).decode().lower()


def reply_address(settings: Settings, secret: str, token: str) -> str:
    """`care+TOKEN.SIG@domain`, or the plain address when the token does not fit one."""
    local, _, domain = settings.address.rpartition("@")
    if not _TOKEN.fullmatch(token):
        return settings.address
    return f"{local}+{token}.{sign(secret, 'reply', token)}@{domain}"


def message_id(settings: Settings, secret: str, number: int, token: str = "") -> str:
    """The id of an outbox row: the same at each attempt, so that a receiver can tell a repetition."""
    body = f"{number}.{token}" if _TOKEN.fullmatch(token) else f"{number}."
    return f"<{body}.{sign(secret, 'id', body)}@{settings.domain}>"


def own_id(settings: Settings, secret: str, given: str) -> str | None:
    """The token inside an id of ours ("" when it holds none); None when we did not write it."""
    if not given.endswith(f"@{settings.domain}>"):
        return None
    shape = _OWN_ID.fullmatch(given.rpartition("@")[0])
    if shape and hmac.compare_digest(sign(secret, "id", shape[1]), shape[3]):
        return shape[2]
    return None


def reply_token(mail: Mail, settings: Settings, secret: str) -> tuple[str, bool]:
    """The conversation's token that a mail proves, and whether one of its tokens is forged. The address is asked
    first: ids are copied along when somebody forwards."""
    claims = [
        claim for address in (*mail.to, *mail.cc, *mail.delivered_to) if (claim := _claim(settings, address))
    ]
    for token, signature in claims:
        if hmac.compare_digest(sign(secret, "reply", token), signature):
            return token, False
    references = (
        mail.in_reply_to,
        *reversed(mail.references),
        *(report.original_id for report in mail.reports),
    )
    known = [found for one in references if (found := own_id(settings, secret, one))]
    if claims:  # servers exist that write addresses in small letters; then our own id must say the same
        same = [found for found in known if found.lower() == claims[0][0].lower()]
        return (same[0], False) if same else ("", True)
    return (known[0] if known else ""), False


def _claim(settings: Settings, address: str) -> tuple[str, str] | None:
    """Token and signature of an address of ours with an addition, right or wrong."""
    local, _, domain = address.lower().rpartition("@")
    own, _, ours = settings.address.lower().rpartition("@")
    if domain != ours or not local.startswith(f"{own}+"):
        return None
    token, _, signature = address.rpartition("@")[0][len(own) + 1 :].rpartition(".")
    return token, signature.lower() if signature.isascii() else ""


def proved(mail: Mail) -> bool:
    """DMARC passed for the one address in From: every result our server wrote names that address's domain and says so."""
    results = [result for result in mail.authentication if result.method == "dmarc"]
    domain = mail.from_.rpartition("@")[2]
    return bool(
        results
        and domain
        and mail.senders == 1
        and all(
            result.verdict == "pass" and result.properties.get("header.from", "").strip('"') == domain
            for result in results
        )
    )


def external_id(mail: Mail, raw: bytes) -> str:
    """The Message-ID with a digest of who, when and what: a stranger who repeats the id of another mail cannot make
    that mail look seen. Fields that differ by the way it came are left out."""
    blank = re.search(rb"\r?\n\r?\n", raw)
    body = raw[blank.end() :] if blank else raw
    words = f"{mail.from_}\0{mail.date}\0{mail.subject}\0".encode()
    digest = hashlib.sha256(words + body.replace(b"\r\n", b"\n").rstrip()).hexdigest()[:24]
    return f"{mail.message_id[:200]}#{digest}"


def incoming(
    mail: Mail, raw: bytes, at: datetime, settings: Settings, secret: str, files: tuple[File, ...] = ()
) -> Incoming:
    """The mail as the desk's message. `files` were kept already. `key` is the thread's first id; a token that
    verified is in `token` and outranks it, a forged one begins a new thread and is named in the payload."""
    identity = external_id(mail, raw)
    own = mail.message_id or f"<{identity.partition('#')[2]}@{settings.domain}>"
    token, forged = reply_token(mail, settings, secret)
    root = next(iter(mail.references), mail.in_reply_to) or own
    references = tuple(dict.fromkeys((*mail.references, *([mail.in_reply_to] if mail.in_reply_to else []))))
    return Incoming(
        channel=NAME,
        external_id=identity,
        key=f"{own}#{identity.partition('#')[2]}" if forged else root,
        sender=mail.from_.lower(),
        at=at,
        message_id=own,
        name=mail.from_name,
        text=mail.reply,
        quoted=mail.quoted,
        subject=mail.subject,
        kind=files[0].kind if files and not mail.reply else Kind.TEXT,
        files=files,
        reply_to="" if forged else mail.in_reply_to,
        auto=mail.auto or mail.from_.lower() == settings.address.lower(),
        proved=proved(mail),
        sent_at=mail.date,
        references=references,
        token=token,
        payload=_payload(mail, forged=forged),
    )


def _payload(mail: Mail, *, forged: bool) -> dict[str, Any]:
    facts = {
        "forged_token": forged,
        "thread_index": mail.thread_index,
        "cc": list(mail.cc),
        "reports": [
            f"{report.action}: {report.recipient} {report.status}".strip() for report in mail.reports
        ],
    }
    return {name: value for name, value in facts.items() if value}


def kind_of(attachment: Attachment) -> Kind:
    return _KINDS.get(attachment.content_type.partition("/")[0], Kind.DOCUMENT)
