"""The mail channel against Dovecot and Postfix as Debian ships them: a second opinion beside the peers from pip."""

import asyncio
import imaplib
import smtplib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from pathlib import Path

import pytest

from channels.mail import Mailbox, open_channel
from sop.messages import Delivered, Outgoing, SendFailed
from tests import mail_servers
from tests.channels.mail_reception import SECRET, Recorder, clock, settings
from tests.channels.rig import running
from tests.mail_servers import Dovecot, Postfix


@asynccontextmanager
async def listening(reception: Recorder, **where: str) -> AsyncIterator[Mailbox]:
    async with (
        open_channel(
            settings(**where),
            reception,
            clock=clock,
            public_url="https://care.contoh.ac.id",
            files_root=Path(),
            secret=SECRET,
        ) as channel,
        running(channel.listen()),
    ):
        yield channel


def mail(text: str, number: int, to: str = "care@contoh.ac.id") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Warga <warga@contoh.ac.id>", to, "KRS"
    made["Message-ID"] = f"<m{number}@contoh.ac.id>"
    made.set_content(text)
    return made


def with_client(peer: Dovecot, *commands: tuple[str, ...]) -> None:
    with imaplib.IMAP4(peer.host, peer.port, timeout=10) as client:
        client.login(peer.user, peer.password)
        for name, *words in commands:
            state, answer = getattr(client, name)(*words)
            assert state == "OK", answer


async def test_dovecot_tells_of_each_mail_as_it_comes() -> None:
    reception = Recorder()
    async with mail_servers.dovecot() as peer:
        peer.drop(mail("sudah ada", 1).as_bytes(), "1.contoh")
        async with listening(reception, inbox=peer.url):
            await reception.until(1)
            for number in (2, 3):
                peer.drop(mail(f"baru {number}", number).as_bytes(), f"{number}.contoh")
                await reception.until(number)

    assert [taken.text for taken in reception.taken] == ["sudah ada", "baru 2", "baru 3"]


async def test_a_folder_that_dovecot_made_anew_loses_no_mail() -> None:
    """Another UIDVALIDITY, UIDs from 1 again: the number that was remembered means nothing any more."""
    reception = Recorder()
    async with mail_servers.dovecot() as peer:
        url = peer.url.replace("/INBOX", "/Masuk")
        await asyncio.to_thread(with_client, peer, ("create", "Masuk"))
        await asyncio.to_thread(peer.deliver, mail("pertama", 1).as_bytes(), "Masuk")
        await asyncio.to_thread(peer.deliver, mail("kedua", 2).as_bytes(), "Masuk")
        async with listening(reception, inbox=url):
            await reception.until_remembered(2)
        before = reception.memory[f"mail:{peer.user}@127.0.0.1/Masuk"]["validity"]
        await asyncio.to_thread(with_client, peer, ("delete", "Masuk"), ("create", "Masuk"))
        await asyncio.to_thread(peer.deliver, mail("ketiga", 3).as_bytes(), "Masuk")
        async with listening(reception, inbox=url):
            await reception.until_validity(other_than=before)

    assert [taken.text for taken in reception.taken] == ["pertama", "kedua", "ketiga"]


def post(peer: Postfix, made: EmailMessage, sender: str = "warga@contoh.ac.id") -> None:
    with smtplib.SMTP("127.0.0.1", peer.port, timeout=10) as line:
        line.send_message(made, sender)


async def first_in(box: Path) -> Message:
    """The first mail of a Maildir, once Postfix has put it there: it tells nobody, so it is looked for."""
    for _ in range(400):
        if found := sorted((box / "new").glob("*")):
            return message_from_bytes(found[0].read_bytes(), policy=policy.default)
        await asyncio.sleep(0.05)
    raise TimeoutError


async def test_question_answer_and_reply_pass_through_postfix_in_one_conversation() -> None:
    reception = Recorder()
    async with (
        mail_servers.postfix() as peer,
        listening(reception, inbox=f"maildir:{peer.box('care')}", outbox=peer.url) as channel,
    ):
        await asyncio.to_thread(post, peer, mail("KRS saya terkunci", 1))
        await reception.until(1)
        asked = reception.taken[0]
        receipt = await channel.send(
            Outgoing(
                id=42,
                channel="mail",
                to=asked.sender,
                text="Sudah dibuka.",
                subject=asked.subject,
                reply_to=asked.message_id,
                token="tok",
            )
        )
        answer = await first_in(peer.box("warga"))
        await asyncio.to_thread(post, peer, mail("Terima kasih", 2, to=str(answer["Reply-To"])))
        await reception.until(2)

    assert (answer["Message-ID"], answer["In-Reply-To"]) == (receipt.external_id, "<m1@contoh.ac.id>")
    assert [(taken.text, taken.token) for taken in reception.taken] == [
        ("KRS saya terkunci", ""),
        ("Terima kasih", "tok"),
    ]


async def test_postfix_refuses_an_unknown_address_for_good() -> None:
    async with (
        mail_servers.postfix() as peer,
        listening(Recorder(), inbox=f"maildir:{peer.box('care')}", outbox=peer.url) as channel,
    ):
        with pytest.raises(SendFailed) as failure:
            await channel.send(Outgoing(id=1, channel="mail", to="tidakada@contoh.ac.id", text="Halo"))

    assert (failure.value.retry, failure.value.unknown) == (None, False)
    assert failure.value.reason.startswith("Alamat surel penerima tidak ada")


async def test_what_postfix_sends_back_fails_the_mail_it_belongs_to() -> None:
    reception = Recorder()
    async with (
        mail_servers.postfix() as peer,
        listening(reception, inbox=f"maildir:{peer.box('care')}", outbox=peer.url) as channel,
    ):
        receipt = await channel.send(
            Outgoing(id=9, channel="mail", to="pindah@contoh.ac.id", text="Halo", token="tok")
        )
        await reception.until(1)

    (word,) = reception.words
    assert isinstance(word, Delivered)
    assert (word.external_id, word.state) == (receipt.external_id, "failed")
    assert word.reason == "Alamat surel penerima tidak ada (5.1.1)"
    assert (reception.taken[0].auto, reception.taken[0].token) == (True, "tok")
