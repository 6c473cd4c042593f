"""The procedure engine: a visit is one stay of a case at a step; decisions end it and open the next.

Pure: `now` comes in, new values go out. A row is opened once and closed once; nothing else of it changes.
`history` is always the closed visits of the same case, oldest first; stays that the procedure does not know (before it
was bound) do no harm in it.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from sop.calendar import Calendar
from sop.errors import N_, DeskError
from sop.procedure import (
    Decision,
    Kind,
    Procedure,
    Role,
    Step,
    first_stay,
    landing,
    lane_of,
    speaker_lane,
    step_of,
)
from sop.visit_due import current_life, due_at
from sop.visit_row import RESUME, VACANT, History, Move, Visit

__all__ = [
    "ASK",
    "RESUME",
    "VACANT",
    "AlreadyDecided",
    "CodeMissing",
    "History",
    "Move",
    "NoSuchDecision",
    "ReasonMissing",
    "Visit",
    "answers",
    "ask",
    "begin",
    "closings",
    "decide",
    "is_asked",
    "may_ask",
    "may_hold",
    "options",
]

ASK = Decision(id="tanya", label=N_("Tanya pelapor"), kind=Kind.ASK, target="", reason="required")
"""What any step lets an agent do: `ask`."""


class ReasonMissing(DeskError):
    """The SOP wants to know why."""

    def __init__(self, label: str) -> None:
        super().__init__(N_("“{label}” memerlukan alasan. Tuliskan alasannya dahulu."), label=label)


class CodeMissing(DeskError):
    """A rejection names its reason from the SOP's own list."""

    def __init__(self, label: str, allowed: Sequence[str]) -> None:
        super().__init__(
            N_("“{label}” memerlukan jenis alasan. Pilih salah satu: {allowed}."),
            label=label,
            allowed=", ".join(allowed),
        )


class NoSuchDecision(DeskError):
    """The SOP does not allow this choice at this step, or not any more (cap reached)."""

    def __init__(self, choice: str, activity: str, allowed: Sequence[str]) -> None:
        super().__init__(
            N_("Keputusan “{choice}” tidak tersedia pada langkah {activity}. Yang tersedia: {allowed}."),
            choice=choice,
            activity=activity,
            allowed=", ".join(allowed) or "-",
        )


class AlreadyDecided(DeskError):
    """Somebody was first. `by` is an officer's id (None: nobody of the desk) and `at` aware: the face shows both its way."""

    def __init__(self, activity: str, decision: str, by: int | None, at: datetime) -> None:
        super().__init__(
            N_("Langkah {activity} sudah diputuskan: {decision}, oleh {by}, {at}. Tidak ada yang berubah."),
            activity=activity,
            decision=decision,
            by=by,
            at=at,
        )


def begin(procedure: Procedure, now: datetime, calendar: Calendar, history: History = ()) -> Visit:
    """The first visit of a case received at `now` (UC3: analysis at the narahubung, due in 15 working minutes).

    With `history`, of a case that waited before it was bound, or that is taken up again after it was closed.
    """
    first = first_stay(procedure)
    stays = _round(first.id, history)
    opened = _open(procedure, first, now, calendar, history if stays == 1 else ())
    return replace(opened, round=stays)


def options(procedure: Procedure, visit: Visit, history: History = ()) -> tuple[Decision, ...]:
    """The buttons the rules allow now, in the SOP's order; none once the visit is decided."""
    if visit.closed_at is not None:
        return ()
    if is_asked(procedure, visit):
        return (_resume(visit),)
    life = current_life(procedure, (*history, visit))
    found = (_allowed(choice, visit, life) for choice in step_of(procedure, visit.step).decisions)
    return tuple(choice for choice in found if choice is not None)


def decide(
    procedure: Procedure,
    visit: Visit,
    choice: str,
    *,
    by: int | None,
    now: datetime,
    calendar: Calendar,
    reason: str = "",
    code: str = "",
    history: History = (),
    vacant: frozenset[str] = frozenset(),
) -> Move:
    """Close the visit by `choice` and open the next one; whether `by` may is `may_hold`'s to say.

    Rungs whose lane is in `vacant` are passed over and recorded. Raises AlreadyDecided, NoSuchDecision, ReasonMissing,
    CodeMissing.
    """
    decision = _chosen(procedure, visit, choice, history)
    _explained(decision, reason, code)
    closed = replace(visit, closed_at=now, decision=decision.id, code=code, reason=reason.strip(), by=by)
    past = (*history, closed)
    skipped, step = _next(procedure, decision, now, vacant, past)
    opened = None if step is None else _open(procedure, step, now, calendar, (*past, *skipped))
    return Move(
        closed=closed,
        opened=opened,
        decision=decision,
        ended=opened is None,
        tell_lanes=_told(procedure, decision, closed, history),
        says=_words(decision, closed),
        skipped=skipped,
    )


def answers(procedure: Procedure, visit: Visit, history: History = ()) -> tuple[Decision, ...] | None:
    """The decisions that sending an answer to the reporter means from here, in order; None where this lane may not.

    UC3 at the analysis: "jawab", then the answering step's own "kirim"; at a superior's rung None, since only the
    narahubung speaks. The chain stays in the lane that speaks and ends with the step in which the answer leaves.
    """
    if visit.closed_at is not None or visit.lane != speaker_lane(procedure):
        return None
    chain: list[Decision] = []
    step: Step | None = step_of(procedure, visit.step)
    allowed = options(procedure, visit, history)
    while step is not None and step.lane == visit.lane:
        found = next((each for each in allowed if each.kind in (Kind.ANSWER, Kind.RESOLVE)), None)
        if found is None:
            return None
        chain.append(found)
        if step.speaks:
            return tuple(chain)
        step = landing(procedure, found.target)
        allowed = step.decisions if step else ()
    return None


def closings(procedure: Procedure, visit: Visit, history: History = ()) -> tuple[Decision, ...] | None:
    """The decisions that closing the ticket means from here (ITB: file under a category, close), else None.

    None also where closing is no decision of its own: UC3 ends with the answer.
    """
    chain: list[Decision] = []
    step: Step | None = step_of(procedure, visit.step)
    allowed = options(procedure, visit, history)
    while step is not None and step.lane == visit.lane:
        found = next((each for each in allowed if each.kind is Kind.CLOSE), None)
        if found is None:
            return None
        chain.append(found)
        if found.closes:
            return tuple(chain)
        step = landing(procedure, found.target)
        allowed = step.decisions if step else ()
    return None


def may_hold(procedure: Procedure, visit: Visit, lanes: frozenset[str]) -> bool:
    """Whether somebody of these lanes in the case's unit may have the ball, and so decide."""
    return visit.lane in lanes


def is_asked(procedure: Procedure, visit: Visit) -> bool:
    """Whether the ball is the reporter's because an officer asked something at this step."""
    return visit.lane != step_of(procedure, visit.step).lane


def may_ask(procedure: Procedure, visit: Visit) -> bool:
    """Whether the lane that has the ball may write to the reporter: it speaks or is an agent (never a superior)."""
    lane = lane_of(procedure, visit.lane)
    return visit.closed_at is None and (lane.id == speaker_lane(procedure) or lane.role is Role.AGENT)


def ask(procedure: Procedure, visit: Visit, *, by: int | None, now: datetime, reason: str) -> Move:
    """Hand the ball to the reporter with a question (`reason`): a visit of its own at the same step, measured too.

    The step's clock goes on unless the step says `pause`; it returns with `decide(..., "balas")`. Raises
    AlreadyDecided, ReasonMissing without a question, NoSuchDecision where this lane may not write to the reporter.
    """
    step = step_of(procedure, visit.step)
    if visit.closed_at is not None:
        raise AlreadyDecided(step.activity, visit.decision, visit.by, visit.closed_at)
    reporter = next((lane.id for lane in procedure.lanes if lane.role is Role.REPORTER), "")
    if not reporter or not may_ask(procedure, visit):
        allowed = [each.label for each in step.decisions]
        raise NoSuchDecision(ASK.label, step.activity, allowed)
    _explained(ASK, reason, "")
    return Move(
        closed=replace(visit, closed_at=now, decision=ASK.id, reason=reason.strip(), by=by),
        opened=Visit(
            step=step.id,
            lane=reporter,
            opened_at=now,
            due_at=None if step.pause else visit.due_at,
            round=visit.round + 1,
        ),
        decision=replace(ASK, target=step.id),
        ended=False,
    )


def _resume(visit: Visit) -> Decision:
    return Decision(id=RESUME, label=N_("Balas"), kind=Kind.CONFIRM, target=visit.step)


def _allowed(choice: Decision, visit: Visit, history: History) -> Decision | None:
    """The button as it stands now: itself, what takes its place at the cap, or nothing."""
    if choice.cap is None or _taken(choice, visit, history) < choice.cap:
        return choice
    if choice.instead is None or _taken(choice.instead, visit, history):
        return None
    return choice.instead


def _taken(choice: Decision, visit: Visit, history: History) -> int:
    return sum(each.step == visit.step and each.decision == choice.id for each in history)


def _chosen(procedure: Procedure, visit: Visit, choice: str, history: History) -> Decision:
    step = step_of(procedure, visit.step)
    if visit.closed_at is not None:
        label = next((each.label for each in step.decisions if each.id == visit.decision), visit.decision)
        raise AlreadyDecided(step.activity, label, visit.by, visit.closed_at)
    allowed = options(procedure, visit, history)
    for decision in allowed:
        if decision.id == choice:
            return decision
    raise NoSuchDecision(choice, step.activity, [each.label for each in allowed])


def _explained(decision: Decision, reason: str, code: str) -> None:
    """Raises CodeMissing, ReasonMissing."""
    if decision.codes and code not in [each.id for each in decision.codes]:
        raise CodeMissing(decision.label, [each.label for each in decision.codes])
    if decision.reason == "required" and not reason.strip():
        raise ReasonMissing(decision.label)


def _next(
    procedure: Procedure, decision: Decision, now: datetime, vacant: frozenset[str], past: History
) -> tuple[tuple[Visit, ...], Step | None]:
    """Where the case goes, past vacant rungs; the last rung is never passed over, since nobody stands above it."""
    skipped: list[Visit] = []
    step = landing(procedure, decision.target)
    while step is not None and step.rung and step.lane in vacant:
        up = next((each for each in step.decisions if each.kind is Kind.ESCALATE), None)
        if up is None:
            break
        skipped.append(
            Visit(
                step=step.id,
                lane=step.lane,
                opened_at=now,
                round=_round(step.id, past),
                closed_at=now,
                decision=VACANT,
            )
        )
        step = landing(procedure, up.target)
    return tuple(skipped), step


def _open(procedure: Procedure, step: Step, now: datetime, calendar: Calendar, past: History) -> Visit:
    return Visit(
        step=step.id,
        lane=step.lane,
        opened_at=now,
        due_at=due_at(procedure, step, now, calendar, past),
        round=_round(step.id, past),
    )


def _round(step_id: str, past: History) -> int:
    return 1 + sum(each.step == step_id for each in past)


def _told(procedure: Procedure, decision: Decision, closed: Visit, history: History) -> tuple[str, ...]:
    """UC3: the policy comes straight back to the narahubung, and the rungs it passed are told."""
    if decision.kind is not Kind.POLICY:
        return ()
    superiors = {lane.id for lane in procedure.lanes if lane.role is Role.SUPERIOR} - {closed.lane}
    life = current_life(procedure, (*history, closed))
    passed = dict.fromkeys(each.lane for each in life if each.decision != VACANT)
    return tuple(lane for lane in passed if lane in superiors)


def _words(decision: Decision, closed: Visit) -> str:
    """What the reporter is told, with the reason where the sentence has a place for it."""
    label = next((each.label for each in decision.codes if each.id == closed.code), "")
    why = ". ".join(part for part in (label, closed.reason) if part)
    return decision.says.replace("{alasan}", why)
