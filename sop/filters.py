"""What a list of the queue shows, as its address says it: read from the address and written back, the same both ways."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Literal, get_args
from urllib.parse import parse_qsl, urlencode

from msgspec import Struct
from msgspec.structs import replace

from sop.clock import local_date, midnight
from sop.identity import Proof

Tab = Literal["mine", "free", "unit", "all", "closed"]
TABS: tuple[Tab, ...] = get_args(Tab)
NOBODY = "-"  # a holder: the ticket has none
_CODE = re.compile(r"[\w.@+-]{1,60}")
_WORDS = {
    "channel": "kanal",
    "category": "kategori",
    "proof": "identitas",
    "step": "langkah",
    "unit": "unit",
    "holder": "pemegang",
}


class Filters(Struct, frozen=True, kw_only=True):
    """Codes of what is wanted, "" for anything. `since` and `until` are days of arrival, both included."""

    tab: Tab = "mine"
    channel: str = ""
    category: str = ""
    proof: str = ""
    step: str = ""
    unit: str = ""
    holder: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def narrow(self) -> bool:
        """More than one of the fixed views, which are counted exactly."""
        return self != Filters(tab=self.tab)


def parse(query: Mapping[str, str]) -> Filters:
    """What an address asks for. Nonsense narrows nothing: an old bookmark still opens."""
    codes = {name: query.get(word, "") for name, word in _WORDS.items()}
    codes = {name: code for name, code in codes.items() if _CODE.fullmatch(code)}
    if codes.get("proof", "") not in set(Proof):
        codes.pop("proof", None)
    mine: Tab = "mine"
    tab = next((each for each in TABS if each == query.get("tampilan")), mine)
    return Filters(tab=tab, since=_day(query.get("sejak", "")), until=_day(query.get("sampai", "")), **codes)


def parse_text(address: str) -> Filters:
    """The same from a query as it stands behind the question mark."""
    return parse(dict(parse_qsl(address)))


def written(filters: Filters) -> dict[str, str]:
    """The words of the address; `parse` gives the same filters back."""
    words = {"tampilan": str(filters.tab)}
    words |= {word: code for name, word in _WORDS.items() if (code := getattr(filters, name))}
    if filters.since:
        words["sejak"] = filters.since.isoformat()
    if filters.until:
        words["sampai"] = filters.until.isoformat()
    return words


def text(filters: Filters) -> str:
    return urlencode(written(filters))


def without(filters: Filters, name: str) -> Filters:
    """The same with one filter taken off."""
    return replace(filters, **{name: None if name in ("since", "until") else ""})


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return day if day and 2000 <= day.year < 2100 else None


def span(filters: Filters, zone: str) -> tuple[datetime | None, datetime | None]:
    """The period as moments: from the first one on, and before the second one."""
    end = filters.until + timedelta(days=1) if filters.until else None
    return (midnight(zone, filters.since) if filters.since else None, midnight(zone, end) if end else None)


Due = Literal["late", "today", "tomorrow", "week", "later", "never"]


def due(due_at: datetime | None, now: datetime, zone: str) -> Due:
    """Under which heading a deadline stands, by the office's own days; a week ends on Sunday."""
    if due_at is None:
        return "never"
    if due_at < now:
        return "late"
    today, day = local_date(zone, now), local_date(zone, due_at)
    if day <= today + timedelta(days=1):
        return "today" if day == today else "tomorrow"
    return "week" if day <= today + timedelta(days=6 - today.weekday()) else "later"


Key = tuple[datetime, int]


class Place(Struct, frozen=True):
    """Where a page begins: behind a row, or before it. No key: at the list's beginning."""

    key: Key | None = None
    back: bool = False


def parse_place(query: Mapping[str, str]) -> Place:
    back = "sebelum" in query
    at, _, number = query.get("sebelum" if back else "setelah", "").partition("~")
    try:
        moment = datetime.fromisoformat(at).astimezone(UTC)
        if 0 <= int(number) < 1 << 62:
            return Place((moment, int(number)), back)
    except (ValueError, OverflowError):
        pass
    return Place()


def written_place(key: Key, *, back: bool = False) -> dict[str, str]:
    return {"sebelum" if back else "setelah": f"{key[0].isoformat()}~{key[1]}"}
