"""The supervisor's reply templates: written as drafts, looked at on a real ticket, put in force, withdrawn."""

import re
from collections.abc import Mapping
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
from console.typed import given_files
from desk import templates as rules
from desk.seeing import needs
from sop.channels import LONGEST
from sop.errors import N_, DeskError, NotFound
from sop.language import languages, translate
from sop.messages import File
from sop.office import Category, Office, Unit
from sop.officer import Officer, Right
from sop.text import one_line, utf16_length
from sop.text_difference import Stretch, difference
from sop.ticket import Ticket
from store import office as offices
from store import provider_templates, queue, templates, tickets
from store.db import View
from store.provider_templates import ProviderTemplate
from store.templates import Template, Usage, Variant

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
    variants: Mapping[str, Variant] = {}
    files: tuple[File, ...] = ()


class Version(Struct, frozen=True, kw_only=True):
    """One of a template's versions; `sent` how often it left is told for the template as a whole."""

    id: int
    version: int
    state: str
    here: bool


class Board(Struct, frozen=True, kw_only=True):
    """The list, and the one that is open. `sample` is the ticket of the preview, `holes` what it fills."""

    templates: tuple[Template, ...]
    opened: Template | None
    in_force: Template | None
    typed: Typed
    parts: tuple[Part, ...]
    shown: tuple[tuple[str, tuple[Part, ...], int, int], ...]
    sample: Ticket | None
    holes: tuple[tuple[str, str], ...]
    units: tuple[Unit, ...]
    categories: tuple[Category, ...]
    every_unit: bool
    waiting: int
    usage: Mapping[tuple[str, str], Usage]
    versions: tuple[Version, ...]
    changes: tuple[Stretch, ...]
    compared: int
    contents: tuple[ProviderTemplate, ...]


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
    shown = typed or (_typed(opened, templates.files_of(view, opened.id)) if opened else Typed())
    units = queues.units(office, officer)
    ticket = _sample(view, officer, sample, units)
    holes = rules.values(office, ticket, officer, now) if ticket else {}
    force = templates.by_code(view, opened.code, opened.language) if opened else None
    past = templates.versions(view, opened.code, opened.language) if opened else []
    before = _compared(past, opened, force)
    return Board(
        templates=tuple(found),
        opened=opened,
        in_force=force if force and opened and force.language == opened.language else None,
        typed=shown,
        parts=tuple(parts_of(shown.body, holes, officer.language)),
        shown=tuple(_shown_on(name, shown, holes, officer) for name in rules.CHANNELS),
        usage=templates.usage(view),
        versions=tuple(
            Version(id=each.id, version=each.version, state=each.state, here=each is opened or each == opened)
            for each in past
        ),
        changes=difference(before.body, shown.body) if before else (),
        compared=before.version if before else 0,
        contents=tuple(each for each in provider_templates.every(view, "whatsapp") if each.active),
        sample=ticket,
        holes=tuple((name, translate(label, officer.language)) for name, label in rules.HOLES.items()),
        units=tuple(each for each in office.units.values() if mine is None or each.id in mine),
        categories=tuple(office.categories.values()),
        every_unit=mine is None,
        waiting=queue.counts(view, officer=officer.id, units=units)["unit"],
    )


def _compared(past: list[Template], opened: Template | None, force: Template | None) -> Template | None:
    """What a version is held against: the one in force, else the one before it."""
    if opened is None:
        return None
    if force and force.language == opened.language and force.id != opened.id:
        return force
    return next((each for each in past if each.version < opened.version), None)


def _shown_on(
    channel: str, typed: Typed, holes: Mapping[str, str], officer: Officer
) -> tuple[str, tuple[Part, ...], int, int]:
    """(channel, the words there with their holes marked, length, longest) as its provider counts."""
    own = typed.variants.get(channel)
    parts = tuple(parts_of((own.body if own else "") or typed.body, holes, officer.language))
    return channel, parts, utf16_length("".join(each.text for each in parts)), LONGEST[channel]


def _typed(found: Template, files: tuple[File, ...]) -> Typed:
    return Typed(
        code=found.code,
        name=found.name,
        body=found.body,
        language=found.language,
        unit=found.unit,
        category=found.category,
        harmless=found.harmless,
        variants=found.variants,
        files=files,
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
    needs(officer, Right.TEMPLATES)
    typed = _form(form, await ask(request, _office))
    request.state.again = partial(again, number=number, typed=typed)
    if words(form, "aksi") == "lihat":
        return await _shown(request, number, typed=typed)
    if not CODE.fullmatch(typed.code):
        raise CodeFaulty(typed.code)
    desk = desk_of(request)
    before = await desk.db.read(templates.files_of, number) if number else ()
    staying = tuple(each for n, each in enumerate(before) if f"buang.{n}" not in form)
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
        variants=typed.variants,
        files=(*staying, *await given_files(desk, form)),
    )
    return redirect(f"/templat/{kept}?kabar=templat.")


async def decide(request: Request) -> Response:
    """Approve a version, put it in force, or withdraw it."""
    officer, _ = await posted(request)
    desk, number = desk_of(request), request.path_params["number"]
    if request.path_params["act"] == "setujui":
        await desk.db.write(rules.agree, officer, number, desk.clock())
        return redirect(f"/templat/{number}?kabar=disetujui.")
    if request.path_params["act"] == "berlakukan":
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
        variants=_variants(form),
    )


def _variants(form: FormData) -> dict[str, Variant]:
    """Words and provider's templates for single channels."""
    found = {}
    for name in rules.CHANNELS:
        body = words(form, f"varian.{name}").replace("\r\n", "\n").replace("\x00", "").strip()
        content = one_line(words(form, f"konten.{name}"), 60)
        if body or content:
            found[name] = Variant(body, content)
    return found


async def again(request: Request, refused: str, _: DeskError, number: int | None, typed: Typed) -> Response:
    return await _shown(request, number, typed=typed, refused=refused, status=409)
