"""A ticket's page: the conversation, the composer, and beside them the person, the steps, the categories."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from console import queue as queues
from console.conversation import Entry, entries
from console.deciding import Offers, offers
from console.ladder import Ladder, Seen, Strip, ladder, strip
from console.page import page
from console.picker import Picker, picker
from console.session import ask, desk_of
from desk import templates as filling
from desk.seeing import may_work
from sop.channels import LONGEST, window_ends
from sop.identity import Claim, Proof, Trait, masked
from sop.office import Category, Office, Unit
from sop.officer import Officer, Right
from sop.procedure import speaker_lane
from sop.text import mask_id, mask_mail, mask_phone
from sop.ticket import Status, Ticket
from sop.wording import Left, left
from store import (
    contacts,
    conversations,
    drafts,
    messages,
    officers,
    queue,
    templates,
    tickets,
    trail,
    visits,
)
from store import office as offices
from store.db import View
from store.drafts import Draft

MOST = 100


class Wanted(Struct, frozen=True, kw_only=True):
    """What the address asks for besides the ticket. `picking`: the template picker is open, at `template`."""

    before: int | None = None
    picking: bool = False
    template: int | None = None
    tab: queue.Name = queues.DEFAULT


class Typed(Struct, frozen=True, kw_only=True):
    """What stood in the composer when it was refused, and why."""

    kind: str
    answer: str
    note: str
    template: int | None
    refused: str


class Address(Struct, frozen=True):
    channel: str
    value: str
    state: str


class Stated(Struct, frozen=True, kw_only=True):
    """A claim on the contact card. `mark` is the fingerprint by which a check names it."""

    mark: str
    kind: str
    shown: str
    full: str
    level: str
    how: str
    by: str


class Composer(Struct, frozen=True, kw_only=True):
    """`may_answer` and `may_close` with what stands in the way ("" nothing): the page says it beside the button."""

    kind: str
    answer: str
    note: str
    template: int | None
    read_to: int
    channel: str
    longest: int
    saved_at: datetime | None
    refused: str
    may_work: bool
    answer_why: str
    close_why: str
    interim: bool
    window: Left | None
    window_end: datetime | None
    picker: Picker | None


class Opened(Struct, frozen=True, kw_only=True):
    """Everything the page shows, read in one still picture."""

    ticket: Ticket
    unit: str
    zone: str
    entries: list[Entry]
    earlier: int | None
    strip: Strip | None
    ladder: Ladder | None
    addresses: tuple[Address, ...]
    blocked: bool
    claims: tuple[Stated, ...]
    others_open: tuple[Ticket, ...]
    others_closed: tuple[Ticket, ...]
    tags: tuple[Category, ...]
    untagged: tuple[Category, ...]
    suggested: tuple[Category, ...]
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
    found = await ask(request, read, number, wanted, typed, desk_of(request).clock())
    news = queues.news(request)
    return page(request, "ticket.html", status=status, zone=found.zone, news=news, **_shown(found))


def _shown(found: Opened) -> dict[str, Any]:
    return {name: getattr(found, name) for name in found.__struct_fields__ if name != "zone"} | {
        "opened": found
    }


def _wanted(request: Request) -> Wanted:
    query = request.query_params
    tab, _ = queues.chosen(request)
    return Wanted(
        before=_number(query.get("sebelum", "")),
        picking="templat" in query,
        template=_number(query.get("templat", "")),
        tab=tab,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def read(
    view: View, officer: Officer, number: str, wanted: Wanted, typed: Typed | None, now: datetime
) -> Opened:
    """One trip; how many statements it takes does not grow with the ticket."""
    office, ticket = offices.current(view), tickets.get(view, number, visible_to=officer)
    people = officers.all_of(view, now)
    names = {each.id: each.name for each in people}
    seen = Seen(office=office, ticket=ticket, names=names, now=now, language=officer.language)
    said = messages.of_ticket(view, ticket.id, before=wanted.before, most=MOST)
    revised = messages.revisions_of(view, ticket.id) if any(each.revisions for each in said) else {}
    history, current = visits.history(view, ticket.id), visits.open_of(view, ticket.id)
    unit = office.units.get(ticket.unit or 0)
    others = [each for each in tickets.of_contact(view, ticket.contact) if each.id != ticket.id]
    others = [each for each in others if officer.has(Right.READ, each.unit) or each.holder == officer.id]
    addresses = contacts.addresses(view, ticket.contact)
    conversation = conversations.get(view, ticket.conversation)
    works = may_work(officer, ticket)
    return Opened(
        ticket=ticket,
        unit=unit.name if unit else "",
        zone=unit.calendar.zone if unit else "",
        entries=entries(seen, said, revised, trail.of_case(view, ticket.id), history),
        earlier=said[0].id if len(said) == MOST else None,
        strip=strip(seen),
        ladder=ladder(seen, history, current.visit if current else None),
        addresses=tuple(Address(each.channel, _masked(each), each.state) for each in addresses),
        blocked=conversation.state != "reachable",
        claims=_claims(view, ticket, names),
        others_open=tuple(each for each in others if each.status is not Status.CLOSED),
        others_closed=tuple(each for each in others if each.status is Status.CLOSED),
        tags=tuple(office.categories[each] for each in ticket.categories if each in office.categories),
        untagged=tuple(each for each in office.categories.values() if each.id not in ticket.categories),
        suggested=_suggested(office, ticket, said),
        holder=names.get(ticket.holder or 0, ""),
        may_take=works and ticket.holder is None and ticket.status is not Status.CLOSED,
        may_assign=works
        and ticket.status is not Status.CLOSED
        and (ticket.holder == officer.id or officer.has(Right.ASSIGN, ticket.unit)),
        colleagues=tuple(
            each for each in people if each.has(Right.WORK, ticket.unit) and each.id != ticket.holder
        ),
        units=tuple(office.units.values()),
        offers=offers(seen, officer, current, history),
        composer=_composer(view, seen, officer, wanted, typed, conversation, works),
        queue=queues.read(view, officer, wanted.tab, None, now),
    )


def _composer(
    view: View,
    seen: Seen,
    officer: Officer,
    wanted: Wanted,
    typed: Typed | None,
    conversation: conversations.Conversation,
    works: bool,
) -> Composer:
    ticket, procedure = seen.ticket, seen.procedure
    answer = drafts.find(view, ticket.id, officer.id, "answer")
    note = drafts.find(view, ticket.id, officer.id, "note")
    ends = window_ends(conversation.channel, conversation.last_in_at)
    shut = ends is not None and seen.now >= ends
    picking = None
    if wanted.picking and works:
        holes = filling.values(seen.office, ticket, officer, seen.now)
        picking = picker(templates.usable(view, unit=ticket.unit), wanted.template, holes, ticket, officer)
    saved = max((each.saved_at for each in (answer, note) if each), default=None)
    return Composer(
        kind=typed.kind if typed else "jawab" if works else "catatan",
        answer=typed.answer if typed else _text(answer),
        note=typed.note if typed else _text(note),
        template=typed.template if typed else answer.template if answer else None,
        read_to=messages.newest(view, ticket.id, besides=officer.id),
        channel=conversation.channel,
        longest=LONGEST.get(conversation.channel, 20_000),
        saved_at=saved,
        refused=typed.refused if typed else "",
        may_work=works,
        answer_why="closed"
        if ticket.status is Status.CLOSED
        else "window"
        if shut
        else ""
        if works
        else "rights",
        close_why="" if ticket.categories else "untagged",
        interim=bool(procedure and ticket.step and ticket.lane != speaker_lane(procedure)),
        window=_window(seen, conversation, ends) if ends else None,
        window_end=ends,
        picker=picking,
    )


def _window(seen: Seen, conversation: conversations.Conversation, ends: datetime) -> Left:
    """WhatsApp's 24 hours, which run at night too."""
    start = conversation.last_in_at or seen.now
    return left(ends, seen.now, seen.calendar, opened=start, hours="24x7", language=seen.language)


def _text(draft: Draft | None) -> str:
    return draft.text if draft else ""


def _claims(view: View, ticket: Ticket, names: dict[int, str]) -> tuple[Stated, ...]:
    return tuple(
        Stated(
            mark=claim_mark(each.kind, each.value),
            kind=each.kind,
            shown=masked(Claim(Trait(each.kind), each.value)),
            full=each.value,
            level=Proof(each.level).value,
            how=each.how,
            by=names.get(each.by or 0, ""),
        )
        for each in contacts.claims(view, ticket.contact)
    )


def claim_mark(kind: str, value: str) -> str:
    return sha256(f"{kind}\n{value}".encode()).hexdigest()[:16]


def _masked(address: contacts.Address) -> str:
    if address.channel == "whatsapp":
        return mask_phone(address.value)
    return mask_mail(address.value) if "@" in address.value else mask_id(address.value)


def _suggested(office: Office, ticket: Ticket, said: list[messages.Message]) -> tuple[Category, ...]:
    """The category whose keywords the reporter's words name, where none is set yet."""
    if ticket.categories:
        return ()
    words = " ".join([ticket.subject, *(each.text for each in said if each.direction == "in")])
    found = office.suggest(words[:10_000])
    return (found,) if found else ()
