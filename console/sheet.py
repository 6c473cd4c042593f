"""/tiket/N/formulir: the case as its parties shall see it, edited by the operator; on paper too; and links to hand out."""

from datetime import datetime
from functools import partial
from secrets import token_urlsafe

from msgspec import Struct
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.outside import dated, full, qr
from console.page import page, redirect
from console.session import ask, desk_of, posted, words
from desk import casework
from desk.seeing import must_read, workable
from sop.errors import N_, DeskError
from sop.officer import Officer
from sop.procedure import NoSuchStep, Procedure, Role, lane_of, step_of
from sop.text import one_line
from sop.ticket import Ticket
from sop.visit import VACANT, Visit
from store import cases, messages, tickets, visits
from store import office as offices
from store.attachments import Attachment
from store.cases import Form, Link
from store.db import View

CLEANED = frozenset({"image/jpeg", "image/png", "image/webp"})


class NameMissing(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Tuliskan untuk siapa tautan ini, dengan nama dan jabatannya."))


class Sheet(Struct, frozen=True, kw_only=True):
    """`lane`: who decides now and could get a link; "" when nothing is, or by who has an account."""

    ticket: Ticket
    zone: str
    form: Form | None
    first: str
    files: tuple[Attachment, ...]
    released: frozenset[int]
    lane: str
    links: tuple[tuple[str, Link], ...]


class Line(Struct, frozen=True, kw_only=True):
    """One row of the paper form: who had it, since when, what came of it."""

    number: str
    activity: str
    lane: str
    visit: Visit
    decision: str
    limit: str


class Paper(Struct, frozen=True, kw_only=True):
    ticket: Ticket
    unit: str
    zone: str
    form: Form | None
    title: str
    number: str
    revision: str
    lines: tuple[Line, ...]
    released: int


async def show(request: Request) -> Response:
    return await _page(request)


async def save(request: Request) -> Response:
    """Exactly the ticked attachments are released."""
    officer, form = await posted(request)
    number = request.path_params["number"]
    request.state.again = partial(_again, form=form)
    released = _ticked(form)
    desk = desk_of(request)
    await desk.db.write(casework.edit_form, number, officer, words(form, "isi"), released, now=desk.clock())
    return redirect(f"/tiket/{number}/formulir?kabar=simpan")


async def link(request: Request) -> Response:
    """A new personal link, shown this once: only its hash is kept."""
    officer, form = await posted(request)
    request.state.again = partial(_again, form=form)
    name, number, desk = one_line(words(form, "nama"), 120), request.path_params["number"], desk_of(request)
    if not name:
        raise NameMissing
    token = token_urlsafe(24)
    await desk.db.write(casework.offer_link, number, officer, name, token, desk.clock())
    address = full(desk, f"/kasus/{token}")
    return page(
        request,
        "tautan.html",
        at=number,
        holder=name,
        address=address,
        code=qr(address),
        days=casework.LINK_LASTS.days,
    )


async def end(request: Request) -> Response:
    """A link that opens nothing from now on."""
    officer, form = await posted(request)
    request.state.again = partial(_again, form=form)
    number, desk = request.path_params["number"], desk_of(request)
    await desk.db.write(casework.end_link, number, officer, words(form, "cabut")[:64], desk.clock())
    return redirect(f"/tiket/{number}/formulir?kabar=cabut")


async def printed(request: Request) -> Response:
    paper = await ask(request, _paper, request.path_params["number"])
    return page(request, "cetak.html", zone=paper.zone, paper=paper, dated=dated(request, paper.zone))


async def _page(
    request: Request, status: int = 200, refused: str = "", form: FormData | None = None
) -> Response:
    sheet = await ask(request, _sheet, request.path_params["number"], desk_of(request).clock())
    text = words(form, "isi") if form else sheet.form.text if sheet.form else sheet.first
    return page(
        request,
        "formulir.html",
        status=status,
        zone=sheet.zone,
        sheet=sheet,
        text=text,
        ticked=_ticked(form) if form else sheet.released,
        cleaned=CLEANED,
        refused=refused,
        news=request.query_params.get("kabar", ""),
    )


async def _again(request: Request, reason: str, _: DeskError, form: FormData) -> Response:
    return await _page(request, 409, reason, form if "isi" in form else None)


def _ticked(form: FormData) -> frozenset[int]:
    chosen = (each for each in form.getlist("lepas") if isinstance(each, str))
    return frozenset(int(each) for each in chosen if each.isascii() and each.isdigit() and len(each) < 16)


def _sheet(view: View, officer: Officer, number: str, now: datetime) -> Sheet:
    ticket, office = workable(view, number, officer), offices.current(view)
    unit = office.units.get(ticket.unit or 0)
    said = messages.of_ticket(view, ticket.id, most=200)
    bound, current = office.pinned(ticket.procedure), visits.open_of(view, ticket.id)
    lane = lane_of(bound.procedure, current.visit.lane) if bound and current and current.visit.step else None
    return Sheet(
        ticket=ticket,
        zone=unit.calendar.zone if unit else "",
        form=cases.form(view, ticket.id),
        first=next((each.text for each in said if each.direction == "in"), ""),
        files=tuple(file for each in said for file in each.attachments if file.state == "kept"),
        released=frozenset(cases.released(view, ticket.id)),
        lane=lane.name if lane and lane.role not in (Role.AGENT, Role.REPORTER) else "",
        links=tuple(cases.links_of(view, ticket.id, now)),
    )


def _paper(view: View, officer: Officer, number: str) -> Paper:
    ticket, office = tickets.get(view, number, visible_to=officer), offices.current(view)
    must_read(officer, ticket)
    unit, bound = office.units.get(ticket.unit or 0), office.pinned(ticket.procedure)
    current = visits.open_of(view, ticket.id)
    stays = [*visits.history(view, ticket.id), *([current.visit] if current else [])]
    procedure = bound.procedure if bound else None
    return Paper(
        ticket=ticket,
        unit=unit.name if unit else "",
        zone=unit.calendar.zone if unit else "",
        form=cases.form(view, ticket.id),
        title=procedure.title if procedure else "",
        number=procedure.number if procedure else "",
        revision=procedure.revision if procedure else "",
        lines=tuple(line for each in stays if procedure and (line := _line(procedure, each))),
        released=len(cases.released(view, ticket.id)),
    )


def _line(procedure: Procedure, visit: Visit) -> Line | None:
    if not visit.step or visit.decision == VACANT:
        return None
    try:
        step, lane = step_of(procedure, visit.step), lane_of(procedure, visit.lane)
    except NoSuchStep:
        return None
    labels = {each.id: each.label for each in step.decisions}
    return Line(
        number=step.number,
        activity=step.activity,
        lane=lane.name,
        visit=visit,
        decision=labels.get(visit.decision, visit.decision),
        limit=str(step.limit) if step.limit else "",
    )


ROUTES = (
    Route("/tiket/{number}/formulir", show, methods=["GET"]),
    Route("/tiket/{number}/formulir", save, methods=["POST"]),
    Route("/tiket/{number}/formulir/cetak", printed, methods=["GET"]),
    Route("/tiket/{number}/tautan", link, methods=["POST"]),
    Route("/tiket/{number}/tautan/cabut", end, methods=["POST"]),
)
