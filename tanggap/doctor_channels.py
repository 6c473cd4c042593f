"""Each channel's provider asked whether it still knows us: bot tokens and webhooks, Twilio's account, IMAP and SMTP."""

import asyncio
import imaplib
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2

from channels.certificate import ran_out, refusal
from tanggap.diagnosis import Finding, Look, Patient, trouble, warning, well
from tanggap.language import _

TIMEOUT = 8.0  # seconds for one question
MANY = 100  # updates that wait at Telegram
RECENT = timedelta(hours=1)
REFUSED = frozenset({401, 403, 404})  # what a provider says to a token it does not know
NEW_TOKEN = "https://t.me/BotFather"


def looks(patient: Patient) -> list[tuple[str, Look, float]]:
    """One for each channel and bot of config.yaml that has a provider."""
    settings = patient.settings
    bots = {name: getattr(settings.bots, name) for name in ("staff", "humas")}
    found: list[tuple[str, Look, float]] = []
    for name, block in {**settings.channels, **bots}.items():
        if block is None:
            continue
        if name in ("telegram", "staff", "humas"):
            found.append((name, _telegram(name, block), 2 * TIMEOUT + 2))
        elif name == "whatsapp":
            found.append((name, _whatsapp(block), TIMEOUT + 2))
        elif name == "mail":
            found += [
                ("mail.inbox", _inbox(block), TIMEOUT + 4),
                ("mail.outbox", _outbox(block), TIMEOUT + 4),
            ]
    return found


def _telegram(name: str, block: Any) -> Look:
    key = f"channels.{name}" if name == "telegram" else f"bots.{name}"
    base = f"{block.api}/bot{block.token.get_secret_value()}"

    async def look(patient: Patient) -> Sequence[Finding]:
        async with httpx2.AsyncClient(timeout=TIMEOUT) as client:
            try:
                answer = await client.post(f"{base}/getMe")
                if answer.status_code in REFUSED:
                    words = _("Telegram menolak token di {key}", key=f"{key}.token")
                    return [
                        trouble(name, words, _("ambil token baru di {where}, tulis di .env", where=NEW_TOKEN))
                    ]
                answer.raise_for_status()
                bot = answer.json()["result"]["username"]
                hook = (await client.post(f"{base}/getWebhookInfo")).json()["result"]
            except httpx2.HTTPError as error:
                return [_away(name, "Telegram", error)]
        return [
            well(name, _("Telegram mengenal bot ini: @{bot}", bot=bot)),
            *_hook(patient, name, block, hook),
        ]

    return look


def _hook(patient: Patient, name: str, block: Any, hook: dict[str, Any]) -> list[Finding]:
    """What Telegram says of the address to which it brings updates."""
    wanted = f"{patient.settings.desk.public_url}/hooks/{name}" if block.mode == "webhook" else ""
    about, restart = f"{name}.webhook", "sudo systemctl restart tanggap"
    if hook.get("url", "") != wanted:
        if not wanted:
            words = _("webhook terpasang di {url}, padahal mode polling", url=hook["url"])
        else:
            words = _(
                "webhook di Telegram {found}, seharusnya {wanted}",
                found=hook.get("url") or "-",
                wanted=wanted,
            )
        return [trouble(about, words, restart)]
    found = []
    failed = datetime.fromtimestamp(hook.get("last_error_date", 0), UTC)
    if wanted and patient.now() - failed < RECENT:
        words = _("Telegram gagal mengantar ke webhook: {reason}", reason=hook.get("last_error_message", "?"))
        found.append(trouble(about, words, f"curl -i -X POST {wanted}"))
    if (waiting := hook.get("pending_update_count", 0)) > MANY:
        words = _("{count} pesan menunggu di Telegram", count=waiting)
        found.append(warning(about, words, restart))
    if wanted and not found:
        found.append(well(about, _("webhook terpasang dan tidak mengeluh")))
    return found


def _whatsapp(block: Any) -> Look:
    sid, token = block.account_sid, block.auth_token.get_secret_value()

    async def look(patient: Patient) -> Sequence[Finding]:
        try:
            async with httpx2.AsyncClient(timeout=TIMEOUT, auth=(sid, token)) as client:
                answer = await client.get(f"{block.api}/2010-04-01/Accounts/{sid}.json")
                if answer.status_code in REFUSED:
                    words = _("Twilio menolak account_sid atau auth_token di channels.whatsapp")
                    return [
                        trouble(
                            "whatsapp", words, _("salin keduanya dari https://console.twilio.com ke .env")
                        )
                    ]
                answer.raise_for_status()
        except httpx2.HTTPError as error:
            return [_away("whatsapp", "Twilio", error)]
        status = str(answer.json().get("status", ""))
        if status != "active":
            words = _("akun Twilio tidak aktif: {status}", status=status)
            return [trouble("whatsapp", words, "https://console.twilio.com")]
        return [well("whatsapp", _("Twilio mengenal akun ini"))]

    return look


def _inbox(block: Any) -> Look:
    """Log in and open the folder, changing nothing."""
    source = block.source

    async def look(patient: Patient) -> Sequence[Finding]:
        if isinstance(source, Path):
            if source.is_dir():
                return [well("mail.inbox", _("Maildir ada: {path}", path=source))]
            return [
                trouble("mail.inbox", _("Maildir tidak ada: {path}", path=source), f"mkdir -p {source}/new")
            ]
        return await _knocked("mail.inbox", source, lambda: _imap(source, patient.trust))

    return look


def _imap(server: Any, trust: ssl.SSLContext | None) -> None:
    context = trust or ssl.create_default_context()
    with (
        imaplib.IMAP4_SSL(server.host, server.port, ssl_context=context, timeout=TIMEOUT)
        if server.tls
        else imaplib.IMAP4(server.host, server.port, timeout=TIMEOUT)
    ) as client:
        client.login(server.user, server.password)
        state, said = client.select(f'"{server.folder}"', readonly=True)
        if state != "OK":
            raise imaplib.IMAP4.error(str(said))


def _outbox(block: Any) -> Look:
    relay = block.relay

    async def look(patient: Patient) -> Sequence[Finding]:
        return await _knocked("mail.outbox", relay, lambda: _smtp(relay, patient.trust))

    return look


def _smtp(relay: Any, trust: ssl.SSLContext | None) -> None:
    context = trust or ssl.create_default_context()
    with (
        smtplib.SMTP_SSL(relay.host, relay.port, timeout=TIMEOUT, context=context)
        if relay.tls
        else smtplib.SMTP(relay.host, relay.port, timeout=TIMEOUT)
    ) as client:
        if relay.starttls:
            client.starttls(context=context)
        if relay.user:
            client.login(relay.user, relay.password)
        with suppress(smtplib.SMTPException):
            client.noop()


async def _knocked(about: str, server: Any, knock: Any) -> Sequence[Finding]:
    place = f"{server.host}:{server.port}"
    key = f"channels.{about}"
    try:
        await asyncio.to_thread(knock)
    except ssl.SSLCertVerificationError as error:
        return [_refused(about, place, error)]
    except (imaplib.IMAP4.abort, smtplib.SMTPServerDisconnected, OSError) as error:
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return [_login_refused(about, place, key)]
        return [_away(about, place, error)]
    except (imaplib.IMAP4.error, smtplib.SMTPException):
        return [_login_refused(about, place, key)]
    return [well(about, _("{place} menerima masuk kita", place=place))]


def _login_refused(about: str, place: str, key: str) -> Finding:
    words = _("{place} menolak pengguna atau kata sandi di {key}", place=place, key=key)
    return trouble(about, words, _("perbaiki kata sandinya di .env, lalu mulai ulang meja"))


def _refused(about: str, place: str, error: ssl.SSLCertVerificationError) -> Finding:
    look = f"openssl s_client -connect {place} </dev/null | openssl x509 -noout -dates"
    if ran_out(error):
        words = _("sertifikat {place} sudah habis masanya; minta pengelolanya memperbarui", place=place)
        return trouble(about, words, look)
    return trouble(
        about, _("sertifikat {place} ditolak: {reason}", place=place, reason=error.verify_message), look
    )


def _away(about: str, who: str, error: Exception) -> Finding:
    """Its kind only: the words of a library may hold the address with the token."""
    if refused := refusal(error):
        words = _("sertifikat {who} ditolak: {reason}", who=who, reason=refused.verify_message)
        return trouble(
            about, words, _("periksa jam mesin ini, lalu: sudo apt install --reinstall ca-certificates")
        )
    words = _("{who} tidak dapat dihubungi ({reason})", who=who, reason=type(error).__name__)
    return trouble(about, words, _("periksa jaringan dan tembok api mesin ini, lalu ulangi: tanggap doctor"))
