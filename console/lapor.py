"""/lapor: the public form. Works without script; what was typed is never lost by what was missing."""

from datetime import datetime
from functools import partial
from secrets import token_urlsafe

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.lapor_form import Fault, Filled, claims_of, coordinates, empty, faults, filled
from console.outside import (
    Stranger,
    absent,
    address_of,
    check_origin,
    form_pass,
    key_of,
    opened_lately,
    outside,
)
from console.page import language_of, page, redirect, said
from console.reaching import Reached, reached
from console.session import desk_of
from console.uploads import Given, given, has_photo, is_large, kept
from desk import form as forms
from desk import ids
from desk.form import Form, TooManyForms
from sop.calendar import office_hours
from sop.errors import N_, DeskError
from sop.language import Language
from sop.office import Category, Unit
from sop.procedure import first_stay
from sop.text import one_line
from store import office as offices
from store.db import View


class Offered(Struct, frozen=True, kw_only=True):
    """What the form of this address shows. `limit`: how soon somebody reads it, "" where nothing is promised."""

    unit: Unit | None
    categories: tuple[Category, ...]
    chosen: str
    limit: str
    reached: Reached
    letter: bool = False  # it asks for publications alone, so the letter's own fields are shown


async def show(request: Request) -> Response:
    """The form of the office, of a unit (/lapor/UNIT), of a category (/lapor/UNIT/KATEGORI)."""
    offered = await _found(request)
    if offered is None:
        return await absent(request)
    return _page(request, offered, empty(token_urlsafe(18), offered.chosen), (), 200)


async def send(request: Request) -> Response:
    desk = desk_of(request)
    offered = await _found(request)
    if offered is None:
        return await absent(request)
    if is_large(request):
        await _worth_reading(request)
    async with given(request) as form:
        typed = filled(form)
        request.state.again = partial(_again, offered=offered, typed=typed)
        check_origin(request)
        category = next((each for each in offered.categories if each.code == typed["bidang"]), None)
        wrong = faults(typed, form, category, await has_photo(form))
        if wrong:
            return _page(request, offered, typed, wrong, 422)
        if minutes := await desk.db.read(forms.wait_left, address_of(request), desk.real()):
            raise TooManyForms(minutes)
        report = await _report(request, offered, typed, form)
        ticket = await desk.db.write(
            forms.report, report, address_of(request), ids.fresh(), desk.clock(), desk.real()
        )
        desk.meter.took(forms.WEB, "taken")
    return redirect(f"/status/{ticket.token}?baru=1")


async def _worth_reading(request: Request) -> None:
    """A long form is read only from who opened ours lately and has not sent too many. Raises Stranger, TooManyForms."""
    desk = desk_of(request)
    check_origin(request)
    if not opened_lately(desk, request.query_params.get("f", "")):
        raise Stranger
    if minutes := await desk.db.read(forms.wait_left, address_of(request), desk.real()):
        raise TooManyForms(minutes)


async def _found(request: Request) -> Offered | None:
    desk = desk_of(request)
    return await desk.db.read(
        _offered, *_codes(request), desk.clock(), desk.channels, desk.zone, language_of(request)
    )


async def _report(request: Request, offered: Offered, typed: Filled, form: Given) -> Form:
    place = one_line(typed["lokasi"], 300)
    language = language_of(request)
    text = "\n\n".join(filter(None, (_head(typed) if offered.letter else "", typed["isi"].strip())))
    if place:  # a field of its own on the page, a line of the report on the desk
        text += "\n\n" + said(request, N_("Lokasi: {place}"), place=place)
    files = await kept(desk_of(request), form)
    return Form(
        key=key_of(typed["kunci"], text, typed["judul"], *(each.sha256 for each in files)),
        text=text,
        subject=one_line(typed["judul"], 200),
        name=one_line(typed["nama"], 120) if typed.named else "",
        category=typed["bidang"],
        unit=offered.unit.code if offered.unit else "",
        claims=claims_of(typed),
        files=files,
        location=coordinates(place),
        facts={"identity": typed["idn"], "consent": True},
        language=language,
    )


async def _again(
    request: Request, reason: str, error: DeskError, offered: Offered, typed: Filled
) -> Response:
    status = 429 if isinstance(error, TooManyForms) else 409
    return _page(request, offered, typed, (), status, refused=reason)


def _page(
    request: Request,
    offered: Offered,
    typed: Filled,
    wrong: tuple[Fault, ...],
    status: int,
    refused: str = "",
) -> Response:
    firsts: dict[str, Fault] = {}
    for each in wrong:
        firsts.setdefault(each.field, each)
    return page(
        request,
        "lapor.html",
        status=status,
        zone=offered.unit.calendar.zone if offered.unit else "",
        offered=offered,
        typed=typed,
        faults=firsts,
        refused=refused,
        pass_=form_pass(desk_of(request)),
    )


def _head(typed: Filled) -> str:
    """The letter's fields as the lines that a mail would have: the desk reads both the same way."""
    said = (
        ("Nomor surat", typed["surat"]),
        ("Tanggal surat", typed["tanggal"]),
        ("Sifat", "segera" if typed["sifat"] == "segera" else "biasa"),
        ("Sasaran", typed["sasaran"]),
        ("Waktu tayang", typed["tayang"].replace("T", " ")),
    )
    return "\n".join(f"{label}: {one_line(words, 300)}" for label, words in said if words.strip())


def _offered(
    view: View,
    unit: str,
    code: str,
    now: datetime,
    channels: tuple[str, ...],
    zone: str,
    language: Language,
) -> Offered | None:
    """None for a unit or category that is not there, or whose unit is another."""
    office = offices.current(view)
    place = forms.unit_of(office, unit)
    chosen = forms.category_of(office, code)
    if (unit and place is None) or (code and chosen is None):
        return None
    shown = tuple(
        each for each in office.categories.values() if place is None or each.unit in (None, place.id)
    )
    if chosen and chosen not in shown:
        return None
    bound = office.binding(place or office.unit_of(forms.WEB, chosen), chosen, now)
    limit = first_stay(bound.procedure).limit if bound else None
    reads = place or office.unit_of(forms.WEB, chosen)
    calendar = reads.calendar if reads else office_hours(zone)
    return Offered(
        unit=place,
        categories=shown,
        chosen=code,
        limit=str(limit) if limit and not (bound and bound.publishes) else "",
        letter=bool(bound and bound.publishes),
        reached=reached(view, channels, calendar, now, language),
    )


def _codes(request: Request) -> tuple[str, str]:
    """Of the unit and the category, by the path or by the query."""
    path, query = request.path_params, request.query_params
    unit = path.get("unit") or query.get("unit", "")
    return unit.lower()[:80], (path.get("category") or query.get("kategori", "")).lower()[:80]


ROUTES = (
    Route("/lapor", outside(show), methods=["GET"]),
    Route("/lapor", outside(send), methods=["POST"]),
    Route("/lapor/{unit}", outside(show), methods=["GET"]),
    Route("/lapor/{unit}", outside(send), methods=["POST"]),
    Route("/lapor/{unit}/{category}", outside(show), methods=["GET"]),
    Route("/lapor/{unit}/{category}", outside(send), methods=["POST"]),
)
