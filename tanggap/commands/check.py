"""`tanggap check`: may the desk start on this file?"""

import os

import typer

from tanggap.commands.options import CONFIG, Config
from tanggap.faults import BadSettings
from tanggap.language import _
from tanggap.settings import faults

app = typer.Typer(add_completion=False)


@app.command()
def check(config: Config = CONFIG) -> None:
    if found := faults(config, os.environ):
        raise BadSettings(found)
    typer.echo(_("{file} baik", file=config.name))
