"""`tanggap template`: reply templates, tried before they are used."""

from pathlib import Path
from typing import Annotated

import typer

from desk import replies, templates
from sop.errors import N_
from sop.officer import Officer
from store import office as offices
from store import officers
from store.db import View
from tanggap import cases
from tanggap.commands.options import CONFIG, Config
from tanggap.file_faults import faulty, read_text
from tanggap.language import _
from tanggap.opened import Opened, ask

app = typer.Typer(add_completion=False)

SAMPLE = {
    "nama": "Dewi",
    "nomor": "#1042",
    "pokok": N_("KRS terkunci"),
    "unit": N_("Kantor Pusat"),
    "petugas": "Sari",
    "jabatan": N_("Narahubung"),
    "keadaan": N_("sedang ditangani"),
    "tenggat": N_("Sen 2 Mar, 09.15 WIB"),
    "hari_ini": N_("Senin, 2 Maret 2026"),
    "kantor": "UC3 Universitas Contoh",
}


@app.callback()
def template() -> None:
    """Its one line of help stands in `tanggap/cli.py`."""


@app.command("render", help=_("Menampilkan templat jawaban dengan isian contoh atau isian sebuah tiket."))
def render(
    file: Annotated[
        Path, typer.Argument(metavar="BERKAS|-", help=_("Berkas templat, atau - untuk masukan standar."))
    ],
    ticket: Annotated[str, typer.Option(metavar="NOMOR", help=_("Tiket yang isiannya dipakai."))] = "",
    config: Config = CONFIG,
) -> None:
    found, faults = replies.read(read_text(file))
    if found is None:
        raise faulty(file, faults)
    holes = _of_ticket(ticket, config) if ticket else {name: _(value) for name, value in SAMPLE.items()}
    filled = templates.fill(found.template.body, holes)
    typer.echo(filled.text)
    if filled.missing:
        typer.echo(_("Isian yang masih kosong: {holes}", holes=", ".join(filled.missing)), err=True)


def _of_ticket(number: str, config: Path) -> dict[str, str]:
    async def work(desk: Opened) -> dict[str, str]:
        return await desk.db.read(_holes, number, desk)

    return ask(config, work)


def _holes(view: View, number: str, desk: Opened) -> dict[str, str]:
    """As its holder would answer it; a ticket that nobody holds leaves the officer open."""
    ticket = cases.get(view, number)
    holder = officers.find(view, ticket.holder, desk.now()) if ticket.holder else None
    officer = holder or Officer(id=0, login="", name="")
    return templates.values(offices.current(view), ticket, officer, desk.now())
