"""The counterparties that other tests lean on really start, and a missing one is named."""

import asyncio
from email.message import EmailMessage

import aiosmtplib
import pytest
from imap_tools import MailBoxUnencrypted

from tests import peers


def test_a_missing_peer_is_skipped_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUIRE_PEERS", raising=False)

    with pytest.raises(pytest.skip.Exception, match="peer slapd is missing"):
        peers.program("slapd", "no-such-program")


def test_a_required_peer_that_is_missing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUIRE_PEERS", "imap,slapd")

    with pytest.raises(pytest.fail.Exception, match="peer slapd is required"):
        peers.program("slapd", "no-such-program")


async def test_the_imap_peer_keeps_a_delivered_mail_unseen() -> None:
    async with peers.imap() as peer:
        await asyncio.to_thread(peer.deliver, b"Subject: KRS\r\n\r\nTerkunci\r\n")

        def read() -> list[str]:
            with MailBoxUnencrypted(peer.host, peer.port).login(peer.user, peer.password) as box:
                return [mail.subject for mail in box.fetch("UNSEEN", mark_seen=False)]

        assert await asyncio.to_thread(read) == ["KRS"]


async def test_the_smtp_peer_keeps_what_it_takes() -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "care@example.ac.id", "sari@example.org", "Jawaban"
    mail.set_content("Sudah dibuka.")
    async with peers.smtp() as peer:
        await aiosmtplib.send(mail, hostname="127.0.0.1", port=peer.port)

    assert [(sender, to) for sender, to, _ in peer.taken] == [("care@example.ac.id", ["sari@example.org"])]


def test_the_postgresql_peer_answers() -> None:
    psycopg = peers.library("postgresql", "psycopg")
    with peers.postgresql() as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 40 + 2").fetchone() == (42,)
