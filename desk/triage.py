"""An agent takes a ticket, files it under categories, and says whether its reporter's identity holds (ITB steps 3, 7)."""

from datetime import datetime

from msgspec.structs import replace

from desk import once, routing, suggesting, visiting
from desk.seeing import may_work, needs, workable
from sop.errors import N_, DeskError
from sop.identity import Proof
from sop.officer import Officer, Right
from sop.ticket import HeldByOther, Ticket
from store import contacts, officers, tickets, trail, visits
from store import office as offices
from store.db import Change


class UnknownCategory(DeskError):
    def __init__(self, code: str, known: str) -> None:
        super().__init__(N_("Kategori “{code}” tidak ada. Yang tersedia: {known}."), code=code, known=known)


class UnknownOfficer(DeskError):
    def __init__(self, login: str) -> None:
        super().__init__(
            N_("Petugas “{login}” tidak ditemukan atau tidak bertugas di unit ini."), login=login
        )


def take(change: Change, number: str, actor: Officer, *, key: str, now: datetime) -> Ticket:
    """Become the holder. Raises HeldByOther when a colleague is; taking what one holds changes nothing."""
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    before = workable(change, number, actor)
    if before.holder == actor.id:
        return before
    if before.holder is not None:
        holder = officers.find(change, before.holder, now)
        raise HeldByOther(before.number, holder.name if holder else "-")
    return _hand(change, before, actor.id, actor, "taken", key, now)


def assign(change: Change, number: str, actor: Officer, login: str, *, key: str, now: datetime) -> Ticket:
    """Give it to a colleague of the unit; the holder's own and the supervisor's right. Raises UnknownOfficer."""
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    before = workable(change, number, actor)
    if before.holder != actor.id:
        needs(actor, Right.ASSIGN, before.unit)
    other = officers.by_login(change, login, now)
    if other is None or not other.has(Right.WORK, before.unit):
        raise UnknownOfficer(login)
    return _hand(change, before, other.id, actor, "assigned", key, now)


def tag(change: Change, number: str, actor: Officer, code: str, *, key: str, now: datetime) -> Ticket:
    """File it under a category. The first officer's category also routes a case that no procedure holds yet."""
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    before = workable(change, number, actor)
    office = offices.current(change)
    category = next((each for each in office.categories.values() if each.code == code.strip().lower()), None)
    if category is None:
        raise UnknownCategory(code, ", ".join(sorted(each.code for each in office.categories.values())))
    if category.id in before.categories or not tickets.tag(
        change, before.id, category.id, by=actor.id, at=now
    ):
        return before
    suggesting.chosen(change, before, category.id, now)
    ticket = replace(before, categories=(*before.categories, category.id), changed_at=now)
    if ticket.procedure is None:
        ticket = routing.route(change, office, ticket, category, now)
    tickets.save(change, ticket, before)
    trail.add(change, "tagged", now, actor=actor.id, ticket=ticket.id, category=category.id)
    once.keep(change, key, actor, ticket=ticket.number)
    change.tell("queue", f"ticket.{ticket.id}")
    return ticket


def untag(change: Change, number: str, actor: Officer, code: str, *, key: str, now: datetime) -> Ticket:
    """Take a category off again."""
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    before = workable(change, number, actor)
    office = offices.current(change)
    carried = office.tags(before.categories)
    category = next((each for each in carried if each.code == code.strip().lower()), None)
    if category is None:
        return before
    suggesting.taken_off(change, office, before, category.id)
    tickets.untag(change, before.id, category.id)
    left = tuple(each for each in before.categories if each != category.id)
    ticket = replace(before, categories=left, changed_at=now)
    tickets.save(change, ticket, before)
    trail.add(change, "untagged", now, actor=actor.id, ticket=ticket.id, category=category.id)
    once.keep(change, key, actor, ticket=ticket.number)
    change.tell("queue", f"ticket.{ticket.id}")
    return ticket


def check_identity(
    change: Change,
    number: str,
    actor: Officer,
    *,
    kind: str,
    value: str,
    valid: bool,
    how: str,
    key: str,
    now: datetime,
) -> Ticket:
    """ITB step 3: the agent says that a stated identity holds or not, and where it was looked up."""
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    before = workable(change, number, actor)
    level = Proof.CHECKED if valid else Proof.REJECTED
    contacts.state_claim(
        change, before.contact, kind=kind, value=value, level=level.value, at=now, how=how, by=actor.id
    )
    proof = contacts.standing(change, before.contact)
    contacts.set_proof(change, before.contact, proof)
    trail.add(change, "identity", now, actor=actor.id, ticket=before.id, claim=kind, level=level.value)
    once.keep(change, key, actor, ticket=before.number)
    change.tell("queue", f"ticket.{before.id}")
    return replace(before, proof=proof)


def read(change: Change, number: str, actor: Officer) -> None:
    """The holder has opened it, or an agent what nobody holds: nothing unread is left. Others change nothing."""
    before = tickets.get(change, number, visible_to=actor)
    if before.unread and before.holder in (None, actor.id) and may_work(actor, before):
        tickets.save(change, replace(before, unread=False), before)
        change.tell("queue")


def _hand(
    change: Change, before: Ticket, holder: int, actor: Officer, kind: str, key: str, now: datetime
) -> Ticket:
    ticket = replace(before, holder=holder, changed_at=now)
    tickets.save(change, ticket, before)
    current = visits.open_of(change, ticket.id)
    if current and visiting.agents_turn(offices.current(change), ticket):
        visits.hold(change, current.id, holder)
    trail.add(change, kind, now, actor=actor.id, ticket=ticket.id, holder=holder)
    once.keep(change, key, actor, ticket=ticket.number)
    change.tell("queue", f"ticket.{ticket.id}")
    return ticket
