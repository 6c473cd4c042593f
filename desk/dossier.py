"""A case whole: who asked, every word with its time and what it said before, steps, decisions, files, events with hashes."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from desk.seeing import must_read, needs_in
from sop.calendar import Calendar, office_hours
from sop.clock import working
from sop.limit import limit_words
from sop.officer import Officer, Right
from sop.procedure import Procedure, find_step
from sop.ticket import Ticket
from sop.visit import VACANT, Visit
from store import contacts, merges, messages, officers, tickets, trail, visits
from store import office as offices
from store.attachments import Attachment
from store.contacts import Stated
from store.db import View
from store.messages import Message

PAGE = 200


class Said(Struct, frozen=True, kw_only=True):
    """A message with who wrote it, and what it said before: (when it was written, words), oldest first."""

    message: Message
    who: str
    before: tuple[tuple[datetime, str], ...] = ()

    @property
    def files(self) -> tuple[Attachment, ...]:
        return self.message.attachments


class Stay(Struct, frozen=True, kw_only=True):
    """A stay at a step. `worked` counts the unit's working time, `elapsed` the clock on the wall."""

    visit: Visit
    number: str
    activity: str
    lane: str
    who: str
    limit: str
    result: str
    elapsed: timedelta
    worked: timedelta
    late: bool
    vacant: bool


class Link(Struct, frozen=True, kw_only=True):
    """An event of the case in the chain."""

    number: int
    at: datetime
    kind: str
    who: str
    hash: str


class Dossier(Struct, frozen=True, kw_only=True):
    """One still picture at `at`. `head` is where the whole chain stood then."""

    ticket: Ticket
    at: datetime
    unit: str
    zone: str
    procedure: Procedure | None
    categories: tuple[str, ...]
    holder: str
    claims: tuple[Stated, ...]
    joined: tuple[int, ...]
    said: tuple[Said, ...]
    stays: tuple[Stay, ...]
    events: tuple[Link, ...]
    head: tuple[int, str]


def for_officer(view: View, officer: Officer, number: str, now: datetime) -> Dossier:
    """For whoever may export the unit's tickets. Raises NotFound, OnlyDecides, NotAllowed."""
    ticket = tickets.get(view, number, visible_to=officer)
    must_read(officer, ticket)
    needs_in(officer, Right.EXPORT, ticket.unit)
    return whole(view, ticket, now)


def whole(view: View, ticket: Ticket, now: datetime) -> Dossier:
    """All of it, whatever its length."""
    office = offices.current(view)
    unit, bound = office.units.get(ticket.unit or 0), office.pinned(ticket.procedure)
    people = {each.id: each.name for each in officers.all_of(view, now)}
    joined = tuple(merges.merged(view, ticket.id))
    current = visits.open_of(view, ticket.id)
    stays = [*visits.history(view, ticket.id), *([current.visit] if current else [])]
    calendar = unit.calendar if unit else office_hours()
    procedure = bound.procedure if bound else None
    return Dossier(
        ticket=ticket,
        at=now,
        unit=unit.name if unit else "",
        zone=calendar.zone,
        procedure=procedure,
        categories=tuple(each.name for each in office.tags(ticket.categories)),
        holder=_named(people, ticket.holder),
        claims=() if ticket.erased_at else tuple(contacts.claims(view, ticket.contact)),
        joined=joined,
        said=tuple(_said(view, (ticket.id, *joined), people)),
        stays=tuple(_stay(each, procedure, calendar, people, now) for each in stays),
        events=tuple(_events(view, (ticket.id, *joined), people)),
        head=trail.head(view),
    )


def _named(people: dict[int, str], number: int | None) -> str:
    """An account that is closed is told by its number."""
    return people.get(number, f"#{number}") if number else ""


def _said(view: View, cases: tuple[int, ...], people: dict[int, str]) -> Iterator[Said]:
    pages: list[list[Message]] = []
    before: int | None = None
    while page := messages.of_tickets(view, cases, before=before, most=PAGE):
        pages.append(page)
        before = min(each.id for each in page)
    for page in reversed(pages):
        for each in page:
            rows = messages.revisions(view, each.id) if each.revisions else []
            yield Said(
                message=each,
                who=_named(people, each.author),
                before=tuple((row["written_at"], row["text"]) for row in rows),
            )


def _stay(
    visit: Visit, procedure: Procedure | None, calendar: Calendar, people: dict[int, str], now: datetime
) -> Stay:
    step = find_step(procedure, visit.step) if procedure else None
    lanes = {each.id: each.name for each in procedure.lanes} if procedure else {}
    until = visit.closed_at or now
    labels = {each.id: each.label for each in step.decisions} if step else {}
    return Stay(
        visit=visit,
        number=step.number if step else "",
        activity=step.activity if step else visit.step,
        lane=lanes.get(visit.lane, visit.lane),
        who=_named(people, visit.by or visit.holder),
        limit=limit_words(step.limit) if step else "",
        result=labels.get(visit.decision, visit.decision),
        elapsed=until - visit.opened_at,
        worked=working(calendar, visit.opened_at, until),
        late=visit.due_at is not None and until > visit.due_at,
        vacant=visit.decision == VACANT,
    )


def _events(view: View, cases: tuple[int, ...], people: dict[int, str]) -> list[Link]:
    found: list[Link] = []
    for case in cases:
        after = 0
        while events := trail.of_case(view, case, after=after, most=PAGE):
            hashed = trail.hashes(view, case, after=after, most=PAGE)
            found += [
                Link(number=each.id, at=each.at, kind=each.kind, who=_named(people, each.actor), hash=link)
                for each, link in zip(events, hashed, strict=True)
            ]
            after = events[-1].id
    return sorted(found, key=lambda each: each.number)
