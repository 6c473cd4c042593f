"""An officer asks the reporter something: the ball is theirs, in a stay of its own that is measured and reported."""

from datetime import datetime

from msgspec.structs import replace

from desk import letters, once, visiting
from desk.decide import NothingToDecide
from desk.ids import Ids
from desk.seeing import workable
from desk.speaking import speak
from sop.officer import Officer
from sop.ticket import Ticket
from sop.visit import ask as asking
from store import drafts, tickets, trail, visits
from store import office as offices
from store.db import Change


def ask(
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
) -> Ticket:
    """Send the question; the reporter's next word brings the case back to its step, whose clock went on.

    Raises what `answer.reply` raises, and NothingToDecide where the case stands with no lane that may ask.
    """
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    before = workable(change, number, actor)
    office = offices.current(change)
    bound, current = office.pinned(before.procedure), visits.open_of(change, before.id)
    if bound is None or current is None or not current.visit.step:
        raise NothingToDecide(before.number)
    message = speak(change, before, actor, text, ids=ids, now=now, read_to=read_to, template=template)
    step = asking(bound.procedure, current.visit, by=actor.id, now=now, reason=text)
    step = replace(step, closed=replace(step.closed, reason=""))  # the question stands in the conversation
    ticket = visiting.move(change, office, before, current, step)
    ticket = replace(
        ticket, messages=ticket.messages + 1, holder=ticket.holder or actor.id, changed_at=now, unread=False
    )
    tickets.save(change, ticket, before)
    words = letters.fingerprint(text, ids.salt)
    trail.add(change, "asked", now, actor=actor.id, ticket=ticket.id, message=message, words=words)
    for kind in ("answer", "chat"):
        drafts.drop(change, ticket.id, actor.id, kind)
    once.keep(change, key, actor, ticket=ticket.number, message=message)
    change.tell("queue", f"ticket.{ticket.id}")
    return ticket
