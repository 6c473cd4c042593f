"""The sweeper's look at WhatsApp's windows: who should answer before one closes, and what waited long enough for one."""

from datetime import datetime

from desk import late, notify, visiting
from sop import way as rules
from sop.calendar import office_hours
from sop.channels import window_ends
from sop.office import Office
from sop.ticket import Status, Ticket
from sop.wording import moment
from store import conversations, tickets, trail, waiting
from store import office as offices
from store.db import Change, Database

BATCH = 50


async def once(db: Database, now: datetime) -> int:
    """Remind before windows close, and let fall back what waited in vain; how many were tended."""
    tended = 0
    while due := await db.read(conversations.to_look_at, now, BATCH):
        tended += await db.write(look, due, now)
    while await db.read(waiting.overdue, now, 1):
        tended += await db.write(late.fall_back, now)
    return tended


def look(change: Change, due: list[int], now: datetime) -> int:
    """Remind, or note when to look again: each window is spoken of once."""
    office = offices.current(change)
    for number in due:
        conversation = conversations.get(change, number)
        ticket = tickets.find(change, conversation.ticket) if conversation.ticket else None
        until = window_ends(conversation.channel, conversation.last_in_at)
        if ticket is None or until is None or now >= until or not _unanswered(office, ticket):
            conversations.look_again(change, number, None)
            continue
        unit = office.units.get(ticket.unit or 0)
        calendar = unit.calendar if unit else office_hours()
        at = rules.remind_at(until, now, calendar)
        if at > now:
            conversations.look_again(change, number, at)
            continue
        conversations.look_again(change, number, None)
        notify.window(change, office, ticket, moment(until, calendar.zone), now)
        trail.add(change, "reminder.window", now, ticket=ticket.id, conversation=number)
        change.tell(f"ticket.{ticket.id}")
    return len(due)


def _unanswered(office: Office, ticket: Ticket) -> bool:
    """The office has the ball. A ticket that was answered or closed meanwhile is looked at no more."""
    return ticket.status is Status.OPEN and not visiting.with_reporter(office, ticket)
