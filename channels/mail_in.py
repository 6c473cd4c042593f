"""One mail into the desk: its parts are kept, what it reports is heard, and only then it is taken in."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from datetime import datetime

import structlog

from channels import mail_threads as threads
from channels.mail_machines import Report
from channels.mail_parse import Attachment, Mail, parse
from channels.mail_settings import Settings
from sop.errors import N_, Unavailable
from sop.messages import Delivered, File, Reception, TooLarge

log = structlog.get_logger(__name__)

MAX_FILE = 25_000_000  # bytes
_CHUNK = 262_144
_STATES = {
    "failed": "failed",
    "delivered": "delivered",
    "relayed": "delivered",
    "expanded": "delivered",
    "read": "read",
}


async def receive(
    raw: bytes, reception: Reception, settings: Settings, *, secret: str, clock: Callable[[], datetime]
) -> None:
    """Returns when the mail is on disk, as a message or parked. Raises Unavailable: leave it and come again."""
    at = clock()
    try:
        mail = await asyncio.to_thread(parse, raw, settings.authserv_id)
        await _hand_over(mail, raw, reception, settings, secret, at)
    except (Unavailable, OSError):
        raise
    except Exception as fault:  # one poisoned mail must not stop the rest
        log.error("mail_not_taken", error=type(fault).__name__, size=len(raw))
        await _park(reception, raw, N_("Surel ini tidak dapat diolah; bentuk aslinya disimpan."))


async def _hand_over(
    mail: Mail, raw: bytes, reception: Reception, settings: Settings, secret: str, at: datetime
) -> None:
    for word in _words(mail, settings, secret, at):
        await reception.heard(word)
    if not mail.from_:
        await _park(reception, raw, N_("Surel ini tidak menyebut alamat pengirim."))
        return
    files = tuple([await _keep(reception, attachment) for attachment in mail.attachments])
    await reception.take_in(threads.incoming(mail, raw, at, settings, secret, files), raw)


async def _park(reception: Reception, raw: bytes, reason: str) -> None:
    await reception.park(threads.NAME, hashlib.sha256(raw).hexdigest()[:32], raw, reason)


async def _keep(reception: Reception, attachment: Attachment) -> File:
    """A file above the cap is named without bytes; it stays in the raw mail."""
    facts = File(
        kind=threads.kind_of(attachment),
        name=attachment.filename,
        content_type=attachment.content_type,
        size=attachment.size,
    )
    try:
        kept = await reception.keep(_chunks(attachment.content), limit=MAX_FILE)
    except TooLarge:
        return facts
    return File(
        kind=facts.kind,
        name=facts.name,
        content_type=facts.content_type,
        size=attachment.size,
        path=kept.path,
        sha256=kept.sha256 or attachment.sha256,
    )


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(data), _CHUNK):
        yield data[at : at + _CHUNK]


def _words(mail: Mail, settings: Settings, secret: str, at: datetime) -> list[Delivered]:
    """What the mail reports of mails that we really wrote."""
    return [
        Delivered(
            channel=threads.NAME,
            external_id=report.original_id,
            state=_STATES[report.action],
            at=at,
            reason=_reason(report) if report.action == "failed" else "",
        )
        for report in mail.reports
        if report.action in _STATES and threads.own_id(settings, secret, report.original_id) is not None
    ]


def _reason(report: Report) -> str:
    family = ".".join(report.status.split(".")[1:2])
    plain = {
        "1": N_("Alamat surel penerima tidak ada"),
        "2": N_("Kotak surel penerima penuh atau tidak aktif"),
        "3": N_("Server penerima tidak dapat menerima surel ini"),
        "4": N_("Server penerima tidak terjangkau"),
        "7": N_("Surel ditolak oleh aturan server penerima"),
    }.get(family, N_("Surel tidak sampai ke penerima"))
    return f"{plain} ({report.status})" if report.status else plain
