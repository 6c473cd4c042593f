"""What a bot shows of the desk: reads of one still picture each, as the officer who asks may see it."""

from datetime import datetime
from hashlib import sha256

from msgspec import Struct

from desk import staff_chats
from desk import templates as filling
from desk.seeing import may_hear
from sop.channels import check_length
from sop.errors import AlreadyClosed, EmptyText, NotAllowed, NotFound
from sop.office import Category, Office
from sop.officer import Officer, Right
from sop.ticket import Status, Ticket
from store import conversations, drafts, messages, officers, queue, seen, templates, tickets
from store import office as offices
from store.db import View
from store.drafts import Draft
from store.messages import Message
from store.queue import Line
from store.templates import Template

BOT = "staff"
TOP = 5  # tickets of a queue, messages of a ticket
LOOKED_AT = 50  # messages among which a sent answer is looked for


class Arrival(Struct, frozen=True, kw_only=True):
    """Who speaks: None when no account is linked. `unit` is the one whose group this is; `known` whether it is one."""

    officer: Officer | None
    unit: int | None = None


class Page(Struct, frozen=True, kw_only=True):
    office: Office
    lines: list[Line]
    counts: dict[queue.Name, int]
    names: dict[int, str]


class Case(Struct, frozen=True, kw_only=True):
    office: Office
    ticket: Ticket
    holder: str
    said: list[Message]
    names: dict[int, str]


class Drafted(Struct, frozen=True, kw_only=True):
    """An answer as it would leave: `missing` holes keep it from leaving."""

    ticket: Ticket
    text: str
    template: Template | None = None
    missing: tuple[str, ...] = ()
    read_to: int = 0


class Pressed(Struct, frozen=True, kw_only=True):
    """What became of a preview: the draft that waits under it, or the answer that left."""

    ticket: Ticket
    draft: Draft | None = None
    sent: Message | None = None


def arrival(view: View, user: str, chat: str, topic: str, now: datetime) -> Arrival:
    """`user`, `chat` and `topic` are Telegram's numbers; a private chat's is its person's."""
    unit = staff_chats.unit_of(view, chat, topic) if chat != user else None
    return Arrival(officer=officers.by_chat(view, BOT, user, now), unit=unit.id if unit else None)


def visible(view: View, number: str, officer: Officer, unit: int | None) -> Ticket:
    """In a unit's group only that unit's tickets are there. Raises NotFound."""
    ticket = tickets.get(view, number, visible_to=officer)
    if unit is not None and ticket.unit not in (unit, None):
        raise NotFound(number)
    return ticket


def page(view: View, officer: Officer, name: queue.Name, unit: int | None, now: datetime) -> Page:
    office = offices.current(view)
    units = officer.units(Right.READ)
    readable = frozenset(office.units) if units is None else units
    if unit is not None:
        readable &= {unit}
    lines = queue.page(view, name, officer=officer.id, units=readable, most=TOP)
    counts = queue.counts(view, officer=officer.id, units=readable)
    return Page(
        office=office, lines=lines, counts=counts, names=_names(view, {line.holder for line in lines}, now)
    )


def case(view: View, number: str, officer: Officer, unit: int | None, now: datetime) -> Case:
    ticket = visible(view, number, officer, unit)
    if not may_hear(view, officer, ticket):
        raise NotAllowed
    said = messages.of_ticket(view, ticket.id, most=TOP)
    names = _names(view, {ticket.holder, *(each.author for each in said)}, now)
    return Case(
        office=offices.current(view),
        ticket=ticket,
        holder=names.get(ticket.holder or 0, ""),
        said=said,
        names=names,
    )


def drafted(
    view: View, number: str, officer: Officer, words: str, unit: int | None, now: datetime
) -> Drafted:
    """What `words` would send: a template's text if they are its code alone. Raises what answering would."""
    ticket = visible(view, number, officer, unit)
    if ticket.status is Status.CLOSED:
        raise AlreadyClosed(ticket.number)
    if not (
        officer.has(Right.WORK, ticket.unit) or (ticket.unit is None and officer.may_anywhere(Right.WORK))
    ):
        raise NotAllowed
    found = _template(view, ticket, words)
    text, missing = words, tuple[str, ...]()
    if found:
        office = offices.current(view)
        filled = filling.fill(found.body, filling.values(office, ticket, officer, now))
        text, missing = filled.text.strip(), filled.missing
    if not text:
        raise EmptyText
    conversation = conversations.get(view, ticket.conversation)
    check_length(conversation.channel, text)
    read_to = messages.newest(view, ticket.id, besides=officer.id)
    return Drafted(ticket=ticket, text=text, template=found, missing=missing, read_to=read_to)


def _template(view: View, ticket: Ticket, words: str) -> Template | None:
    """The template of that code, if it is the unit's or everybody's."""
    if not words or len(words.split()) != 1:
        return None
    found = templates.by_code(view, words.strip().lower(), ticket.language)
    return found if found and found.unit in (None, ticket.unit) else None


def pressed(view: View, number: str, officer: Officer, mark: str, unit: int | None) -> Pressed:
    """The officer's own draft whose text bears `mark`, or the answer with that text which left already."""
    ticket = visible(view, number, officer, unit)
    draft = drafts.find(view, ticket.id, officer.id, "chat")
    if draft and mark_of(draft.text) == mark:
        return Pressed(ticket=ticket, draft=draft)
    said = messages.of_ticket(view, ticket.id, most=LOOKED_AT)
    mine = (each for each in reversed(said) if each.direction == "out" and each.author == officer.id)
    return Pressed(ticket=ticket, sent=next((each for each in mine if mark_of(each.text) == mark), None))


def answered_before(view: View, key: str, officer: Officer) -> bool:
    """Whether this very update was carried out already."""
    return seen.find(view, f"officer.{officer.id}", key) is not None


def usable(view: View, number: str | None, officer: Officer, words: str) -> list[Template]:
    """Approved templates for a ticket (or for the officer's units), whose code, name or body holds `words`."""
    unit = tickets.get(view, number, visible_to=officer).unit if number else None
    if number is None:
        units = officer.units(Right.WORK)
        unit = next(iter(units)) if units and len(units) == 1 else None
    sought = words.lower().split()
    return [
        each
        for each in templates.usable(view, unit=unit)
        if all(word in f"{each.code} {each.name} {each.body}".lower() for word in sought)
    ]


def template_code(view: View, number: int) -> str:
    found = templates.get(view, number)
    return found.code if found and found.status == "approved" else ""


def category(view: View, number: int) -> Category | None:
    return offices.current(view).categories.get(number)


def categories(view: View, ticket: Ticket) -> list[Category]:
    """What the ticket can be filed under: the unit's categories and those of no unit."""
    found = offices.current(view).categories.values()
    return [each for each in found if each.unit in (None, ticket.unit) and each.id not in ticket.categories]


def mark_of(text: str) -> str:
    """Ties a preview's buttons to its text: another draft bears another mark."""
    return sha256(text.strip().encode()).hexdigest()[:12]


def _names(view: View, numbers: set[int | None], now: datetime) -> dict[int, str]:
    found = (officers.find(view, number, now) for number in numbers if number)
    return {officer.id: officer.name for officer in found if officer}
