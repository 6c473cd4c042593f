"""The card of a publication in an officer's chat: what it says and which buttons it carries. Pure."""

from collections.abc import Sequence
from datetime import datetime

from sop.errors import N_
from sop.language import Language, translate
from sop.messages import Button
from sop.office import Office
from sop.procedure import Decision, Kind, Procedure, find_step
from sop.publication import Publication
from sop.text import shortened
from sop.visit import VACANT, Visit
from sop.wording import moment

QUOTE = 800  # characters of the narration on a card


def step_line(office: Office, publication: Publication, language: Language) -> str:
    """ "Langkah 4, mengecek kelayakan narasi: tenggat Jum 20 Nov, 11.40 WIB"."""
    bound = office.pinned(publication.procedure)
    step = find_step(bound.procedure, publication.step) if bound else None
    unit = office.units.get(publication.unit or 0)
    if step is None:
        return ""
    line = translate(N_("Langkah {number}, {activity}"), language, number=step.number, activity=step.activity)
    if publication.due_at is None or unit is None:
        return line
    due = moment(publication.due_at, unit.calendar.zone, language)
    return f"{line}: {translate(N_('tenggat {due}'), language, due=due)}"


def turn(
    office: Office,
    publication: Publication,
    procedure: Procedure,
    history: Sequence[Visit],
    text: str,
    language: Language,
) -> str:
    """What a lane needs to decide: the letter, the narration, and the dispositions so far."""
    head = translate(
        N_("Publikasi {number} menunggu Anda: {subject}"),
        language,
        number=publication.number,
        subject=publication.subject,
    )
    lines = [head]
    if publication.urgent:
        lines.append(translate(N_("Sifat: segera, waktu berjalan siang dan malam"), language))
    lines += filter(None, (letter_line(publication, language), step_line(office, publication, language)))
    if text:
        lines += ["", f"“{shortened(text, QUOTE)}”"]
    said = [each for each in history if each.decision != VACANT and each.reason]
    if said:
        lines += ["", translate(N_("Disposisi sejauh ini:"), language)]
        lines += [f"- {_lane(procedure, each)}: {shortened(each.reason, 200)}" for each in said[-5:]]
    return "\n".join(lines)


def letter_line(publication: Publication, language: Language) -> str:
    """ "Surat 12/UN25/2026 dari BAAK"; "" where neither is known."""
    if publication.letter_number and publication.sender:
        return translate(
            N_("Surat {letter} dari {sender}"),
            language,
            letter=publication.letter_number,
            sender=publication.sender,
        )
    return publication.letter_number or publication.sender


def reminder(office: Office, publication: Publication, now: datetime, language: Language) -> str:
    late = publication.due_at is not None and now >= publication.due_at
    head = (
        N_("Publikasi {number} sudah melewati tenggat.")
        if late
        else N_("Publikasi {number} mendekati tenggat.")
    )
    line = translate(head, language, number=publication.number)
    return "\n".join(filter(None, (line, publication.subject, step_line(office, publication, language))))


def buttons(
    publication: Publication, visit: int, decisions: Sequence[Decision]
) -> tuple[tuple[Button, ...], ...]:
    """A button a decision; the data names the stay, so that an old card decides nothing. Publishing and the check
    have their own dialogs: their buttons only begin those."""
    return tuple(
        (Button(label=each.label, data=f"{_verb(each)}:{publication.id}:{visit}:{each.id}"[:64]),)
        for each in decisions
    )


def erratum_buttons(publication: Publication, language: Language) -> tuple[tuple[Button, ...], ...]:
    return (
        (
            Button(label=translate(N_("Setujui ralat"), language), data=f"setuju:{publication.id}"),
            Button(label=translate(N_("Tolak ralat"), language), data=f"urung:{publication.id}"),
        ),
    )


def _verb(decision: Decision) -> str:
    return {Kind.PUBLISH: "sebar", Kind.CONFIRM: "periksa"}.get(decision.kind, "pub")


def _lane(procedure: Procedure, visit: Visit) -> str:
    return next((each.name for each in procedure.lanes if each.id == visit.lane), visit.lane)
