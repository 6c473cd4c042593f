"""A desk as it runs: real store, real acts, real reception and delivery, and on it the channels of a test."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

import httpx2
import psycopg

from desk import answer
from desk.delivery import Delivery
from desk.files import Files
from desk.reception import Reception
from sop.errors import Unavailable
from sop.messages import Incoming, Outgoing, Receipt
from store import outbox
from store.db import Database, View, open_database
from tanggap.front import Front
from tests.channels.line import Line, line_to
from tests.clock import Clock
from tests.peers import free_port, serve
from tests.samples import ids, officer, small_office

SECRET = "rahasia-meja-layanan-untuk-uji-kanal"
T = TypeVar("T")


class Channel(Protocol):
    """What `open_channel` of every channel gives; `listen`, `routes` and `fetch` where it has them."""

    @property
    def name(self) -> str: ...

    async def send(self, outgoing: Outgoing) -> Receipt: ...


class Counterpart(Protocol):
    """The other side of one channel: the people who use it and their provider.

    People are numbers from 0. A message is whatever the provider brings: an update, a signed form, a mail.
    """

    name: str
    pushes: bool
    """The provider brings messages to our webhook, over many connections; else the channel fetches them."""
    lines: list[Line]
    """Every wire between the desk and the provider."""

    def address(self, person: int) -> str:
        """Where an answer to this person goes, as `Incoming.sender` says it."""

    async def write(self, person: int, text: str) -> Any:
        """The person writes; the message is with the provider and not brought yet."""

    async def bring(self, message: Any) -> int:
        """The provider brings it (again). HTTP status of our answer; 0 where nobody answers."""

    async def forge(self, message: Any) -> int:
        """Somebody who is not the provider brings it. HTTP status of our answer."""

    async def read(self, person: int) -> list[str]:
        """What the person got from the desk, oldest first."""

    def open(self, desk: "Desk") -> contextlib.AbstractAsyncContextManager[Channel]:
        """Open the channel on this desk."""


class Watched(Reception):
    """The desk's reception, and a word when it could not keep a message."""

    def __init__(self, db: Database, files: Files, clock: Clock) -> None:
        super().__init__(db, files, clock)
        self.refused = asyncio.Event()

    async def take_in(self, incoming: Incoming, raw: bytes = b"") -> None:
        try:
            await super().take_in(incoming, raw)
        except Unavailable:
            self.refused.set()
            raise


@dataclass
class Desk:
    """`channels` are open; `door` is where their webhooks are reached, over a line that can be cut."""

    url: str
    db: Database
    clock: Clock
    reception: Watched
    files: Path
    delivery: Delivery
    counterparts: Mapping[str, Counterpart]
    door: Line
    http: httpx2.AsyncClient
    """How providers and strangers call at the door."""
    channels: dict[str, Channel] = field(default_factory=dict)
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def public_url(self) -> str:
        return self.door.url

    async def reopen(self) -> None:
        """The process starts again: channels are closed and opened anew on the same store."""
        await self.close()
        await self.start()

    async def start(self) -> None:
        front = Front(_nothing)
        await self._open.enter_async_context(serve(front, port=self.door.target, lifespan="off"))
        for name, counterpart in self.counterparts.items():
            channel = await self._open.enter_async_context(counterpart.open(self))
            self.channels[name] = channel
            front.add(channel.routes() if hasattr(channel, "routes") else ())
        for channel in self.channels.values():
            if hasattr(channel, "listen"):
                await self._open.enter_async_context(running(channel.listen()))

    async def close(self) -> None:
        await self._open.aclose()
        self.channels.clear()

    async def listen_again(self) -> None:
        """The next round of a loop that asks its provider now and then, without waiting for its hour."""
        for channel in self.channels.values():
            if hasattr(channel, "listen"):
                await self._open.enter_async_context(running(channel.listen()))

    async def deliver(self) -> None:
        """Send what is due now."""
        await self.delivery.drain(self.channels)

    async def answer(self, ticket: int, text: str) -> None:
        """An agent answers; the words are in the outbox then."""
        agent = await officer(self.db, "sari", self.clock())
        await self.db.write(
            answer.reply, str(ticket), agent, text, key=f"{ticket}/{text}", ids=ids(), now=self.clock()
        )

    async def say(self, name: str, to: str, text: str) -> None:
        """A word of the desk's own to an address, outside any ticket."""
        letter = Outgoing(id=0, channel=name, to=to, text=text)
        await self.db.write(outbox.add, letter, now=self.clock())

    async def until(self, true: Callable[[View], T], seconds: float = 20.0) -> T:
        """What `true` finds once it finds something, looked at after every change. Raises TimeoutError."""
        with self.db.bell.ear() as ear:
            async with asyncio.timeout(seconds):
                while not (found := await self.db.read(true)):
                    await ear.wait(0.5)
        return found

    async def tickets(self, name: str, person: int) -> list[int]:
        return await self.db.read(_tickets, name, self.counterparts[name].address(person))

    async def ticket(self, name: str, person: int) -> int:
        """The person's one ticket, once it is there."""
        address = self.counterparts[name].address(person)
        (number,) = await self.until(lambda view: _tickets(view, name, address))
        return number

    async def said(self, name: str, person: int, direction: str = "in") -> list[str]:
        """What the desk kept of this person's words, or of ours to them, in order."""
        return await self.db.read(_said, name, self.counterparts[name].address(person), direction)

    async def until_said(self, name: str, person: int, count: int) -> list[str]:
        address = self.counterparts[name].address(person)
        return await self.until(
            lambda view: found if len(found := _said(view, name, address, "in")) >= count else []
        )

    async def outbox(self, name: str) -> list[dict[str, Any]]:
        """{"text", "to", "state", "external_id", "doubtful"} of a channel's rows, oldest first."""
        return await self.db.read(_outbox, name)

    async def kept(self) -> dict[str, int]:
        """How much of what came in is stored at all."""
        return await self.db.read(_kept)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Another program holds the right to write."""
        connection: Any
        if self.url.startswith("sqlite:"):
            connection = sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None)
            connection.execute("BEGIN IMMEDIATE")
        else:
            connection = psycopg.connect(self.url)
            connection.execute("SELECT pg_advisory_xact_lock(7274)")
        try:
            yield
        finally:
            connection.rollback()
            connection.close()


@asynccontextmanager
async def opened(
    url: str, folder: Path, clock: Clock, *counterparts: Counterpart, **options: Any
) -> AsyncIterator[Desk]:
    """A desk with a small office on the empty store at `url`, its channels open and listening."""
    files = folder / "files"
    async with (
        open_database(url, **options) as db,
        line_to(f"http://127.0.0.1:{free_port()}") as door,
        httpx2.AsyncClient(base_url=door.url, trust_env=False, verify=False, timeout=20) as http,
    ):
        await small_office(db)
        reception = Watched(db, Files(files), clock)
        delivery = Delivery(db, clock, jitter=lambda: 0.0, grace=0.0)
        named = {each.name: each for each in counterparts}
        desk = Desk(url, db, clock, reception, files, delivery, named, door, http)
        try:
            await desk.start()
            yield desk
        finally:
            await desk.close()


@asynccontextmanager
async def running(work: Any) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


def _tickets(view: View, channel: str, address: str) -> list[int]:
    rows = view.all(
        """
        SELECT t.id FROM ticket t
          JOIN conversation c ON c.id = t.conversation_id JOIN address a ON a.id = c.address_id
         WHERE a.channel = :channel AND a.value = :address ORDER BY t.id
        """,
        channel=channel,
        address=address,
    )
    return [row["id"] for row in rows]


def _said(view: View, channel: str, address: str, direction: str) -> list[str]:
    rows = view.all(
        """
        SELECT m.text FROM message m
          JOIN conversation c ON c.id = m.conversation_id JOIN address a ON a.id = c.address_id
         WHERE a.channel = :channel AND a.value = :address AND m.direction = :direction ORDER BY m.id
        """,
        channel=channel,
        address=address,
        direction=direction,
    )
    return [row["text"] for row in rows]


def _outbox(view: View, channel: str) -> list[dict[str, Any]]:
    rows = view.all("SELECT * FROM outbox WHERE channel = :channel ORDER BY id", channel=channel)
    kept = ("state", "external_id", "doubtful", "error")
    return [
        {
            "text": row["body_json"].get("text", ""),
            "to": row["recipient"],
            **{name: row[name] for name in kept},
        }
        for row in rows
    ]


def states(view: View, channel: str) -> list[str]:
    """How far each outbox row of the channel is, oldest first."""
    return [row["state"] for row in _outbox(view, channel)]


def _kept(view: View) -> dict[str, int]:
    tables = ("message", "ticket", "contact", "seen", "parked", "outbox")
    return {name: int((view.one(f"SELECT count(*) AS n FROM {name}") or {})["n"]) for name in tables}
