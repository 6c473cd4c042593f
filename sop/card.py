"""The card of a ticket in an officer's chat: what it says and which buttons it carries. Pure; both bots' faces use it."""

from collections.abc import Sequence
from datetime import datetime

from sop.errors import N_
from sop.identity import Proof
from sop.language import Language, translate
from sop.messages import Button
from sop.office import Office
from sop.procedure import Decision, Lane, NoSuchStep, step_of
from sop.text import shortened
from sop.ticket import Ticket
from sop.visit import VACANT, Visit
from sop.wording import moment

QUOTE = 600  # characters of the reporter's words on a card
CHANNELS = {
    "telegram": "Telegram",
    "whatsapp": "WhatsApp",
    "mail": N_("Surel"),
    "web": N_("Formulir web"),
    "counter": N_("Loket"),
}


def channel_name(channel: str, language: Language) -> str:
    return translate(CHANNELS.get(channel, channel), language)


def step_line(office: Office, ticket: Ticket, language: Language) -> str:
    """ "Langkah 2, menganalisa laporan: tenggat Jum 20 Nov, 11.40 WIB"; "" where no procedure holds the case."""
    bound = office.pinned(ticket.procedure)
    unit = office.units.get(ticket.unit or 0)
    if bound is None or not ticket.step:
        return ""
    try:
        step = step_of(bound.procedure, ticket.step)
    except NoSuchStep:
        return ""
    line = translate(N_("Langkah {number}, {activity}"), language, number=step.number, activity=step.activity)
    if ticket.due_at is None or unit is None:
        return line
    due = translate(N_("tenggat {due}"), language, due=moment(ticket.due_at, unit.calendar.zone, language))
    return f"{line}: {due}"


def new_ticket(
    office: Office, ticket: Ticket, words: str, language: Language, *, masked: bool = False
) -> str:
    """The card's text. `masked`: neither a name nor the reporter's words, for a group of config.yaml."""
    channel = channel_name(ticket.channel, language)
    head = translate(N_("Tiket #{number} · {channel}"), language, number=ticket.number, channel=channel)
    lines = [head]
    if not masked:
        who = ticket.name or translate(N_("Pelapor"), language)
        proof = translate(Proof(ticket.proof).label, language).lower()
        lines.append(translate(N_("Pelapor: {name}, {proof}"), language, name=who, proof=proof))
    if line := step_line(office, ticket, language):
        lines.append(line)
    if not masked:
        lines += ["", f"“{shortened(words or ticket.subject, QUOTE)}”"]
    return "\n".join(lines)


def reminder(office: Office, ticket: Ticket, now: datetime, language: Language) -> str:
    """Before and at the deadline: the number, the step and when it is due; no words of the reporter."""
    late = ticket.due_at is not None and now >= ticket.due_at
    head = N_("Tiket #{number} sudah melewati tenggat.") if late else N_("Tiket #{number} mendekati tenggat.")
    return "\n".join(
        filter(None, (translate(head, language, number=ticket.number), step_line(office, ticket, language)))
    )


def buttons(ticket: Ticket, language: Language) -> tuple[tuple[Button, ...], ...]:
    """What can be done from the card; data is at most 64 bytes: a letter and the number."""
    take = Button(label=translate(N_("Ambil"), language), data=f"ambil:{ticket.number}")
    answer = Button(label=translate(N_("Balas"), language), data=f"balas:{ticket.number}")
    tag = Button(label=translate(N_("Kategori"), language), data=f"kategori:{ticket.number}")
    close = Button(label=translate(N_("Tutup"), language), data=f"tutup:{ticket.number}")
    return ((take, answer), (tag, close))


def decision(
    office: Office, ticket: Ticket, lane: Lane, history: Sequence[Visit], form: str, language: Language
) -> str:
    """What a superior or party needs to decide: the case as their lane may see it, and what was decided so far.

    A lane that does not see the reporter reads the words with which the case was handed to it, and no others.
    """
    lines = [translate(N_("Tiket #{number} menunggu keputusan Anda"), language, number=ticket.number)]
    if line := step_line(office, ticket, language):
        lines.append(line)
    shown = form or (ticket.subject if lane.sees_reporter else "")
    if shown:
        lines += ["", f"“{shortened(shown, QUOTE)}”"]
    before = [each for each in history if each.decision != VACANT]
    reasons = [each for each in (before[-4:] if lane.sees_reporter else before[-1:]) if each.reason]
    if reasons:
        lines += ["", translate(N_("Sejauh ini:"), language)]
        lines += [f"- {shortened(each.reason, 200)}" for each in reasons]
    return "\n".join(lines)


def choices(ticket: Ticket, visit: int, decisions: Sequence[Decision]) -> tuple[tuple[Button, ...], ...]:
    """A button a decision, each on its own row; the data names the stay, so that an old card decides nothing."""
    return tuple(
        (Button(label=each.label, data=f"putus:{ticket.number}:{visit}:{each.id}"[:64]),)
        for each in decisions
    )
