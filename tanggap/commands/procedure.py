"""`tanggap procedure`: the office's SOPs: read, checked, brought in, tried out."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from desk import revising
from sop.clock import midnight
from sop.procedure import Procedure, lane_of, step_of
from sop.procedure_schema import schema as json_schema
from sop.simulate import MOST_TICKETS, Result, simulate
from sop.wording import percent
from tanggap import paper_page, procedures, tables
from tanggap.commands.options import CONFIG, Config, Json, Out
from tanggap.language import _, spoken
from tanggap.opened import Opened, a_date, ask
from tanggap.written import whole

app = typer.Typer(add_completion=False)

START = "2026-11-23"  # a Monday with a plain working week, so that a seed gives the same run in any year

Named = Annotated[str, typer.Argument(metavar="ID", help=_("Nama SOP, atau berkas .yaml."))]
File = Annotated[Path, typer.Argument(metavar="BERKAS|-", help=_("Berkas SOP (YAML)."))]
AnyDesk = Annotated[
    Path | None,
    typer.Option(
        "--config", help=_("Pengaturan meja; tanpa ini yang ada di folder ini, atau bawaan program.")
    ),
]


class Arrivals(StrEnum):
    day = "day"
    week = "week"
    month = "month"


@app.callback()
def procedure() -> None:
    """Its one line of help stands in `tanggap/cli.py`."""


@app.command("list", help=_("Daftar SOP yang dikenal."))
def list_all(as_json: Json = False, config: AnyDesk = None) -> None:
    found = procedures.known(config)
    if as_json:
        for name, one in found.items():
            told: dict[str, object] = {
                "id": name,
                "number": one.procedure.number,
                "title": one.procedure.title,
            }
            told |= {
                "revision": one.procedure.revision,
                "effective": one.procedure.effective,
                "since": one.since,
            }
            tables.say_json(told)
        return
    heads = ("ID", _("Nomor"), _("Judul"), _("Revisi"), _("Efektif"), _("Di meja ini"))
    rows = (
        (
            name,
            one.procedure.number,
            one.procedure.title,
            one.procedure.revision,
            one.procedure.effective.isoformat(),
            _("berlaku") if one.since else "-",
        )
        for name, one in found.items()
    )
    tables.show(heads, rows)


@app.command("show", help=_("Tabel SOP seperti pada kertasnya, dengan kolom pelaksana."))
def show(
    name: Named,
    html: Annotated[
        bool, typer.Option("--html", help=_("Sebagai halaman HTML dengan diagram alir."))
    ] = False,
    out: Out = None,
    config: AnyDesk = None,
) -> None:
    found = procedures.get(name, config)
    text = paper_page.as_html(found) if html else paper_page.for_terminal(found, tables.width())
    with whole(out) as file:
        file.write(text.encode())


@app.command("check", help=_("Memeriksa berkas SOP dan menyebut setiap kesalahan."))
def check(file: File) -> None:
    found, _text = procedures.from_file(file)
    lanes, steps = len(found.lanes), len(found.steps)
    typer.echo(
        _(
            "{file} baik: {name}, {lanes} pelaksana, {steps} langkah",
            file=file,
            name=found.id,
            lanes=lanes,
            steps=steps,
        )
    )


@app.command("schema", help=_("JSON Schema berkas SOP, untuk penyunting teks."))
def schema() -> None:
    typer.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


@app.command(
    "add", help=_("Memberlakukan SOP dari sebuah tanggal; perkara yang berjalan tetap memakai yang lama.")
)
def add(
    file: File,
    since: Annotated[
        str, typer.Option("--from", metavar="TANGGAL", help=_("Hari pertama berlaku, misalnya 2027-01-02."))
    ],
    config: Config = CONFIG,
) -> None:
    found, text = procedures.from_file(file)
    day = a_date(since)

    async def work(desk: Opened) -> tuple[str, ...] | None:
        return await desk.db.write(revising.put_in_force, found, text, day, desk.zone, desk.now())

    changed = ask(config, work)
    if changed == ():
        typer.echo(_("SOP {name} sudah sama; tidak ada yang diubah.", name=found.id))
        return
    typer.echo(_("SOP {name} berlaku mulai {since}.", name=found.id, since=since))
    for line in changed or ():
        typer.echo(f"  {line}")


@app.command(
    "simulate", help=_("Mencoba SOP: berapa petugas yang diperlukan sebelum waktunya dapat dijanjikan.")
)
def try_out(
    name: Named,
    tickets: Annotated[int, typer.Option(min=1, max=MOST_TICKETS, help=_("Banyaknya tiket."))] = 200,
    officers: Annotated[int, typer.Option(min=1, max=1000, help=_("Petugas pada setiap lajur petugas."))] = 3,
    arrivals: Annotated[
        Arrivals, typer.Option(help=_("Semua tiket masuk dalam satu hari, pekan, atau bulan."))
    ] = Arrivals.day,
    seed: Annotated[
        int, typer.Option(help=_("Bilangan awal; bilangan yang sama memberi hasil yang sama."))
    ] = 1,
    start: Annotated[str, typer.Option("--from", metavar="TANGGAL", help=_("Hari pertama."))] = START,
    as_json: Json = False,
    config: AnyDesk = None,
) -> None:
    found = procedures.get(name, config)
    hours = procedures.hours_of(found.id, config)
    result = simulate(
        found,
        hours,
        start=midnight(hours.zone, a_date(start)),
        tickets=tickets,
        officers=officers,
        arrivals=arrivals.value,
        seed=seed,
    )
    if as_json:
        tables.say_json(msgspec.to_builtins(result))
        return
    _show_steps(found, result)


def _show_steps(found: Procedure, result: Result) -> None:
    language = spoken()
    names = {lane.id: lane.name for lane in found.lanes}
    heads = (
        _("Langkah"),
        _("Pelaksana"),
        _("Kunjungan"),
        _("Tepat waktu"),
        _("Menunggu (mnt)"),
        "p90",
        _("Antrean terpanjang"),
    )
    rows = (
        (
            step_of(found, each.step).activity or each.step,
            names[each.lane],
            str(each.visits),
            "-" if each.on_time is None else percent(each.on_time, language),
            f"{each.wait_median:g}",
            f"{each.wait_p90:g}",
            str(each.longest_queue),
        )
        for each in result.steps
    )
    tables.show(heads, rows)
    lanes = (
        (names[each.lane], str(each.officers), percent(each.busy, language), f"{each.waited:g}")
        for each in result.lanes
    )
    tables.show((_("Pelaksana"), _("Petugas"), _("Sibuk"), _("Waktu tunggu (mnt)")), lanes)
    typer.echo(
        _(
            "{tickets} tiket: {cases} selesai tanpa satu pun batas terlewati; {steps} langkah tepat waktu.",
            tickets=result.tickets,
            cases=percent(result.cases_on_time, language),
            steps=percent(result.on_time, language),
        )
    )
    if result.bottleneck:
        typer.echo(_("Yang paling menahan: {lane}.", lane=lane_of(found, result.bottleneck).name))
