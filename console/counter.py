"""/loket: an agent keys in who called or came, in under a minute by keyboard, prints the receipt, and calls back."""

from functools import partial
from secrets import token_urlsafe

from msgspec import Struct
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.lapor_form import mail_of, number_of
from console.outside import dated, full, key_of, qr
from console.page import page, redirect, said
from console.session import ask, desk_of, posted, words
from console.status import FilesRefused
from console.uploads import Given, kept, too_large, too_many
from desk import call_tasks, ids
from desk import form as forms
from desk.form import Form
from desk.seeing import needs
from sop.errors import N_, DeskError
from sop.identity import Claim, Trait
from sop.numbers import phone_of
from sop.office import Category, Unit
from sop.officer import Officer, Right
from sop.text import one_line
from sop.ticket import Ticket
from store import office as offices
from store.calls import Call
from store.db import View

SOURCES = {
    "telepon": N_("Telepon"),
    "datang": N_("Datang langsung"),
    "sp4n": N_("SP4N-LAPOR"),
    "medsos": N_("Media sosial"),
}
TEXT = ("sumber", "rujukan", "nama", "kontak", "nomor", "bidang", "unit", "judul", "isi", "kunci")


class SourceMissing(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Pilih sumber laporan: telepon, datang langsung, SP4N-LAPOR, atau media sosial."))


class ContactUnclear(DeskError):
    def __init__(self, text: str) -> None:
        super().__init__(
            N_("Kontak “{text}” bukan nomor telepon atau alamat surel yang lengkap."), text=text[:60]
        )


class NumberUnclear(DeskError):
    def __init__(self, text: str) -> None:
        super().__init__(N_("“{text}” bukan NIM, NIP, atau NIK yang lengkap."), text=text[:40])


class Counter(Struct, frozen=True, kw_only=True):
    categories: tuple[Category, ...]
    units: tuple[Unit, ...]
    calls: tuple[Call, ...]


async def show(request: Request) -> Response:
    return await _page(request, {"kunci": token_urlsafe(18), "sumber": "telepon"})


async def send(request: Request) -> Response:
    officer, form = await posted(request)
    typed = {name: words(form, name) for name in TEXT}
    request.state.again = partial(_again, typed=typed)
    desk = desk_of(request)
    filled = await _filled(request, typed, _given(form))
    ticket = await desk.db.write(forms.key_in, filled, officer, ids.fresh(), desk.clock())
    desk.meter.took(forms.COUNTER, "taken")
    return redirect(f"/loket/{ticket.number}/struk")


async def receipt(request: Request) -> Response:
    """The sheet to hand over: number, unit, and the QR of the reporter's own page."""
    ticket, unit = await ask(request, _receipt, request.path_params["number"])
    address = full(desk_of(request), f"/status/{ticket.token}")
    return page(
        request,
        "struk.html",
        zone=unit.calendar.zone if unit else "",
        ticket=ticket,
        unit=unit,
        dated=dated(request, unit.calendar.zone if unit else ""),
        address=address,
        code=qr(address),
    )


async def call(request: Request) -> Response:
    """An answer was told, or nobody was reached."""
    officer, form = await posted(request)
    request.state.again = partial(_again, typed={"kunci": token_urlsafe(18)})
    number, desk, key = request.path_params["number"], desk_of(request), one_line(words(form, "kunci"), 80)
    if words(form, "aksi") == "disampaikan":
        await desk.db.write(call_tasks.told, number, officer, key=key, now=desk.clock())
    elif words(form, "aksi") == "belum":
        await desk.db.write(call_tasks.missed, number, officer, key=key, now=desk.clock())
    else:
        raise HTTPException(400)
    return redirect("/loket#telepon")


async def _filled(request: Request, typed: dict[str, str], files: Given) -> Form:
    """Raises SourceMissing, ContactUnclear, NumberUnclear, FilesRefused."""
    if typed["sumber"] not in SOURCES:
        raise SourceMissing
    if too_many(files) or too_large(files):
        raise FilesRefused
    name, contact, claims = one_line(typed["nama"], 120), one_line(typed["kontak"], 120), []
    phone, mail = phone_of(contact), mail_of(contact)
    if contact and not phone and not mail:
        raise ContactUnclear(contact)
    number = number_of(typed["nomor"])
    if typed["nomor"].strip() and number is None:
        raise NumberUnclear(typed["nomor"])
    claims += [Claim(Trait.NAME, name)] if name else []
    claims += [number] if number else []
    claims += [Claim(Trait.PHONE, phone)] if phone else [Claim(Trait.EMAIL, mail)] if mail else []
    reference = one_line(typed["rujukan"], 80)
    source = said(request, SOURCES[typed["sumber"]])
    text = typed["isi"].strip()
    if text and (reference or typed["sumber"] != "telepon"):
        line = N_("Sumber: {source}, nomor {reference}") if reference else N_("Sumber: {source}")
        text += "\n\n" + said(request, line, source=source, reference=reference)
    kept_files = await kept(desk_of(request), files)
    return Form(
        key=key_of(typed["kunci"], text, name, contact, *(each.sha256 for each in kept_files)),
        text=text,
        subject=one_line(typed["judul"], 200),
        name=name,
        contact=phone or mail,
        category=typed["bidang"],
        unit=typed["unit"],
        claims=tuple(claims),
        files=kept_files,
        facts={"source": typed["sumber"], "reference": reference},
        language=desk_of(request).language,
    )


def _given(form: FormData) -> Given:
    files = [each for each in form.getlist("lampiran") if isinstance(each, UploadFile)]
    return Given(fields={}, files=tuple(each for each in files if each.filename or each.size))


async def _page(request: Request, typed: dict[str, str], status: int = 200, refused: str = "") -> Response:
    counter = await ask(request, _counter)
    return page(
        request,
        "loket.html",
        status=status,
        counter=counter,
        sources=SOURCES,
        typed=dict.fromkeys(TEXT, "") | typed,
        refused=refused,
        reachable=_reachable,
    )


async def _again(request: Request, reason: str, _: DeskError, typed: dict[str, str]) -> Response:
    return await _page(request, typed, 409, reason)


def _reachable(call: Call) -> str:
    """The number to call, whole: calling is what the agent is there for. A form's key is none."""
    return call.to if call.to.startswith("+") or "@" in call.to else ""


def _counter(view: View, officer: Officer) -> Counter:
    needs(officer, Right.WORK)
    office = offices.current(view)
    return Counter(
        categories=tuple(office.categories.values()),
        units=tuple(office.units.values()),
        calls=tuple(call_tasks.due(view, officer)),
    )


def _receipt(view: View, officer: Officer, number: str) -> tuple[Ticket, Unit | None]:
    ticket = forms.keyed(view, number, officer)
    return ticket, offices.current(view).units.get(ticket.unit or 0)


ROUTES = (
    Route("/loket", show, methods=["GET"]),
    Route("/loket", send, methods=["POST"]),
    Route("/loket/{number}/struk", receipt, methods=["GET"]),
    Route("/loket/telepon/{number:int}", call, methods=["POST"]),
)
