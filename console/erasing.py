"""Erasing by a supervisor's hand: what will go and what stays, said in numbers before; holds; and /retensi to account by."""

from collections.abc import Awaitable, Mapping
from datetime import datetime
from functools import partial
from typing import Protocol

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.page import language_of, page, redirect
from console.session import ask, desk_of, form_of, posted, words
from desk import erasing as acts
from desk import retained as lists
from sop import erasing as rules
from sop.errors import DeskError, NotAllowed
from sop.language import explained
from sop.officer import Officer, Right
from sop.ticket import Ticket
from store import retention
from store.around import Around
from store.db import View

TYPED = 40  # characters of a number typed


class Retained(Struct, frozen=True, kw_only=True):
    """What a ticket's page says of erasing. `words`: the rule by which its words went, untranslated; "" while they stand."""

    may_erase: bool
    words: str
    at: datetime | None
    days: int | None
    reason: str
    by: str
    person_gone: bool
    held: str
    held_by: str
    held_at: datetime | None


class Typed(Struct, frozen=True, kw_only=True):
    number: str = ""
    reason: str = ""
    refused: str = ""


class Show(Protocol):
    def __call__(self, request: Request, typed: Typed, status: int = 200) -> Awaitable[Response]: ...


class Holding(Struct, frozen=True, kw_only=True):
    ticket: Ticket
    hold: retention.Hold | None


def retained(officer: Officer, ticket: Ticket, around: Around, names: Mapping[int, str]) -> Retained:
    gone, held = around.erased, around.hold
    return Retained(
        may_erase=officer.has(Right.ERASE, ticket.unit),
        words=rules.RULES[rules.Rule(ticket.erased_rule)] if ticket.erased_at else "",
        at=ticket.erased_at,
        days=gone.days if gone else None,
        reason=gone.reason if gone else "",
        by=names.get(gone.by or 0, "") if gone else "",
        person_gone=around.person_gone,
        held=held.reason if held else "",
        held_by=names.get(held.by or 0, "") if held else "",
        held_at=held.since_at if held else None,
    )


async def ticket_page(request: Request) -> Response:
    return await _ticket(request, Typed())


async def _ticket(request: Request, typed: Typed, status: int = 200) -> Response:
    found = await ask(request, _page, request.path_params["number"])
    if found.refusal:
        typed = Typed(refused=explained(found.refusal, language_of(request)))
    return page(
        request, "hapus.html", status=status, found=found, typed=typed, goes=rules.GOES, stays=rules.STAYS
    )


def _page(view: View, officer: Officer, number: str) -> acts.Page:
    return acts.page(view, number, officer)


async def erase_ticket(request: Request) -> Response:
    officer, form = await posted(request)
    request.state.again = partial(_refused, shown=_ticket)
    desk, number = desk_of(request), request.path_params["number"]
    ticket = await desk.db.write(
        acts.erase_ticket,
        number,
        officer,
        words(form, "nomor")[:TYPED],
        words(form, "alasan"),
        key=words(form, "kunci")[:80],
        now=desk.clock(),
    )
    return redirect(f"/tiket/{ticket.number}")


async def person_page(request: Request) -> Response:
    return await _person(request, Typed())


async def _person(request: Request, typed: Typed, status: int = 200) -> Response:
    found = await ask(request, _person_page, request.path_params["number"])
    return page(
        request,
        "hapus_pelapor.html",
        status=status,
        found=found,
        typed=typed,
        goes=rules.GOES,
        stays=rules.STAYS,
    )


def _person_page(view: View, officer: Officer, number: str) -> acts.PersonPage:
    return acts.person_page(view, number, officer)


async def erase_person(request: Request) -> Response:
    officer, form = await posted(request)
    request.state.again = partial(_refused, shown=_person)
    desk, number = desk_of(request), request.path_params["number"]
    ticket = await desk.db.write(
        acts.erase_person,
        number,
        officer,
        words(form, "nomor")[:TYPED],
        words(form, "alasan"),
        key=words(form, "kunci")[:80],
        now=desk.clock(),
    )
    return redirect(f"/tiket/{ticket.number}")


async def hold_page(request: Request) -> Response:
    return await _hold(request, Typed())


async def _hold(request: Request, typed: Typed, status: int = 200) -> Response:
    found = await ask(request, _holding, request.path_params["number"])
    return page(request, "tahan.html", status=status, found=found, typed=typed, most=rules.REASON)


def _holding(view: View, officer: Officer, number: str) -> Holding:
    """Raises NotFound, NotAllowed, WordsErased."""
    ticket = acts.entitled(view, number, officer)
    if ticket.erased_at is not None:
        raise rules.WordsErased(ticket.number)
    return Holding(ticket=ticket, hold=retention.held(view, ticket.id))


async def hold(request: Request) -> Response:
    """ "tahan" with a reason, or "lepas"."""
    officer, form = await posted(request)
    request.state.again = partial(_refused, shown=_hold)
    desk, number, act = desk_of(request), request.path_params["number"], words(form, "aksi")
    key, now = words(form, "kunci")[:80], desk.clock()
    if act == "tahan":
        await desk.db.write(acts.hold, number, officer, words(form, "alasan"), key=key, now=now)
    elif act == "lepas":
        await desk.db.write(acts.lift, number, officer, key=key, now=now)
    else:
        raise HTTPException(400)
    return redirect(f"/tiket/{number}")


async def _refused(request: Request, refused: str, error: DeskError, shown: Show) -> Response:
    """The page again with every word typed; where the page itself is refused by now, why."""
    form = await form_of(request)
    typed = Typed(
        number=words(form, "nomor")[:TYPED], reason=words(form, "alasan")[: rules.REASON], refused=refused
    )
    return await shown(request, typed, 403 if isinstance(error, NotAllowed) else 409)


async def shelf(request: Request) -> Response:
    before = request.query_params.get("sebelum", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None
    found = await ask(request, lists.shelf, desk_of(request).clock(), before=number)
    return page(request, "retensi.html", found=found, rules=rules.RULES)


ROUTES = (
    Route("/tiket/{number}/hapus", ticket_page, methods=["GET"]),
    Route("/tiket/{number}/hapus", erase_ticket, methods=["POST"]),
    Route("/tiket/{number}/hapus-pelapor", person_page, methods=["GET"]),
    Route("/tiket/{number}/hapus-pelapor", erase_person, methods=["POST"]),
    Route("/tiket/{number}/tahan", hold_page, methods=["GET"]),
    Route("/tiket/{number}/tahan", hold, methods=["POST"]),
    Route("/retensi", shelf, methods=["GET"]),
)
