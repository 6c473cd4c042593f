"""The longest a procedure may take by its own limits, in the paper's units."""

from msgspec import Struct

from sop.limit import Limit, Unit
from sop.procedure import END, Procedure, Step, first_stay, step_of


class Span(Struct, frozen=True, kw_only=True):
    """Limits added up, each unit for itself: a working day has no length in minutes. `elapsed` counts hours."""

    minutes: int = 0
    workdays: int = 0
    days: int = 0
    elapsed: int = 0

    def plus(self, limit: Limit | None) -> "Span":
        amount = limit.amount if limit else 0
        unit = limit.unit if limit else Unit.MINUTE
        return Span(
            minutes=self.minutes + amount * {Unit.MINUTE: 1, Unit.HOUR: 60}.get(unit, 0),
            workdays=self.workdays + amount * (unit is Unit.WORKDAY),
            days=self.days + amount * (unit is Unit.DAY),
            elapsed=self.elapsed + amount * (unit is Unit.ELAPSED),
        )

    def __str__(self) -> str:
        """ "7 hari kerja + 15 menit", "1 hari + 3 jam 25 menit", "28 jam berjalan"."""
        hours, minutes = divmod(self.minutes, 60)
        clock = " ".join([f"{hours} jam"] * bool(hours) + [f"{minutes} menit"] * bool(minutes))
        parts = (
            f"{self.workdays} hari kerja" if self.workdays else "",
            f"{self.days} hari" if self.days else "",
            f"{self.elapsed} jam berjalan" if self.elapsed else "",
            clock,
        )
        return " + ".join(part for part in parts if part) or "-"

    def _longer(self) -> int:
        return self.minutes + 1440 * (self.workdays + self.days) + 60 * self.elapsed


def worst_case(procedure: Procedure) -> Span:
    """The sum of the limits on the longest way without a loop (UC3: the whole ladder and the answer).

    What a cap allows to repeat, and what only a reached cap opens, is not counted. A limit for the whole case stands
    for the steps that have none of their own.
    """
    done: dict[str, Span] = {END: Span()}
    return _longest(procedure, first_stay(procedure), done).plus(procedure.limit)


def _longest(procedure: Procedure, step: Step, done: dict[str, Span]) -> Span:
    if step.id not in done:
        targets = [choice.target for choice in step.decisions if choice.cap is None]
        ways = [
            done[target] if target in done else _longest(procedure, step_of(procedure, target), done)
            for target in (*targets, *([step.next] if step.next else []))
        ]
        rest = max(ways, key=Span._longer, default=Span())
        done[step.id] = rest.plus(step.limit)
    return done[step.id]
