"""/templat-wa: WhatsApp's templates as the supervisor keeps them, with the provider's word on each."""

from functools import partial

from msgspec import Struct
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.page import page, redirect
from console.queue import news
from console.session import ask, desk_of, posted, words
from desk import provider_templates as registry
from sop.errors import DeskError
from sop.language import languages
from sop.provider_template import HOLES, holes_in, reason_words, state_words
from store.provider_templates import ProviderTemplate

SLOTS = ("1", "2", "3")
"""Holes that a new template may fill; its text is known only after the provider was asked."""


class Typed(Struct, frozen=True, kw_only=True):
    sid: str = ""
    name: str = ""
    refused: str = ""


async def show(request: Request) -> Response:
    return await _shown(request, Typed())


async def _shown(request: Request, typed: Typed, status: int = 200) -> Response:
    found = await ask(request, registry.listed)
    return page(
        request,
        "provider_templates.html",
        status=status,
        found=found,
        typed=typed,
        purposes=registry.PURPOSES,
        tongues=languages,
        holes=HOLES,
        slots=SLOTS,
        state_words=state_words,
        reason_words=reason_words,
        news=news(request),
    )


async def create(request: Request) -> Response:
    officer, form = await posted(request)
    typed = Typed(sid=words(form, "sid")[:60], name=words(form, "nama")[:80])
    request.state.again = partial(_again, typed=typed)
    desk = desk_of(request)
    await desk.db.write(
        registry.add,
        officer,
        typed.sid,
        purpose=words(form, "guna"),
        name=typed.name,
        language=words(form, "bahasa"),
        holes=_holes(form),
        now=desk.clock(),
    )
    return redirect("/templat-wa?kabar=tambah.")


async def _again(request: Request, refused: str, _: DeskError, typed: Typed) -> Response:
    return await _shown(request, Typed(sid=typed.sid, name=typed.name, refused=refused), 409)


async def check(request: Request) -> Response:
    officer, _ = await posted(request)
    await desk_of(request).db.write(registry.ask_now, officer)
    return redirect("/templat-wa?kabar=periksa.")


async def show_one(request: Request) -> Response:
    found: ProviderTemplate = await ask(request, registry.get, request.path_params["number"])
    return page(
        request,
        "provider_template.html",
        found=found,
        slots=holes_in(found.body) or SLOTS,
        purposes=registry.PURPOSES,
        tongues=languages,
        holes=HOLES,
        state_words=state_words,
        reason_words=reason_words,
        news=news(request),
    )


async def do(request: Request) -> Response:
    officer, form = await posted(request)
    desk, act, number = desk_of(request), request.path_params["act"], request.path_params["number"]
    now = desk.clock()
    if act == "ubah":
        await desk.db.write(
            registry.edit,
            officer,
            number,
            purpose=words(form, "guna"),
            name=words(form, "nama"),
            language=words(form, "bahasa"),
            holes=_holes(form),
            now=now,
        )
    elif act in ("pensiun", "aktif"):
        await desk.db.write(registry.set_active, officer, number, act == "aktif", now)
    else:
        raise HTTPException(404)
    return redirect(f"/templat-wa?kabar={act}.")


def _holes(form: FormData) -> tuple[str, ...]:
    return tuple(each for place in range(1, 10) if (each := words(form, f"isian{place}")))


ROUTES = (
    Route("/templat-wa", show, methods=["GET"]),
    Route("/templat-wa", create, methods=["POST"]),
    Route("/templat-wa/periksa", check, methods=["POST"]),
    Route("/templat-wa/{number:int}", show_one, methods=["GET"]),
    Route("/templat-wa/{number:int}/{act}", do, methods=["POST"]),
)
