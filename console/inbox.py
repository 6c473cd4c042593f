"""/keputusan: what waits for the lanes of a superior, a party, a field officer or the supervisor, next deadline first."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from console.page import page
from console.queue import news
from console.session import ask, desk_of
from desk.visiting import calendar_of
from sop import wording
from sop.office import Office
from sop.officer import Officer, Right
from sop.procedure import find_step, lane_of
from store import inbox
from store import office as offices
from store.db import View
from store.inbox import Key, Line, Place

MOST = 30
WORKS_IN_QUEUE = ("agent", "auditor", "sysadmin")  # roles whose cases come by the queue, or by no page at all


class Item(Struct, frozen=True, kw_only=True):
    """A row: `title` is the ticket's subject where the lane sees the reporter, else what is to be done."""

    line: Line
    title: str
    step: str
    lane: str
    unit: str
    zone: str
    left: wording.Left
    url: str


class Inbox(Struct, frozen=True, kw_only=True):
    items: tuple[Item, ...]
    more: str
    first: bool
    zone: str


async def show(request: Request) -> Response:
    found = await ask(request, read, _key(request.query_params.get("setelah", "")), desk_of(request).clock())
    return page(request, "decisions.html", inbox=found, news=news(request), zone=found.zone)


def read(view: View, officer: Officer, after: Key | None, now: datetime) -> Inbox:
    """Three queries at most, however many cases wait."""
    office = offices.current(view)
    lines = inbox.page(view, places(officer), after=after, most=MOST + 1)
    items = tuple(_item(office, officer, line, now) for line in lines[:MOST])
    return Inbox(
        items=items,
        more=_url(lines[MOST - 1].key) if len(lines) > MOST else "",
        first=after is None,
        zone=items[0].zone if items else "",
    )


def places(officer: Officer) -> list[Place]:
    """Lanes whose cases an officer decides one by one; an agent's come by the queue."""
    return [(seat.lane, seat.unit) for seat in officer.seats if seat.role not in WORKS_IN_QUEUE]


def _item(office: Office, officer: Officer, line: Line, now: datetime) -> Item:
    bound, unit = office.pinned(line.procedure), office.units.get(line.unit or 0)
    step = find_step(bound.procedure, line.step) if bound else None
    lane = lane_of(bound.procedure, line.lane) if bound and step else None
    calendar = calendar_of(office, line.unit)
    activity = step.activity if step else line.step
    return Item(
        line=line,
        title=line.subject if lane and lane.sees_reporter and line.subject else activity,
        step=activity,
        lane=lane.name if lane else line.lane,
        unit=unit.name if unit else "",
        zone=calendar.zone,
        left=wording.left(
            line.due_at,
            now,
            calendar,
            opened=line.opened_at,
            hours=(step.hours if step else None) or "kerja",
            language=officer.language,
        ),
        url=f"/tiket/{line.ticket}" if officer.has(Right.READ, line.unit) else f"/keputusan/{line.ticket}",
    )


def _url(after: Key) -> str:
    return f"/keputusan?{urlencode({'setelah': f'{after[0].isoformat()}~{after[1]}'})}"


def _key(text: str) -> Key | None:
    at, _, number = text.partition("~")
    try:
        moment = datetime.fromisoformat(at).astimezone(UTC)
        return (moment, int(number)) if 0 <= int(number) < 1 << 62 else None
    except (ValueError, OverflowError):
        return None
