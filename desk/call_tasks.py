"""Answers that no channel carries: somebody calls, or tells them at the counter, and says that it was done."""

from datetime import datetime

from desk import once, receipts
from desk.seeing import may_work, needs
from sop.errors import N_, DeskError, NotAllowed, NotFound
from sop.officer import Officer, Right
from store import calls, outbox, tickets, trail
from store.calls import Call
from store.db import Change, View


class ToldBefore(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Jawaban ini sudah disampaikan."))


def due(view: View, actor: Officer) -> list[Call]:
    """What waits in the officer's units, oldest first. Raises NotAllowed."""
    needs(actor, Right.WORK)
    return [each for each in calls.due(view) if each.unit is None or actor.has(Right.WORK, each.unit)]


def told(change: Change, number: int, actor: Officer, *, key: str, now: datetime) -> None:
    """The person heard the answer. Raises NotFound, NotAllowed, ToldBefore."""
    if not once.first(change, key, actor, now):
        return
    call = _of(change, number, actor)
    calls.told(change, call.id)
    if letter := outbox.get(change, call.id):
        receipts.arrived(change, letter, now)
    trail.add(change, "call.told", now, actor=actor.id, ticket=call.ticket, outbox=call.id)
    change.tell("calls", f"ticket.{call.ticket}")


def missed(change: Change, number: int, actor: Officer, *, key: str, now: datetime) -> None:
    """Nobody answered: the task stays, and the try is counted. Raises NotFound, NotAllowed, ToldBefore."""
    if not once.first(change, key, actor, now):
        return
    call = _of(change, number, actor)
    calls.tried(change, call.id)
    trail.add(change, "call.missed", now, actor=actor.id, ticket=call.ticket, outbox=call.id)
    change.tell("calls", f"ticket.{call.ticket}")


def _of(change: Change, number: int, actor: Officer) -> Call:
    """A task of a ticket that the officer works on; a foreign one looks as one that never was."""
    letter = outbox.get(change, number) if number < 1 << 62 else None
    ticket = tickets.find(change, letter.ticket) if letter and letter.ticket else None
    if ticket is None or not tickets.sees(change, ticket, actor):
        raise NotFound(str(number))
    if not may_work(actor, ticket):
        raise NotAllowed
    call = calls.find(change, number)
    if call is None:
        raise ToldBefore
    return call
