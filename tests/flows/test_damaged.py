"""A page of the database that was damaged is met while the desk serves: it is said to be, and nothing new is put on it."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import httpx2
import pytest

from bench.posters import PUBLIC_PATH, report
from bench.victim import SECRET
from console.signin import sign_in_as
from desk import staff
from tanggap.cli import run
from tanggap.clock import now
from tanggap.house import House, open_house
from tanggap.settings import Settings, read_settings
from tests.peers import serve

HEAD = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
PAGE = 4096  # bytes


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    assert await asyncio.to_thread(run, ["init", str(tmp_path / "meja")]) == 0
    config = tmp_path / "meja" / "config.yaml"
    text = config.read_text(encoding="utf-8")
    telegram = f'  telegram: {{token: "1:a", mode: webhook, secret: "{SECRET}", api: "http://127.0.0.1:9"}}\n'
    config.write_text(text.replace("  counter: {}", telegram + "  counter: {}"), encoding="utf-8")
    return read_settings(config, os.environ)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[tuple[House, httpx2.AsyncClient]]:
    async with (
        open_house(settings) as house,
        serve(house.front, lifespan="off") as base,
        httpx2.AsyncClient(base_url=base) as http,
    ):
        yield house, http


async def bring(http: httpx2.AsyncClient, nth: int) -> int:
    return (await http.post(PUBLIC_PATH, json=report(nth, nth, 1), headers=HEAD)).status_code


def damage(file: Path) -> None:
    """The page at which the messages begin."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [(root,)] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'message'")
    with file.open("r+b") as database:
        database.seek((root - 1) * PAGE)
        database.write(b"\xff" * PAGE)


async def test_a_damaged_page_is_told_on_every_face_and_messages_wait_outside(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    async with opened(settings) as (house, http):
        await house.desk.db.write(staff.add, login="sari", name="Sari", password_hash="", now=now())
        await house.desk.db.write(staff.grant, "sari", lane="supervisor", unit="", now=now())
        assert await bring(http, 1) == 200
        assert (await http.get("/readyz")).json()["store"] is True
    await asyncio.to_thread(damage, Path(settings.store.url.removeprefix("sqlite:///")))

    async with opened(settings) as (house, http):
        cookie = {"cookie": (await sign_in_as(house.desk, "sari")).headers["set-cookie"].partition(";")[0]}
        assert await bring(http, 2) == 503
        page = await http.get("/tiket/1001", headers=cookie)
        assert (page.status_code, "simpanan rusak" in page.text) == (503, True)
        ready = await http.get("/readyz")
        assert (ready.status_code, ready.json()["reason"]) == (503, "damaged")
        assert house.desk.live().damaged

    capsys.readouterr()
    config = str(settings.folder / settings.file)
    assert await asyncio.to_thread(run, ["ticket", "show", "1001", "--config", config]) == 1
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1 and "tanggap restore" in said
