"""Bringing a desk's database to this program's version: what will be done, a backup before it, and word to who serves."""

import asyncio
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from desk import maintenance
from sop.errors import N_
from store import schema
from store.db import open_database
from tanggap import backup, process
from tanggap.archive import Told
from tanggap.backup import Taken
from tanggap.settings import Settings

FOLDER = "cadangan"  # beside config.yaml, where no folder for backups is named
WORDS = {
    "0001": N_("kantor, orang, percakapan, tiket, kegiatan, pesan keluar, dan rantai kejadian"),
    "0002": N_("halaman pelapor dan penilaiannya"),
    "0003": N_("jalan keluar lain, gabung dan pisah tiket, tampilan, saran kategori, langkah kedua"),
    "0004": N_("beberapa proses di satu meja, jangkar harian, dan peringatan"),
    "0005": N_("publikasi Humas: narasi, disposisi, sasaran, dan arsip"),
    "0006": N_("penghapusan isi tiket dan data pelapor menurut retensi"),
}


def found(url: str) -> str:
    """The database's revision; "" when it is empty or not there. Raises SchemaNewer."""
    if url.startswith("sqlite:///"):
        file = Path(url.removeprefix("sqlite:///"))
        if not file.is_file() or not file.stat().st_size:
            return ""
    revision = asyncio.run(_revision(url))
    if revision > schema.HEAD:
        raise schema.SchemaNewer(revision)
    return revision


async def _revision(url: str) -> str:
    async with open_database(url) as db:
        try:
            return await db.read(schema.revision)
        except Exception as error:
            if "alembic_version" not in str(error):
                raise
            return ""


def steps(revision: str) -> list[tuple[str, str]]:
    """(revision, what it brings) of each migration that is missing, in their order."""
    return [(each, WORDS.get(each, each)) for each in schema.ALL if each > revision]


def keep(settings: Settings, now: datetime, told: Told) -> Taken:
    """A backup of the desk as it is now. Raises what `backup.take` raises."""
    block = settings.backup
    folder = block.folder if block else settings.folder / FOLDER
    recipient = block.recipient if block else ""
    local = now.astimezone(ZoneInfo(settings.desk.timezone))
    name = backup.named(local, sealed=bool(recipient), before=schema.HEAD)
    return backup.take(settings, folder / name, now=now, recipient=recipient, told=told)


async def say(url: str, now: datetime | None) -> None:
    """Tell the processes that serve: maintenance begins at `now`, or is over (None)."""
    async with open_database(url) as db:
        if now:
            await db.write(maintenance.begin, process.name(), now)
        else:
            await db.write(maintenance.end)
