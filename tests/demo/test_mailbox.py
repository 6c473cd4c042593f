"""The mailbox simulator takes the desk's mail by SMTP and delivers people's mail into a Maildir."""

import mailbox as maildirs
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import pytest

from demo.mail_letter import Attachment
from demo.mailbox import Mailbox
from tests.demo.conftest import Clock

SARI = "sari@example.org"
CARE = "care@example.ac.id"


@pytest.fixture
async def post(tmp_path: Path, clock: Clock) -> AsyncIterator[Mailbox]:
    async with Mailbox(tmp_path, clock) as box:
        yield box


def answer(text: str = "KRS Anda sudah dibuka.") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"UC3 <{CARE}>", SARI, "Re: KRS terkunci [1042]"
    mail["Message-ID"], mail["Reply-To"] = "<1@care.example.ac.id>", "care+abc@example.ac.id"
    mail.set_content(text)
    return mail


async def send(post: Mailbox, *, username: str | None = None, password: str | None = None) -> None:
    await aiosmtplib.send(
        answer(), hostname="127.0.0.1", port=post.port, timeout=5, username=username, password=password
    )


async def test_the_desk_s_mail_lies_in_the_person_s_mailbox(post: Mailbox) -> None:
    await send(post)

    (letter,) = post.inbox(SARI)
    assert (letter.sender, letter.subject, letter.text.strip()) == (
        CARE,
        "Re: KRS terkunci [1042]",
        "KRS Anda sudah dibuka.",
    )
    assert post.inbox("budi@example.org") == []


async def test_a_person_s_mail_lies_in_the_maildir_with_the_server_s_headers(post: Mailbox) -> None:
    post.write(
        SARI, "KRS terkunci", "Mohon dibuka.", name="Sari", attachments=(Attachment("k.pdf", b"%PDF"),)
    )

    (mail,) = list(maildirs.Maildir(post.maildir, create=False))
    assert mail["Delivered-To"] == CARE
    assert mail["Authentication-Results"].startswith("mx.example.ac.id;")
    assert "dmarc=pass header.from=example.org" in mail["Authentication-Results"]
    assert [part.get_filename() for part in mail.walk()][-1] == "k.pdf"
    assert post.sent(SARI)[0].attachments == (Attachment("k.pdf", b"%PDF"),)


async def test_a_reply_is_threaded_and_quotes(post: Mailbox) -> None:
    await send(post)
    letter = post.reply(SARI, post.inbox(SARI)[0], "Terima kasih")

    assert (letter.to, letter.in_reply_to) == ("care+abc@example.ac.id", "<1@care.example.ac.id>")
    assert letter.references == ("<1@care.example.ac.id>",)
    assert letter.subject == "Re: KRS terkunci [1042]"
    assert letter.text.splitlines()[-1] == "> KRS Anda sudah dibuka."


async def test_a_forged_sender_shows_in_the_server_s_verdict(post: Mailbox) -> None:
    letter = post.write("rektor@example.ac.id", "Penting", "Kirim data", dmarc="fail")

    assert "dmarc=fail" in letter.headers["Authentication-Results"]


@pytest.mark.parametrize(("kind", "code"), [("421", 421), ("450", 450), ("550", 550)])
async def test_a_refused_recipient_gets_nothing(post: Mailbox, kind: str, code: int) -> None:
    post.fail(kind, chat=SARI)

    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await send(post)
    assert refused.value.recipients[0].code == code
    await send(post)
    assert len(post.inbox(SARI)) == 1


async def test_refused_data_get_nothing(post: Mailbox) -> None:
    post.fail("554")

    with pytest.raises(aiosmtplib.SMTPDataError):
        await send(post)
    assert post.inbox(SARI) == []


@pytest.mark.parametrize(("kind", "arrived"), [("drop-before", 0), ("drop-after-data", 1)])
async def test_a_connection_lost_around_the_data_is_undecidable(
    post: Mailbox, kind: str, arrived: int
) -> None:
    post.fail(kind)

    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await send(post)
    assert len(post.inbox(SARI)) == arrived


async def test_an_outage_closes_every_connection_and_ends(post: Mailbox) -> None:
    post.outage = True
    with pytest.raises(aiosmtplib.SMTPException):
        await send(post)
    post.outage = False
    await send(post)
    assert len(post.inbox(SARI)) == 1


async def test_with_a_login_only_who_knows_it_may_send(tmp_path: Path, clock: Clock) -> None:
    async with Mailbox(tmp_path, clock, login=("care", "rahasia")) as post:
        with pytest.raises(aiosmtplib.SMTPException):
            await send(post)
        with pytest.raises(aiosmtplib.SMTPAuthenticationError):
            await send(post, username="care", password="salah")
        await send(post, username="care", password="rahasia")
        assert len(post.inbox(SARI)) == 1


async def test_a_second_start_shows_the_same_mailbox(tmp_path: Path, clock: Clock) -> None:
    async with Mailbox(tmp_path, clock) as post:
        await send(post)
        first = post.write(SARI, "Halo", "Halo")
        before = post.inbox(SARI)
    async with Mailbox(tmp_path, clock) as post:
        assert post.inbox(SARI) == before
        assert post.write(SARI, "Halo", "Halo").message_id != first.message_id
