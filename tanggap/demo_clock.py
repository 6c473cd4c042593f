"""The demo's clock: real time and an offset that is kept in the demo's folder, or a set moment while its past is made."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sop.calendar import Calendar, office_hours
from sop.clock import closing, due, is_open, local_date, midnight, next_opening
from sop.limit import limit

EARLY = timedelta(hours=2)  # after opening: a morning has some work in it already
LATE = timedelta(hours=1)  # before closing
AFTER_BREAK = timedelta(minutes=15)
NIGHT = timedelta(hours=4)  # after closing
WINDOW = timedelta(hours=25)


class DemoClock:
    """Call it for the time. `keep(seconds)` writes the offset down."""

    def __init__(
        self, real: Callable[[], datetime], offset: timedelta, keep: Callable[[float], None]
    ) -> None:
        self._real = real
        self._offset = offset
        self._keep = keep
        self._stopped: datetime | None = None

    def __call__(self) -> datetime:
        return self._stopped or self._real() + self._offset

    def stop_at(self, moment: datetime) -> None:
        """Stand still there."""
        self._stopped = moment

    def run_from(self, moment: datetime) -> None:
        """Go on from that moment, and remember it."""
        self._stopped = None
        self._offset = moment - self._real()
        self._keep(self._offset.total_seconds())


def beginning(now: datetime, calendar: Calendar | None = None) -> datetime:
    """Where a new demo begins: now, if a good part of the working day lies behind and before, else the next such moment."""
    hours = calendar or office_hours()
    today = local_date(hours.zone, now)
    there = now if is_open(hours, now) else next_opening(hours, now) + AFTER_BREAK
    first = next_opening(hours, midnight(hours.zone, today))
    there = max(there, first + EARLY)
    if local_date(hours.zone, there) == today and closing(hours, now) - there >= LATE:
        return there
    tomorrow = midnight(hours.zone, today + timedelta(days=1))
    return next_opening(hours, tomorrow) + EARLY


def moved(name: str, now: datetime, calendar: Calendar | None = None) -> datetime:
    """Where the clock stands after a button of the page or a situation. Raises KeyError for an unknown one."""
    hours = calendar or office_hours()
    steps: dict[str, Callable[[], datetime]] = {
        "10m": lambda: now + timedelta(minutes=10),
        "1j": lambda: now + timedelta(hours=1),
        "1hk": lambda: due(limit("1 hari kerja"), now, hours),
        "malam": lambda: closing(hours, now) + NIGHT,
        "jendela": lambda: now + WINDOW,
    }
    return steps[name]()
