"""Officers, the lanes they sit in, and what a lane may do (PROCEDURES.md, section 6: rights are role x action)."""

from enum import StrEnum

from msgspec import Struct

from sop.language import Language


class Right(StrEnum):
    READ = "read"  # every ticket of the unit
    WORK = "work"  # take, tag, note, answer, close
    ASSIGN = "assign"
    TEMPLATES = "templates"
    STAFF = "staff"
    OFFICE = "office"  # units, calendars, categories, procedures
    PARKED = "parked"
    EXPORT = "export"
    ATTEST = "attest"
    ERASE = "erase"  # words of closed tickets, a person's data; and hold them back from it
    OPERATE = "operate"  # channels and keys, no message content


AGENT = frozenset({Right.READ, Right.WORK})
SUPERVISOR = frozenset(Right) - {Right.OPERATE}
AUDITOR = frozenset({Right.READ, Right.EXPORT})
RIGHTS = {
    "agent": AGENT,
    "supervisor": SUPERVISOR,
    "auditor": AUDITOR,
    "sysadmin": frozenset({Right.OPERATE}),
}
"""By role. Every other role (superior, party, field officer, Humas) decides the case that its lane holds, no more."""

DESK_LANES = ("supervisor", "auditor", "sysadmin")  # lanes of every office, beside those of its procedures
NOTHING: frozenset[Right] = frozenset()


class Seat(Struct, frozen=True, kw_only=True):
    """One lane of one unit that an officer holds now; `unit` None is every unit. A deputy (Plh/Plt) names for whom.

    `role` is what the lane's procedure makes of it (agent, superior, ...): rights follow it.
    """

    lane: str
    role: str = ""
    unit: int | None = None
    deputy_of: int | None = None


class Officer(Struct, frozen=True, kw_only=True):
    """Who acts, with the seats in force at that moment."""

    id: int
    login: str
    name: str
    title: str = ""
    language: Language = "id"
    seats: tuple[Seat, ...] = ()

    def has(self, right: Right, unit: int | None) -> bool:
        return any(
            right in RIGHTS.get(seat.role, NOTHING) and (seat.unit is None or seat.unit == unit)
            for seat in self.seats
        )

    def units(self, right: Right) -> frozenset[int] | None:
        """Units in which the right holds; None for all of them."""
        seats = [seat for seat in self.seats if right in RIGHTS.get(seat.role, NOTHING)]
        if any(seat.unit is None for seat in seats):
            return None
        return frozenset(seat.unit for seat in seats if seat.unit is not None)

    def may_anywhere(self, right: Right) -> bool:
        return self.units(right) != frozenset()

    def lanes(self, unit: int | None) -> frozenset[str]:
        """The lanes this officer may hold in a unit."""
        return frozenset(seat.lane for seat in self.seats if seat.unit is None or seat.unit == unit)

    def stands_in(self, unit: int | None) -> dict[str, int]:
        """By lane, whose deputy this officer is in a unit now."""
        return {
            seat.lane: seat.deputy_of
            for seat in self.seats
            if seat.deputy_of is not None and (seat.unit is None or seat.unit == unit)
        }
