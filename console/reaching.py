"""How else the office is reached, and when somebody is there: what the public form tells beside itself."""

from collections.abc import Collection
from datetime import datetime, time
from itertools import groupby

from msgspec import Struct

from desk.doors import ADDRESSES
from sop.calendar import Calendar, Interval, usual_hours
from sop.clock import is_open, local_date
from sop.language import Language
from sop.wording import weekday
from store import memory
from store.db import View

MAIL = "mail.me"  # under which name the mail channel remembers its address


class Reached(Struct, frozen=True, kw_only=True):
    """`ways`: (channel, address, what is read); `hours`: (days, times) of the week that is in force."""

    ways: tuple[tuple[str, str, str], ...]
    hours: tuple[tuple[str, str], ...]
    open: bool


def reached(
    view: View, channels: Collection[str], calendar: Calendar, now: datetime, language: Language
) -> Reached:
    """Only channels that are configured, and of these those whose name at their provider is known."""
    ways = []
    username = memory.get(view, ADDRESSES["telegram"]).get("username", "")
    if "telegram" in channels and username:
        ways.append(("telegram", f"https://t.me/{username}", f"@{username}"))
    number = memory.get(view, ADDRESSES["whatsapp"]).get("number", "")
    if "whatsapp" in channels and number:
        ways.append(("whatsapp", f"https://wa.me/{number.removeprefix('+')}", number))
    address = memory.get(view, MAIL).get("address", "")
    if "mail" in channels and address:
        ways.append(("mail", f"mailto:{address}", address))
    return Reached(ways=tuple(ways), hours=week(calendar, now, language), open=is_open(calendar, now))


def week(calendar: Calendar, now: datetime, language: Language) -> tuple[tuple[str, str], ...]:
    """Days with the same hours in one line, by this week's season; closed days are left out."""
    today = local_date(calendar.zone, now)
    monday = today.toordinal() - today.weekday()
    days = [(n, usual_hours(calendar, today.fromordinal(monday + n))) for n in range(7)]
    lines = []
    for hours, same in groupby(days, key=lambda each: each[1]):
        if hours:
            names = [weekday(n, language) for n, _ in same]
            span = names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}"
            lines.append((span, ", ".join(map(_times, hours))))
    return tuple(lines)


def _times(interval: Interval) -> str:
    opens, closes = interval
    end = "24.00" if closes == time(0) else f"{closes:%H.%M}"
    return f"{opens:%H.%M}–{end}"
