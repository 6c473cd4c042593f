"""An answer written before its time: it waits for the superior's decision (UC3), or for an hour of the unit's calendar.

It is an act of its writer's, carried out later: whatever would have stood in its way then hands the words back to them.
"""

from collections.abc import Sequence
from datetime import datetime

from desk import answer, answering, notify, once, visiting, ways
from desk.ids import Ids, fresh
from desk.seeing import may_work, workable
from desk.speaking import LONGEST
from sop.calendar import Calendar
from sop.channels import check_length
from sop.clock import is_open
from sop.errors import N_, AlreadyClosed, DeskError, EmptyText, NotAllowed, NotFound
from sop.language import translate
from sop.messages import File
from sop.office import Office
from sop.officer import Officer
from sop.text import clean
from sop.ticket import Status, Ticket
from sop.wording import moment
from store import drafts, officers, tickets, trail
from store import office as offices
from store import prepared as kept
from store.db import Change, Database, View
from store.prepared import Prepared

AHEAD = 90  # days that an answer may be put off
BATCH = 20


class NothingAwaited(DeskError):
    """The ball is with the narahubung: the answer can leave now."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Tiket {number} tidak sedang menunggu keputusan; jawabannya dapat dikirim sekarang."),
            number=number,
        )


class OneWaits(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Di tiket {number} sudah ada jawaban yang menunggu. Batalkan dahulu jawaban itu."),
            number=number,
        )


class MomentPast(DeskError):
    def __init__(self, at: str) -> None:
        super().__init__(N_("{at} sudah lewat. Pilih waktu yang akan datang."), at=at)


class MomentFar(DeskError):
    def __init__(self, days: int) -> None:
        super().__init__(N_("Paling jauh {days} hari ke depan."), days=days)


class MomentShut(DeskError):
    """Scheduled words leave in the unit's hours."""

    def __init__(self, at: str) -> None:
        super().__init__(N_("{at} di luar jam layanan unit. Pilih waktu pada jam kerja."), at=at)


def prepare(
    change: Change,
    number: str,
    actor: Officer,
    text: str,
    *,
    key: str,
    now: datetime,
    at_once: bool = False,
    send_at: datetime | None = None,
    then_close: bool = False,
    read_to: int | None = None,
    template: int | None = None,
    files: Sequence[File] = (),
    by: int | None = None,
) -> Ticket:
    """Keep the words until `send_at`, or, without it, until the decision comes.

    Raises EmptyText, TooLong, AlreadyClosed, NothingAwaited, OneWaits, MomentPast, MomentFar, MomentShut,
    NoSuchWay, and what `answering.check` raises.
    """
    ticket = workable(change, number, actor)
    if not once.first(change, key, actor, now):
        return ticket
    text = clean(text, LONGEST).strip()
    if ticket.status is Status.CLOSED:
        raise AlreadyClosed(ticket.number)
    if not text and not files:
        raise EmptyText
    answering.check(change, ticket, text, template)
    office = offices.current(change)
    if send_at is not None:
        _check_moment(visiting.calendar_of(office, ticket.unit), send_at, now, actor)
    elif not awaited(office, ticket):
        raise NothingAwaited(ticket.number)
    check_length(ways.channel_by(change, ticket, by, now), text)
    waiting = Prepared(
        id=0,
        ticket=ticket.id,
        officer=actor.id,
        text=text,
        template=template,
        by=by,
        at_once=at_once,
        then_close=then_close,
        read_to=read_to or 0,
        files=tuple(files),
        send_at=send_at,
        written_at=now,
    )
    if kept.add(change, waiting) is None:
        raise OneWaits(ticket.number)
    drafts.drop(change, ticket.id, actor.id, "answer")
    trail.add(change, "prepared", now, actor=actor.id, ticket=ticket.id, timed=send_at is not None)
    once.keep(change, key, actor, ticket=ticket.number)
    change.tell(f"ticket.{ticket.id}")
    return ticket


def awaited(office: Office, ticket: Ticket) -> bool:
    """Whether the case stands with somebody who decides, above or beside the lane that speaks."""
    return (
        ticket.status is Status.OPEN
        and bool(ticket.step)
        and not visiting.agents_turn(office, ticket)
        and not visiting.with_reporter(office, ticket)
    )


def _check_moment(calendar: Calendar, at: datetime, now: datetime, actor: Officer) -> None:
    shown = moment(at, calendar.zone, actor.language, now=now)
    if at <= now:
        raise MomentPast(shown)
    if (at - now).days >= AHEAD:
        raise MomentFar(AHEAD)
    if not is_open(calendar, at):
        raise MomentShut(shown)


def cancel(change: Change, number: str, actor: Officer, waiting: int, *, now: datetime) -> Ticket:
    """The words return to who cancels, as a draft. Raises NotFound where none waits any more."""
    ticket = workable(change, number, actor)
    found = kept.get(change, waiting)
    if found is None or found.ticket != ticket.id:
        raise NotFound(number)
    kept.done(change, found.id, "cancelled", now)
    _hand_back(change, found, actor.id, now)
    trail.add(change, "prepared.cancelled", now, actor=actor.id, ticket=ticket.id)
    change.tell(f"ticket.{ticket.id}")
    return ticket


def decided(change: Change, office: Office, ticket: Ticket, now: datetime) -> None:
    """A decision was taken: what waited for it leaves, or stands in its writer's composer, when the ball is back."""
    found = kept.of_ticket(change, ticket.id)
    if found is None or found.send_at is not None or awaited(office, ticket):
        return
    if found.at_once and ticket.status is Status.OPEN:
        kept.send_at(
            change, found.id, now
        )  # by the next tick, as an act of its own: no decision fails over it
        return
    _return(change, ticket, found, N_("Jawaban yang Anda siapkan menunggu di kotak tulis."), now)


async def once_over(db: Database, now: datetime) -> int:
    """Send what is due; how many left or went back to their writers."""
    numbers = await db.read(kept.due, now, BATCH)
    for number in numbers:
        try:
            await db.write(send, number, fresh(), now)
        except DeskError as error:
            await db.write(hindered, number, error, now)
    return len(numbers)


def send(change: Change, number: int, ids: Ids, now: datetime) -> None:
    """Carry it out as its writer's answer. Raises what answering raises, and NotAllowed when they work here no more."""
    found = kept.get(change, number)
    if found is None:
        return
    writer = officers.find(change, found.officer, now)
    ticket = tickets.find(change, found.ticket)
    if writer is None or ticket is None or not may_work(writer, ticket):
        raise NotAllowed
    kept.done(change, found.id, "sent", now)
    answer.reply(
        change,
        ticket.number,
        writer,
        found.text,
        key="",
        ids=ids,
        now=now,
        read_to=found.read_to or None,
        template=found.template,
        files=found.files,
        by=found.by,
        then_close=found.then_close,
    )


def hindered(change: Change, number: int, error: DeskError, now: datetime) -> None:
    """A rule said no at its moment: the words go back, with the reason."""
    found = kept.get(change, number)
    ticket = tickets.find(change, found.ticket) if found else None
    if found and ticket:
        _return(change, ticket, found, str(error), now)


def _return(change: Change, ticket: Ticket, found: Prepared, why: str, now: datetime) -> None:
    """Into the composer of who holds the case, with a word to them."""
    holder = ticket.holder or found.officer
    kept.done(change, found.id, "draft", now)
    _hand_back(change, found, holder, now)
    officer = officers.find(change, holder, now)
    if officer:
        words = f"{translate(N_('Tiket #{number}:'), officer.language, number=ticket.number)} {translate(why, officer.language)}"
        notify.tell(change, officer, ticket, words, now, kind="prepared")
    trail.add(change, "prepared.returned", now, ticket=ticket.id, officer=holder)
    change.tell(f"ticket.{ticket.id}")


def _hand_back(change: Change, found: Prepared, officer: int, now: datetime) -> None:
    """Before what stands in their composer already: no word is lost."""
    since = drafts.find(change, found.ticket, officer, "answer")
    text = "\n\n".join(part for part in (found.text, since.text if since else "") if part.strip())
    files = (*found.files, *(each for each in (since.files if since else ()) if each not in found.files))
    draft = drafts.Draft(
        text=text, template=found.template, files=files, by=found.by, read_to=found.read_to, saved_at=now
    )
    drafts.save(change, found.ticket, officer, "answer", draft)


def all_waiting(view: View, officer: Officer) -> list[tuple[Prepared, Ticket]]:
    """What waits in the tickets that the officer works on."""
    found = ((each, tickets.find(view, each.ticket)) for each in kept.waiting(view))
    return [(each, ticket) for each, ticket in found if ticket and may_work(officer, ticket)]
