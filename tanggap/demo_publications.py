"""The announcements of the demo's past: a case at each step of the Humas chain, some archived; played by the desk's own acts."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

from demo.stage import Stage
from desk import dispositions, publication_steps, publishing, pushing, subscribing, topics
from desk import targets as places
from desk.decide import Choice
from desk.delivery import Delivery, Sender
from desk.publishing import Request
from desk.push_feed import PushFeed
from sop.officer import Officer
from sop.place import Inspection
from sop.publication import Check, Publication
from store import office as offices
from store import officers, publications, pushes, targets
from store.db import Database, View
from tanggap.demo_clock import DemoClock

STORY = Path(__file__).parent / "demo_publications.yaml"
UNIT, HEAD = "humas", "lestari"


class Told(Struct, frozen=True):
    """Something that happened to a publication, in the order of its story."""

    at: datetime
    order: int
    do: Callable[[], Awaitable[None]]


class Announcements:
    """Plays demo_publications.yaml; `moment` reads its times."""

    def __init__(
        self,
        db: Database,
        stage: Stage,
        clock: DemoClock,
        delivery: tuple[Delivery, dict[str, Sender]],
        moment: Callable[[str | int, datetime], datetime],
    ) -> None:
        self._db = db
        self._stage = stage
        self._clock = clock
        self._delivery, self._senders = delivery
        self._moment = moment
        self._written = yaml.safe_load(STORY.read_text(encoding="utf-8"))

    async def furnish(self) -> None:
        """The places announcements go to, and who hears of them."""
        phone = self._stage.telegram.phone(self._stage.public_bot)
        chat = phone.group(self._written["saluran"], kind="channel", username="kabar_contoh")
        now = self._clock()
        actor = await self._db.read(_officer, HEAD, now)
        unit = await self._db.read(_humas)
        found = Inspection(
            address=str(chat),
            kind="channel",
            name=self._written["saluran"],
            members=self._written["anggota"],
            link="https://t.me/kabar_contoh",
            state="ready",
        )
        await self._db.write(places.add_place, actor, unit=unit, typed=str(chat), found=found, now=now)
        for name in self._written["tangan"]:
            await self._db.write(places.add_hand, actor, unit=unit, name=name, now=now)
        await self._topics(actor, unit, now)

    async def _topics(self, actor: Officer, unit: int, now: datetime) -> None:
        """The demo's reporter hears of each, by Telegram and by mail."""
        readers = {"telegram": str(self._stage.reporter.telegram), "mail": self._stage.reporter.mail}
        for line in self._written["topik"]:
            topic = await self._db.write(
                topics.create,
                actor,
                code=line["kode"],
                name=line["nama"],
                unit=unit,
                channels=tuple(readers),
                now=now,
            )
            for channel, address in readers.items():
                await self._db.write(subscribing.join, topic, channel, address, None, now)

    def events(self, start: datetime) -> list[Told]:
        found = []
        for number, entry in enumerate(self._written["publikasi"], 1):
            at, story = self._moment(entry["kapan"], start), [""]
            found.append(Told(at, number * 100, _bound(self._ask, entry, story)))
            for order, step in enumerate(entry.get("lalu", ()), 1):
                at += timedelta(minutes=step["menit"])
                found.append(Told(at, number * 100 + order, _bound(self._step, step, story)))
        return [each for each in found if each.at < start]

    async def _ask(self, entry: dict[str, Any], story: list[str]) -> None:
        now = self._clock()
        actor = await self._db.read(_officer, entry["dari"], now)
        wanted = Request(
            subject=entry["perihal"],
            text=entry["naskah"],
            letter_number=entry.get("nomor", ""),
            letter_date=now.date().isoformat() if "nomor" in entry else "",
            sender=entry.get("pengirim", ""),
            wish=entry.get("sasaran", ""),
        )
        story[0] = (await self._db.write(publishing.request, actor, wanted, key="", now=now)).number

    async def _step(self, step: dict[str, Any], story: list[str]) -> None:
        """An officer writes, chooses, ticks, decides, pushes or keys in."""
        db, number, now = self._db, story[0], self._clock()
        actor = await db.read(_officer, step["oleh"], now)
        if "naskah" in step:
            read = (await db.read(_publication, number)).version
            await db.write(publishing.write, number, actor, step["naskah"], read=read, key="", now=now)
        elif "sasaran" in step:
            every = [each.id for each in await db.read(targets.every)]
            await db.write(publishing.choose_targets, number, actor, every, now=now)
        elif "centang" in step:
            await db.write(publishing.tick, number, actor, list(Check), now=now)
        elif "sebar" in step:
            await db.write(pushing.begin, number, actor, key="", now=now)
            await self._spread()
        elif "tautan" in step:
            for each in await db.read(pushes.by_hand, _id(number)):
                await db.write(pushing.key_in, number, actor, each.id, step["tautan"], now=now)
            await self._spread()
        else:
            choice = await db.read(_choice, number, step)
            await dispositions.put(db, number, actor, choice, key="", now=now)

    async def _spread(self) -> None:
        """All that is due leaves at this moment."""
        feeding = PushFeed(self._db, self._clock)
        while await feeding.once():
            pass
        await self._delivery.drain(self._senders)
        while await feeding.once():
            pass


def _bound(
    do: Callable[[dict[str, Any], list[str]], Awaitable[None]], step: dict[str, Any], story: list[str]
) -> Callable[[], Awaitable[None]]:
    return lambda: do(step, story)


def _choice(view: View, number: str, step: dict[str, Any]) -> Choice:
    stay = publication_steps.open_of(view, _publication(view, number))
    assert stay is not None, number
    return Choice(decision=step["putus"], visit=stay.id, reason=step.get("alasan", ""))


def _publication(view: View, number: str) -> Publication:
    found = publications.find(view, _id(number))
    assert found is not None, number
    return found


def _id(number: str) -> int:
    return int(number.removeprefix("P-"))


def _humas(view: View) -> int:
    return next(each.id for each in offices.current(view).units.values() if each.code == UNIT)


def _officer(view: View, login: str, now: datetime) -> Officer:
    found = officers.by_login(view, login, now)
    assert found is not None, login
    return found
