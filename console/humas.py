"""/humas: the board of the Humas chain, its archive, and what its steps really took."""

from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.page import language_of, page
from console.session import ask, desk_of
from desk import publication_figures, publication_reading, publication_shelf
from sop import wording
from sop.text import one_line


async def show(request: Request) -> Response:
    found = await ask(request, publication_reading.board, desk_of(request).clock())
    language = language_of(request)
    return page(
        request,
        "humas.html",
        zone=found.zone,
        board=found,
        span=lambda length: wording.span(length, language),
        rate=lambda amount: rate_words(amount, language),
        news=request.query_params.get("kabar", ""),
    )


async def archive(request: Request) -> Response:
    """What ended, newest first; a page of it goes on from `sebelum`."""
    query = one_line(request.query_params.get("q", ""), 100)
    now = desk_of(request).clock()
    before = _place(request.query_params.get("sebelum", ""))
    found = await ask(request, publication_shelf.shelf, now, words=query, before=before)
    more = ""
    if found.more:
        more = "/humas/arsip?" + urlencode(
            {"q": query, "sebelum": f"{found.more[0].isoformat()}~{found.more[1]}"}
        )
    return page(request, "humas_arsip.html", shelf=found, query=query, more=more, first=before is None)


async def recap(request: Request) -> Response:
    found = await ask(request, publication_figures.figures, desk_of(request).clock())
    return page(request, "humas_rekap.html", figures=found, back=publication_figures.BACK.days)


def rate_words(amount: float, language: str) -> str:
    """ "29" or "0,4": messages a second."""
    tenths = round(amount * 10)
    if tenths >= 100 or tenths % 10 == 0:
        return wording.number(round(amount), language)
    return f"{tenths // 10}{'.' if language == 'en' else ','}{tenths % 10}"


def _place(written: str) -> tuple[datetime, int] | None:
    """Nonsense is the first page."""
    at, _, number = written.partition("~")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, int(number)) if moment.tzinfo and number.isascii() and len(number) < 16 else None
    except ValueError:
        return None


ROUTES = (
    Route("/humas", show, methods=["GET"]),
    Route("/humas/arsip", archive, methods=["GET"]),
    Route("/humas/rekap", recap, methods=["GET"]),
)
