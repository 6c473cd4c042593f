"""/kategori: the tree of categories, one of them open, what a merge would do; and how well the suggestion does."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import partial

from msgspec import Struct
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console import queue as queues
from console.page import page, redirect
from console.session import ask, desk_of, posted, words
from desk import categories as rules
from desk import suggesting
from desk.categories import Consequence
from desk.seeing import needs
from sop.category_tree import Branch, tree
from sop.errors import N_, DeskError
from sop.identity import Proof
from sop.office import Category, Unit
from sop.officer import Officer, Right
from sop.procedure_reader import IDENTIFIER
from sop.text import one_line
from store import categories, officers, queue, trail
from store import office as offices
from store.categories import Kept, Weight
from store.db import View
from store.trail import Event

LEVELS = (Proof.NONE, Proof.STATED, Proof.CHECKED)
LONGEST_KEPT, LAST_PLACE = 36_500, 9_999
KEYWORDS = 200
_SPLIT = re.compile(r"[,;\n]+")


class CategoryFaulty(DeskError):
    """What was typed fits no category."""


class Board(Struct, frozen=True, kw_only=True):
    """The list, and the one that is open. `typed` stands in the form; `moves` is what the merge into `target` would do."""

    branches: tuple[Branch, ...]
    retired: tuple[Category, ...]
    merged: tuple[tuple[int, str, str], ...]
    opened: Kept | None
    typed: Category
    keywords: str
    editable: bool
    parents: tuple[Branch, ...]
    targets: tuple[Category, ...]
    target: Category | None
    moves: Consequence | None
    weight: Weight | None
    history: tuple[Event, ...]
    names: dict[int, str]
    units: tuple[Unit, ...]
    procedures: tuple[tuple[str, str], ...]
    every_unit: bool
    measured: suggesting.Measured
    suggests: bool
    waiting: int


async def show(request: Request) -> Response:
    return await _shown(request)


async def _shown(
    request: Request, *, typed: Category | None = None, refused: str = "", status: int = 200
) -> Response:
    number, into = request.path_params.get("number"), request.query_params.get("ke", "")
    target = int(into) if into.isascii() and into.isdigit() and len(into) < 16 else None
    found = await ask(request, read, number, target, typed, desk_of(request).clock())
    return page(
        request,
        "categories.html",
        status=status,
        board=found,
        refused=refused,
        levels=LEVELS,
        news=queues.news(request),
    )


def read(
    view: View, officer: Officer, number: int | None, into: int | None, typed: Category | None, now: datetime
) -> Board:
    """Raises NotAllowed, CategoryAbsent."""
    needs(officer, Right.OFFICE)
    office, mine = offices.current(view), officer.units(Right.OFFICE)
    opened = rules.mine(view, officer, number) if number is not None else None
    fresh = Category(id=0, code="", name="", unit=None if mine is None else min(mine, default=None))
    shown = typed or (opened.category if opened else fresh)
    branches = tree(office.categories)
    every = {**office.categories, **office.retired}
    target = office.categories.get(into or 0) if opened and opened.active else None
    return Board(
        branches=branches,
        retired=tuple(office.retired.values()),
        merged=_merged(view, office.merged, every),
        opened=opened,
        typed=shown,
        keywords=", ".join(sorted(shown.keywords)),
        editable=opened is None or opened.active,
        parents=tuple(each for each in branches if opened is None or each.category.id != opened.category.id),
        targets=rules.targets(office, officer, opened.category.id) if opened and opened.active else (),
        target=target,
        moves=rules.consequence(view, officer, opened.category.id, target.id) if opened and target else None,
        weight=categories.weigh(view, office.counted_as(opened.category.id)) if opened else None,
        history=tuple(reversed(trail.of_case(view, opened.category.id, kind="category"))) if opened else (),
        names={each.id: each.name for each in officers.all_of(view, now)} if opened else {},
        units=tuple(each for each in office.units.values() if mine is None or each.id in mine),
        procedures=tuple({one.code: (one.code, one.procedure.title) for one in office.procedures}.values()),
        every_unit=mine is None,
        measured=suggesting.measured(view, office, now),
        suggests=office.suggests,
        waiting=queue.counts(view, officer=officer.id, units=queues.units(office, officer))["unit"],
    )


def _merged(
    view: View, merged: Mapping[int, int], known: Mapping[int, Category]
) -> tuple[tuple[int, str, str], ...]:
    """(id, its name, the name of what it counts as)."""
    targets = dict.fromkeys(merged.values())
    return tuple(
        (each.category.id, each.category.name, known[target].name if target in known else "-")
        for target in targets
        for each in categories.merged_here(view, target)
    )


async def save(request: Request) -> Response:
    """A new category, or one that is changed."""
    officer, form = await posted(request)
    desk, number = desk_of(request), request.path_params.get("number")
    known = await ask(request, _known, number)
    wanted = _typed(form, known)
    request.state.again = partial(_again, typed=wanted)
    if not IDENTIFIER.fullmatch(wanted.code):
        raise CategoryFaulty(
            N_(
                "Kode “{code}” tidak dapat dipakai. Pakai huruf kecil, angka, dan tanda hubung, misalnya akademik."
            ),
            code=wanted.code[:40],
        )
    if not wanted.name:
        raise CategoryFaulty(N_("Nama kategori masih kosong."))
    if number is None:
        kept = await desk.db.write(rules.create, officer, wanted, desk.clock())
        return redirect(f"/kategori/{kept}?kabar=kategori.")
    await desk.db.write(rules.save, officer, wanted, desk.clock())
    return redirect(f"/kategori/{number}?kabar=kategori.")


class Known(Struct, frozen=True):
    """What a form may choose from, and the category that it changes."""

    opened: Category | None
    categories: frozenset[int]
    units: frozenset[int]
    procedures: frozenset[str]


def _known(view: View, officer: Officer, number: int | None) -> Known:
    needs(officer, Right.OFFICE)
    office = offices.current(view)
    return Known(
        rules.mine(view, officer, number).category if number is not None else None,
        frozenset(office.categories),
        frozenset(office.units),
        frozenset(one.code for one in office.procedures),
    )


def _typed(form: FormData, known: Known) -> Category:
    parent, unit = _number(form, "induk"), _number(form, "unit")
    level = words(form, "identitas")
    procedure = words(form, "prosedur")
    keywords = (one_line(each, 40).lower() for each in _SPLIT.split(words(form, "kata")[:10_000]))
    return Category(
        id=known.opened.id if known.opened else 0,
        code=known.opened.code if known.opened else one_line(words(form, "kode"), 60).lower(),
        name=one_line(words(form, "nama"), 80),
        parent=parent if parent in known.categories else None,
        keywords=frozenset([each for each in dict.fromkeys(keywords) if each][:KEYWORDS]),
        unit=unit if unit in known.units else None,
        procedure=procedure if procedure in known.procedures else "",
        identity=level if level in LEVELS else Proof.NONE.value,
        needs_photo="foto" in form,
        needs_location="lokasi" in form,
        template_only="templat" in form,
        retention_days=min(_number(form, "retensi"), LONGEST_KEPT) or None,
        position=min(_number(form, "urutan"), LAST_PLACE),
    )


def _number(form: FormData, name: str) -> int:
    """0 for what is no whole number."""
    text = words(form, name).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


async def decide(request: Request) -> Response:
    """Merge, part, retire, use again."""
    officer, form = await posted(request)
    desk, number, act = desk_of(request), request.path_params["number"], request.path_params["act"]
    request.state.again = _again
    if act == "gabung":
        into = _number(form, "ke")
        await desk.db.write(rules.merge, officer, number, into, desk.clock())
        return redirect(f"/kategori/{into}?kabar=gabung.")
    if act == "pisah":
        await desk.db.write(rules.part, officer, number, desk.clock())
    elif act == "pensiun":
        await desk.db.write(rules.retire, officer, number, desk.clock())
    elif act == "aktif":
        await desk.db.write(rules.revive, officer, number, desk.clock())
    else:
        raise HTTPException(404)
    return redirect(f"/kategori/{number}?kabar=kategori.")


async def switch(request: Request) -> Response:
    """The suggestion on or off, for the whole desk."""
    officer, form = await posted(request)
    desk = desk_of(request)
    await desk.db.write(suggesting.switch, officer, words(form, "saran") == "1", desk.clock())
    return redirect("/kategori?kabar=kategori.#saran")


async def _again(request: Request, refused: str, _: DeskError, typed: Category | None = None) -> Response:
    return await _shown(request, typed=typed, refused=refused, status=409)


ROUTES = (
    Route("/kategori", show, methods=["GET"]),
    Route("/kategori", save, methods=["POST"]),
    Route("/kategori/saran", switch, methods=["POST"]),
    Route("/kategori/{number:int}", show, methods=["GET"]),
    Route("/kategori/{number:int}", save, methods=["POST"]),
    Route("/kategori/{number:int}/{act}", decide, methods=["POST"]),
)
