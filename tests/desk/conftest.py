"""A desk whose one open ticket is Dewi's, with the simulated Telegram behind its channel."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from channels.telegram import Settings, Telegram, open_channel
from demo.telegram import Telegram as Provider
from desk import answer
from desk.delivery import Delivery
from desk.files import Files
from desk.intake import take_in
from desk.reception import Reception
from store import messages, outbox
from store.db import Database
from store.outbox import Letter
from tests.clock import Clock
from tests.peers import serve
from tests.samples import NOW, ids, incoming, officer, small_office

TOKEN = "110001:publik"


DEWI = 7001


RIO = 7002


SECOND = timedelta(seconds=1)


@dataclass
class Rig:
    """A desk with one open ticket of Dewi's, its acknowledgement sent, and the provider behind its channel."""

    db: Database
    provider: Provider
    channel: Telegram
    clock: Clock
    delivery: Delivery
    api: str

    async def answer(self, text: str, key: str = "") -> int:
        """An agent's answer to ticket 1001; its outbox row."""
        sari = await officer(self.db)
        await self.db.write(answer.reply, "1001", sari, text, key=key or text, ids=ids(), now=self.clock())
        said = (await self.db.read(messages.of_ticket, 1001))[-1]
        assert said.outbox is not None
        return said.outbox

    async def drain(self, later: timedelta = timedelta(0)) -> int:
        self.clock.now += later
        return await self.delivery.drain({"telegram": self.channel})

    async def letter(self, number: int) -> Letter:
        found = await self.db.read(outbox.get, number)
        assert found is not None
        return found

    def heard(self, chat: int = DEWI) -> list[str]:
        """What the person has on the phone, without the acknowledgement."""
        return [text for text in self.provider.sent(chat, TOKEN) if "kami terima" not in text]


@asynccontextmanager
async def telegram(url: str, folder: Path, db: Database, clock: Clock) -> AsyncIterator[Telegram]:
    settings = Settings.model_validate({"token": TOKEN, "mode": "webhook", "secret": "x" * 16, "api": url})
    async with open_channel(
        settings,
        Reception(db, Files(folder), clock),
        clock=clock,
        public_url="https://care.example.ac.id",
        files_root=folder,
    ) as channel:
        yield channel


@pytest.fixture
async def rig(sqlite: Database, tmp_path: Path) -> AsyncIterator[Rig]:
    clock = Clock()
    async with Provider(tmp_path / "telegram", clock, push_retry=0.01) as provider:
        provider.add_bot(TOKEN, "layanan_contoh_bot", "Layanan Contoh")
        for number, name in ((DEWI, "Dewi"), (RIO, "Rio")):
            provider.phone(TOKEN).person(number, name)
            provider.phone(TOKEN).start(number)
        async with serve(provider.app) as api, telegram(api, tmp_path, sqlite, clock) as channel:
            await small_office(sqlite)
            await sqlite.write(take_in, incoming(), ids(), NOW)
            rig = Rig(sqlite, provider, channel, clock, Delivery(sqlite, clock, jitter=lambda: 0.5), api)
            await rig.drain()
            yield rig
            provider.outage = True
