"""One publication walked through the Humas chain's own acts: who has it, until when, who is told what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk import dispositions, publication_steps, publishing, sweep
from desk.decide import Choice
from desk.publishing import Request
from sop.officer import Officer
from sop.publication import Check, Publication
from sop.visit import Visit
from store import officers, publications, trail
from store.db import Change, Database, View
from tests import offices, samples
from tests.offices import wib

CHAIN = ("wr3", "bpkh", "koor-pkih", "wk-humas", "petugas")


def link_all(change: Change, now: datetime) -> None:
    """Every officer has linked the Humas bot, in a chat named after their login."""
    for each in officers.all_of(change, now):
        officers.link_chat(change, bot="humas", chat=each.login, officer=each.id, at=now)


def add_target(change: Change, now: datetime) -> int:
    row = change.one(
        """
        INSERT INTO target (kind, channel, address, name, state, created_at)
        VALUES ('channel', 'telegram', '-1001', 'Kabar Contoh', 'ready', :now)
        RETURNING id
        """,
        now=now,
    )
    assert row
    return int(row["id"])


def told(view: View) -> list[tuple[str, str, str]]:
    """(kind, login, words) of everything the Humas bot has to say."""
    rows = view.all("SELECT kind, recipient, body_json FROM outbox WHERE channel = 'humas' ORDER BY id")
    return [(row["kind"], row["recipient"], row["body_json"]["text"]) for row in rows]


@dataclass
class Chain:
    db: Database
    number: str = ""
    target: int = 0

    async def office(self, at: str) -> None:
        await offices.open_office(self.db, offices.HUMAS, wib(at))
        await self.db.write(link_all, wib(at))
        self.target = await self.db.write(add_target, wib(at))

    async def officer(self, login: str, at: str) -> Officer:
        return await samples.officer(self.db, login, wib(at))

    async def ask(self, at: str, *, login: str = "lestari", **facts: Any) -> Publication:
        wanted = Request(subject="Jadwal wisuda", text="Wisuda periode IV pada 12 Desember.", **facts)
        actor = await self.officer(login, at)
        found = await self.db.write(publishing.request, actor, wanted, key="", now=wib(at))
        self.number = found.number
        return found

    async def choose(self, login: str, at: str, *targets: int) -> None:
        actor = await self.officer(login, at)
        chosen = targets or (self.target,)
        await self.db.write(publishing.choose_targets, self.number, actor, chosen, now=wib(at))

    async def tick(self, login: str, at: str) -> None:
        actor = await self.officer(login, at)
        await self.db.write(publishing.tick, self.number, actor, list(Check), now=wib(at))

    async def write(self, login: str, text: str, at: str, *, read: int) -> Publication:
        actor = await self.officer(login, at)
        return await self.db.write(publishing.write, self.number, actor, text, read=read, key="", now=wib(at))

    async def go(
        self, login: str, decision: str, at: str, *then: str, reason: str = "", key: str = ""
    ) -> Publication:
        """Decide as that officer; `then` is step, lane and due time of the next stay, nothing when none follows."""
        found = await self.db.read(publications.find, int(self.number[2:]))
        assert found
        stay = await self.db.read(publication_steps.open_of, found)
        assert stay
        choice = Choice(decision=decision, visit=stay.id, reason=reason)
        actor = await self.officer(login, at)
        done = await dispositions.put(self.db, self.number, actor, choice, key=key, now=wib(at))
        if then:
            step, lane, due = then
            assert (done.step, done.lane, done.due_at) == (step, lane, wib(due))
        return done

    async def sweep(self, at: str) -> int:
        return await sweep.once(self.db, wib(at))

    async def told(self) -> list[tuple[str, str, str]]:
        return await self.db.read(told)

    async def history(self) -> list[Visit]:
        found = await self.db.read(publications.find, int(self.number[2:]))
        assert found
        return await self.db.read(publication_steps.history, found)

    async def events(self) -> list[str]:
        found = await self.db.read(trail.of_case, int(self.number[2:]), kind="publication")
        return [each.kind for each in found]
