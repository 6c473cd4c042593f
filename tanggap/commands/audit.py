"""`tanggap audit`: is the chain of events whole, and is an archive what this desk made?"""

import re
from pathlib import Path
from typing import Annotated

import typer

from desk.archive_check import check as check_archive
from desk.verifying import Head, verify
from sop import wording
from sop.errors import N_, DeskError
from tanggap.commands.options import CONFIG, Config
from tanggap.language import _, spoken
from tanggap.opened import Opened, ask
from tanggap.progress import Progress

app = typer.Typer(add_completion=False)
_HEAD = re.compile(r"(\d{1,15}):([0-9a-f]{64})")


class NotAHead(DeskError):
    def __init__(self, text: str) -> None:
        super().__init__(
            N_("“{text}” bukan kepala rantai; salin dari pesan jangkar, bentuknya NOMOR:SIDIK."),
            text=text[:80],
        )


@app.callback()
def audit() -> None:
    """Its one line of help stands in `tanggap/cli.py`."""


@app.command(
    "verify", help=_("Memeriksa rantai catatan kejadian dari awal sampai akhir, beserta jangkarnya.")
)
def check(
    head: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NOMOR:SIDIK", help=_("Kepala rantai yang disimpan di luar meja; boleh beberapa kali.")
        ),
    ] = None,
    config: Config = CONFIG,
) -> None:
    heads = [_head(text) for text in head or ()]

    async def work(desk: Opened) -> None:
        progress = Progress(_("{n} kejadian diperiksa", n="{n}"))
        whole = await verify(desk.db, heads=heads, told=progress.at)
        progress.done()
        if not whole.events:
            typer.echo(_("Belum ada kejadian."))
            return
        typer.echo(
            _(
                "Rantai utuh: {events} kejadian, {anchors} jangkar cocok.",
                events=wording.number(whole.events, spoken()),
                anchors=wording.number(whole.anchors + len(heads), spoken()),
            )
        )
        typer.echo(f"{whole.events}:{whole.hash}")

    ask(config, work)


@app.command("archive", help=_("Memeriksa apakah arsip publikasi (ZIP) masih seperti dibuat meja ini."))
def archive(
    files: Annotated[
        list[Path], typer.Argument(metavar="ARSIP.zip...", help=_("Diunduh dari halaman publikasinya."))
    ],
    config: Config = CONFIG,
) -> None:
    async def work(desk: Opened) -> None:
        for each in files:
            whole = await check_archive(desk.db, each.name, each.read_bytes(), desk.settings.store.files)
            typer.echo(
                _(
                    "{name}: isi arsip {number} utuh, edisi {edition} dari {editions}.",
                    name=each.name,
                    number=whole.number,
                    edition=whole.edition,
                    editions=whole.editions,
                )
            )
            if whole.page is False:
                typer.echo(
                    _(
                        "Halaman bacaannya, index.html, dibuat oleh versi lain atau diubah; baca berkas lainnya."
                    )
                )

    ask(config, work)


def _head(text: str) -> Head:
    found = _HEAD.fullmatch(text.strip().lower())
    if found is None:
        raise NotAHead(text)
    return Head(event=int(found[1]), hash=found[2])
