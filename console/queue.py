"""The queue: fixed and saved lists and any combination of filters, grouped by when they fall due, in keyset pages."""

from datetime import datetime
from urllib.parse import urlencode

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from console import listing
from console.listing import Chip, Choice, Field
from console.listing import readable as units
from console.page import page
from console.rows import Group, Item, groups, item
from console.session import ask, desk_of
from desk.seeing import must_read_some
from sop import filters
from sop.calendar import Calendar, office_hours
from sop.clock import closing, is_open, next_opening
from sop.errors import N_
from sop.filters import Filters, Place, Tab
from sop.language import translate
from sop.office import Office
from sop.officer import Officer, Right
from store import office as offices
from store import queue, views
from store.db import View
from store.queue import Selection
from store.queue_sql import Cut
from store.views import Around, Saved

__all__ = ["DEFAULT", "Item", "Queue", "chosen", "item", "news", "of_office", "read", "show", "units"]

MOST = 30
FEW = 99  # a saved view is counted up to here
SHOWN = 20  # saved views beside the tabs
DEFAULT = Filters()
TABS: dict[Tab, str] = {
    "mine": N_("Saya"),
    "free": N_("Belum diambil"),
    "unit": N_("Unit"),
    "all": N_("Semua"),
    "closed": N_("Ditutup"),
}


class Shelf(Struct, frozen=True, kw_only=True):
    """A fixed or saved list. `count` is None where none is shown; `more`: there are more than that."""

    name: str
    title: str
    url: str
    here: bool
    count: int | None = None
    more: bool = False
    id: int = 0
    own: bool = False
    shared: bool = False


class Bulk(Struct, frozen=True):
    """What may be done to several tickets at once."""

    categories: tuple[Choice, ...]
    people: tuple[Choice, ...]


class Queue(Struct, frozen=True, kw_only=True):
    """`query` is the list's address without its place; `more` and `back` those of the pages around this one, "" at an end.

    `count` is how many a free combination finds, `capped` whether there are more. `closes_at` while the reader's
    office is open, `opens_at` while it is not.
    """

    wanted: Filters
    query: str
    tabs: tuple[Shelf, ...]
    saved: tuple[Shelf, ...]
    fields: tuple[Field, ...]
    chips: tuple[tuple[Chip, str], ...]
    groups: tuple[Group, ...]
    more: str
    back: str
    first: bool
    count: int | None
    capped: bool
    waiting: int
    free: int
    bulk: Bulk | None
    shares: tuple[Choice, ...]
    closes_at: datetime | None
    opens_at: datetime | None
    first_run: bool  # the desk is new, and the reader is who sets it up


async def show(request: Request) -> Response:
    wanted, place = chosen(request)
    found = await ask(request, read, wanted, place, desk_of(request).clock())
    return page(request, "queue.html", queue=found, news=news(request))


def chosen(request: Request) -> tuple[Filters, Place]:
    """The list and the place in it that the address names; nonsense is the first page of one's own."""
    return filters.parse(request.query_params), filters.parse_place(request.query_params)


def news(request: Request) -> tuple[str, str, str]:
    """(what was done, to which ticket, by which message that can be taken back), as the address after a change says."""
    word, _, rest = request.query_params.get("kabar", "").partition(".")
    number, _, message = rest.partition(".")
    return (word, _digits(number), _digits(message))


def _digits(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) < 16 else ""


def read(view: View, officer: Officer, wanted: Filters, place: Place, now: datetime) -> Queue:
    """Four queries: the office's version, what stands around the list, its rows, and the capped counts."""
    must_read_some(officer)
    return of_office(view, offices.current(view), officer, wanted, place, now)


def of_office(
    view: View,
    office: Office,
    officer: Officer,
    wanted: Filters,
    place: Place,
    now: datetime,
    *,
    around: Around | None = None,
) -> Queue:
    """The queue where the office is read already. Three queries; one where it stands beside a ticket, whose own look
    has found what stands `around` it."""
    mine, beside = units(office, officer), around is not None
    names = queue.counter_names(officer.id, mine)
    if around is None:
        around = views.around(view, officer.id, sorted(mine), counters(office, officer))
    sizes, hours = queue.sizes(names, around.counters), _hours(office, mine)

    def selected(which: Filters) -> Selection:
        return listing.selection(office, officer, which, mine, around.holders, hours.zone)

    lines = queue.some(view, selected(wanted), Cut(place.key, place.back, MOST + 1))
    kept = lines[-MOST:] if place.back else lines[:MOST]
    items = [item(office, line, now, officer.language) for line in kept]
    saved = around.views[:SHOWN]
    asked = [(selected(filters.parse_text(each.filters)), FEW + 1) for each in saved] if not beside else []
    if wanted.narrow and not beside:
        asked.append((selected(wanted), queue.CAP + 1))
    counts = queue.few(view, asked)
    total = counts.pop() if wanted.narrow and not beside else None
    offered = listing.fields(office, officer, wanted, mine, around.holders)
    spilled = len(lines) > MOST
    return Queue(
        wanted=wanted,
        query=filters.text(wanted),
        tabs=_tabs(office, officer, wanted, sizes, around),
        saved=_saved(saved, wanted, counts, officer),
        fields=offered,
        chips=tuple(
            (chip, _url(filters.without(wanted, chip.attribute)))
            for chip in listing.chips(offered, wanted, officer.language)
        ),
        groups=groups(items, officer.language),
        more=_url(wanted, kept[-1].key) if kept and (spilled or place.back) else "",
        back=_url(wanted, kept[0].key, back=True)
        if kept and place.key and (spilled or not place.back)
        else "",
        first=place.key is None,
        count=min(total, queue.CAP) if total is not None else None,
        capped=total is not None and total > queue.CAP,
        waiting=sizes["unit"],
        free=sizes["free"],
        bulk=_bulk(office, officer, around) if not beside else None,
        shares=_shares(office, officer),
        closes_at=closing(hours, now) if is_open(hours, now) else None,
        opens_at=None if is_open(hours, now) else next_opening(hours, now),
        first_run=office.first_run and officer.may_anywhere(Right.OFFICE),
    )


def counters(office: Office, officer: Officer) -> list[str]:
    """The names of all that the fixed lists show."""
    names = queue.counter_names(officer.id, units(office, officer))
    return [name for group in names.values() for name in group]


def _tabs(
    office: Office, officer: Officer, wanted: Filters, sizes: dict[queue.Name, int], around: Around
) -> tuple[Shelf, ...]:
    """The fixed lists, counted exactly; "unit" leaves out what no unit has yet."""
    counts: dict[Tab, int | None] = {
        "mine": sizes["mine"],
        "free": sizes["free"],
        "unit": sizes["unit"] - around.counters.get("open.0", 0),
        "all": sizes["unit"],
        "closed": None,
    }
    return tuple(
        Shelf(
            name=name,
            title=translate(title, officer.language),
            url=_url(Filters(tab=name)),
            here=wanted.tab == name,
            count=counts[name],
        )
        for name, title in TABS.items()
    )


def _saved(
    saved: tuple[Saved, ...], wanted: Filters, counts: list[int], officer: Officer
) -> tuple[Shelf, ...]:
    found = []
    for place, each in enumerate(saved):
        own = filters.parse_text(each.filters)
        count = counts[place] if place < len(counts) else None
        found.append(
            Shelf(
                name=f"v{each.id}",
                title=each.name,
                url=_url(own),
                here=own == wanted,
                count=min(count, FEW) if count is not None else None,
                more=count is not None and count > FEW,
                id=each.id,
                own=each.owner == officer.id or (each.shared and _leads(officer, each.unit)),
                shared=each.shared,
            )
        )
    return tuple(found)


def _leads(officer: Officer, unit: int | None) -> bool:
    return officer.units(Right.ASSIGN) is None if unit is None else officer.has(Right.ASSIGN, unit)


def _shares(office: Office, officer: Officer) -> tuple[Choice, ...]:
    """With whom the officer may share a list."""
    everywhere = officer.units(Right.ASSIGN) is None
    some = [
        Choice(each.code, each.name) for each in office.units.values() if officer.has(Right.ASSIGN, each.id)
    ]
    every = Choice("*", translate(N_("Semua unit"), officer.language))
    return (every, *some) if everywhere else tuple(some)


def _bulk(office: Office, officer: Officer, around: Around) -> Bulk | None:
    if not officer.may_anywhere(Right.WORK):
        return None
    people = tuple(Choice(each.login, each.name) for each in around.holders)
    categories = sorted(office.categories.values(), key=lambda each: each.name.lower())
    return Bulk(tuple(Choice(each.code, each.name) for each in categories), people)


def _hours(office: Office, mine: frozenset[int]) -> Calendar:
    """Of the reader's first unit, else ordinary office hours."""
    found = [office.units[each].calendar for each in sorted(mine) if each in office.units]
    return found[0] if found else office_hours()


def _url(wanted: Filters, key: queue.Key | None = None, *, back: bool = False) -> str:
    words = filters.written(wanted) | (filters.written_place(key, back=back) if key else {})
    return f"/antrean?{urlencode(words)}"
