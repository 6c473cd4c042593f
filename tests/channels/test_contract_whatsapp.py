"""WhatsApp by Twilio keeps the contract of all channels."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.channels.contract import Contract, WebhookContract
from tests.channels.counterparts import WhatsApp, whatsapp_at
from tests.channels.rig import Counterpart, Desk
from tests.clock import Clock
from tests.conftest import fresh


class TestWhatsApp(WebhookContract):
    @pytest.fixture
    async def counterpart(self, tmp_path: Path, clock: Clock) -> AsyncIterator[WhatsApp]:
        async with whatsapp_at(tmp_path, clock) as made:
            yield made

    async def reconcile(self, desk: Desk, counterpart: Counterpart, missed: Any) -> None:
        """Twilio has given up by then: the channel lists what came meanwhile."""
        await desk.listen_again()


class TestWhatsAppOnPostgresql(Contract):
    counterpart = TestWhatsApp.counterpart

    @pytest.fixture
    def store(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
        with fresh("postgresql", request, tmp_path) as url:
            yield url
