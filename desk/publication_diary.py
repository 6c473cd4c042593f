"""The calendar of announcements: what went out, what is planned and what is wished for, by day of a month."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from msgspec import Struct

from desk import publication_seeing
from sop.clock import local_date, midnight
from sop.officer import Officer
from sop.publication import Publication
from store import office as offices
from store import publication_lists, pushes
from store.db import View


class Entry(Struct, frozen=True, kw_only=True):
    """`kind`: "out" went out, "plan" is planned to leave, "going" leaves now, "wish" was only asked for."""

    kind: str
    at: datetime
    publication: Publication


class Day(Struct, frozen=True, kw_only=True):
    """`inside`: of the month itself, not of the weeks around it."""

    day: date
    inside: bool
    today: bool
    entries: tuple[Entry, ...]


class Diary(Struct, frozen=True, kw_only=True):
    month: date
    before: date
    after: date
    weeks: tuple[tuple[Day, ...], ...]
    zone: str


def diary(view: View, officer: Officer, now: datetime, month: date | None, zone: str) -> Diary:
    """The month that holds the day `month` (None: this one), in whole weeks from Monday."""
    office = offices.current(view)
    chains = publication_seeing.chains(office, now)
    zone = chains[0][0].calendar.zone if chains else zone
    today = local_date(zone, now)
    first = (month or today).replace(day=1)
    start = first - timedelta(days=first.weekday())
    after = (first + timedelta(days=32)).replace(day=1)
    weeks = -(-(after - start).days // 7)
    since, until = midnight(zone, start), midnight(zone, start + timedelta(weeks=weeks))
    found = [
        each
        for each in _entries(view, since, until)
        if publication_seeing.sees(office, each.publication, officer)
    ]
    days = [start + timedelta(days=place) for place in range(7 * weeks)]
    shown = [
        Day(
            day=day,
            inside=day.month == first.month,
            today=day == today,
            entries=tuple(each for each in found if local_date(zone, each.at) == day),
        )
        for day in days
    ]
    return Diary(
        month=first,
        before=(first - timedelta(days=1)).replace(day=1),
        after=after,
        weeks=tuple(tuple(shown[place : place + 7]) for place in range(0, len(shown), 7)),
        zone=zone,
    )


def _entries(view: View, since: datetime, until: datetime) -> list[Entry]:
    """Each case once: what is planned hides its wish."""
    found: dict[int, Entry] = {}
    for publication in publication_lists.wished(view, since, until):
        assert publication.wished_at is not None
        found[publication.id] = Entry(kind="wish", at=publication.wished_at, publication=publication)
    for entry in (*_gone(view, since, until), *_coming(view, since, until)):
        found[entry.publication.id] = entry
    return sorted(found.values(), key=lambda each: (each.at, each.publication.id))


def _gone(view: View, since: datetime, until: datetime) -> Iterator[Entry]:
    for each in publication_lists.published(view, since, until):
        assert each.published_at is not None
        yield Entry(kind="out", at=each.published_at, publication=each)


def _coming(view: View, since: datetime, until: datetime) -> Iterator[Entry]:
    coming = [each for each in pushes.coming(view) if since <= each.start_at < until]
    cases = publication_lists.some(view, (each.publication for each in coming))
    for push in coming:
        kind = "going" if push.begun_at else "plan"
        yield Entry(kind=kind, at=push.start_at, publication=cases[push.publication])
