"""Telegram keeps the contract of all channels, by webhook and by polling."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from desk import inbound
from tests.channels.contract import Contract, ProviderContract, WebhookContract, settled
from tests.channels.counterparts import Telegram, TelegramByPolling, telegram_at
from tests.channels.rig import Counterpart, Desk
from tests.clock import Clock
from tests.conftest import fresh


class TestTelegram(WebhookContract):
    @pytest.fixture
    async def counterpart(self, tmp_path: Path, clock: Clock) -> AsyncIterator[Telegram]:
        async with telegram_at(tmp_path, clock) as made:
            yield made


class TestTelegramOnPostgresql(Contract):
    counterpart = TestTelegram.counterpart

    @pytest.fixture
    def store(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
        with fresh("postgresql", request, tmp_path) as url:
            yield url


class TestTelegramByPolling(ProviderContract):
    @pytest.fixture
    async def counterpart(self, tmp_path: Path, clock: Clock) -> AsyncIterator[Telegram]:
        async with telegram_at(tmp_path, clock, TelegramByPolling) as made:
            yield made

    async def test_a_message_brought_four_times_is_one_message_one_ticket_and_one_acknowledgement(
        self, desk: Desk, counterpart: Counterpart
    ) -> None:
        """Telegram repeats what was not confirmed: here the desk lost its offset, as after a restored backup."""
        message = await counterpart.write(0, "KRS saya terkunci")
        await counterpart.bring(message)
        await settled(desk, counterpart)
        for _ in range(3):
            await desk.close()
            await desk.db.write(inbound.remember, "telegram.offset", {})
            await counterpart.bring(message)
            await desk.start()
            await settled(desk, counterpart)
        await desk.deliver()

        assert await desk.said("telegram", 0) == ["KRS saya terkunci"]
        assert len(await desk.tickets("telegram", 0)) == 1
        assert len(await counterpart.read(0)) == 1
