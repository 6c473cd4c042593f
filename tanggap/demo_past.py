"""The office of the demo and its past few days, made through the desk's own acts with past times."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from demo import past
from demo.stage import Stage
from desk import answer, closing, decide, ids, intake, office_file, staff, sweep, triage
from desk.delivery import Delivery
from desk.passwords import hash_password
from desk.reception import tidy
from desk.templates import fill, values
from sop import office_file as reading
from sop.calendar import office_hours
from sop.clock import is_open, local_date, midnight
from sop.officer import Officer, Right
from sop.ticket import Ticket
from store import office as offices
from store import officers, templates, tickets, visits
from store.db import Database, View, open_database
from tanggap.demo_clock import DemoClock
from tanggap.demo_people import People
from tanggap.demo_publications import Announcements
from tanggap.demo_senders import quiet_senders
from tanggap.demo_settings import PASSWORD
from tanggap.language import _
from tanggap.settings import Settings

HERE = Path(__file__).parent
OFFICE = HERE / "demo_office.yaml"
PAST = HERE / "demo_past.yaml"
BEFORE = timedelta(days=60)  # since when the office has been as it is
TICK = timedelta(minutes=15)  # between two sweeps of the past
FIRST, LAST = timedelta(hours=8), timedelta(hours=17)  # of a day in which something happened
BESIDE = 1_000_000  # announcements come after tickets of the same minute
LATE_TEMPLATE = "Yth. {{1}}, jawaban atas laporan {{2}} sudah ada. Balas pesan ini untuk membacanya."

Say = Callable[[str], None]


class Event(NamedTuple):
    """Something that happened. `order` keeps a ticket's events apart that share a minute."""

    at: datetime
    order: int
    do: Callable[[], Awaitable[None]]


async def build_past(stage: Stage, settings: Settings, clock: DemoClock, start: datetime, say: Say) -> None:
    """Office, officers and what they did until `start`, where the clock runs on from."""
    async with open_database(settings.store.url) as db:
        clock.stop_at(start - BEFORE)
        await _office(db, clock, [each.login for each in stage.officers])
        say(_("  kantor, petugas, dan templat siap"))
        with past.unheard(stage):
            maker = Maker(db, stage, settings, clock)
            await maker.link_officers(start - timedelta(days=7))
            count = await maker.replay(start)
        say(_("  {count} tiket dari beberapa hari terakhir siap", count=count))
    clock.run_from(start)


async def _office(db: Database, clock: DemoClock, logins: list[str]) -> None:
    await db.write(office_file.bring_in, reading.read(OFFICE.read_text(encoding="utf-8")), clock())
    password = await asyncio.to_thread(hash_password, PASSWORD)
    for login in logins:
        await db.write(staff.set_password, login, password, clock())


class Maker:
    """Plays demo_past.yaml, event by event, with the clock standing at each."""

    def __init__(self, db: Database, stage: Stage, settings: Settings, clock: DemoClock) -> None:
        self._db = db
        self._stage = stage
        self._clock = clock
        self._delivery = Delivery(db, clock)
        self._senders = quiet_senders(stage, settings)
        self._people = People(stage, settings)
        self._keys = iter(range(1, 10_000))

    async def link_officers(self, at: datetime) -> None:
        """Everybody's chat with their bot, and WhatsApp's approved template."""
        self._clock.stop_at(at)
        for each in self._stage.officers:
            code = staff.fresh_code()
            bot = self._stage.bot_of(each)
            for token in (bot, self._stage.public_bot):
                self._stage.telegram.phone(token).start(each.telegram)
            await self._db.write(staff.offer_code, each.login, each.bot, code, at)
            await self._db.write(staff.link, each.bot, str(each.telegram), code, at)
            words = _(
                "Akun ini terhubung dengan {name}. Ketik /bantuan untuk daftar perintah.", name=each.name
            )
            past.telegram_answer(self._stage, bot, each.telegram, words, ())
        account = self._stage.twilio.account
        account.approve(account.add_content("late_answer", LATE_TEMPLATE)["sid"])

    async def replay(self, start: datetime) -> int:
        """How many tickets there are now."""
        written = yaml.safe_load(PAST.read_text(encoding="utf-8"))
        self._people.know(written["orang"])
        events = [event for entry in written["tiket"] for event in self._events(entry, start)]
        told = Announcements(self._db, self._stage, self._clock, (self._delivery, self._senders), moment)
        await told.furnish()
        events += [Event(each.at, BESIDE + each.order, each.do) for each in told.events(start)]
        events += [Event(at, -1, self._nothing) for at in _ticks(min(event.at for event in events), start)]
        for event in sorted(events, key=lambda event: event[:2]):
            self._clock.stop_at(event.at)
            await sweep.once(self._db, event.at)
            await event.do()
            await self._delivery.drain(self._senders)
        return await self._db.read(_count)

    def _events(self, entry: dict[str, Any], start: datetime) -> list[Event]:
        """A ticket's story: its first message, and what came of it."""
        at, number = moment(entry["kapan"], start), next(self._keys)
        story: list[str] = []
        found = [Event(at, number * 100, lambda: self._write(entry, entry, story))]
        for order, step in enumerate(entry.get("lalu", ()), 1):
            at += timedelta(minutes=step["menit"])
            do = self._writer(entry, step, story) if "oleh" not in step else self._worker(step, story)
            found.append(Event(at, number * 100 + order, do))
        return [event for event in found if event.at < start]

    def _writer(
        self, entry: dict[str, Any], step: dict[str, Any], story: list[str]
    ) -> Callable[[], Awaitable[None]]:
        return lambda: self._write(entry, step, story)

    def _worker(self, step: dict[str, Any], story: list[str]) -> Callable[[], Awaitable[None]]:
        return lambda: self._work(step, story)

    async def _nothing(self) -> None:
        """A tick: time has passed."""

    async def _write(self, entry: dict[str, Any], step: dict[str, Any], story: list[str]) -> None:
        """The reporter writes on their channel."""
        incoming = await self._people.write(entry["dari"], entry["lewat"], step, entry.get("perihal", ""))
        number = await self._db.write(intake.take_in, tidy(incoming), ids.fresh(), self._clock())
        if number is not None:
            story[:] = [str(number)]

    async def _work(self, step: dict[str, Any], story: list[str]) -> None:
        """An officer takes, tags, notes, decides, answers or closes."""
        db, number, now, key = self._db, story[0], self._clock(), f"peragaan-{next(self._keys)}"
        actor = await db.read(_officer, step["oleh"], now)
        if "ambil" in step:
            await db.write(triage.take, number, actor, key=key, now=now)
        elif "kategori" in step:
            await db.write(triage.tag, number, actor, step["kategori"], key=key, now=now)
        elif "catatan" in step:
            await db.write(answer.note, number, actor, step["catatan"], key=key, ids=ids.fresh(), now=now)
        elif "identitas" in step:
            await db.write(
                triage.check_identity,
                number,
                actor,
                kind=step["identitas"],
                value=step["nilai"],
                valid=True,
                how=step["cara"],
                key=key,
                now=now,
            )
        elif "putus" in step:
            await self._decide(step, number, actor, key)
        elif "jawab" in step or "templat" in step:
            await self._answer(step, number, actor, key)
        else:
            await db.write(closing.close, number, actor, key=key, now=now)
        if actor.has(Right.WORK, (await db.read(_ticket, number, actor)).unit):
            await db.write(triage.read, number, actor)

    async def _decide(self, step: dict[str, Any], number: str, actor: Officer, key: str) -> None:
        """What the SOP asks at the step where the ticket stands."""
        ticket = await self._db.read(_ticket, number, actor)
        current = await self._db.read(visits.open_of, ticket.id)
        assert current is not None, number
        choice = decide.Choice(decision=step["putus"], visit=current.id, reason=step["alasan"])
        await decide.put(self._db, number, actor, choice, key=key, now=self._clock())

    async def _answer(self, step: dict[str, Any], number: str, actor: Officer, key: str) -> None:
        text, template = step.get("jawab", ""), None
        if code := step.get("templat"):
            text, template = await self._db.read(_filled, code, number, actor, self._clock())
        await self._db.write(
            answer.reply,
            number,
            actor,
            text,
            key=key,
            ids=ids.fresh(),
            now=self._clock(),
            template=template,
            then_close="tutup" in step,
        )


def moment(written: str | int, start: datetime) -> datetime:
    """ "H-2 10.12": the second working day before, on the wall; -35: minutes before `start`."""
    if isinstance(written, int):
        return start + timedelta(minutes=written)
    hours = office_hours()
    days, clock_time = written.removeprefix("H-").split()
    day, left = local_date(hours.zone, start), int(days)
    while left:
        day -= timedelta(days=1)
        left -= is_open(hours, midnight(hours.zone, day) + timedelta(hours=9))
    hour, minute = clock_time.split(".")
    return midnight(hours.zone, day) + timedelta(hours=int(hour), minutes=int(minute))


def _ticks(first: datetime, start: datetime) -> list[datetime]:
    """Moments of working days at which the sweeper looks."""
    zone = office_hours().zone
    at, found = first, []
    while at < start:
        if FIRST <= at - midnight(zone, local_date(zone, at)) <= LAST:
            found.append(at)
        at += TICK
    return [*found, start - timedelta(seconds=1)]


def _officer(view: View, login: str, now: datetime) -> Officer:
    found = officers.by_login(view, login, now)
    if found is None:
        raise staff.UnknownLogin(login)
    return found


def _ticket(view: View, number: str, actor: Officer) -> Ticket:
    return tickets.get(view, number, visible_to=actor)


def _filled(view: View, code: str, number: str, actor: Officer, now: datetime) -> tuple[str, int]:
    """A template's words for a ticket, and the template's id."""
    template = templates.by_code(view, code, "id")
    assert template is not None, code
    holes = values(offices.current(view), tickets.get(view, number, visible_to=actor), actor, now)
    return fill(template.body, holes).text, template.id


def _count(view: View) -> int:
    row = view.one("SELECT count(*) AS amount FROM ticket")
    return int(row["amount"]) if row else 0
