"""Words for officers: mentions, reminders and cards leave by the outbox, with the staff bot as their sender."""

import re
from datetime import datetime

from sop import card
from sop.errors import N_
from sop.language import translate
from sop.messages import Button, Outgoing, Priority
from sop.office import Office
from sop.officer import Officer
from sop.procedure import Role, lane_of, speaker_lane
from sop.text import shortened
from sop.ticket import Ticket
from sop.visit import Move, Visit, options
from store import cases, followers, officers, outbox, tickets, visits
from store.db import Change

BOT = "staff"
_MENTION = re.compile(r"(?<![\w.@])@([\w.\-]{2,40})")


def mentioned(change: Change, ticket: Ticket, text: str, author: Officer, now: datetime) -> None:
    """Tell every colleague whom a note names by @login, if they may see the ticket and have linked a chat."""
    for login in dict.fromkeys(name.rstrip(".").lower() for name in _MENTION.findall(text)):
        officer = officers.by_login(change, login, now)
        if officer is None or officer.id == author.id or not tickets.sees(change, ticket, officer):
            continue
        followers.add(change, ticket.id, officer.id, now)
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
    _post(change, chat, words, card.buttons(ticket, officer.language), ticket, now, kind=kind)
    return True


def lane(change: Change, office: Office, ticket: Ticket, lane: str, now: datetime) -> int:
    """Remind who has the ball: its holder, else everybody of the lane, else the supervisor; how many chats were told."""
    holder = officers.find(change, ticket.holder, now) if ticket.holder and lane == ticket.lane else None
    people = [holder] if holder else _seated(change, lane, ticket.unit, now)
    return sum(
        tell(change, each, ticket, card.reminder(office, ticket, now, each.language), now, kind="reminder")
        for each in people
    )


def unclosed(change: Change, office: Office, ticket: Ticket, now: datetime) -> int:
    """Silence cannot close what is filed nowhere: its holder, else the unit's agents, has to; how many chats were told."""
    holder = officers.find(change, ticket.holder, now) if ticket.holder else None
    bound = office.pinned(ticket.procedure)
    lane = speaker_lane(bound.procedure) if bound else ""
    message = N_("Tiket #{number} sudah dijawab dan pelapor diam; beri kategori lalu tutup.")
    return sum(
        tell(
            change,
            each,
            ticket,
            translate(message, each.language, number=ticket.number),
            now,
            kind="unclosed",
        )
        for each in ([holder] if holder else _seated(change, lane, ticket.unit, now))
    )


def window(change: Change, office: Office, ticket: Ticket, until: str, now: datetime) -> int:
    """WhatsApp's window closes on what nobody answered: its holder, else the lane, has until then; how many were told."""
    message = N_(
        "Jendela WhatsApp tiket #{number} tertutup {until}. Jawab sebelum itu; sesudahnya pelapor harus membalas dahulu."
    )
    holder = officers.find(change, ticket.holder, now) if ticket.holder else None
    people = [holder] if holder else _seated(change, ticket.lane, ticket.unit, now)
    return sum(
        tell(
            change,
            each,
            ticket,
            translate(message, each.language, number=ticket.number, until=until),
            now,
            kind="window",
        )
        for each in people
    )


def _seated(change: Change, lane: str, unit: int | None, now: datetime) -> list[Officer]:
    """Everybody of the lane; the unit's supervisor where nobody sits in it."""
    people = officers.in_lane(change, lane, unit, now) if lane else []
    return people or officers.in_lane(change, "supervisor", unit, now)


def turn(change: Change, office: Office, ticket: Ticket, opened: Visit, now: datetime) -> int:
    """The ball is theirs: a card with what happened so far and the buttons the rules allow; how many chats got one."""
    bound = office.pinned(ticket.procedure)
    current = visits.open_of(change, ticket.id)
    if bound is None or current is None:
        return 0
    lane = lane_of(bound.procedure, opened.lane)
    if lane.role is Role.REPORTER:
        return 0
    if lane.role is Role.AGENT:
        return _agents_turn(change, office, ticket, opened, now)
    history = visits.history(change, ticket.id)
    choices = options(bound.procedure, opened, history)
    form = cases.form(change, ticket.id)
    people = officers.in_lane(change, opened.lane, ticket.unit, now)
    chats = officers.chats_of(change, BOT, [each.id for each in people])
    for each in people:
        if chat := chats.get(each.id):
            words = card.decision(office, ticket, lane, history, form.text if form else "", each.language)
            keys = card.choices(ticket, current.id, choices)
            _post(change, chat, words, keys, ticket, now, kind="decision")
    return len(chats)


def outcome(change: Change, office: Office, ticket: Ticket, step: Move, lane: str, now: datetime) -> None:
    """A rung that the case passed hears what was decided above it (UC3)."""
    people = officers.in_lane(change, lane, ticket.unit, now)
    chats = officers.chats_of(change, BOT, [each.id for each in people])
    for each in people:
        if chat := chats.get(each.id):
            words = translate(
                N_("Tiket #{number}: {label}. {reason}"),
                each.language,
                number=ticket.number,
                label=step.decision.label,
                reason=shortened(step.closed.reason, 500),
            )
            _post(change, chat, words.strip(), (), ticket, now, kind="outcome")


def _agents_turn(change: Change, office: Office, ticket: Ticket, opened: Visit, now: datetime) -> int:
    """Back with the agents: its holder hears, or the whole lane where nobody holds it."""
    holder = officers.find(change, ticket.holder, now) if ticket.holder else None
    people = [holder] if holder else officers.in_lane(change, opened.lane, ticket.unit, now)
    past = visits.history(change, ticket.id)
    said = f"“{shortened(past[-1].reason, card.QUOTE)}”" if past and past[-1].reason else ""
    told = 0
    for each in people:
        head = translate(N_("Tiket #{number} kembali kepada Anda."), each.language, number=ticket.number)
        words = "\n".join(filter(None, (head, card.step_line(office, ticket, each.language), said)))
        told += tell(change, each, ticket, words, now, kind="turn")
    return told


def _post(
    change: Change,
    chat: str,
    words: str,
    keys: tuple[tuple[Button, ...], ...],
    ticket: Ticket,
    now: datetime,
    *,
    kind: str,
) -> None:
    outgoing = Outgoing(id=0, channel=BOT, to=chat, text=words, buttons=keys, priority=Priority.NOTICE)
    outbox.add(change, outgoing, now=now, kind=kind, ticket=ticket.id)
