"""Two tickets of one person become one, and two again: docs/decisions/0014-merging.md."""

from datetime import datetime

from msgspec.structs import replace

from desk import notify, once, replying, visiting
from desk.seeing import workable
from sop import merging as rules
from sop.errors import N_
from sop.language import translate
from sop.merging import MERGED, NothingMerged
from sop.officer import Officer
from sop.ticket import Status, Ticket
from sop.visit import Visit
from store import merges, officers, tickets, trail, visits
from store import office as offices
from store.db import Change
from store.merges import Before, Wait
from store.visits import Open

WAITS = ("silence", "offer")


def merge(change: Change, number: str, actor: Officer, into: str, *, key: str, now: datetime) -> Ticket:
    """Join the ticket to another of the same person, whose thread shows its messages from now on; gives that one.

    Raises NotFound, NotAllowed, SameTicket, MergedBefore, OtherPerson, TargetClosed.
    """
    if not once.first(change, key, actor, now):
        return tickets.get(change, into, visible_to=actor)
    before, target = workable(change, number, actor), workable(change, into, actor)
    done = rules.merged(before, target, now)
    stood = _left(change, before, target, actor, now)
    merges.add(change, source=before.id, target=target.id, before=stood, by=actor.id, at=now)
    tickets.save(change, done, before)
    joined = _joined(change, before, target, now)
    trail.add(change, "merged", now, actor=actor.id, ticket=before.id, into=target.id)
    trail.add(change, "absorbed", now, actor=actor.id, ticket=target.id, source=before.id)
    _tell_holder(change, joined, before, actor, now)
    once.keep(change, key, actor, ticket=target.number)
    change.tell("queue", f"ticket.{before.id}", f"ticket.{target.id}")
    return joined


def _left(change: Change, before: Ticket, target: Ticket, actor: Officer, now: datetime) -> Before:
    """Close the open stays, lead conversations on and file the ticket; how all of it stood."""
    stay = visits.open_of(change, before.id)
    waits = [each for kind in WAITS if (each := visits.open_of(change, before.id, kind=kind))]
    for each in (*waits, *([stay] if stay else [])):
        _leave(change, each, actor, now)
    earlier = tuple(merges.merged(change, before.id))
    merges.lead(change, earlier, before.id, target.id)
    given = () if before.categories else target.categories
    for category in given:
        tickets.tag(change, before.id, category, by=actor.id, at=now)
    return Before(
        ticket=before,
        round=stay.visit.round if stay else None,
        waits=tuple(Wait(kind=each.kind, until=each.visit.due_at or now) for each in waits),
        conversations=merges.redirect(change, before.id, target.id),
        tickets=earlier,
        categories=given,
    )


def _leave(change: Change, stay: Open, actor: Officer, now: datetime) -> None:
    visits.close(change, stay.id, replace(stay.visit, closed_at=now, decision=MERGED, by=actor.id))


def _joined(change: Change, before: Ticket, target: Ticket, now: datetime) -> Ticket:
    """Words that nobody answered yet bring an answered target back, as if they had been written there."""
    ticket = replace(target, unread=target.unread or before.unread, changed_at=now)
    if before.status is Status.OPEN:
        ticket = replying.wrote(change, offices.current(change), ticket, "", now, files=True)
    tickets.save(change, ticket, target)
    return ticket


def _tell_holder(change: Change, target: Ticket, before: Ticket, actor: Officer, now: datetime) -> None:
    holder = officers.find(change, target.holder, now) if target.holder else None
    if holder and holder.id != actor.id:
        words = N_("{name} menggabungkan tiket #{source} ke tiket #{number} yang Anda pegang.")
        said = translate(words, holder.language, name=actor.name, source=before.number, number=target.number)
        notify.tell(change, holder, target, said, now, kind="merged")


def undo(change: Change, number: str, actor: Officer, *, key: str, now: datetime) -> Ticket:
    """Two tickets again: status, step with its due time, and conversations as they stood. Raises NothingMerged.

    What the reporter wrote meanwhile stays with the ticket it was written to.
    """
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    joined = workable(change, number, actor)
    found = merges.of(change, joined.id)
    if found is None or joined.merged_into is None:
        raise NothingMerged(joined.number)
    workable(change, str(joined.merged_into), actor)
    before = found.before
    merges.redirect_back(change, before.conversations, joined.id, joined.merged_into)
    merges.lead(change, before.tickets, joined.merged_into, joined.id)
    for category in before.categories:
        tickets.untag(change, joined.id, category)
    ticket = _stands_again(change, rules.unmerged(joined, before.ticket, now), before, now)
    tickets.save(change, ticket, joined)
    merges.undo(change, found.id, now)
    trail.add(change, "unmerged", now, actor=actor.id, ticket=joined.id, into=joined.merged_into)
    trail.add(change, "released", now, actor=actor.id, ticket=joined.merged_into, source=joined.id)
    once.keep(change, key, actor, ticket=ticket.number)
    change.tell("queue", f"ticket.{joined.id}", f"ticket.{joined.merged_into}")
    return ticket


def _stands_again(change: Change, ticket: Ticket, before: Before, now: datetime) -> Ticket:
    """Its step is a new stay from now on, due when the one before was; waits go on as they ran."""
    for wait in before.waits:
        visiting.wait(change, ticket, wait.kind, now, wait.until)
    old = before.ticket
    if before.round is None:
        return visiting.shown(ticket, None)
    stay = Visit(
        step=old.step, lane=old.lane, opened_at=now, due_at=old.due_at, round=before.round, holder=old.holder
    )
    return visiting.enter(change, offices.current(change), ticket, stay)
