"""/publikasi/N: one publication with its journey, narration, targets, checks, push and files; its lembar disposisi."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from console.assets import FOLDER
from console.files import POLICY
from console.humas import rate_words
from console.page import language_of, page, redirect
from console.session import ask, desk_of
from console.typed import number_in
from desk import disposition_sheet, pdf, publication_page, publication_reading, publication_seeing
from desk.publication_page import CasePage
from desk.publication_reading import Board
from sop import wording
from sop.messages import File
from sop.officer import Officer
from sop.publication import Check
from sop.text import one_line
from sop.text_difference import difference
from store import narrations
from store.db import View
from store.narrations import Narration

STYLE = "paper.css"
PLAIN = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "application/pdf"})


class Typed(Struct, frozen=True, kw_only=True):
    """What was pressed and typed when it was refused, and why. `error` is the refusal's kind."""

    act: str = ""
    refused: str = ""
    error: str = ""
    fields: Mapping[str, str] = {}
    targets: frozenset[int] | None = None
    ticked: frozenset[str] | None = None

    def word(self, name: str, otherwise: str = "") -> str:
        return self.fields.get(name, otherwise)


async def show(request: Request) -> Response:
    return await opened(request, Typed())


async def opened(request: Request, typed: Typed, status: int = 200) -> Response:
    case, board = await ask(request, _both, request.path_params["number"], desk_of(request).clock())
    query = request.query_params
    before, after = _versions(case, number_in(query.get("dari", "")), number_in(query.get("ke", "")))
    changes = await asyncio.to_thread(difference, before.text, after.text) if before else ()
    language = language_of(request)
    return page(
        request,
        "publikasi.html",
        status=status,
        zone=case.zone,
        case=case,
        board=board,
        typed=typed,
        before=before,
        after=after,
        changes=changes,
        checks=tuple(Check),
        span=lambda length: wording.span(length, language),
        rate=lambda amount: rate_words(amount, language),
        letter_day=disposition_sheet.letter_day(case.publication.letter_date, language),
        pdf_too=pdf.available(),
        news=query.get("kabar", ""),
    )


def _both(view: View, officer: Officer, number: str, now: datetime) -> tuple[CasePage, Board]:
    return publication_page.case(view, officer, number, now), publication_reading.board(view, officer, now)


def _versions(case: CasePage, before: int | None, after: int | None) -> tuple[Narration | None, Narration]:
    """The two that are compared; asked for nothing, the newest with the one before it."""
    known = {each.version: each for each in case.versions}
    newer = known.get(after or 0, case.versions[-1])
    return known.get(before or newer.version - 1), newer


async def enclosure(request: Request) -> Response:
    """A letter, picture or file, to who sees the publication; as a download, never run."""
    number, file = request.path_params["number"], request.path_params["file"]
    found = await ask(request, _file, number, file)
    try:
        path = desk_of(request).files.path(found)
    except FileNotFoundError:
        raise HTTPException(404) from None
    if not path.is_file():
        raise HTTPException(404)
    return FileResponse(
        path,
        media_type=found.content_type if found.content_type in PLAIN else "application/octet-stream",
        filename=one_line(found.name, 120) or f"berkas-{file}",
        content_disposition_type="attachment",
        headers={"Content-Security-Policy": POLICY, "Cache-Control": "private, no-store"},
    )


def _file(view: View, officer: Officer, number: str, file: int) -> File:
    """Foreign, absent and taken out are all 404."""
    publication = publication_seeing.get(view, number, visible_to=officer)
    found = narrations.enclosure(view, file) if file < 1 << 62 else None
    if found is None or found.publication != publication.id:
        raise HTTPException(404)
    return found.file


async def sheet(request: Request) -> Response:
    found = await _sheet(request)
    return page(
        request,
        "disposisi.html",
        number_of=found.publication.number,
        article=disposition_sheet.article(found),
        pdf_too=pdf.available(),
    )


async def sheet_pdf(request: Request) -> Response:
    """Where the library is not installed the page itself, which prints as well."""
    found = await _sheet(request)
    number = found.publication.number
    if not pdf.available():
        return redirect(f"/publikasi/{number}/disposisi")
    style = (FOLDER / STYLE).read_text(encoding="utf-8")
    made = await asyncio.to_thread(disposition_sheet.as_pdf, found, style)
    headers = {
        "Content-Disposition": f'attachment; filename="lembar-disposisi-{number}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return Response(made, media_type="application/pdf", headers=headers)


async def _sheet(request: Request) -> disposition_sheet.Sheet:
    now = desk_of(request).clock()
    return await ask(request, disposition_sheet.read, request.path_params["number"], now)


ROUTES = (
    Route("/publikasi/{number}", show, methods=["GET"]),
    Route("/publikasi/{number}/disposisi", sheet, methods=["GET"]),
    Route("/publikasi/{number}/disposisi.pdf", sheet_pdf, methods=["GET"]),
    Route("/publikasi/{number}/berkas/{file:int}", enclosure, methods=["GET"]),
)
