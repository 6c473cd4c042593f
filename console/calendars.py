"""/kalender: the working hours of the units, and closing days by a late decree, which move what is open."""

from datetime import date, datetime
from functools import partial

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from console.page import page, redirect
from console.queue import news
from console.roster import DayFaulty
from console.session import ask, desk_of, posted, words
from desk import decreeing
from desk.seeing import needs
from sop import calendar as calendars
from sop.calendar import Calendar, Closure
from sop.clock import local_date
from sop.days import closed_because
from sop.errors import DeskError
from sop.officer import Officer, Right
from sop.text import one_line
from sop.wording import long_day, weekday
from store import office as offices
from store.db import View

AHEAD = 120  # days of which the closed ones are listed


class Hours(Struct, frozen=True, kw_only=True):
    """A calendar with the units that work by it. `closed` are the coming closed working days and why."""

    calendar: Calendar
    units: tuple[str, ...]
    week: tuple[tuple[str, str], ...]
    closed: tuple[tuple[str, str], ...]
    decreed: tuple[tuple[str, str], ...]


class Typed(Struct, frozen=True, kw_only=True):
    code: str = ""
    day: str = ""
    reason: str = ""
    refused: str = ""


async def show(request: Request) -> Response:
    return await _shown(request)


async def _shown(request: Request, typed: Typed | None = None, status: int = 200) -> Response:
    desk = desk_of(request)
    found = await ask(request, read, desk.clock(), desk.zone)
    today = local_date(desk.zone, desk.clock())
    return page(
        request,
        "calendars.html",
        status=status,
        found=found,
        typed=typed or Typed(),
        today=today,
        news=news(request),
    )


def read(view: View, officer: Officer, now: datetime, zone: str) -> tuple[Hours, ...]:
    """Raises NotAllowed."""
    needs(officer, Right.OFFICE)
    units = offices.current(view).units.values()
    known = {each.calendar.code: each.calendar for each in units}
    today = local_date(zone, now)
    return tuple(
        _hours(known[code], tuple(each.name for each in units if each.calendar.code == code), today, officer)
        for code in sorted(known)
    )


def _hours(calendar: Calendar, units: tuple[str, ...], today: date, officer: Officer) -> Hours:
    ahead = [date.fromordinal(today.toordinal() + each) for each in range(AHEAD)]
    closed = [(day, closed_because(calendar, day)) for day in ahead if calendar.week[day.weekday()]]
    written = calendars.write(calendar)["week"]
    return Hours(
        calendar=calendar,
        units=units,
        week=tuple(
            (weekday(calendars.DAYS.index(name), officer.language), ", ".join(hours))
            for name, hours in written.items()
        ),
        closed=tuple((long_day(day, officer.language), why) for day, why in closed if why),
        decreed=tuple(_line(each, officer) for each in calendar.closures if each.day >= today),
    )


def _line(closure: Closure, officer: Officer) -> tuple[str, str]:
    return long_day(closure.day, officer.language), closure.reason


async def close(request: Request) -> Response:
    """A date is closed by a decree; what is open is computed anew, and the page says how much moved."""
    officer, form = await posted(request)
    desk = desk_of(request)
    code, typed = one_line(words(form, "kode"), 60), words(form, "tanggal").strip()
    reason = one_line(words(form, "dasar"), 200)
    request.state.again = partial(_again, typed=Typed(code=code, day=typed, reason=reason))
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise DayFaulty(typed) from None
    today = local_date(desk.zone, desk.clock())
    moved = await decreeing.close_day(desk.db, officer, code, day, reason, today, desk.clock())
    return redirect(f"/kalender?kabar=libur.{moved}")


async def _again(request: Request, refused: str, _: DeskError, typed: Typed) -> Response:
    shown = Typed(code=typed.code, day=typed.day, reason=typed.reason, refused=refused)
    return await _shown(request, shown, 409)
