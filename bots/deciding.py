"""Superiors, parties and field officers decide in chat what their lane holds: by a button, or with a reason by command."""

from msgspec import Struct

from bots import cards, reading
from bots.talk import Talk, Usage
from desk import decide
from desk.decide import Choice, NothingToDecide, UnitMissing
from sop import card
from sop.errors import N_
from sop.office import Office
from sop.officer import Officer
from sop.procedure import Decision
from sop.ticket import Ticket
from sop.visit import CodeMissing, ReasonMissing
from store import office as offices
from store import visits
from store.db import View

EXAMPLE = "/putus 1042 setuju Sesuai kebijakan."


class Standing(Struct, frozen=True, kw_only=True):
    """Where a case stands: the stay that is open, and what the rules allow there."""

    office: Office
    ticket: Ticket
    visit: int
    allowed: tuple[Decision, ...]


def standing(view: View, number: str, officer: Officer, unit: int | None) -> Standing:
    """Raises NotFound, NothingToDecide."""
    ticket = reading.visible(view, number, officer, unit)
    found = decide.buttons(view, ticket)
    if found is None:
        raise NothingToDecide(ticket.number)
    current, allowed = found
    return Standing(office=offices.current(view), ticket=ticket, visit=current.id, allowed=allowed)


def label_of(view: View, ticket: Ticket, visit: int, decision: str) -> str:
    """The button's words, also when the case has moved on since."""
    bound, stay = offices.current(view).pinned(ticket.procedure), visits.get(view, visit)
    steps = bound.procedure.steps if bound and stay else ()
    labels = (
        each.label
        for step in steps
        if stay and step.id == stay.visit.step
        for each in step.decisions
        if each.id == decision
    )
    return next(labels, decision)


async def command(talk: Talk) -> None:
    """/putus NOMOR KEPUTUSAN ALASAN - memutuskan tiket yang ada pada Anda"""
    number, words = talk.number_and_words(EXAMPLE)
    now = await talk.desk.db.read(standing, number, talk.officer, talk.unit)
    first, _, reason = words.partition(" ")
    named, _, more = first.partition("=")
    if not named:
        ask = talk.text(N_("Tiket #{number} menunggu keputusan."), number=now.ticket.number)
        return await talk.voice.say(ask, card.choices(now.ticket, now.visit, now.allowed))
    choice = Choice(decision=named.lower(), visit=now.visit, reason=reason.strip(), code=more, unit=more)
    return await talk.voice.say(await _decided(talk, number, choice))


async def press(talk: Talk, number: str, more: str) -> None:
    """A button of a decision's card. What it lacks (a reason, a code) is asked for by the command that takes it."""
    visit, _, decision = more.partition(":")
    if not visit.isdigit() or not decision:
        raise Usage(EXAMPLE)
    try:
        result = await _decided(talk, number, Choice(decision=decision, visit=int(visit)))
    except (ReasonMissing, CodeMissing, UnitMissing) as error:
        await talk.voice.close(talk.text(error.message, **error.params), alert=True)
        return await talk.voice.say(_how(talk, number, decision, error))
    await talk.voice.close(result)
    return await talk.voice.become("\n".join(filter(None, (talk.shown, "", result))))


async def _decided(talk: Talk, number: str, choice: Choice) -> str:
    """The decision is made; what was decided, by whom and when."""
    ticket = await talk.desk.db.read(reading.visible, number, talk.officer, talk.unit)
    done = await decide.put(talk.desk.db, ticket.number, talk.officer, choice, key=talk.key, now=talk.now)
    label = await talk.desk.db.read(label_of, done, choice.visit, choice.decision)
    office = await talk.desk.db.read(offices.current)
    who = cards.result(f"{label}:", talk.officer, talk.now, office, done, talk.desk.zone)
    return f"#{done.number} · {who}"


def _how(talk: Talk, number: str, decision: str, error: Exception) -> str:
    if isinstance(error, ReasonMissing):
        return talk.text(
            N_("Tulis dengan alasannya: /putus {number} {decision} ALASAN"), number=number, decision=decision
        )
    return talk.text(
        N_("Tulis dengan pilihannya: /putus {number} {decision}=PILIHAN ALASAN"),
        number=number,
        decision=decision,
    )
