"""/mulai: the first steps of a new desk, each with the page that does it, ticked as they are done."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.page import language_of, page, redirect
from console.queue import news
from console.session import ask, desk_of, posted, words
from desk import first_run
from sop.card import channel_name


async def show(request: Request) -> Response:
    desk = desk_of(request)
    found = await ask(request, first_run.read, desk.channels, desk.clock())
    return page(
        request,
        "first_run.html",
        found=found,
        channels=[channel_name(each, language_of(request)) for each in desk.channels],
        address=f"{desk.public_url}/lapor",
        news=news(request),
    )


async def dismiss(request: Request) -> Response:
    """The queue leads here no more; or does again."""
    officer, form = await posted(request)
    desk = desk_of(request)
    shown = words(form, "tampil") == "1"
    await desk.db.write(first_run.dismiss, officer, shown, desk.clock())
    return redirect("/mulai" if shown else "/")


ROUTES = (
    Route("/mulai", show, methods=["GET"]),
    Route("/mulai", dismiss, methods=["POST"]),
)
