"""`tanggap backup`: the whole desk as one file, while it serves."""

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from desk import backups
from sop.errors import N_, DeskError
from tanggap import clock, sealing
from tanggap.backup import Taken, outcome, take
from tanggap.backup_progress import shown
from tanggap.commands.options import CONFIG, Config
from tanggap.language import _
from tanggap.opened import Opened, ask, plainly
from tanggap.settings import read_settings

app = typer.Typer(add_completion=False)


class NeedsAName(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Sebutkan berkas tujuannya, misalnya: tanggap backup cadangan.tar.gz"))


@app.command()
def backup(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="BERKAS", help=_("Berkas tujuan; .tar, .tar.gz, ditambah .age bila disandikan.")
        ),
    ] = None,
    recipient: Annotated[
        str,
        typer.Option(metavar="KUNCI", help=_("Sandikan untuk penerima ini (age1...).")),
    ] = "",
    new_key: Annotated[
        Path | None,
        typer.Option("--new-key", metavar="BERKAS", help=_("Buat kunci penyandi baru, tanpa mencadangkan.")),
    ] = None,
    config: Config = CONFIG,
) -> None:
    if new_key:
        return _new_key(new_key)
    if file is None:
        raise NeedsAName
    settings = read_settings(config, os.environ)
    recipient = recipient or (settings.backup.recipient if settings.backup else "")
    began, at = time.monotonic(), clock.now()
    with plainly(), shown() as told:
        taken = take(settings, file.absolute(), now=at, recipient=recipient, told=told)
    seconds = time.monotonic() - began
    _remember(config, outcome(taken, seconds))
    return _say(taken, seconds, sealed=bool(recipient))


def _remember(config: Path, kept: backups.Outcome) -> None:
    """A database of an older version is backed up too, and keeps no note of it."""

    async def work(desk: Opened) -> None:
        await desk.db.write(backups.note, kept)

    try:
        ask(config, work)
    except DeskError:
        pass


def _new_key(path: Path) -> None:
    typer.echo(sealing.new_key(path))
    typer.echo(
        _(
            "Kunci ditulis ke {path}. Simpan di tempat lain: tanpa berkas itu cadangan tidak dapat dibuka.",
            path=path,
        ),
        err=True,
    )


def _say(taken: Taken, seconds: float, *, sealed: bool) -> None:
    about = taken.about
    typer.echo(
        _(
            "{path}: {megabytes} MB, {tickets} tiket, {events} kejadian, {members} berkas di dalamnya, dibaca ulang dan "
            "utuh ({seconds} detik)",
            path=taken.path,
            megabytes=round(taken.size / 1_000_000, 1),
            tickets=about.facts.tables.get("ticket", 0),
            events=about.facts.events,
            members=taken.members,
            seconds=round(seconds, 1),
        )
    )
    for words, places in (
        (
            _("Tidak ada di folder lampiran, padahal disebut basis data: {places}", places="{places}"),
            about.lost,
        ),
        (_("Isinya bukan lagi yang dicatat basis data: {places}", places="{places}"), about.spoiled),
    ):
        if places:
            shown_few = ", ".join(places[:5]) + (" ..." if len(places) > 5 else "")
            typer.echo(words.format(places=shown_few), err=True)
    if not sealed:
        typer.echo(
            _(
                "Tanpa config.yaml dan .env: simpan keduanya di tempat lain, atau sandikan dengan --recipient."
            ),
            err=True,
        )
