"""`tanggap mail`: mails from files."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from channels.mail_parse import as_json, parse
from tanggap.language import _

app = typer.Typer(add_completion=False)


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
