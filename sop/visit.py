"""The procedure engine: a visit is one stay of a case at a step; decisions end it and open the next.

Pure: `now` comes in, new values go out. A row is opened once and closed once; nothing else of it changes.
`history` is always the closed visits of the same case, oldest first.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from sop import clock
from sop.calendar import Calendar
from sop.errors import N_, DeskError
from sop.limit import Limit, Unit
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

VACANT = "lowong"
"""Decision recorded on a rung that was passed over because nobody holds the office and no deputy is in force."""


RESUME = "balas"
"""Decision of the reporter that was asked: their next word."""

ASK = Decision(id="tanya", label=N_("Tanya pelapor"), kind=Kind.ASK, target="", reason="required")
"""What any step lets an agent do: `ask`."""


class Visit(Struct, frozen=True, kw_only=True):
    """One stay of a case. `round` counts the stays at this step from 1: (case, step, round) is unique.

    `holder` is the officer who has the ball, `deputy_of` whom they stand in for (Plh/Plt), `by` who decided.
    `lane` differs from the step's own only while the reporter is asked something (`ask`).
    """

    step: str
    lane: str
    opened_at: datetime
    due_at: datetime | None = None
    round: int = 1
    holder: int | None = None
    deputy_of: int | None = None
    closed_at: datetime | None = None
    decision: str = ""
    code: str = ""
    reason: str = ""
    by: int | None = None


History = Sequence[Visit]


class Move(Struct, frozen=True, kw_only=True):
    """What a decision does: the visit it closes and the one it opens, and who hears of it.

    `skipped` are vacant rungs as visits opened and closed at once. `ended`: nothing is open after it. `says` is what
    the reporter is told, "" for nothing. `tell_lanes` are lanes the case passed that hear of the outcome.
    """

    closed: Visit
    opened: Visit | None
    decision: Decision
    ended: bool
    tell_lanes: tuple[str, ...] = ()
    says: str = ""
    skipped: tuple[Visit, ...] = ()


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


def begin(procedure: Procedure, now: datetime, calendar: Calendar) -> Visit:
    """The first visit of a case received at `now` (UC3: analysis at the narahubung, due in 15 working minutes)."""
    return _open(procedure, first_stay(procedure), now, calendar, ())


def options(procedure: Procedure, visit: Visit, history: History = ()) -> tuple[Decision, ...]:
    """The buttons the rules allow now, in the SOP's order; none once the visit is decided."""
    if visit.closed_at is not None:
        return ()
    if is_asked(procedure, visit):
        return (_resume(visit),)
    found = (_allowed(choice, visit, history) for choice in step_of(procedure, visit.step).decisions)
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


def is_pinned(history: History) -> bool:
    """Whether an officer has decided already: from then on another procedure is a redistribution, not a new binding."""
    return any(each.by is not None for each in history)


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
        due_at=_due(procedure, step, now, calendar, past),
        round=_round(step.id, past),
    )


def _due(
    procedure: Procedure, step: Step, now: datetime, calendar: Calendar, past: History
) -> datetime | None:
    """The step's own limit, else the whole case's; a stay inside another step's time has that step's due time."""
    if waited := _waited(procedure, step, past):
        return _resumed(step, waited, now, calendar, past)
    if step.within and step.limit is None:
        outer = next((each for each in reversed(past) if each.step == step.within), None)
        if outer is not None:
            return None if step_of(procedure, step.within).pause else outer.due_at
    settings = procedure.settings
    limit, start = (step.limit, now) if step.limit else (procedure.limit, past[0].opened_at if past else now)
    if limit is None or (limit is procedure.limit and _was_closed(procedure, past)):
        return None
    return clock.due(limit, start, calendar, hk=settings.hk, hari=settings.hari)


def _waited(procedure: Procedure, step: Step, past: History) -> Visit | None:
    """The stay inside this step's time that has just ended: a question to the reporter, or a sub-task."""
    if not past:
        return None
    last = past[-1]
    inside = (
        last.step == step.id if last.decision == RESUME else step_of(procedure, last.step).within == step.id
    )
    return last if inside else None


def _resumed(step: Step, waited: Visit, now: datetime, calendar: Calendar, past: History) -> datetime | None:
    """The due time from before the wait; with `pause`, what was left of the limit then, counted from now."""
    before = next((each for each in reversed(past[:-1]) if each.step == step.id), None)
    if before is None or before.due_at is None or not step.pause:
        return before.due_at if before else None
    if step.hours == "24x7":
        return before.due_at + (now - waited.opened_at)
    left = clock.working(calendar, waited.opened_at, before.due_at)
    minutes = -(-left // timedelta(minutes=1))
    return clock.due(Limit(minutes, Unit.MINUTE), now, calendar) if minutes else before.due_at


def _was_closed(procedure: Procedure, past: History) -> bool:
    """Whether the case was closed for its reporter already: the promise for the whole case is over then."""
    return any(
        choice.closes
        for each in past
        for choice in step_of(procedure, each.step).decisions
        if choice.id == each.decision
    )


def _round(step_id: str, past: History) -> int:
    return 1 + sum(each.step == step_id for each in past)


def _told(procedure: Procedure, decision: Decision, closed: Visit, history: History) -> tuple[str, ...]:
    """UC3: the policy comes straight back to the narahubung, and the rungs it passed are told."""
    if decision.kind is not Kind.POLICY:
        return ()
    passed = dict.fromkeys(each.lane for each in history if each.decision != VACANT)
    return tuple(
        lane for lane in passed if lane != closed.lane and lane_of(procedure, lane).role is Role.SUPERIOR
    )


def _words(decision: Decision, closed: Visit) -> str:
    """What the reporter is told, with the reason where the sentence has a place for it."""
    label = next((each.label for each in decision.codes if each.id == closed.code), "")
    why = ". ".join(part for part in (label, closed.reason) if part)
    return decision.says.replace("{alasan}", why)
