"""A desk whose office is Humas, a browser for each of its people, and one publication walked by its acts."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

from starlette.applications import Starlette

from console.app import build
from desk.desk import Desk
from store.db import Change, Database
from tests.console.conftest import Browser, Clock, as_officer, browsing, desk_at
from tests.flows.publishing import Chain
from tests.offices import wib

FRIDAY = "02-13 15.30"
ASKED = "02-18 08.00"
CHAIN = ("wr3", "bpkh", "koor-pkih", "wk-humas", "petugas", "lestari")


class Humas:
    """`people` are browsers by login; `chain` walks by acts what a test is not about."""

    def __init__(self, desk: Desk, app: Starlette, chain: Chain, clock: Clock) -> None:
        self.desk = desk
        self.app = app
        self.chain = chain
        self.clock = clock
        self.people: dict[str, Browser] = {}

    def at(self, moment: str) -> None:
        """The desk's time; sessions go on."""
        self.clock.now = wib(moment)

    @property
    def page(self) -> str:
        return f"/publikasi/{self.chain.number}"

    async def to_the_check(self) -> None:
        await self.chain.go("wr3", "disposisi", "02-18 09.00")
        await self.chain.choose("bpkh", "02-18 09.30")
        await self.chain.go("bpkh", "instruksi", "02-18 09.40")
        await self.chain.go("koor-pkih", "instruksi", "02-18 09.50")
        self.at("02-18 09.55")

    async def to_the_push(self) -> None:
        await self.to_the_check()
        await self.chain.tick("wk-humas", "02-18 09.55")
        await self.chain.go("wk-humas", "layak", "02-18 09.56")
        await self.chain.go("wk-humas", "instruksi", "02-18 09.57")
        self.at("02-18 09.58")


async def opened(db: Database, folder: Path, clock: Clock) -> AsyncIterator[Humas]:
    chain = Chain(db)
    await chain.office(FRIDAY)
    await chain.ask(ASKED)
    desk = desk_at(db, folder, clock, "Humas Universitas Contoh")
    clock.now = clock.real = wib("02-18 08.30")
    humas = Humas(desk, build(desk), chain, clock)
    async with AsyncExitStack() as stack:
        for login in CHAIN:
            http = await stack.enter_async_context(browsing(humas.app))
            humas.people[login] = await as_officer(desk, Browser(http), login)
        yield humas


async def hand_target(db: Database, name: str) -> int:
    """A medium that no channel reaches."""

    def add(change: Change) -> int:
        row = change.one(
            """
            INSERT INTO target (kind, channel, address, name, state, created_at)
            VALUES ('hand', 'hand', '', :name, 'ready', :now) RETURNING id
            """,
            name=name,
            now=wib(FRIDAY),
        )
        assert row
        return int(row["id"])

    return await db.write(add)
