"""`tanggap export`: messages, tickets, visits, events or publications as one file."""

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from desk import exports, sheets
from sop.errors import N_, DeskError
from tanggap.commands.options import CONFIG, Config, Out
from tanggap.language import _
from tanggap.opened import Opened, a_date, ask
from tanggap.progress import Progress
from tanggap.written import whole

app = typer.Typer(add_completion=False)

BATCH = 500


class What(StrEnum):
    tickets = "tickets"
    messages = "messages"
    visits = "visits"
    events = "events"
    publications = "publications"


class Format(StrEnum):
    jsonl = "jsonl"
    csv = "csv"
    xlsx = "xlsx"


class NeedsAFile(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("XLSX tidak dapat ditulis ke terminal; tambahkan --out BERKAS.xlsx"))


@app.command()
def export(
    what: Annotated[
        What,
        typer.Argument(metavar="DAFTAR", help=_("tickets, messages, visits, events, atau publications.")),
    ],
    form: Annotated[Format, typer.Option("--format", help=_("Bentuk berkas."))] = Format.jsonl,
    since: Annotated[
        str, typer.Option(metavar="TANGGAL", help=_("Mulai hari ini, misalnya 2026-10-01."))
    ] = "",
    until: Annotated[str, typer.Option(metavar="TANGGAL", help=_("Sampai dengan hari ini."))] = "",
    out: Out = None,
    config: Config = CONFIG,
) -> None:
    for day in filter(None, (since, until)):
        a_date(day)
    if form is Format.xlsx and _to_terminal(out):
        raise NeedsAFile

    async def work(desk: Opened) -> int:
        with whole(out) as file:
            return await _write(desk, what.value, form.value, file, desk.start_of(since), desk.end_of(until))

    rows = ask(config, work)
    if out is not None and str(out) != "-":
        typer.echo(_("{rows} baris ditulis ke {out}", rows=rows, out=out), err=True)


def _to_terminal(out: Path | None) -> bool:
    return (out is None or str(out) == "-") and sys.stdout.isatty()


async def _write(
    desk: Opened, what: str, form: str, file: BinaryIO, since: datetime | None, until: datetime | None
) -> int:
    """How many rows. Batches by rising id, so that memory stays the same however many there are."""
    names = await desk.db.read(exports.names, desk.now())
    progress = Progress(_("{n} baris", n="{n}"))
    after, rows = 0, 0
    with sheets.writer(form, file, desk.zone) as sheet:
        while (batch := await desk.db.read(exports.batch, what, after, BATCH, names)).last:
            for at, record in batch.rows:
                if (since is None or since <= at) and (until is None or at < until):
                    sheet.add(record)
                    rows += 1
            after = batch.last
            progress.at(rows)
    progress.done()
    await desk.db.write(exports.note, what, rows, desk.now())
    return rows
