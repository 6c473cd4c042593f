"""The way of a publication through its chain: every stay with who, when and what, measured beside what the SOP promises."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from desk import publication_steps
from sop import wording
from sop.calendar import Calendar
from sop.clock import working
from sop.days import day_length
from sop.errors import N_
from sop.language import Language, translate
from sop.limit import limit_words
from sop.office import Office
from sop.procedure import Procedure, find_step
from sop.publication import Publication, Status
from sop.visit import VACANT, Visit
from sop.wording import Left
from store import publication_lists
from store.db import View
from store.publication_lists import Person, Standing

CALM = Left("", "", 0)
CHANGED = "ubah"  # the decision that stands for a narration changed after its check


class Stop(Struct, frozen=True, kw_only=True):
    """One row of the chain. `state`: "done", "done over" (too late), "now" or "todo".

    `acting` is "Plh" or "Plt" where a deputy decided, for the person of `acting_for`, by `decree`.
    """

    state: str
    number: str
    lane: str
    activity: str
    limit: str
    label: str = ""
    reason: str = ""
    who: str = ""
    title: str = ""
    acting: str = ""
    acting_for: str = ""
    decree: str = ""
    round: int = 1
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    took: str = ""
    left: Left = CALM


class Way(Struct, frozen=True, kw_only=True):
    """What its rows need to know."""

    office: Office
    publication: Publication
    procedure: Procedure
    people: Mapping[int, Person]
    standing: Mapping[tuple[int, str, datetime], Standing]
    language: Language
    now: datetime

    @property
    def calendar(self) -> Calendar:
        return publication_steps.calendar_of(self.office, self.publication)


def stops(
    view: View,
    office: Office,
    publication: Publication,
    history: Sequence[Visit],
    current: Visit | None,
    language: Language,
    now: datetime,
) -> tuple[Stop, ...]:
    """What was, what is, and what still comes in the paper's order."""
    bound = office.pinned(publication.procedure)
    if bound is None:
        return ()
    past = [each for each in history if each.decision != VACANT]
    way = Way(
        office=office,
        publication=publication,
        procedure=bound.procedure,
        people=publication_lists.people(view, [one for each in past for one in (each.by, each.deputy_of)]),
        standing={
            (each.by, each.lane, each.closed_at): publication_lists.standing(
                view, each.by, each.lane, publication.unit, each.closed_at
            )
            for each in past
            if each.deputy_of and each.by and each.closed_at
        },
        language=language,
        now=now,
    )
    shown = [_past(way, each) for each in past]
    if current is not None:
        shown.append(_stay(way, current))
    return (*shown, *_coming(way, current))


def _stay(way: Way, visit: Visit) -> Stop:
    step = find_step(way.procedure, visit.step)
    left = wording.left(
        visit.due_at,
        way.now,
        way.calendar,
        opened=visit.opened_at,
        closed=visit.closed_at,
        hours=(step.hours if step else None) or "kerja",
        language=way.language,
    )
    lane = next((each.name for each in way.procedure.lanes if each.id == visit.lane), visit.lane)
    return Stop(
        state="now",
        number=step.number if step else "",
        lane=lane,
        activity=step.activity if step else visit.step,
        limit=limit_words(step.limit, way.language) if step else "",
        round=visit.round,
        opened_at=visit.opened_at,
        left=left,
    )


def _past(way: Way, visit: Visit) -> Stop:
    stay, who = _stay(way, visit), way.people.get(visit.by or 0)
    assert visit.closed_at is not None
    standing = way.standing.get((visit.by or 0, visit.lane, visit.closed_at))
    instead = way.people.get(visit.deputy_of or 0)
    step = find_step(way.procedure, visit.step)
    labels = {
        each.id: each.label
        for choice in (step.decisions if step else ())
        for each in (choice, choice.instead)
        if each
    }
    label = N_("Naskah diubah, kembali ke pemeriksaan") if visit.decision == CHANGED else visit.decision
    spent = working(way.calendar, visit.opened_at, visit.closed_at)
    day = timedelta(days=1) if way.publication.urgent else day_length(way.calendar)
    return Stop(
        state="done over" if visit.due_at and visit.closed_at > visit.due_at else "done",
        number=stay.number,
        lane=stay.lane,
        activity=stay.activity,
        limit=stay.limit,
        label=labels.get(visit.decision) or translate(label, way.language),
        reason=visit.reason if visit.decision != CHANGED else "",
        who=who.name if who else "",
        title=who.title if who else "",
        acting=("Plt" if standing.vacant else "Plh") if standing else "",
        acting_for=instead.name if standing and instead else "",
        decree=standing.decree if standing else "",
        round=visit.round,
        opened_at=visit.opened_at,
        closed_at=visit.closed_at,
        took=wording.span(spent, way.language, day=day),
        left=stay.left,
    )


def _coming(way: Way, current: Visit | None) -> list[Stop]:
    if current is None or way.publication.status is not Status.RUNNING:
        return []
    steps = [each for each in way.procedure.steps if each.visited]
    places = [place for place, each in enumerate(steps) if each.id == current.step]
    lanes = {each.id: each.name for each in way.procedure.lanes}
    return [
        Stop(
            state="todo",
            number=each.number,
            lane=lanes.get(each.lane, each.lane),
            activity=each.activity,
            limit=limit_words(each.limit, way.language),
        )
        for each in (steps[places[0] + 1 :] if places else [])
    ]
