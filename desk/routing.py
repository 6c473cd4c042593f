"""A category routes a case: to its unit, and to the procedure that is in force there (JSS step 1)."""

from datetime import datetime

from msgspec.structs import replace

from desk import publication_asker, publication_requests, visiting
from sop.office import Category, Office
from sop.ticket import Ticket
from store.db import Change


def route(change: Change, office: Office, ticket: Ticket, category: Category, now: datetime) -> Ticket:
    """The case where its category belongs, at that procedure's first step. What an officer decided stays.

    Its stay so far is closed as `kategori`. The ticket is not saved here.
    """
    own = office.units.get(category.unit or 0) or office.units.get(ticket.unit or 0)
    unit = own or office.unit_of(ticket.channel, category)
    bound = office.binding(unit, category, ticket.opened_at)
    if ticket.decided or unit is None or bound is None:
        return ticket
    if bound.publishes and publication_asker.of_ticket(change, ticket):
        return ticket
    if (unit.id, bound.id) == (ticket.unit, ticket.procedure):
        return ticket
    visiting.leave(change, ticket, kind="step", decision="kategori", by=None, now=now)
    ticket = visiting.start(change, office, replace(ticket, unit=unit.id, procedure=None), bound, now)
    if bound.publishes:
        publication_requests.open_for(change, office, ticket, now)
    return ticket
