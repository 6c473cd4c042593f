"""/tiket/N/perkara: the whole case as a file to keep, for who may export; as PDF where the library for it is installed."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.page import language_of, redirect
from console.session import ask, desk_of
from desk import dossier, dossier_page, pdf


async def as_page(request: Request) -> Response:
    return _file(await _html(request), request, "html", "text/html; charset=utf-8")


async def as_pdf(request: Request) -> Response:
    """Where the library is not installed the page, which prints as well."""
    page = await _html(request)
    if not pdf.available():
        return redirect(f"/tiket/{_number(request)}/perkara")
    return _file(await asyncio.to_thread(pdf.render, page.decode(), ""), request, "pdf", "application/pdf")


async def _html(request: Request) -> bytes:
    desk = desk_of(request)
    found = await ask(request, dossier.for_officer, request.path_params["number"], desk.clock())
    return dossier_page.html(found, desk.name, language_of(request)).encode()


def _number(request: Request) -> str:
    number: str = request.path_params["number"]
    return number.strip().removeprefix("#")


def _file(content: bytes, request: Request, end: str, media_type: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="perkara-{_number(request)}.{end}"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=media_type, headers=headers)


ROUTES = (
    Route("/tiket/{number}/perkara", as_page, methods=["GET"]),
    Route("/tiket/{number}/perkara.pdf", as_pdf, methods=["GET"]),
)
