"""A ticket's words or a person's data are erased by a supervisor's hand; a hold keeps them.

Rows keep ids, times and decisions. The salts of messages go with their words, so that the hashes in the chain of events
say nothing of anybody any more and still verify. Files leave the disk after COMMIT (`desk.erasing_night`).
"""

from datetime import datetime

from msgspec import Struct

from desk import once
from desk.seeing import needs_in
from sop import erasing as rules
from sop.erasing import NotAllYours, NotHeld, PersonErased, Rule, WordsErased
from sop.errors import DeskError
from sop.officer import Officer, Right
from sop.suggest import words_of
from sop.ticket import Ticket
from store import contacts, merges, retention, suggestions, tickets, trail
from store import erasing as store
from store.db import Change, View
from store.erasing import Content

MOST = 100_000  # tickets of one person: all of them


class Page(Struct, frozen=True, kw_only=True):
    """What a supervisor sees before erasing. `family`: the ticket and those joined to it; `refusal`: why its words stay."""

    ticket: Ticket
    family: tuple[int, ...]
    content: Content
    refusal: DeskError | None


class PersonPage(Struct, frozen=True, kw_only=True):
    """`tickets` are all of the person's; `open` those that keep everything from being erased."""

    ticket: Ticket
    tickets: tuple[int, ...]
    open: tuple[int, ...]
    addresses: int
    claims: int
    content: Content


def page(view: View, number: str, actor: Officer) -> Page:
    """Raises NotFound, NotAllowed."""
    ticket = entitled(view, number, actor)
    family = family_of(view, ticket)
    why = rules.refusal(ticket, retention.obstacles(view, family))
    return Page(ticket=ticket, family=family, content=store.content(view, family), refusal=why)


def _erasable(view: View, number: str, actor: Officer) -> tuple[Ticket, tuple[int, ...]]:
    ticket = entitled(view, number, actor)
    family = family_of(view, ticket)
    rules.check(ticket, retention.obstacles(view, family))
    return ticket, family


def entitled(view: View, number: str, actor: Officer) -> Ticket:
    """Raises NotFound, NotAllowed."""
    ticket = tickets.get(view, number, visible_to=actor)
    needs_in(actor, Right.ERASE, ticket.unit)
    return ticket


def family_of(view: View, ticket: Ticket) -> tuple[int, ...]:
    """The ticket, and those whose words stand in its thread."""
    return (ticket.id, *merges.merged(view, ticket.id))


def erase_ticket(
    change: Change, number: str, actor: Officer, typed: str, reason: str, *, key: str, now: datetime
) -> Ticket:
    """Erase the words of a closed ticket, with those joined to it. `typed` is its number once more.

    Raises NotFound, NotAllowed, WrongNumber, NoReason, and what `sop.erasing.check` raises.
    """
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    ticket, family = _erasable(change, number, actor)
    reason = rules.confirmed(ticket, typed, reason)
    erase_words(change, ticket, family, Rule.TICKET, now, reason=reason, by=actor.id)
    once.keep(change, key, actor, ticket=ticket.number)
    return tickets.get(change, number, visible_to=actor)


def erase_words(
    change: Change,
    ticket: Ticket,
    family: tuple[int, ...],
    rule: Rule,
    now: datetime,
    *,
    days: int | None = None,
    reason: str = "",
    by: int | None = None,
) -> None:
    """The words of one family, its account and its events; the person's claims when no other words of theirs are left."""
    content = store.content(change, family)
    for number in family:
        suggestions.forget_rare(change, words_of(suggestions.said(change, number, now)))
    store.words(change, family, rule=rule.value, at=now)
    retention.account(
        change,
        rule.value,
        now,
        ticket=ticket.id,
        days=days,
        reason=reason,
        by=by,
        messages=content.messages + content.notes,
        files=content.files,
    )
    for number in family:
        trail.add(change, "erased", now, actor=by, ticket=number, rule=rule.value, days=days)
        change.tell(f"ticket.{number}")
    if rule is not Rule.PERSON and not store.left(change, ticket.contact):
        store.claims(change, ticket.contact)
    change.tell("queue")


def person_page(view: View, number: str, actor: Officer) -> PersonPage:
    """Raises NotFound, NotAllowed, PersonErased, NotAllYours."""
    ticket, found = _of_person(view, number, actor)
    return PersonPage(
        ticket=ticket,
        tickets=tuple(each.id for each in found),
        open=tuple(each.id for each in found if each.closed_at is None),
        addresses=len(contacts.addresses(view, ticket.contact)),
        claims=len(contacts.claims(view, ticket.contact)),
        content=store.content(view, [each.id for each in found if each.erased_at is None]),
    )


def _of_person(view: View, number: str, actor: Officer) -> tuple[Ticket, list[Ticket]]:
    ticket = entitled(view, number, actor)
    if store.is_gone(view, ticket.contact):
        raise PersonErased
    found = tickets.of_contact(view, ticket.contact, most=MOST)
    if not all(actor.has(Right.ERASE, each.unit) for each in found):
        raise NotAllYours
    return ticket, found


def erase_person(
    change: Change, number: str, actor: Officer, typed: str, reason: str, *, key: str, now: datetime
) -> Ticket:
    """Erase all that is known of the ticket's reporter: the words of all their tickets, name, claims and addresses.

    Whoever writes from there again is a stranger. Raises NotFound, NotAllowed, PersonErased, NotAllYours, WrongNumber,
    NoReason, and what `sop.erasing.check` raises for any of the tickets.
    """
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    ticket, found = _of_person(change, number, actor)
    reason = rules.confirmed(ticket, typed, reason)
    for each in found:
        if each.erased_at is None and each.merged_into is None:
            family = family_of(change, each)
            rules.check(each, retention.obstacles(change, family))
            erase_words(change, each, family, Rule.PERSON, now, reason=reason, by=actor.id)
    store.person(change, ticket.contact, at=now)
    retention.account(change, Rule.PERSON.value, now, contact=ticket.contact, reason=reason, by=actor.id)
    trail.add(
        change,
        "person.erased",
        now,
        actor=actor.id,
        ticket=ticket.id,
        contact=ticket.contact,
        tickets=[each.id for each in found],
    )
    once.keep(change, key, actor, ticket=ticket.number)
    return tickets.get(change, number, visible_to=actor)


def hold(change: Change, number: str, actor: Officer, reason: str, *, key: str, now: datetime) -> Ticket:
    """Nothing of the ticket is erased until somebody lifts it. Raises NotFound, NotAllowed, WordsErased, NoReason."""
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    ticket = entitled(change, number, actor)
    if ticket.erased_at is not None:
        raise WordsErased(ticket.number)
    if retention.hold(change, ticket.id, rules.reasoned(reason), by=actor.id, at=now):
        trail.add(change, "held", now, actor=actor.id, ticket=ticket.id)
        change.tell(f"ticket.{ticket.id}")
    once.keep(change, key, actor, ticket=ticket.number)
    return ticket


def lift(change: Change, number: str, actor: Officer, *, key: str, now: datetime) -> Ticket:
    """Retention counts again. Raises NotFound, NotAllowed, NotHeld."""
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    ticket = entitled(change, number, actor)
    if not retention.lift(change, ticket.id, by=actor.id, at=now):
        raise NotHeld(ticket.number)
    trail.add(change, "hold_lifted", now, actor=actor.id, ticket=ticket.id)
    once.keep(change, key, actor, ticket=ticket.number)
    change.tell(f"ticket.{ticket.id}")
    return ticket
