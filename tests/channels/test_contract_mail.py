"""Mail keeps the contract of all channels, from a Maildir and from IMAP."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.channels.contract import ProviderContract, bring
from tests.channels.counterparts import Mail, mail_at, mail_by_imap_at
from tests.channels.rig import Desk
from tests.clock import Clock


class TestMail(ProviderContract):
    @pytest.fixture
    async def counterpart(self, tmp_path: Path, clock: Clock) -> AsyncIterator[Mail]:
        async with mail_at(tmp_path, clock) as made:
            yield made

    async def test_a_forged_reply_address_opens_a_ticket_of_its_own(
        self, desk: Desk, counterpart: Mail
    ) -> None:
        await bring(counterpart, 0, "KRS saya terkunci")
        number = await desk.ticket("mail", 0)
        await desk.deliver()
        (letter,) = counterpart.box.inbox(counterpart.address(0))
        name, _, domain = letter.reply_to.rpartition("@")
        forged = f"{name[:-1]}{'a' if name[-1] != 'a' else 'b'}@{domain}"

        counterpart.box.write(counterpart.address(1), "Re: Permohonan", "Saya juga", to=forged)

        assert await desk.ticket("mail", 1) != number
        assert await desk.said("mail", 0) == ["KRS saya terkunci"]

    async def test_an_answer_to_our_reply_address_joins_the_ticket_whatever_else_the_mail_lost(
        self, desk: Desk, counterpart: Mail
    ) -> None:
        await bring(counterpart, 0, "KRS saya terkunci")
        number = await desk.ticket("mail", 0)
        await desk.deliver()
        (letter,) = counterpart.box.inbox(counterpart.address(0))

        counterpart.box.write(counterpart.address(0), "lain", "Masih belum bisa", to=letter.reply_to)

        assert await desk.until_said("mail", 0, 2) == ["KRS saya terkunci", "Masih belum bisa"]
        assert await desk.tickets("mail", 0) == [number]


class TestMailByImap(ProviderContract):
    @pytest.fixture
    async def counterpart(self, tmp_path: Path, clock: Clock) -> AsyncIterator[Mail]:
        async with mail_by_imap_at(tmp_path, clock) as made:
            yield made
