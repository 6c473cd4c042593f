"""Whether words may go to the reporter of this ticket, as its categories ask."""

from sop import answering as rules
from sop.answering import Demand, Used
from sop.identity import Proof
from sop.office import Office
from sop.ticket import MergedBefore, Status, Ticket
from store import office as offices
from store import templates
from store.db import View
from store.templates import Template


def check(view: View, ticket: Ticket, text: str, template: int | None) -> None:
    """For every answer, question and scheduled word of an officer to an open ticket. Raises MergedBefore, NotChecked, OnlyTemplates."""
    if ticket.merged_into is not None:
        raise MergedBefore(ticket.number, ticket.merged_into)
    if ticket.status is Status.CLOSED:
        return
    asked = demand(offices.current(view), ticket)
    if not asked:
        return
    found = templates.get(view, template) if template else None
    rules.check(asked, Proof(ticket.proof), text, _used(found, ticket) if found else None)


def demand(office: Office, ticket: Ticket) -> Demand:
    """What the ticket's categories ask for."""
    return rules.demand(office.categories[each] for each in ticket.categories if each in office.categories)


def _used(template: Template, ticket: Ticket) -> Used:
    """A template of another unit is none of this ticket's."""
    ours = template.unit is None or template.unit == ticket.unit
    return Used(
        bodies=(template.body, *(each.body for each in template.variants.values() if each.body)),
        in_force=ours and template.status == "approved",
        harmless=template.harmless,
    )
