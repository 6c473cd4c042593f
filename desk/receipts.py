"""Whether an answer reached its reporter (MIPA step 7): confirmed by the provider, else tried at their next address."""

from datetime import datetime

from msgspec.structs import replace

from desk import letters, notify, replying, ways
from sop import way as rules
from sop.errors import N_
from sop.language import translate
from sop.office import Office
from sop.procedure import speaker_lane
from sop.ticket import Ticket
from store import conversations, messages, officers, tickets, trail
from store import office as offices
from store.db import Change
from store.outbox import Letter


def arrived(change: Change, letter: Letter, now: datetime) -> None:
    """An answer is with its person: the step that waits for that is done."""
    if letter.kind != "answer" or letter.ticket is None:
        return
    before = tickets.find(change, letter.ticket)
    after = replying.received(change, offices.current(change), before, now) if before else None
    if before and after and after != before:
        tickets.save(change, replace(after, changed_at=now), before)
        trail.add(change, "received", now, ticket=before.id, outbox=letter.id)
        change.tell("queue")


def try_elsewhere(change: Change, office: Office, ticket: Ticket, now: datetime) -> None:
    """No word of arrival in time: the answer goes to another address they wrote from or confirmed, else an officer calls."""
    words = messages.last_answer(change, ticket.id)
    way = rules.elsewhere(ways.of_ticket(change, ticket, now), ticket.conversation)
    if words and way and not way.by_hand:
        other, salt = conversations.get(change, way.conversation), ticket.token[:8]
        letters.to_reporter(change, ticket, other, words, now=now, salt=salt, automatic=True, kind="answer")
        ways.speaks_of(change, other.id, ticket)
        trail.add(change, "retried", now, ticket=ticket.id, conversation=other.id)
        return
    if words:
        to = ways.number_of(change, ticket)
        letters.by_hand(change, ticket, words, to=to, now=now, salt=ticket.token[:8])
    _tell_holder(change, office, ticket, now)
    trail.add(change, "call", now, ticket=ticket.id)


def _tell_holder(change: Change, office: Office, ticket: Ticket, now: datetime) -> None:
    bound = office.pinned(ticket.procedure)
    holder = officers.find(change, ticket.holder, now) if ticket.holder else None
    people = (
        [holder]
        if holder
        else officers.in_lane(change, speaker_lane(bound.procedure) if bound else "", ticket.unit, now)
    )
    for each in people:
        call = N_(
            "Jawaban tiket #{number} belum dipastikan sampai. Mohon hubungi pelapor; tugasnya ada di halaman Loket."
        )
        notify.tell(
            change, each, ticket, translate(call, each.language, number=ticket.number), now, kind="call"
        )
