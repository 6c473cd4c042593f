from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Generic, TypeVar

import pytest

from demo.telegram import Telegram
from demo.twilio import Twilio
from tests.peers import serve

TOKEN = "110001:publik"
SARI = 7001
Sim = TypeVar("Sim")


@dataclass
class Clock:
    now: datetime = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@dataclass
class Served(Generic[Sim]):
    sim: Sim
    url: str


@asynccontextmanager
async def telegram_at(folder: Path, clock: Clock, *, strict: bool = False) -> AsyncIterator[Served[Telegram]]:
    async with Telegram(folder, clock, strict=strict, push_retry=0.01) as sim, serve(sim.app) as url:
        sim.add_bot(TOKEN, "layanan_contoh_bot", "Layanan Contoh")
        sim.phone(TOKEN).person(SARI, "Sari", username="sari")
        yield Served(sim, url)


@pytest.fixture
async def telegram(tmp_path: Path, clock: Clock) -> AsyncIterator[Served[Telegram]]:
    async with telegram_at(tmp_path, clock) as served:
        yield served


@pytest.fixture
async def twilio(tmp_path: Path, clock: Clock) -> AsyncIterator[Served[Twilio]]:
    async with Twilio(tmp_path, clock, patience=2.0) as sim, serve(sim.app) as url:
        sim.api_url = url
        yield Served(sim, url)
