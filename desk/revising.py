"""A new revision of a procedure is put in force from a day; one that is in force is never edited."""

from datetime import datetime

from desk import office_acts
from sop.errors import N_, DeskError
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
    change: Change, procedure: Procedure, source: str, from_at: datetime, today_at: datetime, now: datetime
) -> tuple[str, ...] | None:
    """What it changes, in sentences; None for a procedure that is new here, () when it is there already.

    `today_at` is the midnight at which today began. Raises AlreadyInForce.
    """
    before = offices.current(change).in_force(procedure.id, from_at)
    if before and before.procedure == procedure:
        return ()
    if before and (from_at < today_at or (before.from_at == from_at and from_at <= now)):
        raise AlreadyInForce(procedure.id, before.from_at.date().isoformat())
    office_acts.add_procedure(change, procedure.id, source, from_at, now, None)
    return difference(before.procedure, procedure) if before else None
