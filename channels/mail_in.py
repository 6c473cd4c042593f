"""Mails into the desk: their parts are kept, what they report is heard, and only then they are taken in."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from channels import mail_threads as threads
from channels.mail_machines import Report
from channels.mail_parse import Attachment, Mail, parse
from channels.mail_settings import Settings
from sop.errors import N_, StillUnreadable, Unavailable
from sop.messages import Delivered, File, Incoming, Reception, TooLarge

log = structlog.get_logger(__name__)

BROKEN = N_("Surel ini tidak dapat diolah; bentuk aslinya disimpan.")
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
    """Returns when the mail is on disk, as a message or parked. Raises Unavailable, OSError: come again with it."""
    (trouble,) = await receive_all([raw], reception, settings, secret=secret, clock=clock)
    if trouble:
        raise trouble


async def receive_all(
    raws: Sequence[bytes],
    reception: Reception,
    settings: Settings,
    *,
    secret: str,
    clock: Callable[[], datetime],
) -> list[Exception | None]:
    """Mails that lie there together, read in one trip and kept in shared COMMITs. For each in its order what kept it
    from the disk, None when it is there; a shorter list: the rest was not tried."""
    read = await asyncio.to_thread(read_all, raws, settings.authserv_id)
    return await hand_over(read, raws, reception, settings, secret=secret, at=clock())


def read_all(raws: Sequence[bytes], authserv_id: str) -> list[Mail | None]:
    """Each mail parsed; None for one on which our own reading fell over."""
    return [_read(raw, authserv_id) for raw in raws]


def _read(raw: bytes, authserv_id: str) -> Mail | None:
    try:
        return parse(raw, authserv_id)
    except Exception as fault:  # one poisoned mail must not stop the rest
        log.error("mail_not_read", error=type(fault).__name__, size=len(raw))
        return None


async def hand_over(
    read: Sequence[Mail | None],
    raws: Sequence[bytes],
    reception: Reception,
    settings: Settings,
    *,
    secret: str,
    at: datetime,
) -> list[Exception | None]:
    """Mails of different senders side by side; a sender's next one waits until the one before is on disk (P4)."""
    desk = _Door(reception, settings, secret, at)
    outcomes: list[Exception | None] = []
    for start, end in _side_by_side(read):
        ready = await asyncio.gather(*(desk.prepare(read[n], raws[n]) for n in range(start, end)))
        outcomes += await asyncio.gather(*(desk.take(one, raws[n]) for n, one in enumerate(ready, start)))
        if any(outcomes):
            break
    return outcomes


def _side_by_side(read: Sequence[Mail | None]) -> Iterator[tuple[int, int]]:
    """Stretches in which no sender stands twice."""
    start, senders = 0, set[str]()
    for n, mail in enumerate(read):
        sender = mail.from_ if mail else ""
        if sender in senders:
            yield start, n
            start, senders = n, set()
        senders.add(sender)
    if start < len(read):
        yield start, len(read)


@dataclass(frozen=True)
class _Door:
    """Where mails of one arrival go in: first what they bring along, then all of them at once, so that they stand in
    line together."""

    reception: Reception
    settings: Settings
    secret: str
    at: datetime

    async def prepare(self, mail: Mail | None, raw: bytes) -> Incoming | Exception | str:
        """The message with its files kept; or why it is parked; or what kept its files from the disk."""
        if mail is None:
            return BROKEN
        try:
            for word in _words(mail, self.settings, self.secret, self.at):
                await self.reception.heard(word)
            if not mail.from_:
                return N_("Surel ini tidak menyebut alamat pengirim.")
            files = tuple([await _keep(self.reception, attachment) for attachment in mail.attachments])
            return threads.incoming(mail, raw, self.at, self.settings, self.secret, files)
        except (Unavailable, OSError) as trouble:
            return trouble
        except Exception as fault:
            log.error("mail_not_taken", error=type(fault).__name__, size=len(raw))
            return BROKEN

    async def take(self, ready: Incoming | Exception | str, raw: bytes) -> Exception | None:
        """None when it is on disk, as a message or parked."""
        if isinstance(ready, Exception):
            return ready
        try:
            if isinstance(ready, Incoming):
                await self.reception.take_in(ready, raw)
            else:
                await _park(self.reception, raw, ready)
        except (Unavailable, OSError) as trouble:
            return trouble
        except Exception as fault:
            if ready == BROKEN:
                raise
            log.error("mail_not_taken", error=type(fault).__name__, size=len(raw))
            return await self.take(BROKEN, raw)
        return None


async def read_again(
    raw: bytes, reception: Reception, settings: Settings, *, secret: str, at: datetime
) -> Incoming:
    """A mail that was parked, its files kept. Raises StillUnreadable, Unavailable, OSError."""
    (mail,) = await asyncio.to_thread(read_all, [raw], settings.authserv_id)
    ready = await _Door(reception, settings, secret, at).prepare(mail, raw)
    if isinstance(ready, Exception):
        raise ready
    if isinstance(ready, str):
        raise StillUnreadable(ready)
    return ready


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
