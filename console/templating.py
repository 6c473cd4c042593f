"""The supervisor's reply templates: written as drafts, looked at on a real ticket, put in force, withdrawn."""

import re
from datetime import datetime
from functools import partial

from msgspec import Struct
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console import queue as queues
from console.page import page, redirect
from console.picker import Part, parts_of
from console.session import ask, desk_of, posted, words
from desk import templates as rules
from desk.seeing import needs
from sop.errors import N_, DeskError, NotFound
from sop.language import languages, translate
from sop.office import Category, Office, Unit
from sop.officer import Officer, Right
from sop.text import one_line
from sop.ticket import Ticket
from store import office as offices
from store import queue, templates, tickets
from store.db import View
from store.templates import Template

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class CodeFaulty(DeskError):
    def __init__(self, code: str) -> None:
        super().__init__(
            N_(
                "Kode “{code}” tidak dapat dipakai. Gunakan huruf kecil, angka, dan tanda hubung, misalnya minta-nim."
            ),
            code=code[:40],
        )


class Typed(Struct, frozen=True, kw_only=True):
    """What stands in the form: a stored version, or what was typed."""

    code: str = ""
    name: str = ""
    body: str = ""
    language: str = "id"
    unit: int | None = None
    category: int | None = None
    harmless: bool = False


class Board(Struct, frozen=True, kw_only=True):
    """The list, and the one that is open. `sample` is the ticket of the preview, `holes` what it fills."""

    templates: tuple[Template, ...]
    opened: Template | None
    in_force: Template | None
    typed: Typed
    parts: tuple[Part, ...]
    sample: Ticket | None
    holes: tuple[tuple[str, str], ...]
    units: tuple[Unit, ...]
    categories: tuple[Category, ...]
    every_unit: bool
    waiting: int


async def show(request: Request) -> Response:
    return await _shown(request, request.path_params.get("number"))


async def _shown(
    request: Request, number: int | None, *, typed: Typed | None = None, refused: str = "", status: int = 200
) -> Response:
    sample = request.query_params.get("tiket", "")
    found = await ask(request, read, number, sample, typed, desk_of(request).clock())
    news = queues.news(request)
    return page(request, "templates.html", status=status, board=found, refused=refused, news=news)


def read(
    view: View, officer: Officer, number: int | None, sample: str, typed: Typed | None, now: datetime
) -> Board:
    """Raises NotAllowed, NotFound."""
    needs(officer, Right.TEMPLATES)
    office = offices.current(view)
    mine = officer.units(Right.TEMPLATES)
    found = [each for each in templates.newest(view) if mine is None or each.unit in (None, *mine)]
    opened = templates.get(view, number) if number is not None and number < 1 << 62 else None
    if number is not None and (opened is None or (mine is not None and opened.unit not in (None, *mine))):
        raise NotFound(str(number))
    shown = typed or (_typed(opened) if opened else Typed())
    units = queues.units(office, officer)
    ticket = _sample(view, officer, sample, units)
    holes = rules.values(office, ticket, officer, now) if ticket else {}
    force = templates.by_code(view, opened.code, opened.language) if opened else None
    return Board(
        templates=tuple(found),
        opened=opened,
        in_force=force if force and opened and force.language == opened.language else None,
        typed=shown,
        parts=tuple(parts_of(shown.body, holes, officer.language)),
        sample=ticket,
        holes=tuple((name, translate(label, officer.language)) for name, label in rules.HOLES.items()),
        units=tuple(each for each in office.units.values() if mine is None or each.id in mine),
        categories=tuple(office.categories.values()),
        every_unit=mine is None,
        waiting=queue.counts(view, officer=officer.id, units=units)["unit"],
    )


def _typed(found: Template) -> Typed:
    return Typed(
        code=found.code,
        name=found.name,
        body=found.body,
        language=found.language,
        unit=found.unit,
        category=found.category,
        harmless=found.harmless,
    )


def _sample(view: View, officer: Officer, number: str, units: frozenset[int]) -> Ticket | None:
    """The ticket named in the address, else the first of the queue."""
    if number:
        return tickets.get(view, number, visible_to=officer)
    first = queue.page(view, "unit", officer=officer.id, units=units, most=1)
    return tickets.find(view, first[0].id) if first else None


async def save(request: Request) -> Response:
    """A new version as a draft; or, by the button "lihat", only a look at what was typed."""
    number = request.path_params.get("number")
    officer, form = await posted(request)
    typed = _form(form, await ask(request, _office))
    request.state.again = partial(_again, number=number, typed=typed)
    if words(form, "aksi") == "lihat":
        return await _shown(request, number, typed=typed)
    if not CODE.fullmatch(typed.code):
        raise CodeFaulty(typed.code)
    desk = desk_of(request)
    kept = await desk.db.write(
        rules.save,
        officer,
        code=typed.code,
        name=typed.name or typed.code,
        body=typed.body,
        language=typed.language,
        now=desk.clock(),
        unit=typed.unit,
        category=typed.category,
        harmless=typed.harmless,
    )
    return redirect(f"/templat/{kept}?kabar=templat.")


async def decide(request: Request) -> Response:
    """Put a version in force, or withdraw it."""
    officer, _ = await posted(request)
    desk, number = desk_of(request), request.path_params["number"]
    if request.path_params["act"] == "setujui":
        await desk.db.write(rules.approve, officer, number, desk.clock())
        return redirect(f"/templat/{number}?kabar=setuju.")
    if request.path_params["act"] == "tarik":
        await desk.db.write(rules.withdraw, officer, number, desk.clock())
        return redirect(f"/templat/{number}?kabar=tarik.")
    raise HTTPException(404)


def _office(view: View, _: Officer) -> Office:
    return offices.current(view)


def _form(form: FormData, office: Office) -> Typed:
    units = {str(each): each for each in office.units}
    categories = {str(each): each for each in office.categories}
    return Typed(
        code=one_line(words(form, "kode"), 60).lower(),
        name=one_line(words(form, "nama"), 120),
        body=words(form, "isi").replace("\r\n", "\n").replace("\x00", ""),
        language=next((each for each in languages if each == words(form, "bahasa")), "id"),
        unit=units.get(words(form, "unit")),
        category=categories.get(words(form, "kategori")),
        harmless="umum" in form,
    )


async def _again(request: Request, refused: str, _: DeskError, number: int | None, typed: Typed) -> Response:
    return await _shown(request, number, typed=typed, refused=refused, status=409)
