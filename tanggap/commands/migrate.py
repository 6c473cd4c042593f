"""`tanggap migrate`: bring the database to this program's version, in a child process."""

import os
import subprocess
import sys

import typer

from tanggap.commands.options import CONFIG, Config
from tanggap.language import _
from tanggap.settings import read_settings

app = typer.Typer(add_completion=False)


@app.command()
def migrate(config: Config = CONFIG) -> None:
    settings = read_settings(config, os.environ)
    run(settings.store.url)
    typer.echo(_("Basis data siap."))


def run(url: str) -> None:
    """Killed at any moment it can be run again. The address goes by the environment: it may hold a password."""
    child = "import os; from store.migrate import migrate; migrate(os.environ['TANGGAP_STORE_URL'])"
    done = subprocess.run(
        [sys.executable, "-c", f"import tanggap; {child}"],
        env={**os.environ, "TANGGAP_STORE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise OSError(1, _("migrasi gagal: {reason}", reason=reason))
