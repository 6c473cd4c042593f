"""`tanggap store`: the database behind the desk."""

import os
import time
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sop.errors import N_, DeskError
from store import snapshot
from tanggap.commands.migrate import run as migrated
from tanggap.commands.options import CONFIG, Config
from tanggap.language import _
from tanggap.opened import plainly
from tanggap.progress import Progress
from tanggap.settings import read_settings

if TYPE_CHECKING:
    from store import copying

app = typer.Typer(add_completion=False)


class WrongWay(DeskError):
    def __init__(self) -> None:
        super().__init__(
            N_(
                "Yang dapat disalin adalah meja di SQLite, dan tujuannya alamat postgresql://PENGGUNA@HOST/BASIS."
            )
        )


class NoDriver(DeskError):
    def __init__(self) -> None:
        super().__init__(
            N_('Penggerak PostgreSQL belum terpasang. Jalankan: pip install "tanggap[postgres]"')
        )


@app.callback()
def store() -> None:
    pass


@app.command()
def copy(
    to: Annotated[
        str,
        typer.Option(
            metavar="URL",
            envvar="TANGGAP_COPY_TO",
            help=_("Basis data PostgreSQL yang kosong: postgresql://PENGGUNA:SANDI@HOST/BASIS."),
        ),
    ],
    config: Config = CONFIG,
) -> None:
    """Menyalin meja SQLite ke PostgreSQL yang kosong, menghitung, dan memeriksanya."""
    url = read_settings(config, os.environ).store.url
    if (snapshot.engine(url), snapshot.engine(to)) != ("sqlite", "postgresql"):
        raise WrongWay
    if find_spec("psycopg") is None:
        raise NoDriver
    began = time.monotonic()
    with plainly():
        _copying().empty(to)
        migrated(to)
        copied = _copied(url, to)
    rows = sum(copied.tables.values())
    typer.echo(
        _(
            "{rows} baris dari {tables} tabel disalin dan diperiksa dalam {seconds} detik; rantai kejadian utuh sampai {head}.",
            rows=rows,
            tables=len(copied.tables),
            seconds=round(time.monotonic() - began),
            head=copied.head,
        )
    )
    if copied.mended:
        typer.echo(_("{n} baris memuat tanda NUL, yang diganti tanda \ufffd.", n=copied.mended))
    _what_now(url, copied.head, config.name)


def _copying() -> Any:
    """Loaded here, since a desk on SQLite may not have psycopg."""
    return import_module("store.copying")


def _copied(url: str, to: str) -> "copying.Copied":
    before, progress = "", Progress("")

    def told(table: str, done: int, of: int) -> None:
        nonlocal before, progress
        if table != before:
            progress.done()
            before, progress = table, Progress(_("{table}: {n} dari {of} baris", table=table, n="{n}", of=of))
        progress.at(done)

    copied: copying.Copied = _copying().copy(url, to, told)
    progress.done()
    return copied


def _what_now(url: str, head: int, config: str) -> None:
    since = _copying().newest(url) - head
    if since:
        typer.echo(
            _(
                "Selama penyalinan meja ini mencatat {n} kejadian baru yang belum ada di salinan. Untuk pindah: hentikan "
                "meja (pesan menunggu di penyedianya), kosongkan tujuan, dan salin sekali lagi.",
                n=since,
            )
        )
        return
    typer.echo(_("Hentikan meja, lalu ganti satu baris di {config}:", config=config))
    typer.echo('  store: {url: "${TANGGAP_STORE_URL}", files: ...}')
    typer.echo(
        _(
            "dengan TANGGAP_STORE_URL di .env berisi alamat tujuan tadi. Folder berkas tetap. Basis data lama tidak berubah."
        )
    )
