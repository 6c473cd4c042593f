"""One report about two matters becomes two tickets of the same person, each with its own clock."""

from collections.abc import Collection
from datetime import datetime

from msgspec.structs import replace

from desk import once, visiting
from desk.ids import Ids
from desk.seeing import workable
from sop import merging as rules
from sop.errors import N_
from sop.language import translate
from sop.merging import MERGED, GoneOn
from sop.officer import Officer
from sop.text import one_line, subject_of
from sop.ticket import Status, Ticket
from store import merges, messages, tickets, trail, visits
from store import office as offices
from store.db import Change, Row, View

SUBJECT = 120  # characters


def split(
    change: Change,
    number: str,
    actor: Officer,
    chosen: Collection[int],
    subject: str,
    *,
    key: str,
    ids: Ids,
    now: datetime,
) -> Ticket:
    """Messages of the reporter go to a new ticket of theirs, in the same unit and hands; gives the new one.

    It counts as received when the first of them was; its first step's limit runs from now. Raises NotFound,
    NotAllowed, MergedBefore, NothingChosen, MovedBefore, NothingLeft.
    """
    if not once.first(change, key, actor, now):
        return tickets.get(change, str(once.answer(change, key, actor)["ticket"]), visible_to=actor)
    before = workable(change, number, actor)
    rows = merges.words_in(change, before.id)
    rules.check_split(before, chosen, [row["id"] for row in rows])
    moved = [row for row in rows if row["id"] in set(chosen)]
    fresh = _opened(change, before, moved, one_line(subject, SUBJECT), ids, now)
    merges.move(change, [row["id"] for row in moved], fresh.id)
    merges.add_split(
        change,
        source=before.id,
        target=fresh.id,
        messages=[row["id"] for row in moved],
        by=actor.id,
        at=now,
    )
    tickets.save(change, replace(before, messages=before.messages - len(moved), changed_at=now), before)
    trail.add(change, "split", now, actor=actor.id, ticket=before.id, into=fresh.id, messages=len(moved))
    trail.add(change, "came_out", now, actor=actor.id, ticket=fresh.id, source=before.id)
    once.keep(change, key, actor, ticket=fresh.number)
    change.tell("queue", f"ticket.{before.id}", f"ticket.{fresh.id}")
    return fresh


def _opened(
    change: Change, before: Ticket, moved: list[Row], subject: str, ids: Ids, now: datetime
) -> Ticket:
    """The new ticket at its procedure's first step, as the messages' receipt binds it."""
    office, first = offices.current(change), moved[0]
    ticket = Ticket(
        id=tickets.next_number(change),
        subject=subject
        or subject_of(first["text"])
        or translate(N_("Dipisahkan dari #{number}"), before.language, number=before.number),
        unit=before.unit,
        contact=before.contact,
        conversation=first["conversation"] or before.conversation,
        channel=first["channel"],
        holder=before.holder,
        proof=before.proof,
        language=before.language,
        token=ids.ticket,
        name=before.name,
        messages=len(moved),
        opened_at=first["written_at"],
        changed_at=now,
    )
    bound = office.binding(office.units.get(before.unit or 0), None, ticket.opened_at)
    ticket = visiting.start(change, office, ticket, bound, now)
    tickets.add(change, ticket)
    return ticket


def undo(change: Change, number: str, actor: Officer, *, key: str, now: datetime) -> Ticket:
    """The messages go back, and the new ticket, empty now, leads to the old one; gives that. Raises GoneOn."""
    if not once.first(change, key, actor, now):
        return tickets.get(change, str(once.answer(change, key, actor)["ticket"]), visible_to=actor)
    fresh = workable(change, number, actor)
    found = merges.split_of(change, fresh.id)
    if found is None or not _untouched(change, fresh, found.messages):
        raise GoneOn(fresh.number)
    source = workable(change, str(found.source), actor)
    if source.merged_into is not None:
        raise GoneOn(fresh.number)
    merges.move(change, found.messages, source.id)
    merges.redirect(change, fresh.id, source.id)
    visiting.leave(change, fresh, kind="step", decision=MERGED, by=actor.id, now=now)
    empty = replace(
        visiting.shown(fresh, None),
        status=Status.CLOSED,
        closed_at=now,
        changed_at=now,
        merged_into=source.id,
        messages=0,
        unread=False,
    )
    tickets.save(change, empty, fresh)
    again = replace(source, messages=source.messages + len(found.messages), changed_at=now)
    tickets.save(change, again, source)
    merges.undo_split(change, found.id, now)
    trail.add(change, "unsplit", now, actor=actor.id, ticket=source.id, source=fresh.id)
    once.keep(change, key, actor, ticket=source.number)
    change.tell("queue", f"ticket.{source.id}", f"ticket.{fresh.id}")
    return again


def _untouched(view: View, fresh: Ticket, moved: tuple[int, ...]) -> bool:
    """Nothing was written or decided there since, and nothing joined to it."""
    if fresh.status is not Status.OPEN or fresh.decided or merges.merged(view, fresh.id):
        return False
    said = {each.id for each in messages.of_ticket(view, fresh.id, most=len(moved) + 1, attached={})}
    return said == set(moved) and not visits.history(view, fresh.id)
