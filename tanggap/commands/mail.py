"""`tanggap mail`: mails from files."""

import json
import logging
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from channels.mail_parse import as_json, parse
from tanggap.commands.options import CONFIG, Config
from tanggap.language import _

app = typer.Typer(add_completion=False)

NAMED = 20  # mails that were parked, told by name


@app.callback()
def mail() -> None:
    """Its one line of help stands in `tanggap/cli.py`."""


@app.command("parse", help=_("Membaca satu surel dan menuliskannya sebagai satu objek JSON."))
def parse_file(
    file: Annotated[
        Path, typer.Argument(metavar="BERKAS|-", help=_("Surel (.eml), atau - untuk masukan standar."))
    ],
) -> None:
    raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    typer.echo(json.dumps(as_json(parse(raw)), ensure_ascii=False))


@app.command("import", help=_("Memasukkan surel dari berkas .eml, mbox, atau Maildir menjadi tiket."))
def bring_in(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="BERKAS...", help=_("Berkas .eml, mbox, Maildir, atau folder berisi itu.")),
    ],
    config: Config = CONFIG,
) -> None:
    """The store is loaded here and not above: `mail parse` needs none of it."""
    importing = import_module("tanggap.mail_import")
    importing.check_paths(paths)
    import_module("tanggap.logs").configure(level=logging.CRITICAL)
    progress = import_module("tanggap.progress").Progress(_("{n} surel", n="{n}"))

    async def work(desk: Any) -> Any:
        settings, configured = importing.settings_of(desk)
        if not configured:
            typer.echo(
                _("Kanal surel belum diatur: jawaban menunggu sampai channels.mail ada di config.yaml."),
                err=True,
            )
        return await importing.bring_in(paths, desk, settings, progress)

    counts = import_module("tanggap.opened").ask(config, work)
    for name in counts.parked[:NAMED]:
        typer.echo(_("diparkir: {name}", name=name), err=True)
    if len(counts.parked) > NAMED:
        typer.echo(_("diparkir: {more} lagi", more=len(counts.parked) - NAMED), err=True)
    typer.echo(
        _(
            "{all} surel: {new} masuk, {known} sudah ada, {parked} diparkir.",
            all=counts.all,
            new=counts.new,
            known=counts.known,
            parked=len(counts.parked),
        )
    )
    if counts.trouble:
        raise counts.trouble
