"""What the SOP wants to see before a decision counts: the party's form, photos, a category, an answer that was written."""

from collections.abc import Sequence
from datetime import datetime

from sop.errors import N_, DeskError, NotTagged
from sop.procedure import Decision, Kind, Lane, Role, Step
from sop.ticket import Ticket
from store import cases, officers, visits
from store.db import View
from store.visits import Open


class FormMissing(DeskError):
    """MIPA: a complained-about party sees the form as the operator edited it, never the raw messages."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_(
                "Formulir tiket {number} belum disunting. Isi formulir untuk pihak terkait dahulu, lalu putuskan."
            ),
            number=number,
        )


class EvidenceMissing(DeskError):
    """JSS: the field officer's photos before and after."""

    def __init__(self, what: str) -> None:
        super().__init__(N_("Bukti belum lengkap: {what}. Lampirkan fotonya, lalu selesaikan."), what=what)


class AnswerMissing(DeskError):
    """A step that answers ends by the answer itself: a button alone would tell the reporter nothing."""

    def __init__(self, number: str, label: str) -> None:
        super().__init__(
            N_("“{label}” mengirim jawaban. Tulis dan kirim jawaban tiket {number} kepada pelapor."),
            number=number,
            label=label,
        )


def check(view: View, ticket: Ticket, current: Open, step: Step | None, chosen: Decision) -> None:
    """Before the decision. Raises EvidenceMissing, AnswerMissing, NotTagged (ITB step 7)."""
    if chosen.kind is Kind.CLOSE and not ticket.categories:
        raise NotTagged(ticket.number)
    if step is None:
        return
    if answers_by_words(step, chosen):
        raise AnswerMissing(ticket.number, chosen.label)
    missing = evidence_left(view, current, step) if chosen.kind is Kind.RESOLVE else ()
    if missing:
        raise EvidenceMissing(", ".join(missing))


def answers_by_words(step: Step, chosen: Decision) -> bool:
    """Whether the decision is what sending an answer means: it is taken by writing one, never by a button."""
    return step.speaks and chosen.kind is Kind.ANSWER and not chosen.says


def evidence_left(view: View, current: Open, step: Step) -> Sequence[str]:
    """Of the photos that the step asks for, those that did not come yet, in the SOP's order."""
    if not step.evidence:
        return ()
    return step.evidence[visits.photos_since(view, current.case, current.visit.opened_at) :]


def check_form(view: View, ticket: Ticket, lane: Lane) -> None:
    """Before the case goes to that lane. Raises FormMissing."""
    if lane.role is Role.PARTY and cases.form(view, ticket.id) is None:
        raise FormMissing(ticket.number)


def vacant(view: View, ticket: Ticket, now: datetime) -> frozenset[str]:
    """Lanes registered as vacant in which nobody sits, a deputy neither: who is there is not passed over."""
    empty = cases.vacant(view, ticket.unit, now)
    return frozenset(lane for lane in empty if not officers.in_lane(view, lane, ticket.unit, now))
