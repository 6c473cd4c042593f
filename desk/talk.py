"""The desk's side of the intake talk: what it knows of a message goes into `sop.dialog`, and its words come out as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from desk import letters, publication_asker, subscribing
from sop import dialog, dialog_menus, dialog_words, identity
from sop.clock import is_open, next_opening
from sop.conversation import may_say
from sop.dialog_reading import Word, asked_about, known, named, point, read
from sop.dialog_state import Choose, Heard, Join, Reopen, Say, Scene, State, Turn
from sop.errors import N_
from sop.language import Language, translate
from sop.limit import limit_words
from sop.messages import Incoming, Kind
from sop.office import Category, InForce
from sop.procedure import first_stay
from sop.ticket import Status, Ticket
from sop.wording import moment
from store import contacts, conversations, messages, outbox, seen, tickets, visits
from store.db import Change

if TYPE_CHECKING:
    from desk.intake import Arrival

KINDS = {
    Kind.PHOTO: N_("Foto"),
    Kind.VOICE: N_("Pesan suara"),
    Kind.DOCUMENT: N_("Dokumen"),
    Kind.VIDEO: N_("Video"),
    Kind.LOCATION: N_("Lokasi"),
}
OF_NO_TICKET = frozenset(
    {
        Say.GREETING,
        Say.HELP,
        Say.STATUS,
        Say.STOPPED,
        Say.NEW,
        Say.CHOSEN,
        Say.TOPICS,
        Say.NO_TOPICS,
        Say.STOPPING,
    }
)
SHOWN = 5  # tickets in the answer to "status"


def kind_of(incoming: Incoming, language: Language) -> str:
    """The subject of a ticket that begins without words."""
    return translate(KINDS.get(incoming.kind, N_("Pesan tanpa teks")), language)


def listen(change: Change, arrival: Arrival, *, again: bool = False) -> Arrival:
    """The arrival with the turn that its message brings about. `again`: further words of a message kept already."""
    state = state_of_talk(arrival)
    heard = hear(arrival, again=again)
    scene = _scene(change, arrival, state, heard)
    turn = dialog.step(state, heard, scene, arrival.now)
    incoming = arrival.incoming
    if incoming.button and not incoming.text:
        label = dialog_words.label_of(incoming.button, scene, arrival.language)
        incoming = replace(incoming, text=label)
    return replace(arrival, incoming=incoming, heard=heard, scene=scene, turn=turn)


def state_of_talk(arrival: Arrival) -> State:
    try:
        return msgspec.convert(arrival.conversation.dialog, State)
    except msgspec.ValidationError:
        return State()


def hear(arrival: Arrival, *, again: bool = False) -> Heard:
    """The facts of a message that the talk looks at."""
    incoming = arrival.incoming
    suggested = arrival.office.suggest(f"{incoming.subject} {incoming.text}")
    return Heard(
        text=incoming.text,
        button=incoming.button,
        photo=any(
            each.kind is Kind.PHOTO or each.content_type.startswith("image/") for each in incoming.files
        ),
        files=bool(incoming.files),
        location=incoming.location is not None or point(incoming.text) is not None,
        claims=identity.recognise(incoming.text),
        suggests=suggested.id if suggested else 0,
        auto=incoming.auto,
        sign=incoming.kind is Kind.REACTION,
        provider=str(incoming.payload.get("opt_out", "")).upper(),
        again=again,
        door=arrival.door is not None,
        unit=arrival.door.unit or 0 if arrival.door else 0,
        category=arrival.door.category or 0 if arrival.door else 0,
    )


def begins(incoming: Incoming) -> bool:
    """Whether a first message is answered by an automatic word: a command is answered, which is another thing."""
    return not incoming.button and (bool(incoming.files) or read(incoming.text) is Word.PLAIN)


def _scene(change: Change, arrival: Arrival, state: State, heard: Heard) -> Scene:
    """What stands around the message. Of a person who is new nothing is asked of the store."""
    conversation = arrival.conversation
    scene = Scene(
        categories=_offered(arrival, heard.unit or state.unit),
        identified=any(map(known, heard.claims)),
        unreachable=conversation.state != "reachable",
        threads=conversation.channel == "mail",
        said_at=conversation.said_at,
    )
    scene = subscribing.around(change, arrival, state, heard, scene)
    if met(arrival) or not (heard.files or heard.button or read(heard.text) is Word.PLAIN):
        return scene
    current = tickets.find(change, conversation.ticket) if conversation.ticket else None
    said = scene.identified or (
        any(each.identity != "none" for each in scene.categories)
        and _identified(change, conversation.contact)
    )
    return replace(
        scene,
        current=current,
        named=_named(change, arrival, current),
        others=_others(change, arrival, state, current) if not scene.threads else (),
        offered=current is not None and offered(change, state, current),
        identified=said,
    )


def _offered(arrival: Arrival, unit: int) -> tuple[Category, ...]:
    """The categories of the menu; at a unit's door those that are its own or everybody's."""
    found = tuple(arrival.office.categories.values())
    return tuple(each for each in found if each.unit in (None, unit)) if unit else found


def met(arrival: Arrival) -> bool:
    """The conversation begins with this message."""
    return arrival.conversation.last_in_at is None


def _identified(change: Change, contact: int) -> bool:
    kinds = {identity.Trait.NIM, identity.Trait.NIP, identity.Trait.NIK, identity.Trait.NAME}
    return any(each.kind in kinds and each.level != "rejected" for each in contacts.claims(change, contact))


def _named(change: Change, arrival: Arrival, current: Ticket | None) -> Ticket | None:
    """The person's own ticket that the text names, or whose message they reply to; another's looks like none."""
    incoming = arrival.incoming
    numbers = list(named(incoming.text))
    if incoming.reply_to and incoming.channel != "mail":
        said = messages.find_external(change, incoming.channel, incoming.reply_to, "out")
        said = said or messages.find_external(change, incoming.channel, incoming.reply_to)
        part = None if said else seen.find(change, f"part.{incoming.channel}", incoming.reply_to)
        numbers += [said["ticket_id"]] if said else [part[1].get("ticket") or 0] if part else []
    for number in numbers:
        ticket = current if current and current.id == number else tickets.find(change, number)
        if ticket and ticket.contact == arrival.conversation.contact:
            return ticket
    return None


def _others(change: Change, arrival: Arrival, state: State, current: Ticket | None) -> tuple[Ticket, ...]:
    """The person's other open tickets, where it matters which is meant."""
    among = any(each.startswith("tiket:") for each in (*state.options, arrival.incoming.button))
    if current is None or (dialog.in_focus(state, current, arrival.now) and not among):
        return ()
    found = tickets.of_contact(change, arrival.conversation.contact)
    return tuple(each for each in found if each.status is not Status.CLOSED and each.id != current.id)


def offered(change: Change, state: State, ticket: Ticket) -> bool:
    """Reopening was offered here, and nobody has answered yet: an offer ends with its visit."""
    if ticket.status is not Status.CLOSED or state.offer != ticket.id:
        return False
    return visits.open_of(change, ticket.id, kind="offer") is not None


def spoken_of(change: Change, arrival: Arrival) -> Ticket | None:
    """The ticket that the turn speaks of: the one that its words join, that was chosen, or the current one."""
    turn, scene = arrival.turn, arrival.scene
    if turn is None or scene is None:
        return None
    numbers = [each.ticket for each in turn.effects if isinstance(each, Join | Reopen | Choose)]
    around = (scene.current, scene.named)
    for number in reversed(numbers):
        return next((each for each in around if each and each.id == number), None) or tickets.find(
            change, number
        )
    return scene.named or scene.current


def acknowledge(
    change: Change, arrival: Arrival, ticket: Ticket, bound: InForce | None, promise: str = ""
) -> None:
    """The number, when somebody reads it (else `promise`), and what is missing; a mail's sender hears it once a day, and only
    when proved or known.
    """
    turn = arrival.turn
    if turn is None:
        says = may_say(arrival.conversation.said_at, arrival.now, auto=arrival.incoming.auto)
        turn = Turn(state=State(), say=(Say.RECEIVED,) if says else ())
    speak(change, arrival, turn, ticket, promise=promise or _promise(arrival, ticket, bound))


def _promise(arrival: Arrival, ticket: Ticket, bound: InForce | None) -> str:
    unit = arrival.office.units.get(ticket.unit or 0)
    if not bound or not unit:
        return ""
    if not is_open(unit.calendar, arrival.now):
        opening = moment(next_opening(unit.calendar, arrival.now), unit.calendar.zone, arrival.language)
        return dialog_words.promise_later(opening, arrival.language)
    limit = first_stay(bound.procedure).limit
    return dialog_words.promise(limit_words(limit, arrival.language), arrival.language) if limit else ""


def offer(change: Change, arrival: Arrival, ticket: Ticket) -> bool:
    """Offer to reopen; False when the offer stands already."""
    if visits.open_of(change, ticket.id, kind="offer") is not None:
        return False
    if arrival.turn is None:
        state = State(offer=ticket.id, options=dialog_menus.reopening(ticket))
        speak(change, arrival, Turn(state=state, say=(Say.OFFER,), menu=True), ticket)
    return True


def reopened(change: Change, arrival: Arrival, ticket: Ticket) -> None:
    turn = arrival.turn or Turn(state=State(), say=(Say.REOPENED,), answer=True)
    speak(change, arrival, turn, ticket)


def speak(change: Change, arrival: Arrival, turn: Turn, ticket: Ticket | None, *, promise: str = "") -> None:
    """Keep where the talk stands, and queue its words: in the ticket that they speak of, else beside all tickets."""
    if turn.say and not _may_speak(change, arrival, turn):
        turn = dialog.mute(turn)
    _keep(change, arrival, turn)
    if not turn.say:
        return
    scene, language = arrival.scene or Scene(), arrival.language
    category = arrival.office.categories.get(turn.category)
    facts = dialog_words.Facts(
        office=arrival.office.name,
        number=ticket.number if ticket else "",
        promise=promise,
        category=category.name if category else "",
        needs=turn.needs,
        lines=_status(change, arrival) if Say.STATUS in turn.say else (),
        topics=[each.name for each in scene.topics if each.id in scene.hears],
    )
    text = dialog_words.words(turn.say, facts, language, menu=turn.menu)
    keys = dialog_words.buttons(turn.state.options, scene, language) if turn.menu else ()
    conversation, now = arrival.conversation, arrival.now
    if ticket is None or OF_NO_TICKET.intersection(turn.say):
        letter = letters.letter(conversation, text, buttons=keys)
        outbox.add(change, letter, now=now, kind="notice", not_before=turn.at)
        return
    letters.to_reporter(
        change,
        ticket,
        conversation,
        text,
        now=now,
        salt=arrival.ids.salt,
        automatic=True,
        buttons=keys,
        not_before=turn.at,
        paced=True,
    )


def _keep(change: Change, arrival: Arrival, turn: Turn) -> None:
    """Write where the talk stands, if that is news. That a first message was spoken to, its conversation tells already."""
    number, at = arrival.conversation.id, turn.at or arrival.now
    state = msgspec.to_builtins(turn.state)
    if turn.say and not turn.answer and not met(arrival):
        conversations.said(change, number, at, state)
        contacts.said(change, arrival.conversation.contact, at)
        return
    if turn.say and turn.at and not turn.answer:
        contacts.said(change, arrival.conversation.contact, at)
    if turn.state != state_of_talk(arrival):
        conversations.set_dialog(change, number, state)


def _may_speak(change: Change, arrival: Arrival, turn: Turn) -> bool:
    """A mail is answered only when its sender is proved or known, and by one automatic word a day."""
    incoming = arrival.incoming
    if incoming.auto or incoming.channel != "mail":
        return not incoming.auto
    if not (incoming.proved or _confirmed(change, arrival)):
        return False
    day = f"{incoming.sender}:{arrival.now:%Y-%m-%d}"
    return turn.answer or seen.first(change, "ack.mail", day, arrival.now)


def _confirmed(change: Change, arrival: Arrival) -> bool:
    address = contacts.address_of(change, arrival.conversation.address)
    return address is not None and address.confirmed_at is not None


def _status(change: Change, arrival: Arrival) -> list[str]:
    """The person's tickets in words, open and new ones first, or the one they asked about."""
    one = asked_about(arrival.incoming.text)
    found = tickets.of_contact(change, arrival.conversation.contact)
    found.sort(key=lambda each: each.status is Status.CLOSED)
    shown = [each for each in found if each.id == one] or found[:SHOWN]
    language = arrival.language
    return [
        dialog_words.status_line(
            each.number,
            each.subject,
            publication_asker.state_of(change, arrival.office, each, language),
            language,
        )
        for each in shown
    ]
