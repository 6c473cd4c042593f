"""A new revision of a procedure is put in force from a day; one that is in force is never edited."""

from datetime import date, datetime

from desk import office_acts
from sop.clock import local_date, midnight
from sop.errors import N_, DeskError
from sop.officer import Officer
from sop.procedure import Procedure
from sop.procedure_difference import difference
from store import office as offices
from store.db import Change


class AlreadyInForce(DeskError):
    """Cases are pinned to it: a change is a new revision from a later day."""

    def __init__(self, code: str, since: str) -> None:
        super().__init__(
            N_(
                "SOP {code} sudah berlaku sejak {since} dan tidak diubah lagi. Pilih hari ini atau sesudahnya."
            ),
            code=code,
            since=since,
        )


def put_in_force(
    change: Change,
    procedure: Procedure,
    source: str,
    day: date,
    zone: str,
    now: datetime,
    actor: Officer | None = None,
) -> tuple[str, ...] | None:
    """From midnight of that day in `zone`; `actor` None is the operator's CLI. Raises AlreadyInForce, NotAllowed.

    Answers what it changes, in sentences; None for a procedure that is new here, () when it is there already.
    """
    office = offices.current(change)
    revisions = [one for one in office.procedures if one.code == procedure.id]
    from_at = midnight(zone, day)
    before = office.in_force(procedure.id, from_at)
    if before and before.procedure == procedure:
        return ()
    if revisions and (day < local_date(zone, now) or any(one.from_at == from_at <= now for one in revisions)):
        bound = office.in_force(procedure.id, now) or revisions[0]
        raise AlreadyInForce(procedure.id, local_date(zone, bound.from_at).isoformat())
    office_acts.add_procedure(change, procedure.id, source, from_at, now, actor)
    return difference(before.procedure, procedure) if before else None
