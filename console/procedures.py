"""/prosedur: the SOPs in force, and of each the paper's own table, its diagram and what its steps really took."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from console.page import page, redirect
from console.queue import news
from console.session import ask, desk_of
from desk.visiting import calendar_of
from sop import wording
from sop.days import day_length
from sop.diagram import diagram
from sop.errors import NotFound
from sop.language import Language
from sop.limit import limit_words
from sop.measured import Measured, measured
from sop.office import InForce, Office
from sop.officer import Officer, Right
from sop.paper import Paper, Row, paper
from sop.procedure import Procedure, find_step
from sop.procedure_worst import worst_case
from sop.ticket import Ticket
from store import measured as measuring
from store import office as offices
from store import tickets, visits
from store.db import View

BACK = timedelta(days=92)  # "the last months"
LIMIT_AT, WIDE = 100, 144  # of a bar in the picture, in its own units


class Known(Struct, frozen=True, kw_only=True):
    """A SOP of this office: the revision in force, those that follow, and who works by it."""

    now: InForce | None
    later: tuple[InForce, ...]
    any: InForce
    units: tuple[str, ...]
    worst: str


class Bar(Struct, frozen=True, kw_only=True):
    """Measured beside promised; widths in units of the picture, `None` where the step has no limit."""

    median: str
    slow: str
    width: int | None
    slow_width: int | None
    over: bool
    stays: int
    punctual: str
    state: str


class Line(Struct, frozen=True, kw_only=True):
    row: Row
    bar: Bar | None


class Shown(Struct, frozen=True, kw_only=True):
    """One revision. `ticket` stands at `at`, its step in the paper's words; None: no ticket was named."""

    revision: InForce
    is_now: bool
    revisions: tuple[InForce, ...]
    paper: Paper
    rows: tuple[Line, ...]
    added: tuple[Line, ...]
    drawing: str  # SVG; every word in it is escaped
    ticket: Ticket | None
    at: str
    worst: str
    measured: bool
    stays: int
    since: datetime


async def show(request: Request) -> Response:
    """The list; `?tiket=N` leads to the SOP that holds the ticket."""
    number = request.query_params.get("tiket", "")
    if number:
        code = await ask(request, _holds, number)
        return redirect(f"/prosedur/{code}?tiket={number}")
    found = await ask(request, read, desk_of(request).clock())
    return page(request, "procedures.html", found=found, news=news(request))


def _holds(view: View, officer: Officer, number: str) -> str:
    """Raises NotFound, also for a ticket that no procedure holds yet."""
    bound = offices.current(view).pinned(tickets.get(view, number, visible_to=officer).procedure)
    if bound is None:
        raise NotFound(number)
    return bound.code


def read(view: View, officer: Officer, now: datetime) -> tuple[Known, ...]:
    office = offices.current(view)
    codes = sorted({one.code for one in office.procedures})
    return tuple(_known(office, code, officer.language, now) for code in codes)


def _known(office: Office, code: str, language: str, now: datetime) -> Known:
    revisions = [one for one in office.procedures if one.code == code]
    current = office.in_force(code, now)
    shown = current or revisions[-1]
    return Known(
        now=current,
        later=tuple(one for one in revisions if one.from_at > now),
        any=shown,
        units=tuple(unit.name for unit in office.units.values() if unit.procedure == code),
        worst=limit_words(worst_case(shown.procedure), language),
    )


async def show_one(request: Request) -> Response:
    query = request.query_params
    found = await ask(
        request,
        read_one,
        request.path_params["code"],
        query.get("tiket", ""),
        query.get("revisi", ""),
        desk_of(request).clock(),
    )
    return page(request, "procedure.html", found=found, news=news(request))


def read_one(view: View, officer: Officer, code: str, number: str, revision: str, now: datetime) -> Shown:
    """Five queries. Raises NotFound."""
    office = offices.current(view)
    revisions = tuple(one for one in office.procedures if one.code == code)
    ticket = tickets.get(view, number, visible_to=officer) if number else None
    current = office.in_force(code, now)
    chosen = _chosen(office, revisions, ticket, revision) or current or (revisions[-1] if revisions else None)
    if chosen is None or chosen.code != code:
        raise NotFound(code)
    history = visits.history(view, ticket.id) if ticket else []
    sees = officer.may_anywhere(Right.READ)
    stays = measuring.stays(view, [one.id for one in revisions], now - BACK) if sees else []
    took = measured(chosen.procedure, stays, lambda unit: calendar_of(office, unit))
    table = paper(chosen.procedure)
    step = find_step(chosen.procedure, ticket.step) if ticket else None
    bars = _bars(office, code, chosen.procedure, took, officer.language)
    return Shown(
        revision=chosen,
        is_now=current is not None and chosen.id == current.id,
        revisions=revisions,
        paper=table,
        rows=tuple(Line(row=row, bar=bars.get(row.step)) for row in table.rows),
        added=tuple(Line(row=row, bar=bars.get(row.step)) for row in table.added),
        drawing=diagram(
            chosen.procedure,
            now=ticket.step if ticket else "",
            passed=[each.step for each in history],
            language=officer.language,
        ),
        ticket=ticket,
        at=step.activity if step else "",
        worst=limit_words(worst_case(chosen.procedure), officer.language),
        measured=sees,
        stays=sum(each.stays for each in took.values()),
        since=now - BACK,
    )


def _chosen(
    office: Office, revisions: tuple[InForce, ...], ticket: Ticket | None, revision: str
) -> InForce | None:
    """A ticket is looked at in the revision that it is pinned to."""
    if ticket:
        return office.pinned(ticket.procedure)
    return next((one for one in revisions if str(one.id) == revision), None)


def _bars(
    office: Office, code: str, procedure: Procedure, took: Mapping[str, Measured], language: Language
) -> dict[str, Bar]:
    """Working days are as long as those of the first unit that works by this SOP."""
    unit = next((each.id for each in office.units.values() if each.procedure == code), None)
    workday = day_length(calendar_of(office, unit))
    found = {}
    for step in procedure.steps:
        if each := took.get(step.id):
            day = wording.DAY if step.hours in ("24x7", None) else workday
            found[step.id] = _bar(each, day, language)
    return found


def _bar(each: Measured, day: timedelta, language: Language) -> Bar:
    punctual = each.punctual
    return Bar(
        median=wording.span(each.median, language, day=day),
        slow=wording.span(each.slow, language, day=day),
        width=_width(each.share),
        slow_width=_width(each.slow_share),
        over=each.slow_share is not None and each.slow_share > 1,
        stays=each.stays,
        punctual=wording.percent(punctual, language) if punctual is not None else "",
        state="" if punctual is None else "met" if punctual >= 0.9 else "near" if punctual >= 0.8 else "late",
    )


def _width(share: float | None) -> int | None:
    return None if share is None else max(2, min(WIDE, round(share * LIMIT_AT)))
