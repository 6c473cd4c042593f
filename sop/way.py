"""The ways an answer can take to its person, and what would happen on each now (issue: WhatsApp's 24-hour window)."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from sop.calendar import Calendar
from sop.channels import window_ends
from sop.clock import is_open
from sop.conversation import thanks
from sop.errors import N_, DeskError
from sop.text import mask_id, mask_mail, mask_phone

WAITS_FOR_WINDOW = "window"
LATE_ANSWER = "late_answer"  # purpose of the provider's template that says: your answer is here
PATIENCE = timedelta(hours=24)  # so long an answer waits for the person's word before it takes another way

LEAD = timedelta(hours=2)  # so long before a window closes its ticket's holder is reminded, in working hours
FIRST_LOOK = timedelta(minutes=30)  # after the person's word: then it is known when to remind
_STEP = timedelta(minutes=15)

_ASKS_FOR = frozenset({
    "ya", "iya", "yaa", "mau", "boleh", "lihat", "kirim", "kirimkan", "balas", "jawab", "jawaban", "jawabannya", "mana",
    "apa", "siap", "silakan", "silahkan", "yes", "please", "show", "answer",
})  # fmt: skip
_POLITE = frozenset({"pak", "bu", "bapak", "ibu", "kak", "min", "admin", "saya", "dong", "tolong", "mohon"})

BLOCKED = N_("Pelapor memblokir kita di sini.")
STOPPED = N_("Pelapor meminta berhenti dihubungi di sini; tunggu sampai pelapor menulis lagi.")
NO_TEMPLATE = N_(
    "Jendela 24 jam WhatsApp sudah tertutup dan belum ada templat yang disetujui untuk membukanya."
)
LATE = N_(
    "Jendela 24 jam WhatsApp sudah tertutup: pelapor diberi tahu bahwa jawaban tersedia, "
    "dan jawabannya menyusul begitu pelapor membalas."
)


class Plan(StrEnum):
    """What would happen to an answer now."""

    FREE = "free"  # it leaves at once; at the counter it becomes a call task
    TEMPLATE = (
        "template"  # the late-answer plan: an approved template first, the answer after the person's word
    )
    NONE = "none"  # it cannot leave; the reason says why


class NoSuchWay(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Alamat itu bukan alamat pelapor tiket ini. Pilih salah satu yang tersedia."))


class WayClosed(DeskError):
    """The chosen way carries nothing now. `reason` is one of this file's."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


class Known(Struct, frozen=True, kw_only=True):
    """A conversation with the person, as the store knows it. `to` is the address itself."""

    conversation: int
    channel: str
    to: str
    state: str
    last_in_at: datetime | None = None
    wrote: bool = False
    confirmed: bool = False


class Way(Struct, frozen=True, kw_only=True):
    """`to` is masked; `until` the end of WhatsApp's window, past or to come, None where there is none.

    `wrote`: the person wrote from it; `confirmed`: it was confirmed as theirs. `reason` is untranslated.
    """

    conversation: int
    channel: str
    to: str
    state: str
    wrote: bool
    confirmed: bool
    until: datetime | None
    plan: Plan
    reason: str = ""

    @property
    def by_hand(self) -> bool:
        """Somebody calls, or tells them at the counter."""
        return self.channel == "counter"


def ways(own: int, known: Sequence[Known], now: datetime, *, template: bool) -> tuple[Way, ...]:
    """The ticket's own conversation first, then one of each other address that is reachable and theirs.

    `known` comes with the newest conversation of an address first. `template`: an approved one for late answers is there.
    """
    mine = [each for each in known if each.conversation == own]
    seen = {(each.channel, each.to) for each in mine}
    others = []
    for each in known:
        if (each.channel, each.to) not in seen and _reachable(each):
            seen.add((each.channel, each.to))
            others.append(each)
    return tuple(way(each, now, template=template) for each in (*mine, *others))


def way(known: Known, now: datetime, *, template: bool) -> Way:
    plan, reason = _plan(known, now, template=template)
    return Way(
        conversation=known.conversation,
        channel=known.channel,
        to=masked(known.channel, known.to),
        state=known.state,
        wrote=known.wrote,
        confirmed=known.confirmed,
        until=_until(known),
        plan=plan,
        reason=reason,
    )


def chosen(among: Sequence[Way], by: int | None = None) -> Way | None:
    """The way an answer takes: the conversation `by`, else the first that carries it; None: somebody has to call.

    Raises NoSuchWay, and WayClosed where `by` carries nothing now.
    """
    if by is None:
        return next((each for each in among if each.plan is not Plan.NONE), None)
    found = next((each for each in among if each.conversation == by), None)
    if found is None:
        raise NoSuchWay
    if found.plan is Plan.NONE:
        raise WayClosed(found.reason)
    return found


def elsewhere(among: Sequence[Way], besides: int | None) -> Way | None:
    """Where words go at once that could not go to `besides`: a channel before the telephone; None: somebody has to call."""
    free = [each for each in among if each.plan is Plan.FREE and each.conversation != besides]
    return min(free, key=lambda each: each.by_hand, default=None)


def masked(channel: str, to: str) -> str:
    """An address as it may be shown and said: enough to know it, too little to use it."""
    if channel == "mail":
        return mask_mail(to)
    value = to.removeprefix("whatsapp:")
    if channel == "whatsapp" or value.startswith("+"):
        return mask_phone(value)
    return mask_id(value)


def _reachable(known: Known) -> bool:
    """Never an address that was merely stated. A web form's page is read by who holds its link, and nobody is told."""
    return known.state == "reachable" and (known.wrote or known.confirmed) and known.channel != "web"


def _until(known: Known) -> datetime | None:
    return window_ends(known.channel, known.last_in_at)


def _plan(known: Known, now: datetime, *, template: bool) -> tuple[Plan, str]:
    if known.state == "blocked":
        return Plan.NONE, BLOCKED
    until = _until(known)
    if known.channel != "whatsapp" or (until is not None and now < until):
        return Plan.FREE, ""
    if known.state == "opted_out":
        return Plan.NONE, STOPPED
    return (Plan.TEMPLATE, LATE) if template else (Plan.NONE, NO_TEMPLATE)


def looks_at(channel: str, last_in_at: datetime) -> datetime | None:
    """When the desk looks at a conversation whose window was opened; None: the channel has no window."""
    return last_in_at + FIRST_LOOK if window_ends(channel, last_in_at) else None


def remind_at(until: datetime, now: datetime, calendar: Calendar) -> datetime:
    """The last working moment two hours before the window closes, but not before `now`; `now` where nobody works until then."""
    at = until - LEAD
    while at > now and not is_open(calendar, at):
        at -= _STEP
    return max(at, now)


def asks_for_answer(text: str, *, button: bool = False, files: bool = False) -> bool:
    """The person's word only asks for the answer that was announced: it begins nothing of its own."""
    if files:
        return False
    words = [word for word in re.sub(r"[^\w\s]", " ", text.lower()).split() if word not in _POLITE]
    asking = bool(text.strip()) and len(words) <= 3 and all(word in _ASKS_FOR for word in words)
    return button or thanks(text) or asking
