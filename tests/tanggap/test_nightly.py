"""Every night a backup, at the desk's own hour; the newest stay, and how it went is kept for the page and the alert."""

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk import backups
from desk.backups import Outcome, due
from store.db import Database, open_database
from tanggap import archive, backup
from tanggap.blocks import Backup
from tanggap.nightly import Nightly
from tanggap.settings import Settings, faults, read_settings

TWO = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)  # 02.00 of the 21st in Jakarta
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def went(at: datetime, *, good: bool = True) -> Outcome:
    return Outcome(at=at.isoformat(), good=good)


@pytest.mark.parametrize(
    ("now", "before", "wanted"),
    [
        (TWO, None, True),
        (TWO - MINUTE, went(TWO - DAY), False),
        (TWO, went(TWO - DAY), True),
        (TWO + MINUTE, went(TWO), False),
        (TWO + 9 * HOUR, went(TWO - DAY), True),  # the machine slept
        (TWO + DAY - MINUTE, went(TWO), False),
        (TWO + MINUTE, went(TWO - 3 * HOUR), True),  # one by hand in the evening is not the night's
        (TWO + 59 * MINUTE, went(TWO, good=False), False),
        (TWO + HOUR, went(TWO, good=False), True),  # what failed is tried again
        (TWO - DAY, went(TWO), False),  # a clock that was set back a day
    ],
)
def test_a_backup_is_due_once_a_night(now: datetime, before: Outcome | None, wanted: bool) -> None:
    assert due("02.00", "Asia/Jakarta", now, before) is wanted


@pytest.fixture
def settings(config: str) -> Settings:
    return read_settings(Path(config), os.environ)


@pytest.fixture
async def db(settings: Settings) -> AsyncIterator[Database]:
    async with open_database(settings.store.url) as database:
        yield database


def nightly(settings: Settings, db: Database, at: datetime, *, folder: Path, keep: int = 14) -> Nightly:
    return Nightly(settings, Backup(folder=folder, keep=keep), db, lambda: at)


async def test_the_newest_stay_and_only_our_own_are_dropped(
    settings: Settings, db: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "cadangan"
    folder.mkdir()
    (folder / "catatan.txt").write_text("milik saya")
    (folder / "sebelum-0005-20261101-020000.tar.gz").write_text("milik saya")
    for day in range(4):
        assert await nightly(settings, db, TWO + day * DAY, folder=folder, keep=2).once()
        assert await nightly(settings, db, TWO + day * DAY + HOUR, folder=folder, keep=2).once() is None

    assert sorted(path.name for path in folder.iterdir()) == [
        "catatan.txt",
        "sebelum-0005-20261101-020000.tar.gz",
        "tanggap-20261123-020000.tar.gz",
        "tanggap-20261124-020000.tar.gz",
    ]
    assert archive.read(folder / "tanggap-20261124-020000.tar.gz").about.at == (TWO + 3 * DAY).isoformat()


async def test_a_night_that_failed_is_kept_with_its_reason_and_drops_nothing(
    settings: Settings, db: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "cadangan"
    await nightly(settings, db, TWO, folder=folder, keep=1).once()
    lost = replace(
        settings, store=settings.store.model_copy(update={"url": f"sqlite:///{tmp_path}/tiada.db"})
    )

    await nightly(lost, db, TWO + DAY, folder=folder, keep=1).once()

    kept = await db.read(backups.last)
    assert kept is not None
    assert (kept.good, kept.good_at) == (False, TWO.isoformat())
    assert kept.reason
    assert len(backup.nightly_ones(folder)) == 1


async def test_a_folder_that_takes_nothing_is_named(settings: Settings, db: Database, tmp_path: Path) -> None:
    (tmp_path / "cadangan").write_text("ini berkas")

    kept = await nightly(settings, db, TWO, folder=tmp_path / "cadangan").once()

    assert kept is not None
    assert str(tmp_path) in kept.reason


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('  at: "25.00"', 'bukan jam; tulis di antara tanda kutip, misalnya "02.00"'),
        ("  at: 02.00", "harus teks"),
        ("  keep: 0", "paling kecil 1"),
        ("  recipient: ssh-ed25519 AAAA", "bukan kunci penerima"),
        ("  folders: x", "maksud Anda folder?"),
    ],
)
def test_mistakes_in_the_block_are_named_with_their_line(config: str, line: str, words: str) -> None:
    path = Path(config)
    text = path.read_text(encoding="utf-8") + f"\nbackup:\n  folder: cadangan\n{line}\n"
    path.write_text(text, encoding="utf-8")

    [fault] = faults(path, os.environ)

    assert words in str(fault)
    assert fault.line == len(text.splitlines())


def test_the_folder_is_counted_from_config_yaml(config: str) -> None:
    path = Path(config)
    path.write_text(path.read_text(encoding="utf-8") + "\nbackup: {folder: cadangan}\n", encoding="utf-8")

    block = read_settings(path, os.environ).backup

    assert block == Backup(folder=path.parent / "cadangan", at="02.00", keep=14, recipient="")
