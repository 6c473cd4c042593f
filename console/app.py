"""The console as one ASGI application: routes, the headers of every page, and one place where a refusal is shown."""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from secrets import token_hex
from urllib.parse import urlencode

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from console import (
    acts,
    bulk,
    deadletters,
    decisions,
    doors,
    dossier,
    erasing,
    files,
    humas,
    humas_acts,
    humas_calendar,
    humas_case,
    humas_out,
    humas_request,
    joining,
    live,
    oidc,
    printing,
    profile,
    provider_templates,
    public,
    putting_off,
    queue,
    resuming,
    search,
    signin,
    sop_pages,
    state,
    supervise,
    template_files,
    templating,
    ticket,
    views,
    writing,
)
from console.assets import Assets
from console.guard import Headers
from console.oidc import SingleSignOn
from console.page import language_of, page, said
from console.rendering import Pages
from console.session import NotSignedIn, desk_of, form_of, recognise, words
from console.uploads import is_large
from desk.desk import Desk
from desk.seeing import OnlyDecides
from sop.errors import N_, DamagedStore, DeskError, NotAllowed, NotFound, Unavailable
from sop.language import explained, languages
from sop.publication import NoSuchPublication
from sop.wording import moment

log = structlog.get_logger()

CHECKS = 2  # passwords looked at at once: each takes a core and 64 MB

PASSWORDS = frozenset({"sandi", "sekarang", "baru", "rahasia", "angka"})  # fields that no page repeats

ROUTES = (
    Route("/", queue.show),
    Route("/antrean", queue.show),
    Route("/login", signin.show, methods=["GET"]),
    Route("/login", signin.sign_in, methods=["POST"]),
    Route("/login/kode", signin.second_step, methods=["POST"]),
    Route("/keluar", signin.sign_out, methods=["POST"]),
    Route("/tiket/{number}", ticket.show, methods=["GET"]),
    Route("/tiket/{number}", writing.write, methods=["POST"]),
    *joining.ROUTES,
    *printing.ROUTES,
    *dossier.ROUTES,
    *putting_off.ROUTES,
    *erasing.ROUTES,
    Route("/tiket/{number}/{act}", acts.do, methods=["POST"]),
    Route("/berkas/{number:int}", files.show),
    Route("/berkas/{number:int}/kecil", files.small),
    *search.ROUTES,
    Route("/penyelia", supervise.show, methods=["GET"]),
    Route("/penyelia/{act}", supervise.do, methods=["POST"]),
    *template_files.ROUTES,
    Route("/templat", templating.show, methods=["GET"]),
    Route("/templat", templating.save, methods=["POST"]),
    Route("/templat/{number:int}", templating.show, methods=["GET"]),
    Route("/templat/{number:int}", templating.save, methods=["POST"]),
    Route("/templat/{number:int}/{act}", templating.decide, methods=["POST"]),
    Route("/profil", profile.show, methods=["GET"]),
    Route("/profil/{act}", profile.do, methods=["POST"]),
    Route("/live", live.listen),
    *sop_pages.ROUTES,
    *doors.ROUTES,
    *oidc.ROUTES,
    *deadletters.ROUTES,
    *provider_templates.ROUTES,
    *views.ROUTES,
    *bulk.ROUTES,
    *state.ROUTES,
    *humas.ROUTES,
    *humas_request.ROUTES,
    *humas_calendar.ROUTES,
    *humas_case.ROUTES,
    *humas_acts.ROUTES,
    *humas_out.ROUTES,
)


def build(
    desk: Desk,
    *,
    extra_routes: Sequence[BaseRoute] = (),
    frames: bool = False,
    sso: SingleSignOn | None = None,
) -> Starlette:
    """The console of one desk. `extra_routes` come first; `frames`: pages of ours may frame it (the demo alone);
    `sso`: officers may also come by the office's identity provider.
    """
    assets = Assets()
    app = Starlette(
        routes=[*extra_routes, assets.route, *public.routes(), *ROUTES],
        middleware=[
            Middleware(Headers, frames=frames, secure=desk.secure),
            Middleware(GZipMiddleware, minimum_size=700, compresslevel=5),
        ],
        exception_handlers={
            DeskError: refused,
            OnlyDecides: decisions.instead,
            NotSignedIn: sign_in_first,
            Unavailable: unavailable,
            HTTPException: plain,
            Exception: broken,
        },
    )
    app.state.desk = desk
    app.state.checking = asyncio.Semaphore(CHECKS)
    app.state.pages = {language: Pages(language) for language in languages}
    app.state.assets = assets
    app.state.sso = sso
    return app


async def refused(request: Request, error: Exception) -> Response:
    """A rule said no: the page it was said to shows it beside what was typed, else a page of its own does."""
    assert isinstance(error, DeskError)
    reason = explained(error, language_of(request))
    again = getattr(request.state, "again", None)
    absent = isinstance(error, NotFound | NoSuchPublication)
    if again is not None and not absent:
        del request.state.again
        response: Response = await again(request, reason, error)
        return response
    status = 404 if absent else 403 if isinstance(error, NotAllowed) else 409
    title = _TITLES.get(status, N_("Belum dapat dilakukan"))
    return page(
        request, "error.html", status=status, title=said(request, title), reason=reason, code="", art=status
    )


async def sign_in_first(request: Request, _: Exception) -> Response:
    """To the login, and back to where one was. Words of a form whose session had ended are carried along."""
    if request.method == "GET":
        if request.headers.get("hx-request"):
            return Response(status_code=401, headers={"HX-Redirect": "/login"})
        to = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/login?{urlencode({'lanjut': to})}", 303)
    if request.url.path.startswith(resuming.PAGES) and not is_large(request):
        return resuming.waits(request, await form_of(request))
    typed = {} if is_large(request) else signin.typed_in(await form_of(request))
    to = "/".join(request.url.path.split("/")[:3]) if request.url.path.startswith("/tiket/") else "/"
    return signin.form(request, to=to, status=401, ended=True, typed=typed)


async def unavailable(request: Request, error: Exception) -> Response:
    """Not kept, or not known to be: the same form with the same key may be sent again."""
    again = {}
    if request.method == "POST" and not request.url.path.startswith("/login"):
        form = await form_of(request)
        again = {name: words(form, name) for name in form if name not in PASSWORDS}
    return page(
        request,
        "unavailable.html",
        status=503,
        again=again,
        headers={"Retry-After": "5"},
        to=request.url.path,
        damaged=isinstance(error, DamagedStore),
    )


def closed(app: Starlette, desk: Desk, *, frames: bool = False) -> ASGIApp:
    """Any page while the desk is under maintenance; it asks nothing of the store."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request({**scope, "app": app})
        said = page(request, "maintenance.html", status=503, headers={"Retry-After": "30"})
        await said(scope, receive, send)

    return Headers(answer, frames=frames, secure=desk.secure)


async def plain(request: Request, error: Exception) -> Response:
    """404, 405, 413: what HTTP itself refuses."""
    assert isinstance(error, HTTPException)
    if getattr(request.state, "signed", None) is None:
        await recognise(request)
    title = _TITLES.get(error.status_code, HTTPStatus(error.status_code).phrase)
    reason = _REASONS.get(error.status_code, N_("Periksa alamatnya, atau kembali ke antrean."))
    return page(
        request,
        "error.html",
        status=error.status_code,
        title=said(request, title),
        reason=said(request, reason),
        code="",
        art=error.status_code,
        headers=error.headers,
    )


async def broken(request: Request, error: Exception) -> Response:
    """A fault of ours: a code to quote, and nothing of its insides."""
    code = f"{token_hex(2)}-{token_hex(2)}".upper()
    log.error("page failed", code=code, page=request.url.path.split("/")[1][:20], exc_info=error)
    desk = desk_of(request)
    at = moment(desk.clock(), desk.zone, language_of(request))
    return page(
        request,
        "error.html",
        status=500,
        title=said(request, N_("Ada gangguan di pihak kami")),
        reason=said(
            request,
            N_("Permintaan Anda belum tersimpan. Silakan coba lagi, dan bila terulang sebutkan kode ini."),
        ),
        code=f"{code} · {at}",
        art=500,
    )


_TITLES = {
    403: N_("Halaman ini bukan untuk peran Anda"),
    404: N_("Tidak ditemukan"),
    405: N_("Tidak dapat dibuka dengan cara ini"),
    413: N_("Terlalu besar"),
}
_REASONS = {413: N_("Kiriman terlalu besar. Kurangi ukuran atau jumlah berkas, lalu kirim lagi.")}
