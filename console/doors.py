"""/pintu: links and QR codes that lead to a unit or a category, for posters, signs and the office's website."""

from functools import partial

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.outside import qr, qr_png
from console.page import page, redirect
from console.queue import news
from console.session import ask, desk_of, posted, words
from desk import doors
from desk.doors import Entrance
from desk.seeing import needs
from sop.door import TOKEN
from sop.errors import N_, DeskError
from sop.office import Category, Unit
from sop.officer import Officer, Right
from sop.text import one_line
from store import office as offices
from store.db import View

WAYS = ("telegram", "whatsapp", "web")
LABELS = {"telegram": N_("Telegram"), "whatsapp": N_("WhatsApp"), "web": N_("Formulir web")}


class Board(Struct, frozen=True, kw_only=True):
    open: tuple[Entrance, ...]
    retired: tuple[Entrance, ...]
    units: tuple[Unit, ...]
    categories: tuple[Category, ...]
    everywhere: bool


class Typed(Struct, frozen=True, kw_only=True):
    name: str = ""
    unit: str = ""
    category: str = ""
    refused: str = ""


async def show(request: Request) -> Response:
    return await _shown(request, Typed())


async def _shown(request: Request, typed: Typed, status: int = 200) -> Response:
    found = await ask(request, read, desk_of(request).public_url)
    return page(
        request, "doors.html", status=status, found=found, typed=typed, labels=LABELS, news=news(request)
    )


def read(view: View, officer: Officer, public_url: str) -> Board:
    """Raises NotAllowed."""
    needs(officer, Right.OFFICE)
    office, mine = offices.current(view), officer.units(Right.OFFICE)
    found = doors.listed(view, officer, public_url)
    return Board(
        open=tuple(each for each in found if each.door.active),
        retired=tuple(each for each in found if not each.door.active),
        units=tuple(each for each in office.units.values() if mine is None or each.id in mine),
        categories=tuple(
            each
            for each in office.categories.values()
            if mine is None or each.unit is None or each.unit in mine
        ),
        everywhere=mine is None,
    )


async def create(request: Request) -> Response:
    officer, form = await posted(request)
    typed = Typed(
        name=one_line(words(form, "nama"), 80),
        unit=words(form, "unit")[:80],
        category=words(form, "kategori")[:80],
    )
    request.state.again = partial(_again, typed=typed)
    token = words(form, "kunci")
    if not TOKEN.fullmatch(token):
        raise HTTPException(400)
    desk = desk_of(request)
    door = await desk.db.write(
        doors.open_door, officer, token, typed.name, typed.unit, typed.category, desk.clock()
    )
    return redirect(f"/pintu/{door.token}?kabar=pintu.")


async def show_one(request: Request) -> Response:
    """The door's links and codes, as a page that prints as a poster."""
    desk = desk_of(request)
    found = await ask(request, doors.own, request.path_params["token"], desk.public_url)
    ways = [(way, LABELS[way], address, qr(address)) for way in WAYS if (address := getattr(found, way))]
    return page(request, "door.html", found=found, ways=ways, news=news(request))


async def picture(request: Request) -> Response:
    """The QR code of one way in, as a file."""
    token, way = request.path_params["token"], request.path_params["way"]
    found = await ask(request, doors.own, token, desk_of(request).public_url)
    address = getattr(found, way) if way in WAYS else ""
    if not address:
        raise HTTPException(404)
    name = f"qr-{way}-{token[:8]}.png"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(qr_png(address), media_type="image/png", headers=headers)


async def retire(request: Request) -> Response:
    officer, _ = await posted(request)
    desk = desk_of(request)
    await desk.db.write(doors.retire, officer, request.path_params["token"], desk.clock())
    return redirect("/pintu?kabar=tutup.")


async def _again(request: Request, refused: str, _: DeskError, typed: Typed) -> Response:
    shown = Typed(name=typed.name, unit=typed.unit, category=typed.category, refused=refused)
    return await _shown(request, shown, 409)


ROUTES = (
    Route("/pintu", show, methods=["GET"]),
    Route("/pintu", create, methods=["POST"]),
    Route("/pintu/{token}", show_one, methods=["GET"]),
    Route("/pintu/{token}/tutup", retire, methods=["POST"]),
    Route("/pintu/{token}/{way}.png", picture, methods=["GET"]),
)
