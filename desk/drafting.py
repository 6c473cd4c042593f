"""Drafts of SOP revisions: written and looked at by the supervisor, put in force from a day. One in force is never edited."""

from datetime import date, datetime

from msgspec import Struct

from desk import revising
from desk.seeing import needs, needs_in
from sop import procedure_file
from sop.errors import NotFound
from sop.officer import Officer, Right
from sop.procedure import Procedure
from sop.procedure_difference import difference
from store import office as offices
from store import trail
from store.db import Change, View

KEPT = "naskah"  # the setting that holds the drafts, by the SOP's id


class Draft(Struct, frozen=True, kw_only=True):
    """`changes` against the revision in force, in sentences; None for a SOP that is new here."""

    code: str
    source: str
    procedure: Procedure
    by: int
    saved_at: datetime
    changes: tuple[str, ...] | None


def save(change: Change, actor: Officer, source: str, now: datetime) -> str:
    """Keep a draft, one for each SOP; its id. Raises NotAllowed, and ProcedureFaulty with every mistake by line."""
    needs(actor, Right.OFFICE)
    procedure = procedure_file.read(source)
    drafts = offices.setting(change, KEPT, {})
    drafts[procedure.id] = {"source": source, "by": actor.id, "at": now.isoformat()}
    offices.set_setting(change, KEPT, drafts)
    trail.add(change, "procedure.drafted", now, actor=actor.id, code=procedure.id)
    return procedure.id


def drop(change: Change, actor: Officer, code: str, now: datetime) -> None:
    """Raises NotAllowed; there may be no such draft any more."""
    needs(actor, Right.OFFICE)
    _forget(change, code)
    trail.add(change, "procedure.draft_dropped", now, actor=actor.id, code=code)


def all_of(view: View, actor: Officer, now: datetime) -> tuple[Draft, ...]:
    """Raises NotAllowed."""
    needs(actor, Right.OFFICE)
    return tuple(
        _draft(view, actor, code, facts, now) for code, facts in offices.setting(view, KEPT, {}).items()
    )


def get(view: View, actor: Officer, code: str, now: datetime) -> Draft:
    """Raises NotAllowed, NotFound."""
    needs(actor, Right.OFFICE)
    facts = offices.setting(view, KEPT, {}).get(code)
    if facts is None:
        raise NotFound(code)
    return _draft(view, actor, code, facts, now)


def put_in_force(change: Change, actor: Officer, code: str, day: date, zone: str, now: datetime) -> None:
    """From midnight of that day in `zone`; cases keep the revision they are pinned to.

    Asks the right in each unit that works by the SOP. Raises NotAllowed, and as `revising` does.
    """
    draft = get(change, actor, code, now)
    for unit in offices.current(change).units.values():
        if unit.procedure == draft.procedure.id:
            needs_in(actor, Right.OFFICE, unit.id)
    revising.put_in_force(change, draft.procedure, draft.source, day, zone, now, actor)
    _forget(change, code)


def _forget(change: Change, code: str) -> None:
    drafts = offices.setting(change, KEPT, {})
    if drafts.pop(code, None):
        offices.set_setting(change, KEPT, drafts)


def _draft(view: View, actor: Officer, code: str, facts: dict[str, object], now: datetime) -> Draft:
    source = str(facts["source"])
    procedure = procedure_file.read(source)
    office = offices.current(view)
    revisions = [one for one in office.procedures if one.code == code]
    before = office.in_force(code, now) or (revisions[-1] if revisions else None)
    return Draft(
        code=code,
        source=source,
        procedure=procedure,
        by=int(str(facts["by"])),
        saved_at=datetime.fromisoformat(str(facts["at"])),
        changes=difference(before.procedure, procedure, actor.language) if before else None,
    )
