"""Search by number, name or words: newest first, only what the reader may see."""

import re
from datetime import datetime

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from console import queue as queues
from console.page import page, redirect
from console.queue import Item
from console.session import ask, desk_of
from sop.errors import NotFound
from sop.officer import Officer
from store import office as offices
from store import queue, search, tickets
from store.db import View

MOST = 50
_WORD = re.compile(r"\w+")
LOOKED_AT = 200


class Hit(Struct, frozen=True, kw_only=True):
    """A row, with its name and subject cut where a word that was looked for stands: every second part is one."""

    item: Item
    name: tuple[str, ...]
    subject: tuple[str, ...]


class Found(Struct, frozen=True, kw_only=True):
    """`exact`: the number of the one ticket that was meant."""

    exact: str = ""
    hits: tuple[Hit, ...] = ()
    waiting: int = 0


async def show(request: Request) -> Response:
    words = request.query_params.get("q", "")[:200].strip()
    found = await ask(request, read, words, desk_of(request).clock())
    if found.exact:
        return redirect(f"/tiket/{found.exact}")
    return page(request, "search.html", words=words, found=found)


def read(view: View, officer: Officer, words: str, now: datetime) -> Found:
    office = offices.current(view)
    units = queues.units(office, officer)
    waiting = queue.counts(view, officer=officer.id, units=units)["unit"]
    number = words.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 8:
        try:
            return Found(exact=tickets.get(view, number, visible_to=officer).number)
        except NotFound:
            pass
    lines = queue.by_numbers(view, search.tickets(view, words, most=LOOKED_AT))
    mine = [each for each in lines if (each.unit or 0) in units or each.holder == officer.id][:MOST]
    items = [queues.item(office, each, now, officer.language) for each in mine]
    return Found(hits=tuple(_hit(each, words) for each in items), waiting=waiting)


def _hit(item: Item, words: str) -> Hit:
    return Hit(item=item, name=_parted(item.line.name, words), subject=_parted(item.line.subject, words))


def _parted(text: str, words: str) -> tuple[str, ...]:
    wanted = "|".join(re.escape(word) for word in _WORD.findall(words)[:12])
    return tuple(re.split(f"({wanted})", text, flags=re.IGNORECASE)) if wanted else (text,)
