"""`tanggap restore`: a backup put back into an empty place, its chain of events verified."""

import asyncio
import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from desk import backups
from sop.errors import N_, DeskError
from store import schema
from store.db import View, open_database
from tanggap import restore as putting
from tanggap import sealing
from tanggap.archive import SETTINGS, About, Told
from tanggap.backup_progress import shown
from tanggap.commands.migrate import run as migrate
from tanggap.commands.options import CONFIG, Config
from tanggap.language import _
from tanggap.opened import Opened, ask, plainly
from tanggap.settings import Settings, read_settings

app = typer.Typer(add_completion=False)


class BrokenChain(DeskError):
    """What was put back stays: the fault was in the desk before the backup."""

    def __init__(self, event: int) -> None:
        super().__init__(
            N_(
                "Meja sudah dipulihkan, tetapi rantai kejadiannya putus pada kejadian {event}: sesudah titik itu ada yang diubah."
            ),
            event=event,
        )


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="BERKAS", help=_("Cadangan dari tanggap backup."))],
    key: Annotated[
        Path | None, typer.Option("--key", metavar="BERKAS", help=_("Berkas kunci cadangan yang tersandi."))
    ] = None,
    another_desk: Annotated[
        bool, typer.Option("--another-desk", help=_("Terima cadangan dari meja dengan rahasia lain."))
    ] = False,
    config: Config = CONFIG,
) -> None:
    identity = sealing.identity(key) if key else None
    if identity is None and sealing.is_sealed(file):
        raise sealing.NeedsKey(file)
    if identity is not None:
        _bring_settings(file, identity, config)
    settings = read_settings(config, os.environ)
    with plainly(), shown() as told:
        manifest = putting.examined(settings, file, identity, another_desk=another_desk, told=told)
        restored = putting.put_back(settings, file, identity, told=told)
        if manifest.about.facts.revision < schema.HEAD:
            migrate(settings.store.url)
        broken = asyncio.run(_chain(settings, manifest.about, told))
    held = _note(config, manifest.about)
    _say(restored, held, settings.desk.zone)
    if broken is not None:
        raise BrokenChain(broken)


def _bring_settings(file: Path, identity: Any, config: Path) -> None:
    """On a machine where nothing is left the sealed backup brings config.yaml and .env along."""
    folder = config.absolute().parent
    names = dict(zip(SETTINGS, (config.absolute(), folder / ".env"), strict=True))
    if all(path.exists() for path in names.values()):
        return
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with shown() as told:
            found = putting.settings_in(file, identity, folder, names, told=told)
    except DeskError:
        if is_new:
            folder.rmdir()
        raise
    for path in found:
        typer.echo(_("{path} dipulihkan dari cadangan", path=path))


async def _chain(settings: Settings, about: About, told: Told) -> int | None:
    """The first event that does not fit; also when the chain does not end as it did in the backup."""

    def look(view: View) -> int | None:
        return putting.chain(view, lambda done, of: told("chain", done, of))

    async with open_database(settings.store.url) as db:
        return await db.read(look)


def _note(config: Path, about: About) -> int:
    async def work(desk: Opened) -> int:
        return await desk.db.write(backups.restored, about.at, desk.now())

    return ask(config, work)


def _say(restored: putting.Restored, held: int, zone: ZoneInfo) -> None:
    facts = restored.about.facts
    typer.echo(
        _(
            "Dipulihkan ke keadaan {at}: {tickets} tiket, {messages} pesan, {files} lampiran, {events} kejadian; "
            "rantainya diperiksa.",
            at=f"{datetime.fromisoformat(restored.about.at).astimezone(zone):%Y-%m-%d %H.%M}",
            tickets=facts.tables.get("ticket", 0),
            messages=facts.tables.get("message", 0),
            files=restored.files,
            events=facts.events,
        )
    )
    if held:
        typer.echo(
            _(
                "{held} pesan yang waktu itu belum terkirim ditahan, karena mungkin sudah terkirim setelahnya. Periksa "
                "satu per satu di halaman /gagal.",
                held=held,
            )
        )
    typer.echo(_("Langkah berikutnya: tanggap doctor, lalu tanggap serve"))
