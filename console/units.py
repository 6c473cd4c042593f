"""/unit: the units of the office, a form for one (name, kind, calendar, SOP, how cases are shared), its staff group."""

from functools import partial

from msgspec import Struct
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.page import page, redirect
from console.queue import news
from console.session import ask, desk_of, posted, words
from desk import staff
from desk import units as rules
from desk.seeing import needs
from desk.units import Sheet
from sop.errors import N_, DeskError
from sop.office import Office, Unit
from sop.office_file import KINDS
from sop.officer import Officer, Right
from sop.procedure_reader import IDENTIFIER
from sop.text import one_line
from store import office as offices
from store.db import View

NAMES = {
    "fakultas": N_("Fakultas"),
    "lembaga": N_("Lembaga"),
    "kantor_pusat": N_("Kantor pusat"),
    "opd": N_("Perangkat daerah (OPD)"),
}
SHARING = {"hand": N_("diambil sendiri"), "fair": N_("dibagi adil")}


class UnitFaulty(DeskError):
    """What was typed makes no unit."""


class Board(Struct, frozen=True, kw_only=True):
    units: tuple[Unit, ...]
    editable: frozenset[int]
    opened: Unit | None
    typed: Sheet
    parents: tuple[Unit, ...]
    calendars: dict[str, str]
    procedures: tuple[tuple[str, str], ...]
    every_unit: bool


async def show(request: Request) -> Response:
    return await _shown(request)


async def _shown(
    request: Request, *, typed: Sheet | None = None, refused: str = "", code: str = "", status: int = 200
) -> Response:
    """`code` links a group to the unit that is open; it is shown this once."""
    found = await ask(request, read, request.path_params.get("code"), typed)
    return page(
        request,
        "units.html",
        status=status,
        board=found,
        refused=refused,
        kinds=NAMES,
        sharing=SHARING,
        code=code,
        minutes=int(staff.CODE_LASTS.total_seconds() // 60),
        news=news(request),
    )


def read(view: View, officer: Officer, code: str | None, typed: Sheet | None) -> Board:
    """Raises NotAllowed, UnitAbsent."""
    needs(officer, Right.OFFICE)
    office = offices.current(view)
    opened = rules.mine(view, officer, code) if code is not None else None
    return Board(
        units=tuple(office.units.values()),
        editable=frozenset(each for each in office.units if officer.has(Right.OFFICE, each)),
        opened=opened,
        typed=typed or _sheet(office, opened),
        parents=tuple(each for each in office.units.values() if opened is None or each.id != opened.id),
        calendars=offices.calendar_codes(view),
        procedures=tuple({one.code: (one.code, one.procedure.title) for one in office.procedures}.values()),
        every_unit=officer.units(Right.OFFICE) is None,
    )


def _sheet(office: Office, unit: Unit | None) -> Sheet:
    if unit is None:
        return Sheet(code="", name="")
    parent = office.units.get(unit.parent or 0)
    return Sheet(
        code=unit.code,
        name=unit.name,
        kind=unit.kind,
        calendar=unit.calendar.code,
        procedure=unit.procedure,
        parent=parent.code if parent else "",
        sharing=unit.sharing,
    )


async def save(request: Request) -> Response:
    """A new unit, or one that is changed."""
    officer, form = await posted(request)
    desk, code = desk_of(request), request.path_params.get("code")
    board = await ask(request, read, code, None)
    wanted = _typed(form, board)
    request.state.again = partial(_again, typed=wanted)
    if not IDENTIFIER.fullmatch(wanted.code):
        raise UnitFaulty(
            N_(
                "Kode “{code}” tidak dapat dipakai. Pakai huruf kecil, angka, dan tanda hubung, misalnya pusat."
            ),
            code=wanted.code[:40],
        )
    if not wanted.name:
        raise UnitFaulty(N_("Nama unit masih kosong."))
    if code is None:
        await desk.db.write(rules.create, officer, wanted, desk.clock(), desk.zone)
    else:
        await desk.db.write(rules.save, officer, wanted, desk.clock(), desk.zone)
    return redirect(f"/unit/{wanted.code}?kabar=unit.")


async def offer_code(request: Request) -> Response:
    """A one-time code for the unit's staff group. Raises NotAllowed, UnitAbsent."""
    officer, _ = await posted(request)
    desk, unit = desk_of(request), request.path_params["code"]
    await ask(request, read, unit, None)
    code = staff.fresh_code()
    await desk.db.write(staff.offer_group_code, officer, unit, code, desk.clock())
    return await _shown(request, code=code)


def _typed(form: FormData, board: Board) -> Sheet:
    kind, sharing = words(form, "jenis"), words(form, "pembagian")
    calendar, procedure, parent = (words(form, name) for name in ("kalender", "prosedur", "induk"))
    return Sheet(
        code=board.opened.code if board.opened else one_line(words(form, "kode"), 60).lower(),
        name=one_line(words(form, "nama"), 120),
        kind=kind if kind in KINDS else "kantor_pusat",
        calendar=calendar if calendar in board.calendars else "",
        procedure=procedure if procedure in dict(board.procedures) else "",
        parent=parent if parent in {each.code for each in board.parents} else "",
        sharing=sharing if sharing in SHARING else "hand",
    )


async def _again(request: Request, refused: str, _: DeskError, typed: Sheet) -> Response:
    return await _shown(request, typed=typed, refused=refused, status=409)


ROUTES = (
    Route("/unit", show, methods=["GET"]),
    Route("/unit", save, methods=["POST"]),
    Route("/unit/{code}", show, methods=["GET"]),
    Route("/unit/{code}", save, methods=["POST"]),
    Route("/unit/{code}/grup", offer_code, methods=["POST"]),
)
