"""What the steps of the Humas chain really took beside the SOP's limits, over the last three months."""

from datetime import datetime, timedelta

from msgspec import Struct

from desk import publication_seeing, publication_shelf, publication_steps
from sop import wording
from sop.days import day_length
from sop.language import Language
from sop.measured import Measured, measured
from sop.office import InForce, Office, Unit
from sop.officer import Officer
from sop.procedure import Step, lane_of
from sop.publication import Publication
from store import office as offices
from store import publication_lists
from store.db import View

BACK = timedelta(days=90)


class Figure(Struct, frozen=True, kw_only=True):
    """A step's limit beside what it took; `median` and `slow` (the tenth slowest) in words, "" before there is one."""

    step: Step
    lane: str
    found: Measured | None
    median: str = ""
    slow: str = ""


class Figures(Struct, frozen=True, kw_only=True):
    """One chain's steps; `urgent` are requests whose clock runs around the clock, told apart (empty: none)."""

    unit: str
    title: str
    zone: str
    ordinary: tuple[Figure, ...]
    urgent: tuple[Figure, ...]


def figures(view: View, officer: Officer, now: datetime) -> tuple[Figures, ...]:
    """Of the chains whose cases this officer may see."""
    office = offices.current(view)
    units = publication_shelf.seen(office, officer, now).units or frozenset()
    return tuple(
        Figures(
            unit=unit.name,
            title=bound.procedure.title,
            zone=unit.calendar.zone,
            ordinary=_figures(view, office, unit, bound, officer.language, now, urgent=False),
            urgent=_figures(view, office, unit, bound, officer.language, now, urgent=True),
        )
        for unit, bound in publication_seeing.chains(office, now)
        if unit.id in units
    )


def _figures(
    view: View, office: Office, unit: Unit, bound: InForce, language: Language, now: datetime, *, urgent: bool
) -> tuple[Figure, ...]:
    revisions = [each.id for each in office.procedures if each.code == bound.code]
    rows = publication_lists.stays(view, revisions, now - BACK, urgent=urgent)
    if urgent and not rows:
        return ()
    sample = Publication(id=0, subject="", opened_at=now, urgent=urgent, unit=unit.id)
    calendar = publication_steps.calendar_of(office, sample)
    took = measured(bound.procedure, rows, lambda _: calendar)
    day = timedelta(days=1) if urgent else day_length(calendar)
    return tuple(
        Figure(
            step=step,
            lane=lane_of(bound.procedure, step.lane).name,
            found=took.get(step.id),
            median=wording.span(took[step.id].median, language, day=day) if step.id in took else "",
            slow=wording.span(took[step.id].slow, language, day=day) if step.id in took else "",
        )
        for step in bound.procedure.steps
        if step.visited
    )
