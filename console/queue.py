"""The queue: fixed views grouped by when they fall due, in keyset pages, with exact counts."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import groupby
from urllib.parse import urlencode

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from console.page import page
from console.session import ask, desk_of
from desk.seeing import must_read_some
from sop import wording
from sop.calendar import Calendar, office_hours
from sop.clock import closing, is_open, local_date, next_opening
from sop.errors import N_
from sop.language import Language, translate
from sop.limit import Hours
from sop.office import Office
from sop.officer import Officer, Right
from sop.procedure import NoSuchStep, lane_of, step_of
from store import office as offices
from store import queue
from store.db import View
from store.queue import Key, Line, Name

MOST = 30
TOP = 7  # steps of the stair
DEFAULT: Name = "mine"
TABS: Mapping[Name, str] = {
    "mine": N_("Saya"),
    "free": N_("Belum diambil"),
    "unit": N_("Unit"),
    "closed": N_("Ditutup"),
}
LATE, TODAY, LATER, NEVER, CLOSED = "late", "today", "later", "never", "closed"
TITLES = {
    LATE: N_("Lewat baku mutu"),
    TODAY: N_("Tenggat hari ini"),
    LATER: N_("Masih longgar"),
    NEVER: N_("Tanpa tenggat"),
    CLOSED: N_("Terakhir ditutup"),
}


class Item(Struct, frozen=True, kw_only=True):
    """A row as it is shown. `rung` is the height on the stair, 0 where no ladder is."""

    line: Line
    left: wording.Left
    group: str
    rung: int
    where: str
    tags: tuple[str, ...]


class Group(Struct, frozen=True):
    title: str
    items: tuple[Item, ...]


class Tab(Struct, frozen=True):
    name: str
    title: str
    count: int | None
    url: str


class Queue(Struct, frozen=True, kw_only=True):
    """`more` is the address of the next page, "" at the end; `first` whether this is the first one.

    `closes_at` while the reader's office is open, `opens_at` while it is not.
    """

    view: str
    tabs: tuple[Tab, ...]
    groups: tuple[Group, ...]
    more: str
    first: bool
    waiting: int
    closes_at: datetime | None
    opens_at: datetime | None


async def show(request: Request) -> Response:
    view, after = chosen(request)
    found = await ask(request, read, view, after, desk_of(request).clock())
    return page(request, "queue.html", queue=found, news=news(request))


def chosen(request: Request) -> tuple[Name, Key | None]:
    """The view and the place that the address names; nonsense is the first page of one's own."""
    wanted = request.query_params.get("tampilan", "")
    view = next((name for name in TABS if name == wanted), DEFAULT)
    return view, _key(request.query_params.get("setelah", ""))


def news(request: Request) -> tuple[str, str]:
    """(what was done, to which ticket), as the address of the page after a change says."""
    word, _, number = request.query_params.get("kabar", "").partition(".")
    return (word, number if number.isascii() and number.isdigit() and len(number) < 16 else "")


def units(office: Office, officer: Officer) -> frozenset[int]:
    """Units whose tickets the officer may read; 0 stands for those of no unit yet."""
    some = officer.units(Right.READ)
    if some is None:
        return frozenset(office.units) | {0}
    return some | {0} if some else some


def read(view: View, officer: Officer, name: Name, after: Key | None, now: datetime) -> Queue:
    """Four queries: the office's version, the counts, the rows, their categories."""
    must_read_some(officer)
    return of_office(view, offices.current(view), officer, name, after, now)


def of_office(
    view: View, office: Office, officer: Officer, name: Name, after: Key | None, now: datetime
) -> Queue:
    """The queue where the office is read already. Three queries."""
    mine = units(office, officer)
    hours = _hours(office, mine)
    counts = queue.counts(view, officer=officer.id, units=mine)
    lines = queue.page(view, name, officer=officer.id, units=mine, after=after, most=MOST + 1)
    items = [item(office, line, now, officer.language) for line in lines[:MOST]]
    return Queue(
        view=name,
        tabs=tuple(
            Tab(
                each,
                translate(title, officer.language),
                None if each == "closed" else counts[each],
                _url(each),
            )
            for each, title in TABS.items()
        ),
        groups=_groups(items, officer.language),
        more=_url(name, lines[MOST - 1].key) if len(lines) > MOST else "",
        first=after is None,
        waiting=counts["unit"],
        closes_at=closing(hours, now) if is_open(hours, now) else None,
        opens_at=None if is_open(hours, now) else next_opening(hours, now),
    )


def _hours(office: Office, mine: frozenset[int]) -> Calendar:
    """Of the reader's first unit, else ordinary office hours."""
    found = [office.units[each].calendar for each in sorted(mine) if each in office.units]
    return found[0] if found else office_hours()


def item(office: Office, line: Line, now: datetime, language: Language) -> Item:
    unit = office.units.get(line.unit or 0)
    calendar = unit.calendar if unit else office_hours()
    rung, where, hours = _place(office, line, language)
    left = wording.left(
        line.due_at, now, calendar, opened=line.step_at or now, hours=hours, language=language
    )
    return Item(
        line=line,
        left=left,
        group=_group(line, now, calendar.zone),
        rung=rung,
        where=where,
        tags=tuple(each.name for each in office.tags(line.categories)),
    )


def _place(office: Office, line: Line, language: Language) -> tuple[int, str, Hours]:
    """(height on the stair, "Langkah 4 · Wakil Dekan", how the step's clock runs)."""
    if line.status == "closed":
        return 0, translate(N_("Ditutup"), language), "kerja"
    bound = office.pinned(line.procedure)
    if bound is None:
        return 0, translate(N_("Menunggu kategori"), language), "kerja"
    if not line.step:
        return 0, translate(N_("Menunggu pelapor"), language), "kerja"
    try:
        step, lane = step_of(bound.procedure, line.step), lane_of(bound.procedure, line.lane)
    except NoSuchStep:
        return 0, line.step, "kerja"
    ladder = any(each.rung for each in bound.procedure.steps)
    where = translate(N_("Langkah {number} · {lane}"), language, number=step.number, lane=lane.name)
    return (
        min(TOP, 1 + step.rung) if ladder else 0,
        where if step.number else lane.name,
        step.hours or "kerja",
    )


def _group(line: Line, now: datetime, zone: str) -> str:
    if line.status == "closed":
        return CLOSED
    if line.due_at is None:
        return NEVER
    if line.due_at < now:
        return LATE
    return TODAY if local_date(zone, line.due_at) == local_date(zone, now) else LATER


def _groups(items: list[Item], language: Language) -> tuple[Group, ...]:
    return tuple(
        Group(translate(TITLES[name], language), tuple(rows))
        for name, rows in groupby(items, key=lambda each: each.group)
    )


def _url(view: str, after: Key | None = None) -> str:
    words = {"tampilan": view}
    if after:
        words["setelah"] = f"{after[0].isoformat()}~{after[1]}"
    return f"/antrean?{urlencode(words)}"


def _key(text: str) -> Key | None:
    at, _, number = text.partition("~")
    try:
        moment = datetime.fromisoformat(at).astimezone(UTC)
        return (moment, int(number)) if 0 <= int(number) < 1 << 62 else None
    except (ValueError, OverflowError):
        return None
