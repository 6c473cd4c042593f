"""A discrete-event run of a procedure on its own rules and calendar: how many officers before it can be promised.

Pure and repeatable: the same seed gives the same run. Officers work while the office is open, also on limits that
always run; who waits longest past due is taken first. Assumed, since no SOP says it: how long the work itself takes
(`effort`) and which way a decision goes (`chances`).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Literal

from msgspec import Struct

from sop import clock, visit
from sop.calendar import Calendar
from sop.limit import Limit, Unit
from sop.procedure import Decision, Kind, Procedure, Role, Step, lane_of, step_of
from sop.visit import Visit

Arrivals = Literal["day", "week", "month"]
"""The working days over which all tickets come in, at random within open hours: 1, 5 or 21."""

WORKDAYS: dict[Arrivals, int] = {"day": 1, "week": 5, "month": 21}
MINUTE = timedelta(minutes=1)
SHARE = 0.4  # of a limit in minutes or hours that the work itself takes, on average
LONGEST = 30.0  # minutes of work on a step, on average, however long its limit
WORK = {
    Kind.ANSWER: 15.0,
    Kind.POLICY: 15.0,
    Kind.ESCALATE: 15.0,
    Kind.CONFIRM: 5.0,
    Kind.INSTRUCT: 5.0,
    Kind.ACCEPT: 5.0,
    Kind.PUBLISH: 5.0,
    Kind.ARCHIVE: 2.0,
    Kind.CLOSE: 1.0,
    Kind.ATTEST: 1.0,
}
OUTSIDE = 120.0  # minutes until a reporter or third party answers, on average
RARE = 0.2  # chance of each button other than the first; what leads back half of it
MOST_TICKETS = 100_000


class Assumptions(Struct, frozen=True, kw_only=True):
    """`effort`: minutes of work by step id, on average. `chances`: weight by "step.decision". `officers`: by lane id."""

    effort: Mapping[str, float] = {}
    chances: Mapping[str, float] = {}
    officers: Mapping[str, int] = {}


class StepResult(Struct, frozen=True, kw_only=True):
    """Waits are open-office minutes in the queue before somebody took the case. `on_time` None without a due time."""

    step: str
    lane: str
    visits: int
    on_time: float | None
    wait_median: float
    wait_p90: float
    longest_queue: int


class LaneResult(Struct, frozen=True, kw_only=True):
    """`busy` is the share of the officers' open hours spent at work until the last case ended."""

    lane: str
    officers: int
    busy: float
    waited: float


class Result(Struct, frozen=True, kw_only=True):
    """What the office could have promised. `bottleneck` is the lane in whose queue most time was lost, "" for none."""

    procedure: str
    tickets: int
    seed: int
    ended_at: datetime
    on_time: float
    cases_on_time: float
    bottleneck: str
    steps: tuple[StepResult, ...]
    lanes: tuple[LaneResult, ...]


class _Case(Struct):
    visit: Visit
    history: list[Visit]
    ready: datetime
    late: bool = False


class _Run:
    """The state of one run: its queues, who is free, and what was measured."""

    def __init__(
        self, procedure: Procedure, calendar: Calendar, officers: int, random: Random, given: Assumptions
    ) -> None:
        self.procedure, self.calendar, self.random, self.given = procedure, calendar, random, given
        self.staff = {lane.id: _staff(lane.id, lane.role, officers, given) for lane in procedure.lanes}
        self.free = dict(self.staff)
        self.queues: dict[str, list[tuple[datetime, int, _Case]]] = {lane: [] for lane in self.staff}
        self.events: list[tuple[datetime, int, _Case, bool]] = []
        self.count = 0
        self.waits: dict[str, list[float]] = {}
        self.kept: dict[str, list[bool]] = {}
        self.waiting: dict[str, int] = {}
        self.longest: dict[str, int] = {}
        self.worked = dict.fromkeys(self.staff, 0.0)
        self.cases: list[bool] = []

    def later(self, at: datetime, case: _Case, done: bool) -> None:
        self.count += 1
        heappush(self.events, (at, self.count, case, done))

    def run(self) -> datetime:
        """All events in order; the time of the last one."""
        at = self.events[0][0]
        while self.events:
            at, _, case, done = heappop(self.events)
            if done:
                self.decide(case, at)
            else:
                self.wait(case, at)
        return at

    def wait(self, case: _Case, at: datetime) -> None:
        self.count += 1
        case.ready = at
        queue = self.queues[case.visit.lane]
        heappush(queue, (case.visit.due_at or at, self.count, case))
        here = case.visit.step
        self.waiting[here] = self.waiting.get(here, 0) + 1
        self.longest[here] = max(self.longest.get(here, 0), self.waiting[here])
        self.take(case.visit.lane, at)

    def take(self, lane: str, at: datetime) -> None:
        """A free officer of the lane takes the case that is due first."""
        while self.queues[lane] and self.free[lane]:
            _, _, case = heappop(self.queues[lane])
            self.free[lane] -= 1
            self.waiting[case.visit.step] -= 1
            outside = _is_outside(self.procedure, lane)
            minutes = self.effort(case, outside)
            begun = at if outside else clock.next_opening(self.calendar, at)
            ended = begun + minutes * MINUTE if outside else clock.due(_span(minutes), begun, self.calendar)
            waited = clock.working(self.calendar, case.ready, begun) / MINUTE
            self.waits.setdefault(case.visit.step, []).append(0.0 if outside else waited)
            self.worked[lane] += minutes
            self.later(ended, case, True)

    def effort(self, case: _Case, outside: bool) -> float:
        step = step_of(self.procedure, case.visit.step)
        mean = OUTSIDE if outside else self.given.effort.get(step.id, _effort(step))
        return max(1.0, self.random.triangular(0.3 * mean, 2.2 * mean, 0.5 * mean))

    def decide(self, case: _Case, at: datetime) -> None:
        lane = case.visit.lane
        self.free[lane] += 1
        if case.visit.due_at is not None and not _is_outside(self.procedure, lane):
            kept = at <= case.visit.due_at
            self.kept.setdefault(case.visit.step, []).append(kept)
            case.late = case.late or not kept
        choice = self.choose(visit.options(self.procedure, case.visit, case.history), case.visit.step)
        move = visit.decide(
            self.procedure,
            case.visit,
            choice.id,
            by=1,
            now=at,
            calendar=self.calendar,
            reason="-",
            code=choice.codes[0].id if choice.codes else "",
            history=case.history,
        )
        case.history.append(move.closed)
        if move.opened is None:
            self.cases.append(not case.late)
        else:
            case.visit = move.opened
            self.later(at, case, False)
        self.take(lane, at)

    def choose(self, allowed: tuple[Decision, ...], step: str) -> Decision:
        weights = [
            self.given.chances.get(f"{step}.{each.id}", _chance(each, index, len(allowed)))
            for index, each in enumerate(allowed)
        ]
        return self.random.choices(allowed, weights if any(weights) else None)[0]


def simulate(
    procedure: Procedure,
    calendar: Calendar,
    *,
    start: datetime,
    tickets: int = 200,
    officers: int = 3,
    arrivals: Arrivals = "day",
    seed: int = 1,
    assumed: Assumptions | None = None,
) -> Result:
    """Run `tickets` cases that come in from `start` on. `officers` sit in each lane of agents and field officers.

    Every other lane of the office is one person; reporters and third parties answer for themselves. Raises ValueError
    for numbers below 1 or above 100.000 tickets.
    """
    if not 1 <= tickets <= MOST_TICKETS or officers < 1:
        raise ValueError(f"tickets {tickets}, officers {officers}")
    random = Random(seed)
    run = _Run(procedure, calendar, officers, random, assumed or Assumptions())
    begun = clock.next_opening(calendar, start)
    span = _open_minutes(calendar, begun, WORKDAYS[arrivals])
    for _ in range(tickets):
        at = clock.due(_span(random.uniform(1, span)), begun, calendar)
        first = visit.begin(procedure, at, calendar)
        run.later(at, _Case(visit=first, history=[], ready=at), False)
    ended = run.run()
    return _result(run, tickets, seed, begun, ended)


def _open_minutes(calendar: Calendar, start: datetime, days: int) -> float:
    """Open minutes from `start` to the end of the n-th working day, the first one included."""
    end = clock.closing(calendar, start)
    for _ in range(days - 1):
        end = clock.closing(calendar, clock.next_opening(calendar, end))
    return max(1.0, clock.working(calendar, start, end) / MINUTE)


def _staff(lane: str, role: Role, officers: int, given: Assumptions) -> int:
    if role in (Role.REPORTER, Role.THIRD_PARTY):
        return MOST_TICKETS
    return given.officers.get(lane, officers if role in (Role.AGENT, Role.FIELD) else 1)


def _is_outside(procedure: Procedure, lane: str) -> bool:
    return lane_of(procedure, lane).role in (Role.REPORTER, Role.THIRD_PARTY)


def _effort(step: Step) -> float:
    """Average minutes of work where nothing else is assumed: by what the step decides, at most a share of its limit."""
    minutes = WORK.get(step.decisions[0].kind, LONGEST)
    if step.limit is None or step.limit.unit in (Unit.WORKDAY, Unit.DAY):
        return minutes
    return min(minutes, SHARE * step.limit.amount * (1 if step.limit.unit is Unit.MINUTE else 60))


def _chance(choice: Decision, index: int, among: int) -> float:
    """The first button is the ordinary way; the others share what is rare, a way back half as often."""
    if among == 1 or index == 0:
        return 1.0 - RARE
    return RARE / (among - 1) / (2 if choice.cap is not None or choice.kind is Kind.REJECT else 1)


def _span(minutes: float) -> Limit:
    return Limit(max(1, round(minutes)), Unit.MINUTE)


def _result(run: _Run, tickets: int, seed: int, begun: datetime, ended: datetime) -> Result:
    kept = [each for found in run.kept.values() for each in found]
    open_minutes = max(1.0, clock.working(run.calendar, begun, ended) / MINUTE)
    waited = dict.fromkeys(run.staff, 0.0)
    for step, waits in run.waits.items():
        waited[step_of(run.procedure, step).lane] += sum(waits)
    lanes = tuple(
        LaneResult(
            lane=lane,
            officers=run.staff[lane],
            busy=round(run.worked[lane] / (run.staff[lane] * open_minutes), 3),
            waited=round(waited[lane], 1),
        )
        for lane in run.staff
        if not _is_outside(run.procedure, lane)
    )
    worst = max(lanes, key=lambda each: each.waited)
    return Result(
        procedure=run.procedure.id,
        tickets=tickets,
        seed=seed,
        ended_at=ended,
        on_time=_share(kept),
        cases_on_time=_share(run.cases),
        bottleneck=worst.lane if worst.waited else "",
        steps=tuple(_step(run, step) for step in run.procedure.steps if step.id in run.waits),
        lanes=lanes,
    )


def _step(run: _Run, step: Step) -> StepResult:
    waits = sorted(run.waits[step.id])
    kept = run.kept.get(step.id)
    return StepResult(
        step=step.id,
        lane=step.lane,
        visits=len(waits),
        on_time=_share(kept) if kept else None,
        wait_median=round(waits[(len(waits) - 1) // 2], 1),
        wait_p90=round(waits[(len(waits) - 1) * 9 // 10], 1),
        longest_queue=run.longest.get(step.id, 0),
    )


def _share(kept: list[bool]) -> float:
    return round(sum(kept) / len(kept), 4) if kept else 1.0
