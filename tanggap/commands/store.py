"""`tanggap store`: the database behind the desk."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import psycopg
import typer

from store import copying, snapshot
from tanggap.commands.migrate import run as migrated
from tanggap.commands.options import CONFIG, Config
from tanggap.language import _
from tanggap.opened import NotOpened
from tanggap.progress import Progress
from tanggap.settings import read_settings

app = typer.Typer(add_completion=False)


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
        raise copying.WrongWay
    began = time.monotonic()
    with _in_words():
        copying.empty(to)
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


def _copied(url: str, to: str) -> copying.Copied:
    before, progress = "", Progress("")

    def told(table: str, done: int, of: int) -> None:
        nonlocal before, progress
        if table != before:
            progress.done()
            before, progress = table, Progress(_("{table}: {n} dari {of} baris", table=table, n="{n}", of=of))
        progress.at(done)

    copied = copying.copy(url, to, told)
    progress.done()
    return copied


def _what_now(url: str, head: int, config: str) -> None:
    since = copying.newest(url) - head
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


@contextmanager
def _in_words() -> Iterator[None]:
    """The server's own reason, without the address: it may hold a password."""
    try:
        yield
    except psycopg.Error as error:
        raise NotOpened((str(error).strip().splitlines() or [type(error).__name__])[0]) from error
