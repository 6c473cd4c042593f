"""A ticket's page: the conversation, the composer, and beside them the person, the steps, the categories."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from console import queue as queues
from console.composer import Composer, Typed, composer, looked_at
from console.conversation import Entry, entries
from console.deciding import Offers, offers, tried
from console.erasing import Retained, retained
from console.ladder import Ladder, Seen, Strip, ladder, strip
from console.page import page
from console.person import Card, card
from console.session import ask, desk_of
from desk import answering, publication_asker, suggesting
from desk.seeing import may_work, must_read, reads
from sop.answering import Demand
from sop.filters import Filters, Place
from sop.office import Category, Office, Unit
from sop.officer import Officer, Right
from sop.ticket import Status, Ticket
from store import (
    dossier,
    messages,
    tickets,
)
from store import office as offices
from store.db import View
from store.dossier import Dossier, Other
from store.views import Around, Holder

MOST = 100


class Wanted(Struct, frozen=True, kw_only=True):
    """What the address asks for besides the ticket. `picking`: the template picker is open, at `template`; `whole`: the
    person's other tickets are shown between.
    """

    before: int | None = None
    whole: bool = False
    picking: bool = False
    template: int | None = None
    tab: Filters = queues.DEFAULT


class Opened(Struct, frozen=True, kw_only=True):
    """Everything the page shows, read in one still picture."""

    ticket: Ticket
    unit: str
    zone: str
    entries: list[Entry]
    earlier: int | None
    strip: Strip | None
    ladder: Ladder | None
    asked: publication_asker.Asked
    retained: Retained
    blocked: bool
    person: Card
    whole: bool
    joined: tuple[int, ...]
    split_from: int | None
    followers: tuple[str, ...]
    following: bool
    mentionable: tuple[Officer, ...]
    demand: Demand
    others_open: tuple[Other, ...]
    others_closed: tuple[Other, ...]
    tags: tuple[Category, ...]
    untagged: tuple[Category, ...]
    suggested: suggesting.Suggested | None
    holder: str
    may_take: bool
    may_assign: bool
    colleagues: tuple[Officer, ...]
    units: tuple[Unit, ...]
    offers: Offers | None
    composer: Composer
    queue: queues.Queue


async def show(request: Request) -> Response:
    return await opened(request)


async def opened(request: Request, typed: Typed | None = None, status: int = 200) -> Response:
    number, wanted = request.path_params["number"], _wanted(request)
    desk = desk_of(request)
    found = await ask(request, read, number, wanted, typed, desk.clock(), desk.zone)
    news = queues.news(request)
    more = _shown(found) | {"tried": tried(request)}
    return page(request, "ticket.html", status=status, zone=found.zone, news=news, **more)


def _shown(found: Opened) -> dict[str, Any]:
    return {name: getattr(found, name) for name in found.__struct_fields__ if name != "zone"} | {
        "opened": found
    }


def _wanted(request: Request) -> Wanted:
    query = request.query_params
    tab, _ = queues.chosen(request)
    return Wanted(
        before=_number(query.get("sebelum", "")),
        whole="semua" in query,
        picking="templat" in query,
        template=_number(query.get("templat", "")),
        tab=tab,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def read(
    view: View, officer: Officer, number: str, wanted: Wanted, typed: Typed | None, now: datetime, zone: str
) -> Opened:
    """One trip. The page takes four queries whatever the ticket's length: itself, its dossier, its messages, and the
    list beside it."""
    office, ticket = offices.current(view), tickets.get(view, number, visible_to=officer)
    must_read(officer, ticket)
    file = _file(view, office, officer, ticket, wanted, now)
    others = [each for each in file.others if officer.has(Right.READ, each.unit) or each.holder == officer.id]
    thread = _thread(ticket, file, others if wanted.whole else [])
    said = messages.of_tickets(view, thread, before=wanted.before, most=MOST, attached=file.attachments)
    names = {each.id: each.name for each in file.officers}
    seen = Seen(office=office, ticket=ticket, names=names, now=now, language=officer.language)
    unit = office.units.get(ticket.unit or 0)
    works, closed = may_work(officer, ticket) and not ticket.erased_at, ticket.status is Status.CLOSED
    picking = looked_at(view, seen, officer, wanted.template) if wanted.picking and works else None
    return Opened(
        ticket=ticket,
        unit=unit.name if unit else "",
        zone=unit.calendar.zone if unit else "",
        entries=entries(seen, said, file.revisions, file.events, file.history),
        earlier=said[0].id if len(said) == MOST else None,
        strip=strip(seen),
        ladder=ladder(seen, file.history, file.current.visit if file.current else None),
        asked=publication_asker.asked(view, office, ticket, officer),
        retained=retained(officer, ticket, file.around, names),
        blocked=file.talk.state != "reachable",
        person=card(file, names),
        whole=wanted.whole,
        joined=file.around.joined,
        split_from=file.around.split_from,
        followers=tuple(names[each] for each in file.around.followers if each in names),
        following=officer.id in file.around.followers,
        mentionable=_mentionable(file, officer, ticket),
        demand=answering.demand(office, ticket),
        others_open=tuple(each for each in others if each.status != Status.CLOSED),
        others_closed=tuple(each for each in others if each.status == Status.CLOSED),
        tags=office.tags(ticket.categories),
        untagged=tuple(each for each in office.categories.values() if each.id not in ticket.categories),
        suggested=suggesting.of_ticket(office, ticket, file.suggestion),
        holder=names.get(ticket.holder or 0, ""),
        may_take=works and ticket.holder is None and not closed,
        may_assign=works
        and not closed
        and (ticket.holder == officer.id or officer.has(Right.ASSIGN, ticket.unit)),
        colleagues=_colleagues(file, ticket),
        units=tuple(office.units.values()),
        offers=offers(seen, officer, file.current, file.history),
        composer=composer(seen, officer, typed, file, works, picking, said),
        queue=queues.of_office(
            view, office, officer, wanted.tab, Place(), now, around=_beside(office, officer, file)
        ),
    )


def _file(
    view: View, office: Office, officer: Officer, ticket: Ticket, wanted: Wanted, now: datetime
) -> Dossier:
    asked = queues.counters(office, officer)
    return dossier.read(
        view, ticket, officer.id, now, before=wanted.before, whole=wanted.whole, counters=asked
    )


def _beside(office: Office, officer: Officer, file: Dossier) -> Around:
    """What stands around the list beside a ticket, from the ticket's own dossier; saved lists are not shown there."""
    mine = queues.units(office, officer)
    seated = (each for each in file.officers if any(seat.unit in (None, *mine) for seat in each.seats))
    holders = (Holder(each.id, each.login, each.name) for each in seated)
    return Around(
        counters=dict(file.counters),
        views=(),
        holders=tuple(sorted(holders, key=lambda each: each.name.lower())),
    )


def _thread(ticket: Ticket, file: Dossier, others: list[Other]) -> tuple[int, ...]:
    """The tickets whose messages stand in one thread: itself, what was joined to it, and the others asked for."""
    return tuple(dict.fromkeys((ticket.id, *file.around.joined, *(each.id for each in others))))


def _mentionable(file: Dossier, officer: Officer, ticket: Ticket) -> tuple[Officer, ...]:
    """Colleagues whom a note of the ticket reaches by their @login."""
    return tuple(each for each in file.officers if each.id != officer.id and reads(each, ticket))


def _colleagues(file: Dossier, ticket: Ticket) -> tuple[Officer, ...]:
    """To whom the ticket may be handed."""
    return tuple(
        each for each in file.officers if each.has(Right.WORK, ticket.unit) and each.id != ticket.holder
    )
