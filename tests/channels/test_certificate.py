"""A certificate that ran out, or that nobody vouches for, is named as such; what was to be sent waits."""

import ssl
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from channels.certificate import refusal
from channels.mail_inbox import Imap
from channels.mail_out import Letter, post
from channels.mail_settings import Server
from channels.whatsapp_client import Http
from sop.messages import SendFailed
from tests.channels.mail_reception import Recorder, clock
from tests.tanggap.ills import secure

LETTER = Letter("sari@contoh.ac.id", "<1@x>", b"Subject: x\r\n\r\nx\r\n")


@pytest.mark.parametrize(("days", "words"), [(-3, "sudah habis masanya"), (60, "ditolak")])
async def test_a_mail_servers_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, words: str
) -> None:
    """The one that ran out is trusted otherwise, the other is not trusted by anybody."""
    if days < 0:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "localhost.pem"))
    async with secure(tmp_path, days=days) as (port, _trust):
        with pytest.raises(SendFailed) as failed:
            await post(LETTER, "care@contoh.ac.id", Server("localhost", port, "", "", tls=True))

    assert f"Sertifikat server surel keluar {words}" in failed.value.reason
    assert (failed.value.retry, failed.value.unknown) == (timedelta(0), False)


@pytest.mark.parametrize(("days", "words"), [(-3, "sudah habis masanya"), (60, "ditolak")])
async def test_a_mailboxs_certificate_is_told_as_long_as_it_keeps_the_mails_from_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, words: str
) -> None:
    async def nothing(mails: object) -> list[Exception | None]:
        return []

    if days < 0:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "localhost.pem"))
    async with secure(tmp_path, days=days) as (port, _trust):
        inbox = Imap(Server("localhost", port, "a", "b", tls=True), nothing, Recorder(), clock)
        with pytest.raises(ssl.SSLCertVerificationError):
            await inbox.look()

    assert inbox.away is not None
    assert (inbox.away[0], words in inbox.away[1]) == (clock(), True)


async def test_a_providers_certificate(tmp_path: Path) -> None:
    async with secure(tmp_path, days=60) as (port, _trust), httpx2.AsyncClient(trust_env=False) as http:
        with pytest.raises(SendFailed) as failed:
            await Http(http).request("POST", f"https://localhost:{port}/")

    assert "Sertifikat Twilio ditolak" in failed.value.reason
    assert (failed.value.retry, failed.value.unknown) == (timedelta(0), False)


async def test_telegrams_certificate(tmp_path: Path) -> None:
    from aiogram import Bot
    from aiogram.client.telegram import TelegramAPIServer

    from channels.telegram_session import Session

    async with secure(tmp_path, days=60) as (port, _trust):
        session = Session(TelegramAPIServer.from_base(f"https://localhost:{port}"))
        async with Bot("123456:AAF-k7Qm2xVb9Rt4Lw8Zs1Hn6Yd3Pf5Jc0G", session=session).context() as bot:
            with pytest.raises(SendFailed) as failed:
                await bot.send_message(1, "x")

    assert "Sertifikat Telegram ditolak" in failed.value.reason
    assert (failed.value.retry, failed.value.unknown) == (timedelta(0), False)


def test_another_trouble_is_no_certificate() -> None:
    assert refusal(OSError("away")) is None
