"""A message arrives and becomes, or joins, a ticket (UC3 Tata Cara 1; ITB step 2; JSS step 1).

One change holds all of it: the person, the conversation, the ticket and its first step, the message, the
acknowledgement and the event. It runs twice when the group it was in was undone, so ids and time come in.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from desk import (
    assigning,
    doors,
    following,
    late,
    letters,
    meeting,
    publication_asker,
    publication_requests,
    replying,
    setting_down,
    summons,
    talk,
    talk_effects,
    visiting,
)
from desk.ids import Ids
from sop import identity
from sop.conversation import OFFER, Joining, matter
from sop.dialog_state import Heard, Join, Open, Scene, Stop, Turn
from sop.language import Language, chosen
from sop.messages import Incoming
from sop.office import Category, Office, Unit
from sop.text import subject_of
from sop.ticket import Status, Ticket, reopen
from sop.way import asks_for_answer
from store import contacts, conversations, seen, tickets, trail
from store import office as offices
from store.conversations import Conversation
from store.db import Change
from store.doors import Door


class Arrival(Struct, frozen=True, kw_only=True):
    """What the steps of one intake pass on."""

    office: Office
    incoming: Incoming
    conversation: Conversation
    ids: Ids
    now: datetime
    language: Language
    category: Category | None = None  # chosen by the person, or by the agent at the counter
    unit: Unit | None = None  # whose address the form has, or whose door the person came through
    door: Door | None = None  # the deep link by which the person came
    claims: tuple[identity.Claim, ...] = ()  # stated in fields of their own, or as an answer
    heard: Heard | None = None  # of a message that came by a channel: what the intake talk makes of it
    scene: Scene | None = None
    turn: Turn | None = None


def take_in(change: Change, incoming: Incoming, ids: Ids, now: datetime) -> int | None:
    """The ticket's number; None when the message was here before or opens none (a greeting, a command)."""
    if not seen.first(change, incoming.channel, incoming.external_id, now):
        return None
    incoming, door = doors.entered(change, incoming)
    incoming, found = meeting.whose(change, incoming)
    language = chosen(incoming.language)
    conversation = (
        meeting.heard(change, found, incoming, now)
        if found
        else meeting.meet(change, incoming, ids, language, now)
    )
    arrival = Arrival(
        office=offices.current(change),
        incoming=incoming,
        conversation=conversation,
        ids=ids,
        now=now,
        language=language,
        door=door,
    )
    if incoming.edits and (done := setting_down.revise(change, incoming, now)):
        return _more(change, arrival, done)
    if incoming.group and (done := setting_down.join_album(change, arrival)):
        return _more(change, arrival, done)
    return _word(change, arrival)


def _word(change: Change, arrival: Arrival) -> int | None:
    """What the talk makes of the message: it begins a ticket, joins one, opens one again, or is none of a ticket's words."""
    arrival = talk_effects.before(change, talk.listen(change, arrival))
    turn, scene = arrival.turn, arrival.scene
    assert turn is not None and scene is not None
    if announced := _let_go(change, arrival):
        return _only_asked(change, arrival, announced)
    kept = turn.kept
    if isinstance(kept, Open):
        office = arrival.office
        chosen, unit = office.categories.get(kept.category), office.units.get(kept.unit)
        return open_ticket(change, replace(arrival, category=chosen, unit=unit))
    if kept is None:
        talk.speak(change, arrival, turn, talk.spoken_of(change, arrival))
        return None
    current = talk.spoken_of(change, arrival)
    assert current is not None
    if isinstance(kept, Join):
        number = join(change, arrival, current, kept.how)
        talk.speak(change, arrival, turn, current)
        return number
    return reopen_for(change, arrival, current)


def _let_go(change: Change, arrival: Arrival) -> Ticket | None:
    """Send what waited for this word on WhatsApp; the ticket of it, where the word asks for nothing else."""
    conversation, turn = arrival.conversation, arrival.turn
    if conversation.channel != "whatsapp" or talk.met(arrival) or (turn and Stop() in turn.effects):
        return None
    freed = late.window_opened(change, conversation.id, arrival.now)
    incoming = arrival.incoming
    if not freed or not asks_for_answer(
        incoming.text, button=bool(incoming.button), files=bool(incoming.files)
    ):
        return None
    return tickets.find(change, freed[0].ticket or 0)


def _only_asked(change: Change, arrival: Arrival, current: Ticket) -> int:
    """The word is kept with the answer that it asked for, and starts no clock."""
    ticket, message = _say(change, arrival, current)
    ticket = replace(ticket, unread=current.unread)
    tickets.save(change, ticket, current)
    _tell(change, ticket, "message.in", arrival, message)
    return ticket.id


def _more(change: Change, arrival: Arrival, number: int) -> int:
    """An edit, or a caption that came with a later part of an album, may bring what was missing."""
    if not arrival.incoming.text and not arrival.conversation.dialog:
        return number
    arrival = talk_effects.before(change, talk.listen(change, arrival, again=True))
    before = arrival.scene.current if arrival.scene else None
    if before is None or before.id != number or before.status is Status.CLOSED or arrival.turn is None:
        return number
    claims = _claims(arrival)
    _state(change, before.contact, claims, arrival.now)
    proof = "stated" if claims and before.proof == "none" else before.proof
    ticket = talk_effects.filed(change, arrival, replace(before, proof=proof))
    if ticket != before:
        tickets.save(change, ticket, before)
    talk.speak(change, arrival, arrival.turn, ticket)
    return number


def join(change: Change, arrival: Arrival, current: Ticket, what: Joining) -> int:
    """A further word of the ticket's person."""
    ticket, message = _say(change, arrival, current)
    if what is Joining.OFFER:
        _offer(change, arrival, ticket)
    elif what is Joining.JOIN:
        ticket = talk_effects.filed(change, arrival, _taken_up(change, arrival, ticket))
    tickets.save(change, ticket, current)
    _tell(change, ticket, "message.in", arrival, message)
    if not arrival.incoming.auto:
        publication_requests.more(change, ticket, message, arrival.now)
    return ticket.id


def open_ticket(change: Change, arrival: Arrival) -> int:
    """A new ticket with a number at once, its first step begun where the unit's procedure is known."""
    incoming, office, now, ids = arrival.incoming, arrival.office, arrival.now, arrival.ids
    heard = arrival.heard or talk.hear(arrival)
    suggested = office.categories.get(heard.suggests)
    category = arrival.category or (None if office.publishes(suggested, now) else suggested)
    unit = _unit(arrival, category)
    contact = arrival.conversation.contact
    ticket = Ticket(
        id=tickets.next_number(change),
        subject=incoming.subject
        or subject_of(matter(incoming.text))
        or talk.kind_of(incoming, arrival.language),
        unit=unit.id if unit else None,
        contact=contact,
        conversation=arrival.conversation.id,
        channel=incoming.channel,
        token=ids.ticket,
        name=incoming.name,
        language=arrival.language,
        opened_at=now,
        changed_at=now,
    )
    claims = (*arrival.claims, *heard.claims)
    ticket = replace(ticket, proof=_proof(change, arrival, claims))
    bound = office.binding(unit, category, now)
    publishes = bound is not None and bound.publishes and not incoming.auto
    begun = visiting.start(change, office, ticket, bound, now)
    begun = replace(assigning.share(change, office, begun, now), messages=1)
    tickets.add(change, begun)
    if arrival.category:
        tickets.tag(change, begun.id, arrival.category.id, by=None, at=now)
    conversations.set_ticket(change, arrival.conversation.id, begun.id)
    message = setting_down.write(change, arrival, begun.id)
    _state(change, contact, claims, now)
    asked = publication_requests.open_for(change, office, begun, now) if publishes else None
    promise = publication_asker.standing(office, asked, arrival.language) if asked else ""
    talk.acknowledge(change, arrival, begun, None if bound and bound.publishes else bound, promise)
    if asked is None:  # the chain's own lane has its card
        summons.call_officers(change, arrival, begun)
    trail_facts: dict[str, Any] = {
        "unit": begun.unit,
        "step": begun.step,
        "suggested": category.id if category else None,
    }
    _tell(change, begun, "opened", arrival, message, **trail_facts)
    return begun.id


def _unit(arrival: Arrival, category: Category | None) -> Unit | None:
    """The unit of the category that was chosen, else of the form's address, else as the office routes its channel."""
    office, chosen = arrival.office, arrival.category
    if arrival.unit and not (chosen and chosen.unit):
        return arrival.unit
    return office.unit_of(arrival.incoming.channel, category)


def _say(change: Change, arrival: Arrival, current: Ticket) -> tuple[Ticket, int]:
    """Another message of the ticket's person."""
    message = setting_down.write(change, arrival, current.id)
    claims = _claims(arrival)
    _state(change, current.contact, claims, arrival.now)
    proof = "stated" if claims and current.proof == "none" else current.proof
    ticket = replace(
        current,
        messages=current.messages + 1,
        proof=proof,
        unread=True,
        changed_at=arrival.now,
    )
    return ticket, message


def _taken_up(change: Change, arrival: Arrival, ticket: Ticket) -> Ticket:
    """Whose turn it is after this word; a machine's moves nothing."""
    incoming = arrival.incoming
    if incoming.auto:
        return ticket
    return replying.wrote(
        change, arrival.office, ticket, incoming.text, arrival.now, files=bool(incoming.files)
    )


def _offer(change: Change, arrival: Arrival, ticket: Ticket) -> None:
    """The ticket is closed: the word is kept there, and reopening is offered once."""
    if arrival.incoming.auto or not talk.offer(change, arrival, ticket):
        return
    visiting.wait(change, ticket, "offer", arrival.now, arrival.now + OFFER)


def reopen_for(change: Change, arrival: Arrival, current: Ticket) -> int:
    """The person says that it is not over: the narahubung's again, with the first step's limit. Raises NotReopenable."""
    ticket, message = _say(change, arrival, current)
    visiting.leave(change, ticket, kind="offer", decision="ya", by=None, now=arrival.now)
    ticket = visiting.follow_up(change, arrival.office, reopen(ticket, arrival.now), arrival.now)
    tickets.save(change, ticket, current)
    talk.reopened(change, arrival, ticket)
    summons.call_officers(change, arrival, ticket)
    _tell(change, ticket, "reopened", arrival, message)
    return ticket.id


def _proof(change: Change, arrival: Arrival, claims: tuple[identity.Claim, ...]) -> str:
    """The badge of a new ticket: what an officer found of this person, where the provider vouches that it is they."""
    known = contacts.find(change, arrival.conversation.contact)
    vouched = arrival.incoming.proved and arrival.incoming.channel not in ("web", "counter")
    if known and vouched and identity.Proof(known.proof).verified:
        return known.proof
    return "stated" if claims else "none"


def _claims(arrival: Arrival) -> tuple[identity.Claim, ...]:
    """What the message states of its writer, and what it answered."""
    heard = arrival.heard or talk.hear(arrival)
    return tuple(dict.fromkeys((*arrival.claims, *heard.claims)))


def _state(change: Change, contact: int, claims: tuple[identity.Claim, ...], now: datetime) -> None:
    for claim in claims:
        contacts.state_claim(change, contact, kind=claim.kind, value=claim.value, level="stated", at=now)


def _tell(change: Change, ticket: Ticket, kind: str, arrival: Arrival, message: int, **facts: Any) -> None:
    """The event of the chain, and who wants to hear of it."""
    words = letters.fingerprint(arrival.incoming.text, arrival.ids.salt)
    trail.add(change, kind, arrival.now, ticket=ticket.id, message=message, words=words, **facts)
    if kind != "opened":
        following.heard(change, ticket, arrival.incoming.text, arrival.now)
    change.tell("queue", f"ticket.{ticket.id}")
