"""Words that leave later: answers that wait for a decision or an hour, ten seconds of grace, and who else is there."""

from datetime import datetime

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from console.composer import here
from console.page import page, redirect
from console.session import ask, desk_of, posted, words
from console.typed import by_of, files_of, key_of, moment_of, number_in, page_of, read_to_of, template_of
from desk import prepared, typing_sign, undoing, watching
from desk.desk import Desk
from desk.seeing import must_read_some, workable
from desk.unfilled import check_filled
from sop.officer import Officer
from sop.preview import preview
from sop.ticket import Ticket
from store import office as offices
from store import ways
from store.db import View
from store.prepared import Prepared


async def prepare(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    """ "siap": into the composer when the decision comes; "siap.langsung": sent then by itself."""
    how = words(form, "aksi").partition(".")[2]
    await _put_off(desk, number, officer, form, at_once=how == "langsung", send_at=None)
    return page_of(number, "siap")


async def later(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    """Send at a time of one's own, or, by the button that carries it, tomorrow morning."""
    typed = words(form, "aksi").partition(".")[2] or words(form, "waktu")
    zone = await desk.db.read(_zone, number, officer, desk.zone)
    await _put_off(desk, number, officer, form, at_once=False, send_at=moment_of(typed, zone))
    return page_of(number, "nanti")


async def _put_off(
    desk: Desk, number: str, officer: Officer, form: FormData, *, at_once: bool, send_at: datetime | None
) -> None:
    text, template = words(form, "isi"), template_of(form)
    if template is not None:
        check_filled(text, officer.language)
    await desk.db.write(
        prepared.prepare,
        number,
        officer,
        text,
        key=key_of(form),
        now=desk.clock(),
        at_once=at_once,
        send_at=send_at,
        read_to=read_to_of(form),
        template=template,
        files=await files_of(desk, number, officer, form),
        by=by_of(form),
    )


def _zone(view: View, number: str, officer: Officer, otherwise: str) -> str:
    unit = offices.current(view).units.get(workable(view, number, officer).unit or 0)
    return unit.calendar.zone if unit else otherwise


async def take_back(request: Request) -> Response:
    """The answer of the last ten seconds: its words stand in the composer again."""
    officer, form = await posted(request)
    number, desk = request.path_params["number"], desk_of(request)
    message = number_in(words(form, "pesan")) or 0
    await desk.db.write(undoing.take_back, number, officer, message, now=desk.clock())
    return redirect(f"{page_of(number, 'urung')}#tulis")


async def cancel(request: Request) -> Response:
    """An answer that waits is called off; its words stand in the composer."""
    officer, form = await posted(request)
    number, desk = request.path_params["number"], desk_of(request)
    await desk.db.write(
        prepared.cancel, number, officer, number_in(words(form, "tunggu")) or 0, now=desk.clock()
    )
    return redirect(f"{page_of(number, 'batal')}#tulis")


async def present(request: Request) -> Response:
    """An open page says so every twenty seconds, and hears in one line who else is there. While an answer is written
    (`menulis` is "jawab", not a note) its person sees so, where their channel shows it.
    """
    officer, form = await posted(request)
    desk, number = desk_of(request), request.path_params["number"]
    if words(form, "menulis") == "jawab":
        await typing_sign.show(desk.db, desk.opened, number, officer, by_of(form))
    others = await desk.db.write(
        watching.here,
        number,
        officer,
        typing=words(form, "menulis") != "",
        gone=words(form, "pergi") == "1",
        now=desk.clock(),
    )
    return PlainTextResponse(here([(each.name, each.typing) for each in others], officer.language))


async def look(request: Request) -> Response:
    """The answer as its channel will show it, for the page's script; nothing is kept."""
    officer, form = await posted(request)
    channel = await desk_of(request).db.read(_channel, request.path_params["number"], officer, by_of(form))
    return page(request, "_rupa.html", looks=preview(channel, words(form, "isi")))


def _channel(view: View, number: str, officer: Officer, by: int | None) -> str:
    """That of the chosen conversation, if it is the same person's; else the ticket's own."""
    ticket = workable(view, number, officer)
    known = ways.known(view, ticket.contact, ticket.conversation)
    return next((each.channel for each in known if each.conversation == by), known[0].channel)


async def waiting(request: Request) -> Response:
    """All answers that wait in the tickets that the officer works on."""
    found, zones = await ask(request, _waiting)
    return page(request, "terjadwal.html", found=found, zones=zones)


def _waiting(view: View, officer: Officer) -> tuple[list[tuple[Prepared, Ticket]], dict[int, str]]:
    must_read_some(officer)
    return prepared.all_waiting(view, officer), {}


ROUTES = (
    Route("/tiket/{number}/tarik-kembali", take_back, methods=["POST"]),
    Route("/tiket/{number}/batal-tunggu", cancel, methods=["POST"]),
    Route("/tiket/{number}/hadir", present, methods=["POST"]),
    Route("/tiket/{number}/rupa", look, methods=["POST"]),
    Route("/terjadwal", waiting, methods=["GET"]),
)
