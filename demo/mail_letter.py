"""One letter: made as a mail program makes it, stamped as a server stamps it, read simply for the phone."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr


@dataclass(frozen=True)
class Attachment:
    name: str
    content: bytes
    content_type: str = "application/octet-stream"


@dataclass(frozen=True)
class Letter:
    """A mail as its reader sees it; `raw` is all of it."""

    sender: str
    to: str
    subject: str
    text: str
    html: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    reply_to: str
    headers: dict[str, str]
    attachments: tuple[Attachment, ...]
    raw: bytes


def compose(
    sender: str,
    to: str,
    subject: str,
    text: str,
    *,
    name: str,
    html: str,
    attachments: tuple[Attachment, ...],
    at: datetime,
) -> EmailMessage:
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = formataddr((name, sender))
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(at)
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    for part in attachments:
        main, _, sub = part.content_type.partition("/")
        mail.add_attachment(part.content, maintype=main, subtype=sub or "octet-stream", filename=part.name)
    return mail


def stamp(raw: bytes, sender: str, to: str, authserv_id: str, dmarc: str, at: datetime) -> bytes:
    """The headers of the receiving server, above everything that the sender wrote."""
    domain = sender.rpartition("@")[2]
    spf = "pass" if dmarc == "pass" else "softfail" if dmarc == "fail" else "none"
    head = (
        f"Return-Path: <{sender}>\r\n"
        f"Delivered-To: {to}\r\n"
        f"Authentication-Results: {authserv_id};\r\n"
        f"\tspf={spf} smtp.mailfrom={domain};\r\n"
        f"\tdmarc={dmarc} header.from={domain}\r\n"
        f"Received: from mail.{domain} (mail.{domain} [127.0.0.1])\r\n"
        f"\tby {authserv_id} with ESMTPS\r\n"
        f"\tfor <{to}>; {format_datetime(at)}\r\n"
    )
    return head.encode("utf-8", "surrogateescape") + raw


def read_letter(raw: bytes) -> Letter:
    """Good enough for mail that our own side made; hostile mail is the desk's business, and shows as bare bytes here."""
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    headers = {key: str(value) for key, value in mail.items()}
    return Letter(
        sender=parseaddr(headers.get("From", ""))[1],
        to=parseaddr(headers.get("To", ""))[1],
        subject=headers.get("Subject", ""),
        text=_body(mail, "plain"),
        html=_body(mail, "html"),
        message_id=headers.get("Message-ID", ""),
        in_reply_to=headers.get("In-Reply-To", ""),
        references=tuple(headers.get("References", "").split()),
        reply_to=parseaddr(headers.get("Reply-To", ""))[1],
        headers=headers,
        attachments=tuple(
            Attachment(part.get_filename() or "", _bytes(part), part.get_content_type())
            for part in mail.iter_attachments()
        ),
        raw=raw,
    )


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _bytes(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else part.as_bytes()
