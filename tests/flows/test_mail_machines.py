"""Machines, forgers and bounces write to the mailbox: no loop, no second ticket, and the agent sees what it was."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store import messages
from store.db import View
from tests.channels.contract import bring
from tests.channels.counterparts import Mail, mail_at
from tests.channels.rig import Desk, opened
from tests.clock import Clock


@pytest.fixture
async def mail(tmp_path: Path) -> AsyncIterator[Mail]:
    async with mail_at(tmp_path, Clock()) as made:
        yield made


@pytest.fixture
async def desk(sqlite_url: str, tmp_path: Path, mail: Mail) -> AsyncIterator[Desk]:
    async with opened(sqlite_url, tmp_path, Clock(), mail) as made:
        yield made


async def test_a_machine_that_answers_everything_and_says_nothing_of_itself_hears_one_word(
    desk: Desk, mail: Mail
) -> None:
    """Two machines end within three mails: its first, our receipt, its answer to that."""
    await bring(mail, 0, "Pesan Anda kami terima.")
    await desk.ticket("mail", 0)
    for turn in range(3):
        await desk.deliver()
        letters = mail.box.inbox(mail.address(0))
        assert len(letters) == 1
        mail.box.write(
            mail.address(0), "Re: Permohonan", f"Pesan Anda kami terima {turn}.", to=letters[0].reply_to
        )
        await desk.until_said("mail", 0, turn + 2)

    await desk.deliver()
    assert len(mail.box.inbox(mail.address(0))) == 1
    assert len(await desk.tickets("mail", 0)) == 1


async def test_a_machine_that_says_it_is_one_hears_nothing(desk: Desk, mail: Mail) -> None:
    sender, raw = await mail.write(0, "Saya sedang cuti.")
    await mail.bring((sender, b"Auto-Submitted: auto-replied\r\n" + raw))
    await desk.until_said("mail", 0, 1)

    await desk.deliver()
    assert mail.box.inbox(mail.address(0)) == []


async def test_a_forged_reply_address_is_shown_to_the_agent_as_one(desk: Desk, mail: Mail) -> None:
    await bring(mail, 0, "KRS saya terkunci")
    number = await desk.ticket("mail", 0)
    await desk.deliver()
    (letter,) = mail.box.inbox(mail.address(0))

    mail.box.write(mail.address(1), "Re: KRS", "Saya juga", to=letter.reply_to.replace(".", ".a", 1))

    other = await desk.ticket("mail", 1)
    assert other != number
    (said,) = [each for each in await desk.db.read(_of, other) if each.direction == "in"]
    assert said.payload["forged_token"] is True


async def test_a_bounce_in_words_fails_its_answer_and_opens_no_ticket(desk: Desk, mail: Mail) -> None:
    await bring(mail, 0, "KRS saya terkunci")
    number = await desk.ticket("mail", 0)
    await desk.deliver()
    await desk.answer(number, "Sudah dibuka.")
    await desk.deliver()
    sent = (await desk.outbox("mail"))[-1]["external_id"]

    bounce = (
        f"From: Mailer-Daemon@mx.example.com\r\nTo: {mail.box.address}\r\nMessage-ID: <b1@mx.example.com>\r\n"
        "Subject: failure notice\r\n\r\nI'm afraid I wasn't able to deliver your message.\r\n"
        f"<{mail.address(0)}>:\r\nno mailbox here by that name (#5.1.1)\r\n\r\nMessage-ID: {sent}\r\n"
    )
    mail.box.deliver(bounce.encode(), "", mail.box.address)

    failed = await desk.until(lambda view: [each for each in _of(view, number) if each.sent == "failed"])
    assert [each.text for each in failed] == ["Sudah dibuka."]
    assert failed[0].error == "Alamat surel penerima tidak ada (5.1.1)"
    assert (await desk.kept())["ticket"] == 1


def _of(view: View, ticket: int) -> list[messages.Message]:
    return messages.of_ticket(view, ticket)
