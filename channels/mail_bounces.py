"""Bounces written for people: servers that say in words, without the part of RFC 3464, that a mail did not arrive."""

import re

from channels.mail_machines import IDS, Report
from channels.mail_parts import Part
from channels.mail_words import header, one_line

LOOKED_AT = 20_000  # characters of the text: what is sent back follows the reason
MOST_IDS = 20
_SERVER = re.compile(
    r"(?:mailer[-_.]?daemon|mail[-_.]?daemon|postmaster|mailsystem|mail-delivery)\b", re.IGNORECASE
)
_SUBJECT = re.compile(
    r"undeliver|delivery (?:status|failed|failure|has failed|incomplete)|mail delivery|failure notice|returned mail"
    r"|non remis|could not be (?:sent|delivered)|tidak terkirim|gagal (?:terkirim|dikirim)|pengiriman (?:gagal|surel gagal)",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"could(?: not|n't) be delivered|unable to deliver|wasn't delivered|not (?:been )?delivered|delivery[^.\n]{0,60}failed"
    r"|did not reach|could not be reached|message could not|permanent (?:fatal )?error|i'm afraid i wasn't able"
    r"|recipient address (?:was )?rejected|address not found|user unknown|no such user|returned to sender"
    r"|tidak (?:dapat|bisa) (?:dikirim|disampaikan|terkirim)|tidak terkirim|gagal (?:dikirim|terkirim)",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"(?:has been|was|is) delayed|will (?:be retried|keep trying|continue to|be attempted)|still being (?:attempted|tried)"
    r"|not yet been delivered|no action is (?:required|needed)|warning message only|masih (?:akan )?dicoba",
    re.IGNORECASE,
)
_STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
_ADDRESS = re.compile(
    r"^[ \t<'\"]{0,20}([^\s<>@,;:\"'()\[\]]{1,64}@[^\s<>@,;:\"'()\[\]]{1,253}?)[>'\"]?[ \t]{0,20}(?:[:(\-].*)?$",
    re.MULTILINE,
)
_SENT_BACK = re.compile(
    r"^(?:-{3,10} ?[^\n]{0,40}?(?:copy of|copy is|original message|pesan asli|returned)"
    r"|[^\n]{0,20}below this line is a copy|message-id:)",
    re.IGNORECASE | re.MULTILINE,
)
_REASONS = (
    (
        "5.1.1",
        r"no such (?:user|recipient|address)|user unknown|unknown user|does(?: not|n't) exist|address not found",
    ),
    (
        "5.1.1",
        r"no mailbox (?:here )?by that name|couldn't be found|mailbox (?:unavailable|not found)|alamat tidak",
    ),
    (
        "5.2.2",
        r"mailbox (?:is )?full|over ?quota|quota exceeded|out of storage|kotak surat penuh|insufficient storage",
    ),
    (
        "5.4.4",
        r"unrouteable|host (?:or domain )?(?:name )?not found|no route|couldn't find any host|domain not found",
    ),
    ("5.7.1", r"spam|blocked|blacklist|policy|access denied|relay(?:ing)? denied|rejected"),
)


def reports(top: Part, sender: str, subject: str, text: str, found: tuple[Report, ...]) -> tuple[Report, ...]:
    """`found`: what machine-readable parts said. Without any, what the words say; without the mail that is meant, each
    id that the bounce names is offered: the desk believes only ids that it wrote itself."""
    if found and any(report.original_id for report in found):
        return found
    if not found and not (said := _said(top, sender, subject, text)):
        return ()
    ids = _ids(top, text)
    if not ids:
        return found
    return tuple(
        Report(
            action=report.action,
            recipient=report.recipient,
            status=report.status,
            diagnostic=report.diagnostic,
            original_id=one,
        )
        for report in (found or said)
        for one in ids
    )


def _said(top: Part, sender: str, subject: str, text: str) -> tuple[Report, ...]:
    """A server speaks: by its name or by the recipients it names, or without a return path under such a subject."""
    recipient = header(top.first("x-failed-recipients")).partition(",")[0].strip()
    nameless = header(top.first("return-path")) == "<>" and _SUBJECT.search(subject)
    if not (recipient or nameless or _SERVER.match(sender)):
        return ()
    words = text[:LOOKED_AT]
    if copy := _SENT_BACK.search(words):
        words = words[: copy.start()]
    delayed = _DELAYED.search(words) is not None
    if not (delayed or _FAILED.search(words) or _SUBJECT.search(subject)):
        return ()
    address = _ADDRESS.search(words)
    status = _STATUS.search(words)
    return (
        Report(
            action="delayed" if delayed else "failed",
            recipient=one_line(recipient or (address[1] if address else "")),
            status=status[1] if status else _guess(words),
        ),
    )


def _guess(words: str) -> str:
    return next((status for status, shape in _REASONS if re.search(shape, words, re.IGNORECASE)), "")


def _ids(top: Part, text: str) -> list[str]:
    """What the bounce may speak of: ids in the copy it sends back, then those it answers."""
    fields = b" ".join((*top.every("in-reply-to"), *top.every("references")))
    found = (*IDS.findall(text[:400_000]), *reversed(IDS.findall(header(fields))))
    return list(dict.fromkeys(found))[:MOST_IDS]
