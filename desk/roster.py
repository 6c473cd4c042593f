"""The supervisor's hand on the roster: seats and deputies with their dates, presence, and nobody leaves a case behind."""

from datetime import datetime

from desk import staff
from desk.seeing import needs, needs_in
from sop.errors import N_, DeskError, NotFound
from sop.language import Language
from sop.officer import Officer, Right
from store import inbox, officers, roster, trail
from store import office as offices
from store.db import Change, View


class LaneHoldsCases(DeskError):
    """The last of a lane stays until somebody else can decide what lies there."""

    def __init__(self, lane: str, numbers: str) -> None:
        super().__init__(
            N_(
                "Lajur {lane} masih memegang tiket {numbers}, dan tidak ada orang lain di sana. Tunjuk pengganti atau Plh/Plt dahulu, lalu ulangi."
            ),
            lane=lane,
            numbers=numbers,
        )


class DatesCrossed(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Tanggal akhir lebih awal daripada tanggal mulai. Periksa kedua tanggalnya."))


class DecreeMissing(DeskError):
    """A deputy (Plh/Plt) stands in by a decree and until a day."""

    def __init__(self) -> None:
        super().__init__(N_("Plh/Plt memerlukan nomor surat perintah dan tanggal akhir."))


def seat(
    change: Change,
    actor: Officer,
    login: str,
    *,
    lane: str,
    unit: str,
    from_at: datetime,
    until_at: datetime | None,
    deputy_of: str,
    decree: str,
    now: datetime,
) -> None:
    """Seat an officer, from now or from a later day. Raises NotAllowed, DatesCrossed, DecreeMissing, and as `staff.grant`."""
    place = next((each.id for each in offices.current(change).units.values() if each.code == unit), None)
    needs_for(actor, place)
    start = max(from_at, now)
    if until_at is not None and until_at <= start:
        raise DatesCrossed
    if deputy_of and (not decree or until_at is None):
        raise DecreeMissing
    staff.grant(
        change,
        login,
        lane=lane,
        unit=unit,
        now=now,
        from_at=start,
        until_at=until_at,
        deputy_of=deputy_of,
        decree=decree,
        by=actor.id,
    )


def unseat(change: Change, actor: Officer, number: int, now: datetime) -> None:
    """End a seat. Raises NotAllowed, NotFound (a foreign one looks the same), HoldsCases, LaneHoldsCases."""
    needs(actor, Right.STAFF)
    found = roster.seat(change, number)
    if found is None or (found.until_at and found.until_at <= now):
        raise NotFound(str(number))
    if found.unit is not None and not actor.has(Right.STAFF, found.unit):
        raise NotFound(str(number))
    needs_for(actor, found.unit)
    officer = officers.find(change, found.officer, now)
    if officer is None:
        raise NotFound(str(number))
    must_not_strand(change, officer.id, found.lane, found.unit, now)
    unit = offices.current(change).units.get(found.unit or 0)
    code = unit.code if unit else ""
    staff.revoke(change, officer.login, lane=found.lane, unit=code, now=now, by=actor.id)


def must_not_strand(view: View, officer: int, lane: str, unit: int | None, now: datetime) -> None:
    """Raises LaneHoldsCases where nobody else sits in that lane of a unit that has open cases in it."""
    units = [unit] if unit is not None else list(offices.current(view).units)
    for each in units:
        left = [one for one in officers.in_lane(view, lane, each, now) if one.id != officer]
        waiting = [] if left else inbox.page(view, [(lane, each)], most=10)
        if waiting:
            raise LaneHoldsCases(lane, ", ".join(f"#{line.ticket}" for line in waiting))


def set_present(change: Change, actor: Officer, login: str, present: bool, now: datetime) -> None:
    """A colleague is here or away: who is away gets no case by fair share. Raises NotAllowed, NotFound."""
    needs(actor, Right.STAFF)
    officer = officers.by_login(change, login, now)
    if officer is None:
        raise NotFound(login)
    units = {each.unit for each in officer.seats}
    if not any(actor.has(Right.STAFF, each) for each in units):
        needs_for(actor, None)
    officers.set_present(change, officer.id, present)
    trail.add(change, "present" if present else "away", now, actor=actor.id, officer=officer.id)


def add(
    change: Change,
    actor: Officer,
    *,
    login: str,
    name: str,
    title: str,
    password_hash: str,
    now: datetime,
    language: Language = "id",
) -> None:
    """A new officer, not seated anywhere yet. Raises NotAllowed, LoginTaken."""
    needs(actor, Right.STAFF)
    staff.add(
        change,
        login=login,
        name=name,
        title=title,
        password_hash=password_hash,
        now=now,
        language=language,
        by=actor.id,
    )


def needs_for(actor: Officer, unit: int | None) -> None:
    """The right in that unit; a seat of every unit is given by who has it everywhere. Raises NotAllowed."""
    needs_in(actor, Right.STAFF, unit)
