"""A staff bot on a real desk, against the simulated Bot API; Sari's chat is linked, Budi's and a stranger's are not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bots.officer_bot import OfficerBot
from bots.staff import open_bot
from demo.memory import Json
from demo.telegram import Telegram
from desk import staff
from desk.delivery import Delivery
from desk.intake import take_in
from store.db import Database
from tests.bots.bot_bench import BotBench, buttons, desk_at
from tests.bots.humas_bench import HumasBench, humas_bench
from tests.clock import Clock
from tests.peers import serve
from tests.samples import ids, incoming, small_office

TOKEN = "220002:petugas"
SARI, BUDI, STRANGER, HENDRA = 8001, 8002, 8003, 8004


@dataclass
class Bench(BotBench[OfficerBot]):
    """`said` is what the bot wrote to a chat."""

    token = TOKEN
    open_bot = staticmethod(open_bot)

    def said(self, chat: int = SARI) -> list[str]:
        return self.provider.sent(chat, TOKEN)

    async def writes(self, text: str, user: int = SARI, **more: Any) -> str:
        """What the bot answers to the last of a person's words, "" for nothing."""
        chat = more.get("chat") or user
        before = len(self.said(chat))
        self.phone.write(user, text, **more)
        await self.quiet()
        return "\n---\n".join(self.said(chat)[before:])

    async def presses(self, data: str, user: int = SARI, *, chat: int | None = None, card: int = 0) -> Json:
        """Press the newest button of that data (or label); what the bot answered to the press."""
        number = card or self.card(data, chat or user)["message_id"]
        press = self.phone.press(user, number, data, chat=chat)
        await self.quiet()
        return self.phone.answer(press) or {}

    def card(self, data: str, chat: int = SARI) -> Json:
        """The newest message with such a button."""
        for message in reversed(self.provider.chat(chat, TOKEN)):
            if any(data in (one.get("callback_data", ""), one["text"]) for one in buttons(message)):
                return message
        raise LookupError(f"no button {data!r} in {self.said(chat)}")

    async def ticket(self, text: str = "KRS saya terkunci", **facts: Any) -> int:
        number = await self.db.write(take_in, incoming(text, **facts), ids(), self.clock())
        assert number is not None
        return number

    async def link(self, user: int, login: str) -> None:
        code = f"KODE{user}"
        await self.db.write(staff.offer_code, login, "staff", code, self.clock())
        await self.db.write(staff.link, "staff", str(user), code, self.clock())

    async def drain(self, bot: OfficerBot) -> int:
        return await Delivery(self.db, self.clock, jitter=lambda: 0.0).drain({"staff": bot})


@asynccontextmanager
async def bench_at(db: Database, folder: Path) -> AsyncIterator[Bench]:
    clock = Clock()
    desk = desk_at(db, folder, clock, "UC3 Universitas Contoh")
    async with Telegram(folder / "telegram", clock, push_retry=0.01) as sim, serve(sim.app) as url:
        sim.add_bot(TOKEN, "petugas_contoh_bot", "Petugas Contoh")
        for user, name in ((SARI, "Sari"), (BUDI, "Budi"), (STRANGER, "Rudi"), (HENDRA, "Hendra")):
            sim.phone(TOKEN).person(user, name)
        sim.phone(TOKEN).start(SARI)
        sim.world.forget_before(TOKEN, 1 << 62)
        await small_office(db)
        bench = Bench(sim, desk, clock, url)
        await bench.link(SARI, "sari")
        yield bench
        sim.outage = True  # ends the long polls


@pytest.fixture
async def bench(sqlite: Database, tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench_at(sqlite, tmp_path) as made:
        yield made


@pytest.fixture
async def on_both(db: Database, tmp_path: Path) -> AsyncIterator[Bench]:
    """On each engine in turn."""
    async with bench_at(db, tmp_path) as made:
        yield made


@pytest.fixture
async def humas(sqlite: Database, tmp_path: Path) -> AsyncIterator[HumasBench]:
    async with humas_bench(sqlite, tmp_path) as made:
        yield made


@pytest.fixture
async def humas_on_both(db: Database, tmp_path: Path) -> AsyncIterator[HumasBench]:
    """On each engine in turn."""
    async with humas_bench(db, tmp_path) as made:
        yield made
