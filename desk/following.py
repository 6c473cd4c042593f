"""Who follows a ticket hears of its reporter's words and of decisions, in their own chat, once each."""

from collections.abc import Collection
from datetime import datetime

from desk import notify
from desk.seeing import must_read, reads
from sop.errors import N_
from sop.language import translate
from sop.officer import Officer
from sop.text import shortened
from sop.ticket import Ticket
from sop.visit import Move
from store import followers, officers, tickets, trail
from store.db import Change

QUOTE = 300  # characters


def follow(change: Change, number: str, actor: Officer, now: datetime) -> Ticket:
    """For whoever reads the ticket. Following twice is following. Raises NotFound, OnlyDecides."""
    ticket = tickets.get(change, number, visible_to=actor)
    must_read(actor, ticket)
    followers.add(change, ticket.id, actor.id, now)
    trail.add(change, "followed", now, actor=actor.id, ticket=ticket.id)
    return ticket


def unfollow(change: Change, number: str, actor: Officer, now: datetime) -> Ticket:
    """Raises NotFound, OnlyDecides."""
    ticket = tickets.get(change, number, visible_to=actor)
    must_read(actor, ticket)
    followers.drop(change, ticket.id, actor.id)
    trail.add(change, "unfollowed", now, actor=actor.id, ticket=ticket.id)
    return ticket


def heard(change: Change, ticket: Ticket, words: str, now: datetime) -> int:
    """The reporter wrote; how many chats were told."""
    told = 0
    for each in _listening(change, ticket, now, besides=()):
        said = translate(
            N_("Pelapor menulis di tiket #{number} yang Anda ikuti: {text}"),
            each.language,
            number=ticket.number,
            text=shortened(" ".join(words.split()), QUOTE) or "-",
        )
        told += notify.tell(change, each, ticket, said, now, kind="follow")
    return told


def decided(change: Change, ticket: Ticket, step: Move) -> int:
    """A decision was taken; who decided, and who hears of it as theirs, are not told again. How many chats were told."""
    now = step.closed.closed_at
    if now is None:
        return 0
    own = {*step.tell_lanes, *([step.opened.lane] if step.opened else [])}
    told = 0
    for each in _listening(change, ticket, now, besides={step.closed.by, ticket.holder}):
        if own & each.lanes(ticket.unit):
            continue
        said = translate(
            N_("Tiket #{number} yang Anda ikuti: {label}. {reason}"),
            each.language,
            number=ticket.number,
            label=translate(step.decision.label, each.language),
            reason=shortened(step.closed.reason, QUOTE),
        )
        told += notify.tell(change, each, ticket, said.strip(), now, kind="follow")
    return told


def _listening(
    change: Change, ticket: Ticket, now: datetime, besides: Collection[int | None]
) -> list[Officer]:
    """Followers who may still read the ticket."""
    found = (officers.find(change, each, now) for each in followers.of(change, ticket.id))
    return [each for each in found if each and each.id not in besides and reads(each, ticket)]
