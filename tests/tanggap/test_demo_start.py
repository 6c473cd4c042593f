"""The demo's folder and clock: what is anybody else's is left alone, and a demo begins in a working morning."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sop.calendar import office_hours
from sop.clock import is_open
from store import schema
from store.db import open_database
from store.migrate import migrate
from tanggap.demo import upgrade
from tanggap.demo_clock import DemoClock, beginning, moved
from tanggap.demo_folder import NotADemo, open_folder
from tanggap.demo_settings import demo_settings

ZONE = ZoneInfo("Asia/Jakarta")


def wib(day: int, hour: int, minute: int = 0) -> datetime:
    """March 2026; the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def test_a_folder_of_somebody_else_is_neither_used_nor_wiped(tmp_path: Path) -> None:
    (tmp_path / "skripsi.odt").write_text("bab satu")

    for fresh in (False, True):
        with pytest.raises(NotADemo):
            open_folder(tmp_path, fresh=fresh)

    assert (tmp_path / "skripsi.odt").read_text() == "bab satu"


def test_a_fresh_start_wipes_the_demos_own_folder_and_nothing_beside_it(tmp_path: Path) -> None:
    beside = tmp_path / "lain.txt"
    beside.write_text("tetap")
    folder = open_folder(tmp_path / "data", fresh=False)
    folder.keep(built=True)
    (folder.path / "tanggap.db").write_text("lama")

    again = open_folder(folder.path, fresh=True)

    assert not (folder.path / "tanggap.db").exists()
    assert again.secret != folder.secret
    assert beside.read_text() == "tetap"


def test_a_second_start_finds_the_first_ones_secret_and_clock(tmp_path: Path) -> None:
    first = open_folder(tmp_path / "data", fresh=False)
    first.keep(built=True, offset=3600.0)

    second = open_folder(tmp_path / "data", fresh=False)

    assert (second.secret, second.offset, second.built) == (first.secret, 3600.0, True)


async def test_what_an_older_version_made_goes_on_with_this_one(tmp_path: Path) -> None:
    folder = open_folder(tmp_path / "data", fresh=False)
    mail = {"smtp": "smtp://127.0.0.1:1", "maildir": f"maildir:{tmp_path / 'mail'}"}
    settings = demo_settings(folder.path, port=1, **mail, secret=folder.secret, templates={})
    await asyncio.to_thread(migrate, settings.store.url, "0005")
    folder.keep(built=True)
    said: list[str] = []

    for _ in range(2):
        await upgrade(open_folder(folder.path, fresh=False), settings, said.append)

    async with open_database(settings.store.url) as db:
        await schema.check(db)
    assert len(said) == 1


def test_a_half_made_demo_is_made_anew(tmp_path: Path) -> None:
    first = open_folder(tmp_path / "data", fresh=False)
    (first.path / "tanggap.db").write_text("setengah")

    second = open_folder(first.path, fresh=False)

    assert not (second.path / "tanggap.db").exists()


@pytest.mark.parametrize(
    "now",
    [wib(2, 6), wib(2, 9), wib(2, 12, 30), wib(2, 15, 45), wib(2, 22), wib(6, 17), wib(7, 11), wib(8, 23)],
)
def test_a_demo_begins_when_the_office_has_been_open_for_a_while(now: datetime) -> None:
    start = beginning(now)

    assert now <= start <= now + timedelta(days=3)
    assert is_open(office_hours(), start)
    assert start.astimezone(ZONE).hour >= 10


def test_a_demo_that_starts_in_working_hours_starts_now() -> None:
    assert beginning(wib(3, 10, 40)) == wib(3, 10, 40)


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("10m", wib(6, 10, 50)),
        ("1j", wib(6, 11, 40)),
        ("1hk", wib(9, 10, 40)),
        ("malam", wib(6, 20, 30)),
        ("jendela", wib(7, 11, 40)),
    ],
)
def test_the_clock_moves_by_the_offices_days(name: str, there: datetime) -> None:
    assert moved(name, wib(6, 10, 40)) == there


def test_the_clock_goes_on_from_where_it_was_moved_and_remembers_it() -> None:
    kept: list[float] = []
    clock = DemoClock(lambda: wib(2, 9), timedelta(0), kept.append)

    clock.stop_at(wib(1, 8))
    standing = clock()
    clock.run_from(wib(2, 11))

    assert standing == wib(1, 8)
    assert clock() == wib(2, 11)
    assert kept == [7200.0]
