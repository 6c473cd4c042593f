"""One case walked through the desk's own acts: who has the ball, until when, who is told what."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec import Struct

from desk import answer, decide, intake, sweep
from desk.decide import Choice
from desk.ids import fresh
from sop.officer import Officer
from sop.ticket import Ticket
from sop.visit import Visit
from store import messages, officers, tickets, trail, visits
from store.db import Change, Database, View
from store.visits import Open
from tests import offices, samples
from tests.offices import wib

BOT = "staff"


class Card(Struct, frozen=True):
    """A word for an officer as it waits in the outbox."""

    kind: str
    login: str
    text: str
    buttons: tuple[str, ...]


def _link_all(change: Change, now: datetime) -> None:
    """Every officer has linked a chat, named after their login."""
    for each in officers.all_of(change, now):
        officers.link_chat(change, bot=BOT, chat=each.login, officer=each.id, at=now)


def _cards(view: View) -> list[Card]:
    rows = view.all("SELECT kind, recipient, body_json FROM outbox WHERE channel = 'staff' ORDER BY id")
    return [
        Card(
            row["kind"],
            row["recipient"],
            row["body_json"]["text"],
            tuple(key["label"] for line in row["body_json"].get("buttons", ()) for key in line),
        )
        for row in rows
    ]


@dataclass
class Walk:
    db: Database
    number: int = 0
    opened: datetime = field(default_factory=lambda: samples.NOW)
    _seen: int = 0
    _told: int = 0

    async def office(self, text: str, now: datetime) -> None:
        await offices.open_office(self.db, text, now)
        await self.db.write(_link_all, now)

    async def arrive(self, text: str, at: str, **facts: Any) -> Ticket:
        """The reporter writes; the first word opens the case, what the desk says to it is not looked at."""
        now = wib(at)
        incoming = samples.incoming(text, at=now, **facts)
        number = await self.db.write(intake.take_in, incoming, fresh(), now)
        assert number is not None
        if not self.number:
            self.number = number
            self._told = len(await self.words())
            self._seen = len(await self.db.read(_cards))
        return await self.ticket()

    async def ticket(self) -> Ticket:
        found = await self.db.read(tickets.find, self.number)
        assert found
        return found

    async def stay(self) -> Open:
        found = await self.db.read(visits.open_of, self.number)
        assert found, "no step is open"
        return found

    async def here(self, step: str, lane: str, due: str | None) -> Visit:
        """Where the case stands; ticket and stay say the same."""
        stay, ticket = await self.stay(), await self.ticket()
        assert (stay.visit.step, stay.visit.lane) == (step, lane)
        assert stay.visit.due_at == (wib(due) if due else None)
        assert (ticket.step, ticket.lane, ticket.due_at) == (step, lane, stay.visit.due_at)
        return stay.visit

    async def go(
        self,
        login: str,
        decision: str,
        at: str,
        *then: str | None,
        reason: str = "Alasan",
        code: str = "",
        unit: str = "",
        key: str = "",
    ) -> Ticket:
        """Decide as that officer; `then` is step, lane and due time of the next stay, nothing when no step follows."""
        choice = Choice(decision=decision, visit=(await self.stay()).id, reason=reason, code=code, unit=unit)
        done = await self.put(login, choice, at, key=key)
        if not then:
            assert await self.db.read(visits.open_of, self.number) is None
            return done
        step, lane, due = then
        assert step and lane
        await self.here(step, lane, due)
        return done

    async def put(self, login: str, choice: Choice, at: str, *, key: str = "") -> Ticket:
        actor = await self.officer(login, at)
        return await decide.put(self.db, str(self.number), actor, choice, key=key, now=wib(at))

    async def officer(self, login: str, at: str) -> Officer:
        return await samples.officer(self.db, login, wib(at))

    async def reply(self, login: str, text: str, at: str) -> Ticket:
        actor = await self.officer(login, at)
        return await self.db.write(
            answer.reply, str(self.number), actor, text, key="", ids=fresh(), now=wib(at)
        )

    async def sweep(self, at: str) -> int:
        return await sweep.once(self.db, wib(at))

    async def cards(self) -> list[Card]:
        """What officers were told since this was last asked."""
        found = await self.db.read(_cards)
        new, self._seen = found[self._seen :], len(found)
        return new

    async def told(self) -> list[str]:
        """What the reporter was told since this was last asked."""
        found = await self.words()
        new, self._told = found[self._told :], len(found)
        return new

    async def words(self) -> list[str]:
        """All that the reporter was told, oldest first."""
        said = await self.db.read(messages.of_ticket, self.number) if self.number else []
        return [each.text for each in said if each.direction == "out"]

    async def events(self) -> list[str]:
        return [each.kind for each in await self.db.read(trail.of_case, self.number)]

    async def history(self) -> list[Visit]:
        return await self.db.read(visits.history, self.number)
