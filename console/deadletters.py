"""/gagal: messages that did not leave, why, and what to do about each: again, in other words, another way, by telephone, settled."""

from datetime import datetime
from functools import partial

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.page import page, redirect
from console.queue import news
from console.session import ask, desk_of, posted, words
from desk import sending, ways
from desk.seeing import may_work
from sop.delivery import NotResendable, Sent, remedy
from sop.errors import DeskError, NotAllowed, NotFound
from sop.officer import Officer, Right
from sop.ticket import Ticket
from sop.way import Plan, Way, masked
from store import outbox, tickets
from store.db import View
from store.outbox import Letter

SHOWN = 50
LOOKED_AT = 500  # of the newest ones, so many are looked through for those of the officer's units


class Line(Struct, frozen=True, kw_only=True):
    """A dead letter as a row. `to` is masked; `remedy` is untranslated."""

    letter: Letter
    ticket: Ticket | None
    to: str
    remedy: str
    answer: bool
    mine: bool


class One(Struct, frozen=True, kw_only=True):
    line: Line
    ways: tuple[Way, ...]


async def show(request: Request) -> Response:
    found = await ask(request, read)
    return page(request, "deadletters.html", found=found, news=news(request))


def read(view: View, officer: Officer) -> tuple[Line, ...]:
    """Newest first. Raises NotAllowed."""
    if not (officer.may_anywhere(Right.WORK) or officer.may_anywhere(Right.PARKED)):
        raise NotAllowed
    lines = (line(view, officer, each) for each in outbox.dead(view, most=LOOKED_AT))
    return tuple(each for each in lines if each)[:SHOWN]


def line(view: View, officer: Officer, letter: Letter) -> Line | None:
    """None where it is another unit's, or of no ticket and not for this officer."""
    ticket = tickets.find(view, letter.ticket) if letter.ticket else None
    if ticket is None and not officer.has(Right.PARKED, None):
        return None
    if ticket and not may_work(officer, ticket):
        return None
    return Line(
        letter=letter,
        ticket=ticket,
        to=masked(letter.outgoing.channel, letter.outgoing.to),
        remedy=remedy(letter.state, letter.error),
        answer=letter.kind == "answer",
        mine=ticket is not None,
    )


async def show_one(request: Request) -> Response:
    return await _one(request)


async def _one(request: Request, typed: str | None = None, refused: str = "", status: int = 200) -> Response:
    number = request.path_params["number"]
    found = await ask(request, read_one, number, desk_of(request).clock())
    return page(
        request,
        "deadletter.html",
        status=status,
        found=found,
        typed=typed,
        refused=refused,
        news=news(request),
    )


def read_one(view: View, officer: Officer, number: int, now: datetime) -> One:
    """Raises NotFound."""
    letter = outbox.get(view, number) if 0 < number < 1 << 62 else None
    found = line(view, officer, letter) if letter and letter.state in (Sent.FAILED, Sent.UNKNOWN) else None
    if found is None:
        raise NotFound(str(number)[:20])
    among = ways.of_ticket(view, found.ticket, now) if found.ticket and found.answer else ()
    return One(line=found, ways=tuple(each for each in among if each.plan is not Plan.NONE))


async def do(request: Request) -> Response:
    officer, form = await posted(request)
    desk, act, number = desk_of(request), request.path_params["act"], request.path_params["number"]
    key, now, text = words(form, "kunci"), desk.clock(), words(form, "isi")
    request.state.again = partial(_again, typed=text)
    if act == "ulang":
        await desk.db.write(sending.send_again, number, officer, now, key=key)
    elif act == "ubah":
        await desk.db.write(sending.edit_and_resend, number, officer, text, key=key, now=now)
    elif act == "lain":
        by = words(form, "lewat")
        if not (by == "telepon" or (by.isascii() and by.isdigit() and len(by) < 16)):
            raise HTTPException(400)
        way = None if by == "telepon" else int(by)
        await desk.db.write(sending.by_other_way, number, officer, way, key=key, now=now)
    elif act == "beres":
        await desk.db.write(sending.settle, number, officer, key=key, now=now)
    else:
        raise HTTPException(404)
    return redirect(f"/gagal?kabar={act}.")


async def _again(request: Request, refused: str, error: DeskError, typed: str) -> Response:
    if isinstance(error, NotAllowed | NotResendable):
        raise error
    return await _one(request, typed or None, refused, 409)


ROUTES = (
    Route("/gagal", show, methods=["GET"]),
    Route("/gagal/{number:int}", show_one, methods=["GET"]),
    Route("/gagal/{number:int}/{act}", do, methods=["POST"]),
)
