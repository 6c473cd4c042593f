"""A mail of ours: building it, and handing it to the relay so that each ending is known for what it is."""

import asyncio
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, formataddr
from pathlib import Path

import aiosmtplib

from channels.certificate import ran_out, refusal
from channels.mail_machines import IDS, answers
from channels.mail_parts import safe_name
from channels.mail_settings import Server, Settings
from channels.mail_threads import message_id, reply_address
from channels.mail_words import clean, one_line
from sop.errors import N_
from sop.messages import Outgoing, Priority, SendFailed, touches
from sop.unsubscribing import PATH, token_of

DEADLINE = 60.0  # seconds for one mail in all
MAX_FILES = 25_000_000  # bytes of all attachments; relays seldom take more
MAX_REFERENCES = 20
AGAIN = timedelta(0)
STOP = "berhenti"  # the word that ends announcements in every channel
LATER = timedelta(minutes=5)
_POLICY = WIRE.clone(max_line_length=990)  # ids are never broken; the body was wrapped when it was set
_RECIPIENT = re.compile(r"[!#-'*+\-/-9=?A-Z^-~]+(?:\.[!#-'*+\-/-9=?A-Z^-~]+)*@[^\s@<>,;:\"()\[\]\\]+")


@dataclass(frozen=True)
class Letter:
    recipient: str
    message_id: str
    data: bytes


def build(
    outgoing: Outgoing, settings: Settings, *, secret: str, public_url: str, at: datetime, files_root: Path
) -> Letter:
    """Reads the attachments from the disk. Raises SendFailed for what can never be sent."""
    if touches(outgoing):
        raise SendFailed(N_("Surel yang sudah terkirim tidak dapat diubah atau ditarik; kirim surel ralat."))
    mail = EmailMessage(policy=WIRE)
    recipient = _recipient(outgoing.to)
    identity = message_id(settings, secret, outgoing.id, outgoing.token)
    fields = {
        "From": formataddr((one_line(settings.name), settings.address)),
        "To": recipient,
        "Subject": _subject(outgoing, settings),
        "Date": format_datetime(at),
        "Message-ID": identity,
        **_thread(outgoing),
    }
    if outgoing.token:
        fields["Reply-To"] = formataddr(
            (one_line(settings.name), reply_address(settings, secret, outgoing.token))
        )
    if outgoing.auto:
        fields |= {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
    if outgoing.priority is Priority.BROADCAST:
        fields |= {"Auto-Submitted": "auto-generated", "Precedence": "bulk"}
    if outgoing.auto or outgoing.priority is Priority.BROADCAST:
        fields |= _unsubscribe(outgoing, settings, secret, public_url)
    try:
        for name, value in fields.items():
            mail[name] = value
        _fill(mail, outgoing, public_url, files_root)
        return Letter(recipient, identity, mail.as_bytes(policy=_POLICY))
    except (MessageError, ValueError, LookupError) as problem:
        raise SendFailed(
            N_("Surel tidak dapat disusun dari isi ini; periksa alamat dan isinya.")
        ) from problem


def _unsubscribe(outgoing: Outgoing, settings: Settings, secret: str, public_url: str) -> dict[str, str]:
    """RFC 2369, and RFC 8058 where the desk is reached by https: what nobody wrote by hand can be ended by one press."""
    ways = [f"<mailto:{settings.address}?subject={STOP}&body={STOP}>"]
    if not public_url.startswith("https://"):
        return {"List-Unsubscribe": ways[0]}
    ways.insert(0, f"<{public_url.rstrip('/')}{PATH}{token_of(secret, outgoing.id)}>")
    return {"List-Unsubscribe": ", ".join(ways), "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _recipient(to: str) -> str:
    local, _, domain = to.strip().rpartition("@")
    try:
        address = f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        address = ""
    if not _RECIPIENT.fullmatch(address) or not address.isascii() or len(address) > 254:
        raise SendFailed(N_("Alamat surel penerima tidak sah; periksa penulisannya."))
    return address


def _subject(outgoing: Outgoing, settings: Settings) -> str:
    subject = one_line(outgoing.subject)[:400] or one_line(settings.name) or "Jawaban"
    return f"Re: {subject}" if outgoing.reply_to and not answers(subject) else subject


def _thread(outgoing: Outgoing) -> dict[str, str]:
    """In-Reply-To, References (the first and the newest) and Outlook's Thread-Index where the thread had one."""
    known = [one for one in (*outgoing.references, outgoing.reply_to) if IDS.fullmatch(one) and one.isascii()]
    references = list(dict.fromkeys(known))
    if len(references) > MAX_REFERENCES:
        references = [references[0], *references[1 - MAX_REFERENCES :]]
    fields = {}
    if IDS.fullmatch(outgoing.reply_to) and outgoing.reply_to.isascii():
        fields["In-Reply-To"] = outgoing.reply_to
    if references:
        fields["References"] = " ".join(references)
    index = str(outgoing.content.get("thread_index", ""))
    if re.fullmatch(r"[A-Za-z0-9+/=]{4,900}", index):
        fields["Thread-Index"] = index
    return fields


def _fill(mail: EmailMessage, outgoing: Outgoing, public_url: str, files_root: Path) -> None:
    lines = [clean(outgoing.text)]
    buttons = [button for row in outgoing.buttons for button in row]
    lines += [
        f"{one.label}: {one.url}" if one.url else f"{n}. {one.label}" for n, one in enumerate(buttons, 1)
    ]
    if outgoing.link:
        lines.append(f"{public_url.rstrip('/')}/status/{outgoing.link}")
    mail.set_content("\n\n".join(lines), cte="quoted-printable")
    if outgoing.html:
        mail.add_alternative(clean(outgoing.html), subtype="html", cte="quoted-printable")
    total = 0
    for number, file in enumerate(outgoing.files, 1):
        try:
            data = (files_root / file.path).read_bytes() if file.path else b""
        except OSError as problem:
            raise SendFailed(N_("Lampiran belum dapat dibaca dari penyimpanan."), retry=LATER) from problem
        total += len(data)
        if not file.path or total > MAX_FILES:
            raise SendFailed(
                N_("Lampiran tidak tersimpan atau melebihi 25 MB; kirim tautan atau berkas yang lebih kecil.")
            )
        kind, _, subtype = file.content_type.partition("/")
        if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", file.content_type, re.ASCII) or kind in (
            "message",
            "multipart",
        ):
            kind, subtype = "application", "octet-stream"
        mail.add_attachment(
            data, maintype=kind, subtype=subtype, filename=safe_name(file.name) or f"lampiran-{number}"
        )


class _Progress:
    """Whether the mail itself was begun: from there on, a lost line leaves open whether it arrived."""

    begun = False


async def post(letter: Letter, sender: str, relay: Server, *, deadline: float = DEADLINE) -> None:
    """Hand the mail over within `deadline` seconds. Raises SendFailed, and nothing else."""
    progress = _Progress()
    client = aiosmtplib.SMTP(
        hostname=relay.host,
        port=relay.port,
        use_tls=relay.tls,
        start_tls=relay.starttls,
        timeout=deadline,
        local_hostname=sender.rpartition("@")[2],
    )
    try:
        async with asyncio.timeout(deadline):
            await _converse(client, letter, sender, relay, progress)
    except aiosmtplib.SMTPResponseException as refusal:
        raise _refused(refusal) from refusal
    except (TimeoutError, OSError, aiosmtplib.SMTPException) as problem:
        if progress.begun:
            raise SendFailed(
                N_("Sambungan putus saat surel diserahkan; mungkin sudah terkirim."), unknown=True
            ) from problem
        raise SendFailed(_unreached(problem), retry=AGAIN) from problem
    except ValueError as problem:
        raise SendFailed(N_("Alamat surel ditolak sebelum dikirim; periksa penulisannya.")) from problem
    finally:
        client.close()


def _unreached(problem: Exception) -> str:
    refused = refusal(problem)
    if refused is None:
        return N_("Server surel keluar tidak dapat dihubungi.")
    if ran_out(refused):
        return N_("Sertifikat server surel keluar sudah habis masanya; minta pengelolanya memperbarui.")
    return N_("Sertifikat server surel keluar ditolak; jalankan tanggap doctor.")


async def _converse(
    client: aiosmtplib.SMTP, letter: Letter, sender: str, relay: Server, progress: _Progress
) -> None:
    await client.connect()
    if relay.user:
        await client.login(relay.user, relay.password)
    await client.mail(sender)
    await client.rcpt(letter.recipient)
    _watch(client, progress)
    await client.data(letter.data)
    try:
        async with asyncio.timeout(5):
            await client.quit()
    except (TimeoutError, OSError, aiosmtplib.SMTPException):
        pass  # it was taken; how the line ends does not matter


def _watch(client: aiosmtplib.SMTP, progress: _Progress) -> None:
    """aiosmtplib raises the same error before and after the server asked for the mail: note the first byte of it."""
    protocol = client.protocol
    assert protocol is not None
    write = protocol.write

    def noting(data: bytes) -> None:
        progress.begun = progress.begun or data != b"DATA\r\n"
        write(data)

    protocol.write = noting  # type: ignore[method-assign]  # the library has no hook for it


def _refused(refusal: aiosmtplib.SMTPResponseException) -> SendFailed:
    """The relay's code in plain words. Its own text may hold the address, so it goes no further."""
    code, words = refusal.code, str(refusal.message)
    if isinstance(refusal, aiosmtplib.SMTPAuthenticationError) or code in (530, 535):
        return SendFailed(
            N_("Server surel keluar menolak pengguna atau kata sandi; periksa outbox."),
            retry=LATER,
            refused=True,
        )
    if code < 500:
        return SendFailed(f"Server surel meminta mencoba lagi nanti ({code}).", retry=AGAIN)
    extended = re.search(r"\b5\.(\d{1,3})\.(\d{1,3})\b", words)
    return SendFailed(f"{_reason(code, extended)} ({code})")


def _reason(code: int, extended: re.Match[str] | None) -> str:
    kind = (extended[1], extended[2]) if extended else ("", "")
    if kind in (("1", "1"), ("1", "2"), ("1", "3"), ("1", "10")) or (
        not extended and code in (550, 551, 553)
    ):
        return N_("Alamat surel penerima tidak ada")
    if kind in (("2", "2"), ("3", "4")) or code == 552:
        return N_("Kotak surel penerima penuh atau surel terlalu besar")
    if kind[0] == "7" or code == 554:
        return N_("Surel ditolak oleh aturan server penerima")
    return N_("Surel ditolak oleh server penerima")
