"""`tanggap office`: the whole office as one YAML, in and out."""

from pathlib import Path
from typing import Annotated

import typer

from desk import office_export, office_file, templates
from sop import office_file as reading
from sop.errors import N_
from sop.office_file import OfficeFaulty, OfficeFile
from sop.procedure_yaml import Fault
from tanggap.commands.options import CONFIG, Config, Out
from tanggap.file_faults import faulty, read_text
from tanggap.language import _
from tanggap.opened import Opened, ask
from tanggap.written import whole

app = typer.Typer(add_completion=False)


@app.callback()
def office() -> None:
    """Its one line of help stands in `tanggap/cli.py`."""


@app.command(
    "import", help=_("Memasukkan unit, kalender, kategori, templat, SOP, dan petugas dari satu YAML.")
)
def bring_in(
    file: Annotated[
        Path, typer.Argument(metavar="BERKAS|-", help=_("Berkas YAML, atau - untuk masukan standar."))
    ],
    config: Config = CONFIG,
) -> None:
    found = _read(file)

    async def work(desk: Opened) -> None:
        await desk.db.write(office_file.bring_in, found, desk.now(), desk.zone)

    ask(config, work)
    typer.echo(
        _(
            "Masuk: {units} unit, {categories} kategori, {templates} templat, {procedures} SOP, {officers} petugas.",
            units=len(found.units),
            categories=len(found.categories),
            templates=len(found.templates),
            procedures=len(found.procedures),
            officers=len(found.officers),
        )
    )


def _read(file: Path) -> OfficeFile:
    """Raises BadSettings with every mistake, so that nothing is half loaded."""
    text = read_text(file)
    try:
        found = reading.read(text)
    except OfficeFaulty as error:
        raise faulty(file, error.faults) from None
    if wrong := list(_wrong_templates(found, text)):
        raise faulty(file, wrong)
    return found


def _wrong_templates(found: OfficeFile, text: str) -> list[Fault]:
    """Told by the line on which the words of the template stand, where the file shows it."""
    faults = []
    for line in found.templates:
        try:
            templates.check(line.body)
        except templates.TemplateFaulty as error:
            told = {"code": line.code, **error.params}
            problem = N_("templat {code}, baris {line}: {what}")
            faults.append(Fault(line=_line_of(text, line.code), problem=problem, advice="", params=told))
    return faults


def _line_of(text: str, code: str) -> int:
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines, 1) if line.startswith("templat")), 1)
    return next((n for n, line in enumerate(lines, 1) if n > start and code in line), start)


@app.command("export", help=_("Menuliskan kantor sebagai satu YAML, tanpa kata sandi."))
def export(out: Out = None, config: Config = CONFIG) -> None:
    async def work(desk: Opened) -> str:
        return await desk.db.read(office_export.export, desk.now(), desk.zone)

    text = ask(config, work)
    with whole(out) as file:
        file.write(text.encode())
