"""Pages on which tickets are joined, split, or their person linked; each ends in one act."""

from datetime import datetime

from msgspec import Struct
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console.page import page
from console.person import shown
from console.session import ask, words
from console.writing import Act, key_of, page_of
from desk import following, ids, linking, merging, splitting
from desk.desk import Desk
from desk.linking import Person
from desk.seeing import reads, workable
from sop.officer import Officer
from sop.text import one_line, shortened
from sop.ticket import Status, Ticket
from store import messages, tickets
from store import office as offices
from store.db import View

OTHERS = 20
LOOK = 160  # characters of a message in a list


class Target(Struct, frozen=True, kw_only=True):
    """A ticket of the same person into which this one could go."""

    number: str
    subject: str
    status: str
    opened_at: datetime


class Merging(Struct, frozen=True, kw_only=True):
    ticket: Ticket
    zone: str
    targets: tuple[Target, ...]


class Word(Struct, frozen=True, kw_only=True):
    """A message of the reporter that can be chosen."""

    id: int
    channel: str
    text: str
    files: int
    at: datetime


class Splitting(Struct, frozen=True, kw_only=True):
    ticket: Ticket
    zone: str
    words: tuple[Word, ...]


class Linking(Struct, frozen=True, kw_only=True):
    """`typed` is what was looked for, "" before that."""

    ticket: Ticket
    zone: str
    typed: str
    people: tuple[Person, ...]


async def merge_page(request: Request) -> Response:
    found = await ask(request, _merging, request.path_params["number"])
    return page(request, "gabung.html", zone=found.zone, found=found)


async def split_page(request: Request) -> Response:
    found = await ask(request, _splitting, request.path_params["number"])
    return page(request, "pisah.html", zone=found.zone, found=found)


async def link_page(request: Request) -> Response:
    typed = one_line(request.query_params.get("q", ""), 200)
    found = await ask(request, _linking, request.path_params["number"], typed)
    return page(request, "tautkan.html", zone=found.zone, found=found, masked=shown)


def _merging(view: View, officer: Officer, number: str) -> Merging:
    ticket = workable(view, number, officer)
    others = [each for each in tickets.of_contact(view, ticket.contact, most=OTHERS) if each.id != ticket.id]
    return Merging(
        ticket=ticket,
        zone=_zone(view, ticket),
        targets=tuple(
            Target(
                number=each.number,
                subject=each.subject,
                status=each.status.value,
                opened_at=each.opened_at,
            )
            for each in others
            if each.status is not Status.CLOSED and reads(officer, each)
        ),
    )


def _splitting(view: View, officer: Officer, number: str) -> Splitting:
    ticket = workable(view, number, officer)
    said = messages.of_ticket(view, ticket.id, most=500)
    return Splitting(
        ticket=ticket,
        zone=_zone(view, ticket),
        words=tuple(
            Word(
                id=each.id,
                channel=each.channel,
                text=shortened(" ".join(each.text.split()), LOOK),
                files=len(each.attachments),
                at=each.written_at,
            )
            for each in said
            if each.direction == "in"
        ),
    )


def _linking(view: View, officer: Officer, number: str, typed: str) -> Linking:
    ticket, people = linking.find(view, number, officer, typed)
    return Linking(ticket=ticket, zone=_zone(view, ticket), typed=typed, people=people)


def _zone(view: View, ticket: Ticket) -> str:
    unit = offices.current(view).units.get(ticket.unit or 0)
    return unit.calendar.zone if unit else ""


async def _merge(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    """To the ticket that it went into."""
    into = one_line(words(form, "ke"), 20).removeprefix("#")
    ticket = await desk.db.write(merging.merge, number, officer, into, key=key_of(form), now=desk.clock())
    return page_of(ticket.number, "gabung")


async def _unmerge(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    await desk.db.write(merging.undo, number, officer, key=key_of(form), now=desk.clock())
    return page_of(number, "batal-gabung")


async def _split(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    chosen = {_number(each) for each in form.getlist("pesan") if isinstance(each, str)}
    ticket = await desk.db.write(
        splitting.split,
        number,
        officer,
        chosen,
        words(form, "pokok"),
        key=key_of(form),
        ids=ids.fresh(),
        now=desk.clock(),
    )
    return page_of(ticket.number, "pisah")


async def _unsplit(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    ticket = await desk.db.write(splitting.undo, number, officer, key=key_of(form), now=desk.clock())
    return page_of(ticket.number, "batal-pisah")


async def _link(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    other = one_line(words(form, "lain"), 20)
    await desk.db.write(linking.link, number, officer, other, key=key_of(form), now=desk.clock())
    return page_of(number, "taut")


async def _unlink(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    address = _number(words(form, "alamat"))
    await desk.db.write(linking.unlink, number, officer, address, key=key_of(form), now=desk.clock())
    return page_of(number, "lepas-alamat")


async def _unlink_undo(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    move = _number(words(form, "pindah"))
    await desk.db.write(linking.undo, number, officer, move, key=key_of(form), now=desk.clock())
    return page_of(number, "batal-taut")


async def _follow(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    await desk.db.write(following.follow, number, officer, desk.clock())
    return page_of(number, "ikut")


async def _unfollow(desk: Desk, number: str, officer: Officer, form: FormData) -> str:
    await desk.db.write(following.unfollow, number, officer, desk.clock())
    return page_of(number, "tidak-ikut")


def _number(text: str) -> int:
    """0 is nothing's."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


DONE: dict[str, Act] = {
    "gabung": _merge,
    "batal-gabung": _unmerge,
    "pisah": _split,
    "batal-pisah": _unsplit,
    "taut": _link,
    "lepas-alamat": _unlink,
    "batal-taut": _unlink_undo,
    "ikut": _follow,
    "tidak-ikut": _unfollow,
}
ROUTES = (
    Route("/tiket/{number}/gabung", merge_page, methods=["GET"]),
    Route("/tiket/{number}/pisah", split_page, methods=["GET"]),
    Route("/tiket/{number}/tautkan", link_page, methods=["GET"]),
)
