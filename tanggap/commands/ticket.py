"""`tanggap ticket`: look at tickets from a terminal."""

import sys
from enum import StrEnum
from typing import Annotated, Any

import typer
from msgspec import structs

from desk import dossier, dossier_page, pdf, records
from desk.records import Names
from desk.staff import UnknownUnit
from sop.errors import N_, DeskError
from sop.wording import moment
from store import messages, queue, visits
from store.db import View
from store.messages import Message
from store.queue import Line, Name
from tanggap import cases, tables
from tanggap.commands.options import CONFIG, Config, Json, Out
from tanggap.language import _, spoken
from tanggap.opened import Opened, ask
from tanggap.written import whole

app = typer.Typer(add_completion=False)

PAGE = 100
VIEWS: dict[str, Name] = {"unit": "unit", "free": "free", "closed": "closed"}
STATUS = {"open": N_("terbuka"), "answered": N_("dijawab"), "closed": N_("ditutup")}
PROOF = {
    "none": N_("Belum"),
    "stated": N_("Diklaim"),
    "checked": N_("Terverifikasi"),
    "proved": N_("Terverifikasi"),
    "rejected": N_("Tidak sah"),
}
WAYS = {"in": N_("Pelapor"), "out": N_("Petugas"), "note": N_("Catatan")}


class UnknownView(DeskError):
    def __init__(self, name: str) -> None:
        super().__init__(
            N_("Tampilan “{name}” tidak ada; pilih {known}."), name=name[:40], known=", ".join(VIEWS)
        )


@app.callback()
def ticket() -> None:
    """Its one line of help stands in `tanggap/cli.py`."""


@app.command("list", help=_("Daftar tiket menurut tenggat, yang terdekat dahulu."))
def list_page(
    view: Annotated[
        str, typer.Option(help=_("unit (terbuka), free (belum dipegang), atau closed."))
    ] = "unit",
    unit: Annotated[str, typer.Option(help=_("Kode unit; tanpa ini semua unit."))] = "",
    most: Annotated[int, typer.Option(min=1, max=100_000, help=_("Paling banyak sekian tiket."))] = 50,
    as_json: Json = False,
    config: Config = CONFIG,
) -> None:
    name = VIEWS.get(view)
    if name is None:
        raise UnknownView(view)

    async def work(desk: Opened) -> None:
        names = await desk.db.read(Names, desk.now())
        units = _units(names, unit)
        found: list[Line] = []
        while len(found) < most:
            size = min(PAGE, most - len(found))
            after = found[-1].key if found else None
            page = await desk.db.read(queue.page, name, officer=0, units=units, after=after, most=size)
            found += page
            if len(page) < size:
                break
        _show_list(found, names, desk, as_json)

    ask(config, work)


def _units(names: Names, code: str) -> frozenset[int]:
    """Of all units also 0, the tickets that none has yet. Raises UnknownUnit."""
    units = {unit.code: unit.id for unit in names.office.units.values()}
    if not code:
        return frozenset({0, *units.values()})
    if code not in units:
        raise UnknownUnit(code, ", ".join(sorted(units)))
    return frozenset({units[code]})


def _show_list(found: list[Line], names: Names, desk: Opened, as_json: bool) -> None:
    if as_json:
        for line in found:
            tables.say_json(_record(line, names))
        return
    if not found:
        typer.echo(_("Tidak ada tiket di sini."))
        return
    heads = (
        _("Nomor"),
        _("Pokok"),
        _("Pelapor"),
        _("Saluran"),
        _("Unit"),
        _("Pemegang"),
        _("Langkah"),
        _("Tenggat"),
    )
    tables.show(heads, (_row(line, names, desk) for line in found))


def _row(line: Line, names: Names, desk: Opened) -> tuple[str, ...]:
    ended = line.closed_at if line.status == "closed" else line.due_at
    return (
        f"#{line.id}",
        line.subject,
        line.name,
        line.channel,
        names.unit(line.unit) or "-",
        names.officer(line.holder) or "-",
        names.activity(line.procedure, line.step) or _(STATUS[line.status]),
        moment(ended, desk.zone, spoken(), now=desk.now()) if ended else "-",
    )


def _record(line: Line, names: Names) -> dict[str, Any]:
    return {
        "number": line.id,
        "status": line.status,
        "subject": line.subject,
        "channel": line.channel,
        "name": line.name,
        "proof": line.proof,
        "unit": names.unit(line.unit),
        "categories": names.categories(line.categories),
        "holder": names.officer(line.holder),
        "procedure": names.procedure(line.procedure),
        "step": line.step,
        "lane": line.lane,
        "unread": line.unread,
        "step_at": line.step_at,
        "due_at": line.due_at,
        "closed_at": line.closed_at,
    }


@app.command("show", help=_("Satu tiket: keadaannya, percakapannya, dan langkah yang dilaluinya."))
def show(
    number: Annotated[str, typer.Argument(metavar="NOMOR", help=_("Nomor tiket, misalnya 1042."))],
    as_json: Json = False,
    config: Config = CONFIG,
) -> None:
    async def work(desk: Opened) -> dict[str, Any]:
        return await desk.db.read(_case, number, desk)

    found = ask(config, work)
    if as_json:
        tables.say_json({name: value for name, value in found.items() if name != "shown"})
        return
    for line in found["shown"]:
        typer.echo(line)


def _case(view: View, number: str, desk: Opened) -> dict[str, Any]:
    """The whole case of one still picture; `shown` is the same as lines for a person."""
    one, names = cases.get(view, number), Names(view, desk.now())
    said = _all_messages(view, one.id)
    stays = [structs.asdict(stay) for stay in visits.history(view, one.id)]
    if now_at := visits.open_of(view, one.id):
        stays.append(structs.asdict(now_at.visit))
    for stay in stays:
        stay |= {name: names.officer(stay[name]) for name in ("holder", "deputy_of", "by")}
    record = records.ticket(one, names)
    steps = {stay["step"]: names.activity(one.procedure, stay["step"]) for stay in stays}
    shown = [*_head(record, desk), "", *_talk(said, names, desk), "", *_stays(stays, steps, desk)]
    return record | {
        "conversation": [records.message(each, names, list(each.attachments)) for each in said],
        "visits": stays,
        "shown": shown,
    }


class Paper(StrEnum):
    html = "html"
    pdf = "pdf"


class NoPdf(DeskError):
    def __init__(self) -> None:
        super().__init__(
            N_('Pustaka PDF belum terpasang; jalankan: pip install "tanggap[pdf]", atau pakai --format html')
        )


class PdfNeedsAFile(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("PDF tidak dapat ditulis ke terminal; tambahkan --out BERKAS.pdf"))


@app.command("dossier", help=_("Satu perkara utuh untuk disimpan atau dicetak, dengan sidik kejadiannya."))
def whole_case(
    number: Annotated[str, typer.Argument(metavar="NOMOR", help=_("Nomor tiket, misalnya 1042."))],
    form: Annotated[Paper, typer.Option("--format", help=_("html atau pdf."))] = Paper.html,
    out: Out = None,
    config: Config = CONFIG,
) -> None:
    if form is Paper.pdf and not pdf.available():
        raise NoPdf
    if form is Paper.pdf and (out is None or str(out) == "-") and sys.stdout.isatty():
        raise PdfNeedsAFile

    async def work(desk: Opened) -> str:
        found = await desk.db.read(_dossier, number, desk)
        return dossier_page.html(found, desk.settings.desk.name, spoken())

    page = ask(config, work)
    with whole(out) as file:
        file.write(page.encode() if form is Paper.html else pdf.render(page, ""))
    if out is not None and str(out) != "-":
        typer.echo(_("Ditulis ke {out}", out=out), err=True)


def _dossier(view: View, number: str, desk: Opened) -> dossier.Dossier:
    return dossier.whole(view, cases.get(view, number), desk.now())


def _all_messages(view: View, ticket: int) -> list[Message]:
    found: list[Message] = []
    while page := messages.of_ticket(view, ticket, before=found[0].id if found else None, most=PAGE):
        found = page + found
    return found


def _head(record: dict[str, Any], desk: Opened) -> list[str]:
    told = {
        _("Pelapor"): f"{record['name'] or '-'} ({record['channel']})",
        _("Identitas"): _(PROOF.get(record["proof"], record["proof"])),
        _("Keadaan"): _(STATUS[record["status"]]),
        _("Unit"): record["unit"] or "-",
        _("Kategori"): ", ".join(record["categories"]) or "-",
        _("Pemegang"): record["holder"] or "-",
        _("Masuk"): desk.local(record["opened_at"]),
        _("Tenggat"): desk.local(record["due_at"]) if record["due_at"] else "-",
    }
    width = max(map(len, told))
    return [
        f"#{record['number']}  {record['subject']}",
        *(f"  {name:<{width}}  {said}" for name, said in told.items()),
    ]


def _talk(said: list[Message], names: Names, desk: Opened) -> list[str]:
    lines = []
    for one in said:
        who = _("Meja") if one.automatic else names.officer(one.author) or _(WAYS[one.direction])
        lines.append(f"  {desk.local(one.written_at)}  {who}" + (f"  [{one.sent}]" if one.sent else ""))
        lines += [f"    {line}" for line in one.text.splitlines()]
        lines += [f"    [{each.file.name or each.file.kind.value}]" for each in one.attachments]
    return lines


def _stays(stays: list[dict[str, Any]], steps: dict[str, str], desk: Opened) -> list[str]:
    return [
        f"  {desk.local(stay['opened_at'])}  {steps[stay['step']]}, {stay['lane']}"
        + (f" ({stay['holder']})" if stay["holder"] else "")
        + (f", {stay['decision']} {desk.local(stay['closed_at'])}" if stay["closed_at"] else "")
        + (", " + _("tenggat {at}", at=desk.local(stay["due_at"])) if stay["due_at"] else "")
        for stay in stays
    ]
