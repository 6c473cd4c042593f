"""`tanggap migrate`: bring the database to this program's version, in a child process."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from tempfile import TemporaryFile
from typing import Annotated

import typer

from sop.errors import N_, DeskError
from store import schema
from tanggap import clock, upgrade
from tanggap.backup_progress import shown
from tanggap.commands.options import CONFIG, Config
from tanggap.language import _
from tanggap.opened import plainly
from tanggap.settings import read_settings

app = typer.Typer(add_completion=False)


class NotMigrated(DeskError):
    """What was done stays; the rest is done by the same command once the reason is gone."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            N_("Pembaruan basis data berhenti: {reason}. Perbaiki sebabnya, lalu ulangi: tanggap migrate"),
            reason=reason,
        )


@app.command()
def migrate(
    show: Annotated[bool, typer.Option("--show", help=_("Hanya menyebutkan yang akan dilakukan."))] = False,
    no_backup: Annotated[bool, typer.Option("--no-backup", help=_("Tanpa cadangan lebih dahulu."))] = False,
    config: Config = CONFIG,
) -> None:
    settings = read_settings(config, os.environ)
    url = settings.store.url
    with plainly():
        revision = upgrade.found(url)
    for number, words in upgrade.steps(revision):
        typer.echo(f"{number}: {_(words)}")
    if show or revision == schema.HEAD:
        typer.echo(_("Tidak ada yang diubah.") if show else _("Basis data siap."))
        return
    if revision and not no_backup:
        with plainly(), shown() as told:
            taken = upgrade.keep(settings, clock.now(), told)
        typer.echo(_("Cadangan sebelum pembaruan: {path}", path=taken.path))
    if revision:
        _while_others_wait(url)
    else:
        run(url, _through)
    typer.echo(_("Basis data siap."))


def _while_others_wait(url: str) -> None:
    """Those who serve the desk meanwhile answer that it is being maintained."""
    asyncio.run(upgrade.say(url, clock.now()))
    try:
        run(url, _through)
    finally:
        asyncio.run(upgrade.say(url, None))
    typer.echo(
        _("Mulai ulang meja yang sedang berjalan, supaya memakai versi ini: sudo systemctl restart tanggap")
    )


def run(url: str, told: Callable[[str], None] = lambda _: None) -> None:
    """Killed at any moment it can be run again. The address goes by the environment: it may hold a password.

    `told` hears of each migration that is through. Raises NotMigrated.
    """
    work = "from store.migrate import migrate; migrate(os.environ['TANGGAP_STORE_URL'], told=say)"
    child = f"import functools, os; say = functools.partial(print, flush=True); {work}"
    with TemporaryFile("w+") as complaints:
        with subprocess.Popen(
            [sys.executable, "-c", f"import tanggap; {child}"],
            env={**os.environ, "TANGGAP_STORE_URL": url},
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        ) as process:
            for line in process.stdout or ():
                told(line.strip())
        if process.returncode:
            complaints.seek(0)
            raise NotMigrated((complaints.read().strip().splitlines() or ["?"])[-1])


def _through(number: str) -> None:
    typer.echo(_("{number} selesai", number=number))
