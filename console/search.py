"""Search by number, name, a person's number or words: newest first, only what the reader may see."""

from datetime import datetime

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console import queue as queues
from console.page import page, redirect
from console.queue import Item
from console.session import ask, desk_of
from sop.errors import N_, NotFound
from sop.finding import Sought, excerpt, folded, parted, sought
from sop.language import translate
from sop.officer import Officer, Right
from store import office as offices
from store import queue, search, tickets
from store.db import View

MOST = 30
QUICK = 8
PAGES: tuple[tuple[str, str, Right | None], ...] = (
    ("/antrean", N_("Antrean saya"), Right.READ),
    ("/antrean?tampilan=free", N_("Belum diambil"), Right.READ),
    ("/antrean?tampilan=all", N_("Semua tiket terbuka"), Right.READ),
    ("/antrean?tampilan=closed", N_("Tiket yang ditutup"), Right.READ),
    ("/loket", N_("Loket: telepon dan tamu"), Right.WORK),
    ("/keputusan", N_("Keputusan"), None),
    ("/penyelia", N_("Penyelia"), Right.PARKED),
    ("/templat", N_("Templat jawaban"), Right.TEMPLATES),
    ("/prosedur", N_("SOP dan prosedur"), None),
    ("/petugas", N_("Petugas"), Right.STAFF),
    ("/kalender", N_("Kalender"), Right.STAFF),
    ("/profil", N_("Profil dan sesi"), None),
)


class Hit(Struct, frozen=True, kw_only=True):
    """A row, with its name, subject and words cut where a word that was looked for stands: every second part is one."""

    item: Item
    name: tuple[str, ...]
    subject: tuple[str, ...]
    said: tuple[str, ...]


class Found(Struct, frozen=True, kw_only=True):
    """`exact`: the number of the one ticket that was meant. `next`: the message before which to look on, 0 at the end."""

    exact: str = ""
    hits: tuple[Hit, ...] = ()
    next: int = 0
    waiting: int = 0


async def show(request: Request) -> Response:
    words, before = _asked(request)
    found = await ask(request, read, words, before, MOST, desk_of(request).clock())
    if found.exact and not before:
        return redirect(f"/tiket/{found.exact}")
    return page(request, "search.html", words=words, found=found, first=not before)


async def quick(request: Request) -> Response:
    """The same for a small window that is filled as one types: a few tickets, and pages to go to."""
    words, _ = _asked(request)
    found = await ask(request, read, words, 0, QUICK, desk_of(request).clock())
    officer = request.state.signed.officer
    return page(request, "quick.html", words=words, found=found, pages=_pages(officer, words))


def _asked(request: Request) -> tuple[str, int]:
    place = request.query_params.get("sebelum", "")
    before = int(place) if place.isascii() and place.isdigit() and len(place) < 16 else 0
    return request.query_params.get("q", "")[:200].strip(), before


def read(view: View, officer: Officer, words: str, before: int, most: int, now: datetime) -> Found:
    office = offices.current(view)
    units = queues.units(office, officer)
    waiting = queue.counts(view, officer=officer.id, units=units)["unit"]
    wanted = sought(words)
    exact = _exact(view, officer, words)
    found = search.find(view, wanted, sorted(units), before=before, most=most)
    lines = {line.id: line for line in queue.by_numbers(view, [hit.ticket for hit in found.hits])}
    said = search.texts(view, [hit.message for hit in found.hits])
    return Found(
        exact=exact,
        hits=tuple(
            _hit(queues.item(office, lines[hit.ticket], now, officer.language), said[hit.message], wanted)
            for hit in found.hits
        ),
        next=found.next,
        waiting=waiting,
    )


def _exact(view: View, officer: Officer, words: str) -> str:
    number = words.removeprefix("#")
    if not (number.isascii() and number.isdigit() and len(number) < 8):
        return ""
    try:
        return tickets.get(view, number, visible_to=officer).number
    except NotFound:
        return ""


def _hit(item: Item, text: str, wanted: Sought) -> Hit:
    return Hit(
        item=item,
        name=parted(item.line.name, wanted.words),
        subject=parted(item.line.subject, wanted.words),
        said=excerpt(text, wanted.words),
    )


def _pages(officer: Officer, words: str) -> tuple[tuple[str, str], ...]:
    """Pages of this officer's menu whose name has words that begin so."""
    begun = folded(words)
    named = [
        (path, translate(title, officer.language))
        for path, title, right in PAGES
        if right is None or officer.may_anywhere(right)
    ]
    return tuple(
        (path, title)
        for path, title in named
        if all(any(each.startswith(word) for each in folded(title)) for word in begun)
    )


ROUTES = (Route("/cari", show), Route("/cari/cepat", quick))
