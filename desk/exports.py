"""What may be taken out as a list: messages, tickets, visits, events, publications. Read in batches by rising id."""

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct

from desk import publication_asker, records
from desk.records import Names, Record
from store import attachments, messages, publications, targets, tickets, trail, visits
from store.db import Change, View


class Batch(Struct, frozen=True):
    """`last` is the id to go on after, 0 when nothing is left; `rows` each with the time it is filtered by."""

    last: int
    rows: tuple[tuple[datetime, Record], ...]


Read = Callable[[View, int, int, Names], Batch]


def _messages(view: View, after: int, most: int, names: Names) -> Batch:
    found = messages.since(view, after, most)
    if not found:
        return Batch(0, ())
    files = attachments.between(view, found[0].id, found[-1].id)
    rows = ((one.written_at, records.message(one, names, files.get(one.id, []))) for one in found)
    return Batch(found[-1].id, tuple(rows))


def _tickets(view: View, after: int, most: int, names: Names) -> Batch:
    found = tickets.since(view, after, most)
    rows = tuple((one.opened_at, records.ticket(one, names)) for one in found)
    return Batch(found[-1].id if found else 0, rows)


def _visits(view: View, after: int, most: int, names: Names) -> Batch:
    found = visits.since(view, after, most)
    rows = tuple((one.visit.opened_at, records.visit(one, names)) for one in found)
    return Batch(found[-1].id if found else 0, rows)


def _events(view: View, after: int, most: int, names: Names) -> Batch:
    found = list(trail.since(view, after, most))
    return Batch(found[-1].id if found else 0, tuple((one.at, records.event(one, names)) for one in found))


def _publications(view: View, after: int, most: int, names: Names) -> Batch:
    found = publications.since(view, after, most)
    if not found:
        return Batch(0, ())
    chosen = {each.id: each for each in targets.every(view)}
    rows = tuple(
        (
            one.opened_at,
            records.publication(
                one,
                names,
                [chosen[each] for each in publications.targets_of(view, one.id) if each in chosen],
                publication_asker.links(view, one.id),
            ),
        )
        for one in found
    )
    return Batch(found[-1].id, rows)


LISTS: Mapping[str, Read] = {
    "messages": _messages,
    "tickets": _tickets,
    "visits": _visits,
    "events": _events,
    "publications": _publications,
}


def names(view: View, now: datetime) -> Names:
    return Names(view, now)


def batch(view: View, what: str, after: int, most: int, known: Names) -> Batch:
    """Up to `most` rows of the list `what` behind the id `after`."""
    return LISTS[what](view, after, most, known)


def note(change: Change, what: str, rows: int, now: datetime) -> None:
    """That a list was taken out is an event of the office."""
    trail.add(change, "exported", now, what=what, rows=rows)
