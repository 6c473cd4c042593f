"""`tanggap demo`: desk, console and a simulated phone in one process, without a token and without a network."""

import asyncio
import logging
from pathlib import Path
from typing import Annotated

import typer

from tanggap.light import settled  # isort: skip  # first: see there
from tanggap.demo import LOGINS, PASSWORD, run_demo
from tanggap.demo_folder import open_folder
from tanggap.demo_settings import HOST
from tanggap.language import _
from tanggap.logs import configure

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    port: Annotated[int, typer.Option(help=_("Porta halaman peragaan."), min=1, max=65535)] = 8080,
    data: Annotated[Path, typer.Option(metavar="DIR", help=_("Folder data peragaan."))] = Path("demo-data"),
    fresh: Annotated[bool, typer.Option("--fresh", help=_("Mulai lagi dari awal."))] = False,
) -> None:
    folder = open_folder(data, fresh=fresh)
    configure(level=logging.ERROR)
    asyncio.run(run_demo(folder, port, say=typer.echo, ready=lambda: _welcome(port)))


def _welcome(port: int) -> None:
    settled()
    typer.echo(_("Peragaan siap: {address}", address=f"http://{HOST}:{port}/peragaan"))
    typer.echo(_("Konsol: {address}", address=f"http://{HOST}:{port}/"))
    for login, role in LOGINS.items():
        typer.echo(f"  {login:<8} {PASSWORD}   {role}")
    typer.echo(_("Hentikan dengan Ctrl+C."))
