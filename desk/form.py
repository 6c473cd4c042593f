"""A form becomes a ticket: the public one, and the counter's, which an agent keys in (JSS step 1; ITB: walk-in, phone)."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from desk import intake, meeting
from desk.ids import Ids
from desk.reception import tidy
from desk.seeing import needs, workable
from sop.channels import check_length
from sop.errors import N_, DeskError, EmptyText
from sop.identity import Claim
from sop.language import Language
from sop.messages import File, Incoming, Kind
from sop.office import Category, Office, Unit
from sop.officer import Officer, Right
from sop.ticket import Ticket
from store import form_count, seen, tickets, trail
from store import office as offices
from store.db import Change, View

WEB, COUNTER = "web", "counter"
SLOT = 600  # seconds over which forms of one address are counted
MOST = 20  # forms of one address in a slot: a whole campus may share one
WORDS = 60  # forms of one address in a slot that add to reports and cases which are there


class TooManyForms(DeskError):
    """Nothing was taken in; the page keeps what was typed."""

    def __init__(self, minutes: int) -> None:
        super().__init__(
            N_(
                "Terlalu banyak kiriman dari jaringan ini. Silakan kirim lagi {minutes} menit lagi; tulisan Anda tetap ada."
            ),
            minutes=minutes,
        )


class FormUsed(DeskError):
    def __init__(self) -> None:
        super().__init__(
            N_("Formulir ini sudah dipakai untuk kiriman lain. Muat ulang halaman, lalu kirim lagi.")
        )


class Form(Struct, frozen=True, kw_only=True):
    """What was filled in. `key` is random and the form's own: a double press makes one ticket.

    `category` and `unit` are codes that may be ""; `contact` is where somebody can call (counter), "" for nobody.
    """

    key: str
    text: str
    subject: str = ""
    name: str = ""
    contact: str = ""
    category: str = ""
    unit: str = ""
    claims: tuple[Claim, ...] = ()
    files: tuple[File, ...] = ()
    location: tuple[float, float] | None = None
    facts: dict[str, Any] = {}
    language: Language = "id"


def wait_left(view: View, address: str, now: datetime, most: int = MOST) -> int:
    """Minutes until an address (hashed) may send a form again; 0 is now. `now` is real time."""
    if form_count.of(view, address, slot(now)) < most:
        return 0
    return -(-(SLOT - int(now.timestamp()) % SLOT) // 60)


def count_words(change: Change, address: str, now: datetime) -> None:
    """One more that adds to what is there. Raises TooManyForms."""
    if minutes := wait_left(change, address, now, WORDS):
        raise TooManyForms(minutes)
    form_count.add(change, address, slot(now))


def report(change: Change, form: Form, address: str, ids: Ids, now: datetime, real: datetime) -> Ticket:
    """The public form's ticket. A key that was here before gives its ticket again. Raises EmptyText, TooManyForms."""
    if not seen.first(change, WEB, form.key, now):
        return _made_before(change, WEB, form.key)
    if minutes := wait_left(change, address, real):
        raise TooManyForms(minutes)
    form_count.add(change, address, slot(real))
    ticket = _open(change, WEB, form, ids, now)
    seen.answer(change, WEB, form.key, {"ticket": ticket.id})
    return ticket


def key_in(change: Change, form: Form, actor: Officer, ids: Ids, now: datetime) -> Ticket:
    """The counter's ticket, keyed in by an agent for who called or came. Raises NotAllowed, EmptyText."""
    needs(actor, Right.WORK)
    if not seen.first(change, COUNTER, form.key, now, actor=str(actor.id)):
        return _made_before(change, COUNTER, form.key)
    ticket = _open(change, COUNTER, form, ids, now)
    trail.add(change, "keyed", now, actor=actor.id, ticket=ticket.id, source=form.facts.get("source", ""))
    seen.answer(change, COUNTER, form.key, {"ticket": ticket.id})
    return ticket


def keyed(view: View, number: str, actor: Officer) -> Ticket:
    """The counter's ticket for its receipt, which opens the reporter's own page: to who keyed it in, wherever it went,
    and to who may work on it. Raises NotFound, NotAllowed.
    """
    known = number.isascii() and number.isdigit() and len(number) < 16
    ticket = tickets.find(view, int(number)) if known else None
    if ticket and any(
        each.kind == "keyed" and each.actor == actor.id for each in trail.of_case(view, ticket.id, most=20)
    ):
        return ticket
    return workable(view, number, actor)


def category_of(office: Office, code: str) -> Category | None:
    return next((each for each in office.categories.values() if each.code == code), None) if code else None


def unit_of(office: Office, code: str) -> Unit | None:
    return next((each for each in office.units.values() if each.code == code), None) if code else None


def _open(change: Change, channel: str, form: Form, ids: Ids, now: datetime) -> Ticket:
    office = offices.current(change)
    incoming = tidy(_incoming(channel, form, now))
    if not incoming.text.strip():
        raise EmptyText
    check_length(channel, incoming.text)
    arrival = intake.Arrival(
        office=office,
        incoming=incoming,
        conversation=meeting.meet(change, incoming, ids, form.language, now),
        ids=ids,
        now=now,
        language=form.language,
        category=category_of(office, form.category),
        unit=unit_of(office, form.unit),
        claims=form.claims,
    )
    ticket = tickets.find(change, intake.open_ticket(change, arrival))
    assert ticket is not None
    return ticket


def _incoming(channel: str, form: Form, now: datetime) -> Incoming:
    """A stated address is a claim and no more: the form's own key names the person, until the counter knows whom to call."""
    photo = any(each.kind is Kind.PHOTO for each in form.files)
    return Incoming(
        channel=channel,
        external_id=form.key,
        message_id=form.key,
        key=form.key,
        sender=form.contact or form.key,
        at=now,
        name=form.name,
        text=form.text,
        subject=form.subject,
        kind=Kind.PHOTO if photo else Kind.DOCUMENT if form.files else Kind.TEXT,
        files=form.files,
        location=form.location,
        language=form.language,
        payload=form.facts,
    )


def _made_before(view: View, source: str, key: str) -> Ticket:
    """Raises FormUsed: the key belongs to something else than a report."""
    found = seen.find(view, source, key)
    ticket = tickets.find(view, found[1].get("ticket", 0)) if found else None
    if ticket is None:
        raise FormUsed
    return ticket


def slot(now: datetime) -> int:
    """The span of time in which a form is counted."""
    return int(now.timestamp()) // SLOT
