"""/humas/kalender: what goes out when, by day of a month."""

from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.page import language_of, page
from console.session import ask, desk_of
from desk import publication_diary
from sop import wording


async def show(request: Request) -> Response:
    desk = desk_of(request)
    month = _month(request.query_params.get("bulan", ""))
    found = await ask(request, publication_diary.diary, desk.clock(), month, desk.zone)
    language = language_of(request)
    return page(
        request,
        "humas_kalender.html",
        zone=found.zone,
        diary=found,
        title=wording.month(found.month, language),
        weekdays=[wording.weekday(each, language) for each in range(7)],
        long_day=lambda each: wording.long_day(each, language),
        month_of=lambda each: wording.month(each, language),
    )


def _month(written: str) -> date | None:
    """ "2026-11"; nonsense, and what no calendar of ours shows, is this month."""
    try:
        found = date.fromisoformat(f"{written}-01")
    except ValueError:
        return None
    return found if 2000 <= found.year < 2200 else None


ROUTES = (Route("/humas/kalender", show, methods=["GET"]),)
