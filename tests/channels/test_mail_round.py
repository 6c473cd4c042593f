"""A person's mailbox and the desk's, there and back, on the demo's mail system."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from channels.mail import Mailbox as Channel
from channels.mail import open_channel
from demo.mailbox import Mailbox
from sop.messages import Outgoing, SendFailed
from tests.channels.mail_reception import NOW, SECRET, Recorder, clock, settings

PERSON = "budi@contoh.ac.id"
TOKEN = "kode-percakapan1"


@asynccontextmanager
async def desk(mailbox: Mailbox, reception: Recorder) -> AsyncIterator[Channel]:
    config = settings(
        inbox=mailbox.maildir_url,
        outbox=mailbox.smtp_url,
        address=mailbox.address,
        authserv_id=mailbox.authserv_id,
    )
    async with open_channel(
        config,
        reception,
        clock=clock,
        public_url="https://care.example.ac.id",
        files_root=Path(),
        secret=SECRET,
    ) as channel:
        running = asyncio.create_task(channel.listen())
        try:
            yield channel
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


def answer(reception: Recorder, text: str, number: int = 1) -> Outgoing:
    first = reception.taken[0]
    return Outgoing(
        id=number,
        channel="mail",
        to=first.sender,
        key=first.key,
        text=text,
        subject=first.subject,
        reply_to=first.message_id,
        references=(first.message_id,),
        token=TOKEN,
    )


async def test_question_answer_and_reply_stay_one_conversation(tmp_path: Path) -> None:
    reception = Recorder()
    async with Mailbox(tmp_path, clock) as mailbox, desk(mailbox, reception) as channel:
        mailbox.write(PERSON, "KRS terkunci", "KRS saya terkunci.", name="Budi")
        await reception.until(1)
        await channel.send(answer(reception, "KRS Anda sudah dibuka."))
        (letter,) = mailbox.inbox(PERSON)
        mailbox.reply(PERSON, letter, "Terima kasih, sudah bisa.")
        await reception.until(2)

    question, reply = reception.taken
    assert (question.name, question.proved, question.at) == ("Budi", True, NOW)
    assert (reply.text, reply.token, reply.key) == ("Terima kasih, sudah bisa.", TOKEN, question.key)
    assert "KRS Anda sudah dibuka." in reply.quoted


async def test_a_spoofed_sender_is_not_proved(tmp_path: Path) -> None:
    reception = Recorder()
    async with Mailbox(tmp_path, clock) as mailbox, desk(mailbox, reception):
        mailbox.write("rektor@example.ac.id", "Transfer", "Segera.", dmarc="fail")
        await reception.until(1)

    assert reception.taken[0].proved is False


@pytest.mark.parametrize(
    ("kind", "again", "unknown"),
    [
        ("421", True, False),
        ("450", True, False),
        ("550", False, False),
        ("554", False, False),
        ("drop-after-data", False, True),
    ],
)
async def test_what_the_relay_does_is_told_apart(
    tmp_path: Path, kind: str, again: bool, unknown: bool
) -> None:
    reception = Recorder()
    async with Mailbox(tmp_path, clock) as mailbox, desk(mailbox, reception) as channel:
        mailbox.write(PERSON, "KRS", "Terkunci.")
        await reception.until(1)
        mailbox.fail(kind)
        with pytest.raises(SendFailed) as failed:
            await channel.send(answer(reception, "Dibuka."))

    assert (failed.value.retry is not None, failed.value.unknown) == (again, unknown)


async def test_a_repeated_attempt_carries_the_id_of_the_first(tmp_path: Path) -> None:
    reception = Recorder()
    async with Mailbox(tmp_path, clock) as mailbox, desk(mailbox, reception) as channel:
        mailbox.write(PERSON, "KRS", "Terkunci.")
        await reception.until(1)
        mailbox.fail("drop-after-data")
        with pytest.raises(SendFailed):
            await channel.send(answer(reception, "Dibuka."))
        await channel.send(answer(reception, "Dibuka."))
        letters = mailbox.inbox(PERSON)

    assert len({letter.message_id for letter in letters}) == 1
