"""The archive of publications as it is read: what ended, how much of it arrived, how long the chain took."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from desk import publication_seeing, publication_steps
from sop import wording
from sop.clock import working
from sop.days import day_length
from sop.language import Language
from sop.office import Office
from sop.officer import Officer, Right
from sop.procedure import Role
from sop.publication import Publication
from store import office as offices
from store import publication_lists
from store.db import View
from store.publication_lists import Seen

PAGE = 30  # cases of one page


class Archived(Struct, frozen=True, kw_only=True):
    """A case that ended. `arrived` of `audience` messages were taken; `took` is the whole chain's time in words."""

    publication: Publication
    arrived: int
    audience: int
    took: str

    @property
    def share(self) -> float | None:
        return self.arrived / self.audience if self.audience else None


class Shelf(Struct, frozen=True, kw_only=True):
    """One page of the archive; `more` is the place from which the next goes on."""

    cases: tuple[Archived, ...]
    more: tuple[datetime, int] | None


def shelf(
    view: View,
    officer: Officer,
    now: datetime,
    *,
    words: str = "",
    before: tuple[datetime, int] | None = None,
    most: int = PAGE,
) -> Shelf:
    """Newest first, of what this officer may see."""
    office = offices.current(view)
    found = publication_lists.archive(
        view, seen(office, officer, now), words=words, before=before, most=most + 1
    )
    kept = found[:most]
    last = kept[-1] if len(found) > most else None
    return Shelf(
        cases=_archived(view, office, kept, officer.language),
        more=(last.closed_at, last.id) if last and last.closed_at else None,
    )


def seen(office: Office, officer: Officer, now: datetime) -> Seen:
    """Of which units the lists may tell this officer."""
    units = set()
    for unit, bound in publication_seeing.chains(office, now):
        lanes = {each.id for each in bound.procedure.lanes if each.role is Role.HUMAS}
        if (
            officer.has(Right.ATTEST, unit.id)
            or officer.has(Right.EXPORT, unit.id)
            or officer.lanes(unit.id) & lanes
        ):
            units.add(unit.id)
    return Seen(officer=officer.id, units=frozenset(units))


def whole(office: Office, publication: Publication, until: datetime, language: Language) -> str:
    """The time from letter to `until` by the case's own clock: working time, or elapsed time of what is "segera"."""
    calendar = publication_steps.calendar_of(office, publication)
    spent = working(calendar, publication.opened_at, until)
    return wording.span(
        spent, language, day=timedelta(days=1) if publication.urgent else day_length(calendar)
    )


def _archived(
    view: View, office: Office, cases: Sequence[Publication], language: Language
) -> tuple[Archived, ...]:
    took = publication_lists.arrived(view, (each.id for each in cases))
    found = []
    for each in cases:
        arrived, audience = took.get(each.id, (0, 0))
        words = whole(office, each, each.closed_at or each.opened_at, language)
        found.append(Archived(publication=each, arrived=arrived, audience=audience, took=words))
    return tuple(found)
