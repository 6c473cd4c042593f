"""The console on a real desk: two units, four officers, and a browser without script for each."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient, Response
from starlette.applications import Starlette

from console.app import build
from console.signin import sign_in_as
from desk import ids, intake
from desk.desk import Desk
from desk.files import Files
from desk.reception import Reception
from store import messages, tickets
from store.db import Database
from tests import samples

HERE = "http://desk.example"
SECRET = "a-secret-of-the-test"


@dataclass
class Clock:
    """The desk's time and the machine's, each moved by hand."""

    now: datetime = samples.NOW
    real: datetime = samples.NOW

    def pass_by(self, span: timedelta) -> None:
        self.now += span
        self.real += span


@dataclass
class Browser:
    """What a person without JavaScript has: pages, their forms, and buttons to press."""

    http: AsyncClient
    page: Response = field(init=False)

    async def open(self, path: str) -> Response:
        self.page = await self.http.get(path, follow_redirects=True)
        return self.page

    def field(self, name: str, form: str = "") -> str:
        """The value of the first field of that name, in the form that posts to `form`."""
        text = self.page.text
        if form:
            text = text[text.index(f'action="{form}"') :]
        found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', text)
        assert found, f"no field {name}"
        return unescape(found[1])

    def area(self, name: str) -> str:
        found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\n?(.*?)</textarea>', self.page.text, re.S)
        assert found, f"no text area {name}"
        return unescape(found[1])

    async def press(self, path: str, **fields: Any) -> Response:
        """Send the page's form, with its hidden fields, as a browser does; follow the 303."""
        hidden = {
            name: self.field(name, path) for name in ("token", "kunci") if f'name="{name}"' in self.page.text
        }
        if 'name="dibaca"' in self.page.text and path.count("/") == 2:
            hidden["dibaca"] = self.field("dibaca", path)
        self.page = await self.http.post(path, data=hidden | fields, follow_redirects=True)
        return self.page


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def desk(db: Database, tmp_path: Path, clock: Clock) -> Desk:
    await samples.small_office(db)
    return desk_at(db, tmp_path, clock, "UC3 Universitas Contoh")


def desk_at(db: Database, folder: Path, clock: Clock, name: str) -> Desk:
    files = Files(folder / "files")
    return Desk(
        db=db,
        clock=lambda: clock.now,
        real=lambda: clock.real,
        files=files,
        reception=Reception(db, files, lambda: clock.now),
        name=name,
        language="id",
        zone="Asia/Jakarta",
        public_url=HERE,
        secret=SECRET,
        secure=False,
    )


@pytest.fixture
def app(desk: Desk) -> Starlette:
    return build(desk)


@pytest.fixture
async def visitor(app: Starlette) -> AsyncIterator[Browser]:
    async with browsing(app) as http:
        yield Browser(http)


def browsing(app: Any, here: str = HERE) -> AsyncClient:
    return AsyncClient(
        transport=ASGITransport(app=app, raise_app_exceptions=False),
        base_url=here,
        headers={"accept-language": "id"},
    )


async def as_officer(desk: Desk, browser: Browser, login: str) -> Browser:
    """Signed in, without the slow hash of a password."""
    response = await sign_in_as(desk, login)
    browser.http.cookies.set("tanggap", response.headers["set-cookie"].partition(";")[0].partition("=")[2])
    return browser


@pytest.fixture
async def sari(desk: Desk, visitor: Browser) -> Browser:
    """A narahubung of Kantor Pusat."""
    return await as_officer(desk, visitor, "sari")


@pytest.fixture
async def budi(desk: Desk, app: Starlette) -> AsyncIterator[Browser]:
    """A narahubung of another unit."""
    async with browsing(app) as http:
        yield await as_officer(desk, Browser(http), "budi")


@pytest.fixture
async def lestari(desk: Desk, app: Starlette) -> AsyncIterator[Browser]:
    """The supervisor of every unit."""
    async with browsing(app) as http:
        yield await as_officer(desk, Browser(http), "lestari")


async def arrived(desk: Desk, text: str = "KRS saya terkunci", **facts: Any) -> str:
    """A reporter's message came in; the number of its ticket."""
    number = await desk.db.write(intake.take_in, samples.incoming(text, **facts), ids.fresh(), desk.clock())
    assert number is not None
    return str(number)


def secured(desk: Desk) -> Desk:
    return replace(desk, secure=True)


async def said(desk: Desk, number: str) -> list[tuple[str, str]]:
    """(direction, text) of what officers wrote, in order."""
    found = await desk.db.read(messages.of_ticket, int(number))
    return [(each.direction, each.text) for each in found if each.author is not None]


async def status(desk: Desk, number: str) -> str:
    ticket = await desk.db.read(tickets.find, int(number))
    assert ticket
    return ticket.status.value
