"""The Humas bot on a real desk against the simulated Bot API: every lane of the chain has a phone; so has a stranger."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bots.humas import HumasBot, open_bot
from demo.telegram import Telegram
from desk import publication_steps, staff
from desk.delivery import Delivery
from desk.push_feed import PushFeed
from sop.messages import Outgoing, Receipt
from sop.publication import Publication
from sop.visit import Visit
from store import publications, trail
from store.db import Database
from tests import offices
from tests.bots.bot_bench import BotBench, buttons, desk_at
from tests.clock import Clock
from tests.flows.publishing import CHAIN, Chain, add_target
from tests.offices import wib
from tests.peers import serve

TOKEN = "330003:humas"
LOGINS = (*CHAIN, "lestari")
PHONES = {login: 9001 + place for place, login in enumerate(LOGINS)}
STRANGER = 9099
START = "02-18 08.30"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
LETTER = """Nomor: 12/UN25/2026
Tanggal: 17 Februari 2026
Perihal: Jadwal wisuda periode IV
Dari: BAAK

Wisuda periode IV pada 12 Desember, pukul 08.00, di gedung utama."""


class Public:
    """The public bot as far as the delivery loop meets it: it takes everything, and remembers whom it went to."""

    def __init__(self) -> None:
        self.went: list[str] = []

    async def send(self, outgoing: Outgoing) -> Receipt:
        self.went.append(outgoing.to)
        return Receipt(external_id=f"{outgoing.to}:{len(self.went)}")


@dataclass
class HumasBench(BotBench[HumasBot]):
    """`writes` and `presses` are thumbs; what they answer is what the bot said to that person since."""

    token = TOKEN
    open_bot = staticmethod(open_bot)

    public: Public
    target: int = 0

    def at(self, text: str) -> None:
        self.clock.now = wib(text)

    def said(self, login: str) -> list[str]:
        return self.provider.sent(PHONES.get(login, STRANGER), TOKEN)

    async def writes(self, login: str, text: str, **more: Any) -> str:
        before = len(self.said(login))
        self.phone.write(PHONES.get(login, STRANGER), text, **more)
        await self.quiet()
        return "\n---\n".join(self.said(login)[before:])

    async def sends(self, login: str, content: bytes, name: str, kind: str, caption: str = "") -> str:
        """A document."""
        before = len(self.said(login))
        self.phone.document(PHONES[login], content, name, kind, caption)
        await self.quiet()
        return "\n---\n".join(self.said(login)[before:])

    async def presses(self, login: str, data: str, *, card: int = 0) -> str:
        """The newest button whose data begins so, or which bears that label; what the bot answered, made of the card, and
        said."""
        number, found = (card, data) if card else self.button(login, data)
        before = len(self.said(login))
        press = self.phone.press(PHONES[login], number, found)
        await self.quiet()
        answer = (self.phone.answer(press) or {}).get("text", "")
        cards = self.provider.chat(PHONES[login], TOKEN)
        became = next(each["text"] for each in cards if each["message_id"] == number)
        return "\n---\n".join(filter(None, (answer, became, *self.said(login)[before:])))

    async def forges(self, login: str, data: str) -> str:
        """A press of a button that this person was never shown; what the bot answered and said."""
        before = len(self.said(login))
        press = self.phone.forge(PHONES[login], data)
        await self.quiet()
        answer = (self.phone.answer(press) or {}).get("text", "")
        return "\n---\n".join(filter(None, (answer, *self.said(login)[before:])))

    def button(self, login: str, data: str) -> tuple[int, str]:
        """(message, data) of the newest such button."""
        for message in reversed(self.provider.chat(PHONES[login], TOKEN)):
            for one in buttons(message):
                if one["text"] == data or one.get("callback_data", "").startswith(data):
                    return message["message_id"], one.get("callback_data", "")
        raise LookupError(f"no button {data!r} in {self.said(login)[-3:]}")

    def labels(self, login: str) -> list[str]:
        """The buttons of the newest message."""
        return [one["text"] for one in buttons(self.provider.chat(PHONES[login], TOKEN)[-1])]

    async def cards(self, bot: HumasBot) -> None:
        """What waits in the outbox leaves, announcements too."""
        feed = PushFeed(self.db, self.clock)
        delivery = Delivery(self.db, self.clock, jitter=lambda: 0.0)
        while await feed.once():
            pass
        await delivery.drain({"humas": bot, "telegram": self.public})
        await feed.once()
        await delivery.drain({"humas": bot, "telegram": self.public})

    async def case(self, number: int = 101) -> Publication:
        found = await self.db.read(publications.find, number)
        assert found
        return found

    async def history(self, number: int = 101) -> list[Visit]:
        return await self.db.read(publication_steps.history, await self.case(number))

    async def events(self, number: int = 101) -> list[str]:
        return [each.kind for each in await self.db.read(trail.of_case, number, kind="publication")]


@asynccontextmanager
async def humas_bench(db: Database, folder: Path) -> AsyncIterator[HumasBench]:
    clock = Clock(wib(START))
    desk = desk_at(db, folder, clock, "Humas Universitas Contoh")
    async with Telegram(folder / "telegram", clock, push_retry=0.01) as sim, serve(sim.app) as url:
        sim.add_bot(TOKEN, "humas_contoh_bot", "Humas Contoh")
        await offices.open_office(db, offices.HUMAS, wib(START))
        for login, user in {**PHONES, "stranger": STRANGER}.items():
            sim.phone(TOKEN).person(user, login.title())
            sim.phone(TOKEN).start(user)
        sim.world.forget_before(TOKEN, 1 << 62)
        for login, user in PHONES.items():
            await db.write(staff.offer_code, login, "humas", f"KODE{user}", wib(START))
            await db.write(staff.link, "humas", str(user), f"KODE{user}", wib(START))
        yield HumasBench(sim, desk, clock, url, Public(), await db.write(add_target, wib(START)))
        sim.outage = True  # ends the long polls


async def to_the_check(humas: HumasBench) -> None:
    """Asked and instructed through to step 4, where Wakil Koordinator Humas has it."""
    chain = Chain(humas.db, target=humas.target)
    await chain.ask("02-18 08.30")
    await chain.go("wr3", "disposisi", "02-18 09.00")
    await chain.choose("bpkh", "02-18 09.10")
    await chain.go("bpkh", "instruksi", "02-18 09.10")
    await chain.go("koor-pkih", "instruksi", "02-18 09.20")
    humas.at("02-18 09.25")


async def to_the_push(humas: HumasBench) -> None:
    await to_the_check(humas)
    chain = Chain(humas.db, number="P-0101")
    await chain.tick("wk-humas", "02-18 09.26")
    await chain.go("wk-humas", "layak", "02-18 09.26")
    await chain.go("wk-humas", "instruksi", "02-18 09.27")
    humas.at("02-18 09.28")
