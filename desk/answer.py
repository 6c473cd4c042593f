"""An agent speaks: to the reporter (UC3 step 3, MIPA step 6, ITB step 5), or to colleagues in a note."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from desk import closing, letters, notify, once, undoing, visiting
from desk.ids import Ids
from desk.seeing import workable
from desk.speaking import LONGEST, speak
from sop import ticket as rules
from sop.calendar import office_hours
from sop.clock import due
from sop.errors import N_, DeskError, EmptyText
from sop.limit import limit
from sop.messages import File
from sop.office import Office
from sop.officer import Officer
from sop.text import clean
from sop.ticket import Status, Ticket
from sop.visit import answers, decide
from store import drafts, messages, tickets, trail, visits
from store import office as offices
from store.db import Change

SILENCE = limit("3 hari kerja")  # after the answer: then what the procedure lets close is closed
MOST_FILES = 5  # of one answer


class TooManyFiles(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Satu jawaban membawa paling banyak {most} berkas."), most=MOST_FILES)


def reply(
    change: Change,
    number: str,
    actor: Officer,
    text: str,
    *,
    key: str,
    ids: Ids,
    now: datetime,
    read_to: int | None = None,
    template: int | None = None,
    files: Sequence[File] = (),
    then_close: bool = False,
    by: int | None = None,
    undo: timedelta | None = None,
) -> Ticket:
    """Answer the reporter in their conversation, and close if asked.

    Where the step's lane may speak, the answer is also the step's decision; elsewhere it is an interim word.
    `by` is the conversation that the officer chose of `ways.of_ticket`. For the span `undo` nothing leaves, and `take_back` makes it undone.
    Raises EmptyText, TooLong, WindowClosed, AlreadyClosed, AnsweredMeanwhile (somebody wrote after message `read_to`),
    and what closing raises: then nothing is sent.
    """
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    before = workable(change, number, actor)
    found = undoing.begin(change, before) if undo else None
    message = speak(
        change, before, actor, text, ids=ids, now=now, read_to=read_to, template=template, files=files, by=by
    )
    ticket = _answered(change, offices.current(change), before, actor, now)
    if then_close:
        ticket = closing.closed(change, ticket, actor, now)
    tickets.save(change, ticket, before)
    trail.add(
        change,
        "answered",
        now,
        actor=actor.id,
        ticket=ticket.id,
        message=message,
        template=template,
        words=letters.fingerprint(text, ids.salt),
    )
    if then_close:
        trail.add(change, "closed", now, actor=actor.id, ticket=ticket.id)
    for kind in ("answer", "chat"):
        drafts.drop(change, ticket.id, actor.id, kind)
    if found and undo:
        draft = drafts.Draft(text=text, template=template, files=tuple(files), by=by, saved_at=now)
        undoing.keep(change, found, ticket, actor, message, draft, now + undo)
    once.keep(change, key, actor, ticket=ticket.number, message=message)
    change.tell("queue", f"ticket.{ticket.id}")
    return ticket


def note(
    change: Change, number: str, actor: Officer, text: str, *, key: str, ids: Ids, now: datetime
) -> Ticket:
    """An internal note; whoever is mentioned by @login hears of it. Never reaches the reporter. Raises EmptyText."""
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    before = workable(change, number, actor)
    text = clean(text, LONGEST).strip()
    if not text:
        raise EmptyText
    message = messages.add(
        change,
        ticket=before.id,
        conversation=None,
        direction="note",
        channel="desk",
        text=text,
        at=now,
        salt=ids.salt,
        author=actor.id,
    )
    ticket = replace(before, messages=before.messages + 1, changed_at=now)
    tickets.save(change, ticket, before)
    notify.mentioned(change, ticket, text, actor, now)
    words = letters.fingerprint(text, ids.salt)
    trail.add(change, "noted", now, actor=actor.id, ticket=ticket.id, message=message, words=words)
    drafts.drop(change, ticket.id, actor.id, "note")
    once.keep(change, key, actor, ticket=ticket.number, message=message)
    change.tell(f"ticket.{ticket.id}")
    return ticket


def save_draft(
    change: Change,
    number: str,
    actor: Officer,
    kind: str,
    text: str,
    *,
    now: datetime,
    template: int | None = None,
    read_to: int = 0,
    files: Sequence[File] | None = None,
    by: int | None = None,
) -> None:
    """Keep what is being written; nothing written drops it. `files` None: those it has. Raises TooManyFiles."""
    ticket = workable(change, number, actor)
    text = clean(text, LONGEST)
    if files is None:
        before = drafts.find(change, ticket.id, actor.id, kind)
        files = before.files if before else ()
    if len(files) > MOST_FILES:
        raise TooManyFiles
    if text.strip() or files:
        draft = drafts.Draft(
            text=text, template=template, read_to=read_to, files=tuple(files), by=by, saved_at=now
        )
        drafts.save(change, ticket.id, actor.id, kind, draft)
    else:
        drafts.drop(change, ticket.id, actor.id, kind)


def _answered(change: Change, office: Office, ticket: Ticket, actor: Officer, now: datetime) -> Ticket:
    """Carry the decisions that an answer means here; the ball is the reporter's afterwards."""
    ticket = replace(ticket, messages=ticket.messages + 1, holder=ticket.holder or actor.id)
    bound, current = office.pinned(ticket.procedure), visits.open_of(change, ticket.id)
    if bound is None or current is None:
        done = _without_procedure(change, ticket, actor, now)
        return _silence(change, office, done, now)
    history = visits.history(change, ticket.id)
    chain = answers(bound.procedure, current.visit, history)
    if chain is None:
        return replace(ticket, changed_at=now, unread=False)
    calendar = visiting.calendar_of(office, ticket.unit)
    for choice in chain:
        opened = visits.open_of(change, ticket.id)
        assert opened is not None
        step = decide(
            bound.procedure,
            opened.visit,
            choice.id,
            by=actor.id,
            now=now,
            calendar=calendar,
            history=history,
        )
        ticket = visiting.move(change, office, ticket, opened, step)
        history = [*history, step.closed]
    ticket = rules.answered(ticket, now)
    if ticket.step and not visiting.with_reporter(office, ticket):
        return ticket
    return _silence(change, office, replace(ticket, status=Status.ANSWERED), now)


def _without_procedure(change: Change, ticket: Ticket, actor: Officer, now: datetime) -> Ticket:
    visiting.leave(change, ticket, kind="step", decision="jawab", by=actor.id, now=now)
    return visiting.shown(replace(rules.answered(ticket, now), status=Status.ANSWERED, decided=True), None)


def _silence(change: Change, office: Office, ticket: Ticket, now: datetime) -> Ticket:
    """From now on silence counts."""
    visiting.leave(change, ticket, kind="silence", decision="jawab", by=None, now=now)
    unit = office.units.get(ticket.unit or 0)
    until = due(SILENCE, now, unit.calendar if unit else office_hours())
    visiting.wait(change, ticket, "silence", now, until)
    return ticket
