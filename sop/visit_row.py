"""One stay of a case at a step as it is kept, and what a decision does to it."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from sop.procedure import Decision

VACANT = "lowong"
"""Decision recorded on a rung that was passed over because nobody holds the office and no deputy is in force."""


RESUME = "balas"
"""Decision of the reporter that was asked: their next word."""


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
