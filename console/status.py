"""/status/TOKEN: the reporter's own page. Whoever has the address may read it, write there, rate, finish and withdraw."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from secrets import token_urlsafe

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.journey import Case, Journey, journey
from console.outside import (
    absent,
    address_of,
    check_origin,
    count_words,
    download,
    few_words,
    full,
    hidden,
    key_of,
    outside,
    qr,
)
from console.page import language_of, page, redirect
from console.session import desk_of
from console.uploads import Given, given, is_large, kept, name_of, too_large, too_many
from desk import ids, publication_asker, reporter
from desk.desk import Desk
from desk.form import TooManyForms
from desk.reporter import Words
from sop.errors import N_, DeskError
from sop.language import Language
from sop.ticket import Status, Ticket
from store import conversations, ratings, visits
from store import office as offices
from store.db import View
from store.messages import Message
from store.ratings import Rating


class FilesRefused(DeskError):
    """Too many or too large; the words are kept."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Lampiran paling banyak 5 berkas, masing-masing 10 MB, seluruhnya 25 MB. Pilih berkasnya lagi."
            )
        )


class NotRated(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Pilih nilai 1 sampai 5 dan apakah masalah Anda selesai."))


class NotSure(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Centang dahulu bahwa Anda yakin mencabut laporan ini."))


class Own(Struct, frozen=True, kw_only=True):
    """What the page shows, in one still picture. `away`: the channel to which answers go as well, "" for this page alone."""

    ticket: Ticket
    unit: str
    zone: str
    journey: Journey
    said: tuple[Message, ...]
    rating: Rating | None
    away: str
    may_write: bool
    may_rate: bool
    open: bool
    closed: bool


async def find(request: Request) -> Response:
    """For who lost the tab but kept the address or its last part."""
    return page(request, "find.html", wrong=False, slowed=False)


async def found(request: Request) -> Response:
    """The address goes into no log: it comes in a form's body. Who guesses is slowed before the form is read."""
    desk, address = desk_of(request), address_of(request, "status")
    if not await desk.db.read(reporter.guesses_left, address, desk.real()):
        return page(request, "find.html", status=429, wrong=False, slowed=True)
    if is_large(request):
        raise HTTPException(413)
    async with given(request) as form:
        token = form["tautan"].strip().split("?")[0].rstrip("/").rsplit("/", 1)[-1]
    try:
        await desk.db.read(reporter.own, token)
    except DeskError:
        await desk.db.write(reporter.guessed, address, desk.real())
        return page(request, "find.html", status=404, wrong=True, slowed=False)
    return redirect(f"/status/{token}")


async def privacy(request: Request) -> Response:
    return page(request, "privasi.html")


async def show(request: Request) -> Response:
    return await _page(request)


async def do(request: Request) -> Response:
    """One form per act; each carries a key, so that a second press does nothing more."""
    token: str = request.path_params["token"]
    await desk_of(request).db.read(reporter.own, token)  # a stranger puts no file on our disk
    await few_words(request)
    async with given(request) as form:
        request.state.again = partial(_again, text=form["isi"], key=form["kunci"])
        check_origin(request)
        act = _DONE.get(form["aksi"])
        if act is None:
            return await absent(request)
        await count_words(request)
        await act(desk_of(request), token, form)
    return redirect(f"/status/{token}?kabar={form['aksi']}")


async def file(request: Request) -> Response:
    desk = desk_of(request)
    one = await desk.db.read(reporter.own_file, request.path_params["token"], request.path_params["number"])
    return download(desk, one.file, name_of(one.file.name) or f"lampiran-{one.id}")


async def _page(
    request: Request, status: int = 200, refused: str = "", text: str = "", key: str = ""
) -> Response:
    desk, token = desk_of(request), request.path_params["token"]
    own = await desk.db.read(_own, token, desk.clock(), language_of(request), desk.zone)
    address = full(desk, f"/status/{token}")
    query = request.query_params
    return hidden(
        request,
        "status.html",
        status=status,
        zone=own.zone,
        own=own,
        address=address,
        code=qr(address),
        fresh="baru" in query,
        news=query.get("kabar", ""),
        refused=refused,
        text=text,
        key=key or token_urlsafe(18),
    )


async def _again(request: Request, reason: str, error: DeskError, text: str, key: str) -> Response:
    return await _page(request, 429 if isinstance(error, TooManyForms) else 409, reason, text, key)


def _own(view: View, token: str, now: datetime, language: Language, zone: str) -> Own:
    ticket, office = reporter.own(view, token), offices.current(view)
    unit = office.units.get(ticket.unit or 0)
    zone = unit.calendar.zone if unit else zone
    current = visits.open_of(view, ticket.id)
    history = visits.history(view, ticket.id)
    withdrawn = ticket.status is Status.CLOSED and any(
        each.decision == reporter.WITHDRAWN for each in history[-1:]
    )
    asked = publication_asker.of_ticket(view, ticket) if ticket.status is Status.OPEN else None
    case = Case(
        publication=publication_asker.standing(office, asked, language) if asked else "",
        office=office,
        ticket=ticket,
        history=tuple(history),
        current=current.visit if current else None,
        withdrawn=withdrawn,
        now=now,
        language=language,
        zone=zone,
    )
    rating = ratings.find(view, ticket.id)
    channel = conversations.get(view, ticket.conversation).channel
    return Own(
        ticket=ticket,
        unit=unit.name if unit else "",
        zone=zone,
        journey=journey(case),
        said=tuple(reporter.heard(view, ticket)),
        rating=rating,
        away=channel if channel not in ("web", "counter") else "",
        may_write=reporter.may_write(ticket, now),
        may_rate=ticket.answered_at is not None
        and rating is None
        and ticket.status is not Status.OPEN
        and ticket.erased_at is None,
        open=ticket.status is Status.OPEN,
        closed=ticket.status is Status.CLOSED,
    )


async def _words(desk: Desk, form: Given) -> Words:
    if too_many(form) or too_large(form):
        raise FilesRefused
    files = await kept(desk, form)
    key = key_of(form["kunci"], form["aksi"], form["isi"], *(each.sha256 for each in files))
    return Words(key=key, text=form["isi"], files=files)


async def _say(desk: Desk, token: str, form: Given) -> None:
    await desk.db.write(reporter.say, token, await _words(desk, form), ids.fresh(), desk.clock())


async def _reopen(desk: Desk, token: str, form: Given) -> None:
    await desk.db.write(reporter.say, token, await _words(desk, form), ids.fresh(), desk.clock(), again=True)


async def _rate(desk: Desk, token: str, form: Given) -> None:
    if form["nilai"] not in ("1", "2", "3", "4", "5") or form["tuntas"] not in ("ya", "belum"):
        raise NotRated
    words = await _words(desk, form)
    solved = form["tuntas"] == "ya"
    await desk.db.write(reporter.rate, token, words, int(form["nilai"]), solved, ids.fresh(), desk.clock())


async def _finish(desk: Desk, token: str, form: Given) -> None:
    await desk.db.write(reporter.finish, token, await _words(desk, form), ids.fresh(), desk.clock())


async def _withdraw(desk: Desk, token: str, form: Given) -> None:
    if not form["yakin"]:
        raise NotSure
    await desk.db.write(reporter.withdraw, token, await _words(desk, form), ids.fresh(), desk.clock())


_DONE: dict[str, Callable[[Desk, str, Given], Awaitable[None]]] = {
    "kirim": _say,
    "buka": _reopen,
    "nilai": _rate,
    "selesai": _finish,
    "cabut": _withdraw,
}

ROUTES = (
    Route("/status", find, methods=["GET"]),
    Route("/status", outside(found), methods=["POST"]),
    Route("/privasi", privacy, methods=["GET"]),
    Route("/status/{token}", outside(show), methods=["GET"]),
    Route("/status/{token}", outside(do), methods=["POST"]),
    Route("/status/{token}/berkas/{number:int}", outside(file), methods=["GET"]),
)
