"""Who gets a case: by fair share among those present in the unit, or by hand, as the unit chose (ITB: distributed tickets)."""

from datetime import datetime

from msgspec.structs import replace

from sop.office import Office
from sop.officer import Officer
from sop.procedure import Role, lane_of
from sop.ticket import Ticket
from store import counters, officers, visits
from store.db import Change, View


def share(change: Change, office: Office, ticket: Ticket, now: datetime) -> Ticket:
    """Give the case a holder when it stands with an agents' lane whose unit shares by itself and nobody holds it."""
    unit = office.units.get(ticket.unit or 0)
    bound = office.pinned(ticket.procedure)
    if (
        not ticket.lane
        or unit is None
        or bound is None
        or unit.sharing != "fair"
        or ticket.holder is not None
    ):
        return ticket
    if lane_of(bound.procedure, ticket.lane).role is not Role.AGENT:
        return ticket
    chosen = fairest(change, ticket.lane, unit.id, now)
    if chosen is None:
        return ticket
    current = visits.open_of(change, ticket.id)
    if current:
        visits.hold(change, current.id, chosen.id)
    return replace(ticket, holder=chosen.id)


def fairest(view: View, lane: str, unit: int, now: datetime) -> Officer | None:
    """Of those present in the lane, who holds fewest open cases; the longest-serving of equals."""
    people = officers.present_in(view, lane, unit, now)
    if not people:
        return None
    held = counters.read(view, [f"held.{each.id}" for each in people])
    return min(people, key=lambda each: (held[f"held.{each.id}"], each.id))


def unheld(view: View, office: Office, now: datetime) -> list[tuple[str, int | None, int]]:
    """(lane, unit, cases) where nobody sits who could hold them: shown to the supervisor, never parked silently."""
    return [
        (lane, unit, cases)
        for lane, unit, cases in visits.places(view)
        if lane and not _reporters(office, lane) and not officers.in_lane(view, lane, unit, now)
    ]


def _reporters(office: Office, lane: str) -> bool:
    return lane == "pelapor" or any(
        each.id == lane and each.role is Role.REPORTER
        for one in office.procedures
        for each in one.procedure.lanes
    )
