"""Ten seconds in which an answer can be taken back (docs/decisions/0015-undo.md).

The answer's effects are carried out at once, so that everybody sees the same case; its words, and every announcement
that follows from it, wait. Taking it back restores what stood before, as long as nobody moved the case on.
"""

from datetime import datetime, timedelta

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from desk.seeing import workable
from sop.errors import N_, DeskError, NotFound
from sop.officer import Officer
from sop.ticket import Ticket
from store import drafts, search, seen, tickets, trail, undo
from store.db import Change, View
from store.drafts import Draft
from store.undo import Made, Mark

UNDO = timedelta(seconds=10)


class TooLate(DeskError):
    """The words are on their way, or with the person."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Jawaban di tiket {number} sudah berangkat dan tidak dapat ditarik lagi."), number=number
        )


class Before(Struct, frozen=True):
    """The case as an act found it."""

    ticket: Ticket
    mark: Mark
    stays: tuple[dict[str, object], ...]


class Kept(Struct, frozen=True, kw_only=True):
    """What taking back needs, kept as the answer of the act's own key. `after`: how the act left the ticket."""

    before: Ticket
    after: Ticket
    made: Made
    draft: Draft
    until: datetime


def begin(view: View, ticket: Ticket) -> Before:
    """Called before the act writes anything."""
    return Before(ticket, undo.mark(view), undo.open_stays(view, ticket.id))


def keep(
    change: Change,
    before: Before,
    after: Ticket,
    actor: Officer,
    message: int,
    draft: Draft,
    until: datetime,
) -> None:
    """Hold back all that the act put into the outbox, and note how to take it back."""
    made = undo.made_since(change, after.id, before.mark, before.stays)
    undo.hold(change, made, until)
    kept = Kept(before=before.ticket, after=after, made=made, draft=draft, until=until)
    seen.first(change, _source(actor), _key(message), draft.saved_at)
    seen.answer(change, _source(actor), _key(message), msgspec.to_builtins(kept))


def take_back(change: Change, number: str, actor: Officer, message: int, *, now: datetime) -> Ticket:
    """The words return to the composer, the message stands as withdrawn, the case where it stood before the answer;
    where somebody moved it on meanwhile it stays there. A second press changes nothing. Raises NotFound, TooLate.
    """
    ticket = workable(change, number, actor)
    found = seen.find(change, _source(actor), _key(message))
    if found is None or not found[1]:
        raise NotFound(number)
    kept = msgspec.convert(found[1], Kept)
    if kept.before.id != ticket.id:
        raise NotFound(number)
    if message in undo.withdrawn(change, ticket.id):
        return ticket
    if now >= kept.until or not undo.all_waiting(change, kept.made):
        raise TooLate(ticket.number)
    undo.withdraw(change, kept.made, now)
    for each in kept.made.messages:
        search.forget(change, each)
    restored = _restored(change, ticket, kept, now)
    tickets.save(change, restored, ticket)
    _back_to_draft(change, ticket.id, actor.id, kept.draft, now)
    trail.add(change, "taken_back", now, actor=actor.id, ticket=ticket.id, message=message)
    change.tell("queue", f"ticket.{ticket.id}")
    return restored


def _restored(change: Change, ticket: Ticket, kept: Kept, now: datetime) -> Ticket:
    said = ticket.messages - (kept.after.messages - kept.before.messages)
    ticket = replace(ticket, messages=said, answered_at=kept.before.answered_at, changed_at=now)
    if not undo.untouched(change, ticket.id, kept.made):
        return ticket
    undo.restore(change, kept.made)
    before = kept.before
    return replace(
        ticket,
        status=before.status,
        holder=before.holder if ticket.holder == kept.after.holder else ticket.holder,
        step=before.step,
        lane=before.lane,
        step_at=before.step_at,
        due_at=before.due_at,
        decided=before.decided,
        closed_at=before.closed_at,
    )


def _back_to_draft(change: Change, ticket: int, officer: int, draft: Draft, now: datetime) -> None:
    """Before what was begun meanwhile: no word is lost."""
    since = drafts.find(change, ticket, officer, "answer")
    text = "\n\n".join(part for part in (draft.text, since.text if since else "") if part.strip())
    files = (*draft.files, *(each for each in (since.files if since else ()) if each not in draft.files))
    if text or files:
        drafts.save(change, ticket, officer, "answer", replace(draft, text=text, files=files, saved_at=now))


def _source(actor: Officer) -> str:
    return f"officer.{actor.id}"


def _key(message: int) -> str:
    return f"undo.{message}"
