"""Words for officers: mentions, reminders and cards leave by the outbox, with the staff bot as their sender."""

import re
from datetime import datetime

from sop import card
from sop.errors import N_
from sop.language import translate
from sop.messages import Outgoing, Priority
from sop.office import Office
from sop.officer import Officer
from sop.text import shortened
from sop.ticket import Ticket
from store import officers, outbox, tickets
from store.db import Change

BOT = "staff"
_MENTION = re.compile(r"(?<![\w.@])@([\w.\-]{2,40})")


def mentioned(change: Change, ticket: Ticket, text: str, author: Officer, now: datetime) -> None:
    """Tell every colleague whom a note names by @login, if they may see the ticket and have linked a chat."""
    for login in dict.fromkeys(name.rstrip(".").lower() for name in _MENTION.findall(text)):
        officer = officers.by_login(change, login, now)
        if officer is None or officer.id == author.id or not tickets.sees(change, ticket, officer):
            continue
        words = translate(
            N_("{name} menyebut Anda di tiket #{number}: {text}"),
            officer.language,
            name=author.name,
            number=ticket.number,
            text=shortened(" ".join(text.split()), 300),
        )
        tell(change, officer, ticket, words, now, kind="mention")


def tell(change: Change, officer: Officer, ticket: Ticket, words: str, now: datetime, *, kind: str) -> bool:
    """One word to one officer's chat; False when none is linked."""
    chat = officers.chats_of(change, BOT, [officer.id]).get(officer.id)
    if chat is None:
        return False
    outgoing = Outgoing(
        id=0,
        channel=BOT,
        to=chat,
        text=words,
        buttons=card.buttons(ticket, officer.language),
        priority=Priority.NOTICE,
    )
    outbox.add(change, outgoing, now=now, kind=kind, ticket=ticket.id)
    return True


def lane(change: Change, office: Office, ticket: Ticket, lane: str, now: datetime) -> int:
    """Remind who has the ball: its holder, else everybody of the lane; how many chats were told."""
    holder = officers.find(change, ticket.holder, now) if ticket.holder and lane == ticket.lane else None
    people = [holder] if holder else officers.in_lane(change, lane or "supervisor", ticket.unit, now)
    return sum(
        tell(change, each, ticket, card.reminder(office, ticket, now, each.language), now, kind="reminder")
        for each in people
    )
