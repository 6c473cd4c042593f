"""/tiket/N/cetak: the whole case on paper as its SOP files it, every step with measured beside allowed time; as PDF too."""

import asyncio
from datetime import datetime, timedelta

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.assets import FOLDER
from console.outside import dated
from console.page import page, redirect
from console.session import ask, desk_of
from desk import pdf
from desk.seeing import must_read
from sop import wording
from sop.calendar import Calendar, office_hours
from sop.clock import working
from sop.days import day_length
from sop.erasing import RULES, Rule
from sop.language import Language
from sop.limit import limit_words
from sop.officer import Officer
from sop.procedure import NoSuchStep, Procedure, lane_of, step_of
from sop.ticket import Ticket
from sop.visit import VACANT, Visit
from store import contacts, merges, messages, officers, tickets, visits
from store import office as offices
from store.contacts import Stated
from store.db import View
from store.messages import Message

STYLE = "paper.css"
MOST = 500  # messages on paper


class Line(Struct, frozen=True, kw_only=True):
    """A stay at a step. `took` is in the time its limit counts, `elapsed` by the clock on the wall."""

    number: str
    activity: str
    lane: str
    who: str
    limit: str
    opened_at: datetime
    closed_at: datetime | None
    took: str
    elapsed: str
    late: bool
    result: str


class Paper(Struct, frozen=True, kw_only=True):
    """`said` are the reporter's words and the answers, oldest first, with who spoke; notes stay inside."""

    ticket: Ticket
    unit: str
    zone: str
    title: str
    code: str
    revision: str
    effective: str
    owner: str
    categories: tuple[str, ...]
    claims: tuple[Stated, ...]
    erased: str  # by which rule, untranslated; "" while its words stand
    holder: str
    joined: tuple[int, ...]
    said: tuple[tuple[Message, str], ...]
    lines: tuple[Line, ...]
    total: str
    working: str


async def show(request: Request) -> Response:
    return await _page(request, pdf_too=pdf.available())


async def as_pdf(request: Request) -> Response:
    """Where the library is not installed the page itself, which prints as well."""
    number = request.path_params["number"].strip().removeprefix("#")
    response = await _page(request, pdf_too=False)
    if not pdf.available():
        return redirect(f"/tiket/{number}/cetak")
    style = (FOLDER / STYLE).read_text(encoding="utf-8")
    made = await asyncio.to_thread(pdf.render, bytes(response.body).decode(), style)
    headers = {
        "Content-Disposition": f'attachment; filename="tiket-{number}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return Response(made, media_type="application/pdf", headers=headers)


async def _page(request: Request, *, pdf_too: bool) -> Response:
    paper = await ask(request, read, request.path_params["number"], desk_of(request).clock())
    return page(
        request,
        "cetak_tiket.html",
        zone=paper.zone,
        paper=paper,
        pdf_too=pdf_too,
        dated=dated(request, paper.zone),
    )


def read(view: View, officer: Officer, number: str, now: datetime) -> Paper:
    """For whoever reads the ticket. Raises NotFound, OnlyDecides."""
    ticket, office = tickets.get(view, number, visible_to=officer), offices.current(view)
    must_read(officer, ticket)
    unit, bound = office.units.get(ticket.unit or 0), office.pinned(ticket.procedure)
    calendar = unit.calendar if unit else office_hours()
    joined = merges.merged(view, ticket.id)
    said = messages.of_tickets(view, (ticket.id, *joined), most=MOST)
    current = visits.open_of(view, ticket.id)
    stays = [*visits.history(view, ticket.id), *([current.visit] if current else [])]
    people = _people(view, {ticket.holder, *(each.author for each in said), *_of(stays)}, now)
    procedure = bound.procedure if bound else None
    until = ticket.closed_at or ticket.answered_at or now
    return Paper(
        ticket=ticket,
        unit=unit.name if unit else "",
        zone=calendar.zone,
        title=procedure.title if procedure else "",
        code=procedure.number if procedure else "",
        revision=procedure.revision if procedure else "",
        effective=wording.long_day(procedure.effective, officer.language) if procedure else "",
        owner=procedure.header.owner if procedure else "",
        categories=tuple(each.name for each in office.tags(ticket.categories)),
        claims=() if ticket.erased_at else tuple(contacts.claims(view, ticket.contact)),
        erased=RULES[Rule(ticket.erased_rule)] if ticket.erased_at else "",
        holder=people.get(ticket.holder or 0, ""),
        joined=tuple(joined),
        said=tuple(
            (each, people.get(each.author or 0, "")) for each in said if each.direction in ("in", "out")
        ),
        lines=tuple(
            line
            for each in stays
            if procedure and (line := _line(procedure, each, calendar, people, officer.language, now))
        ),
        total=wording.span(until - ticket.opened_at, officer.language),
        working=_worked(calendar, working(calendar, ticket.opened_at, until), officer.language),
    )


def _of(stays: list[Visit]) -> set[int | None]:
    return {each.by or each.holder for each in stays}


def _people(view: View, wanted: set[int | None], now: datetime) -> dict[int, str]:
    found = (officers.find(view, each, now) for each in wanted if each)
    return {each.id: each.name for each in found if each}


def _worked(calendar: Calendar, span: timedelta, language: Language) -> str:
    return wording.span(span, language, day=day_length(calendar))


def _line(
    procedure: Procedure,
    visit: Visit,
    calendar: Calendar,
    people: dict[int, str],
    language: Language,
    now: datetime,
) -> Line | None:
    if not visit.step or visit.decision == VACANT:
        return None
    try:
        step, lane = step_of(procedure, visit.step), lane_of(procedure, visit.lane)
    except NoSuchStep:
        return None
    until = visit.closed_at or now
    elapsed = wording.span(until - visit.opened_at, language)
    counted = working(calendar, visit.opened_at, until)
    labels = {each.id: each.label for each in step.decisions}
    result = labels.get(visit.decision, visit.decision)
    return Line(
        number=step.number,
        activity=step.activity,
        lane=lane.name,
        who=people.get(visit.by or visit.holder or 0, ""),
        limit=limit_words(step.limit, language),
        opened_at=visit.opened_at,
        closed_at=visit.closed_at,
        took=elapsed if step.hours == "24x7" else _worked(calendar, counted, language),
        elapsed=elapsed,
        late=visit.due_at is not None and until > visit.due_at,
        result=f"{result}: {visit.reason}" if visit.reason else result,
    )


ROUTES = (
    Route("/tiket/{number}/cetak", show, methods=["GET"]),
    Route("/tiket/{number}/cetak.pdf", as_pdf, methods=["GET"]),
)
