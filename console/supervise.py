"""The supervisor's desk: messages that could not be taken in, and answers that did not leave (P5, P12)."""

import re
from collections.abc import Mapping

import msgspec
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console import queue as queues
from console.page import page, redirect
from console.session import ask, desk_of, posted, words
from desk import ids, inbound, redecoding, sending
from desk.seeing import needs
from sop.officer import Officer, Right
from store import office as offices
from store import outbox, parked, queue, tickets
from store.db import View
from store.outbox import Letter
from store.parked import Parked

SHOWN = 4_000  # characters of a raw message
_HIDING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


class Raw(Struct, frozen=True, kw_only=True):
    """A parked message as it is shown: its raw form as text, whatever bytes it is."""

    parked: Parked
    text: str
    drivable: bool


class Trays(Struct, frozen=True, kw_only=True):
    parked: tuple[Raw, ...]
    dead: tuple[Letter, ...]
    waiting: int


async def show(request: Request) -> Response:
    found = await ask(request, read, desk_of(request).opened)
    return page(request, "supervise.html", found=found, news=queues.news(request))


def read(view: View, officer: Officer, opened: Mapping[str, object]) -> Trays:
    """Raises NotAllowed."""
    needs(officer, Right.PARKED)
    units = queues.units(offices.current(view), officer)
    return Trays(
        parked=tuple(_raw(each, opened) for each in parked.waiting(view)),
        dead=tuple(each for each in outbox.dead(view) if _own(view, officer, each)),
        waiting=queue.counts(view, officer=officer.id, units=units)["unit"],
    )


def _own(view: View, officer: Officer, letter: Letter) -> bool:
    """A letter of a unit's ticket is for that unit's supervisor, one of no ticket for who supervises every unit."""
    ticket = tickets.find(view, letter.ticket) if letter.ticket else None
    return officer.has(Right.PARKED, ticket.unit if ticket else None)


def _raw(found: Parked, opened: Mapping[str, object]) -> Raw:
    text = found.raw[: SHOWN * 4].decode("utf-8", "replace")[:SHOWN]
    return Raw(parked=found, text=_readable(text), drivable=redecoding.drivable(found, opened))


def _readable(text: str) -> str:
    """Laid out when it is JSON; controls and changes of writing direction are named, so that nothing hides."""
    try:
        text = msgspec.json.format(text, indent=2)
    except msgspec.DecodeError:
        pass
    return _HIDING.sub(lambda found: f"\\u{ord(found[0]):04x}", text.replace("\r\n", "\n"))


async def do(request: Request) -> Response:
    officer, form = await posted(request)
    desk, act = desk_of(request), request.path_params["act"]
    number = words(form, "nomor")
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        raise HTTPException(400)
    if act == "ulangi":
        word = await redecoding.again(desk.db, desk.opened, int(number), officer)
        ticket = await desk.db.write(
            inbound.drive_again, int(number), officer, ids.fresh(), desk.clock(), word
        )
        return redirect(f"/penyelia?kabar=masuk.{ticket or ''}")
    if act == "singkirkan":
        await desk.db.write(inbound.drop, int(number), officer, desk.clock())
        return redirect("/penyelia?kabar=singkir.")
    if act == "kirim":
        await desk.db.write(sending.send_again, int(number), officer, desk.clock())
        return redirect("/penyelia?kabar=ulang.")
    raise HTTPException(404)
