"""What a new word of a reporter does: joins the open ticket, asks to reopen the closed one, or begins another."""

import re
from datetime import datetime, timedelta
from enum import StrEnum

from sop.dialog_spelling import near
from sop.ticket import Status, Ticket

REJOIN = timedelta(days=7)
OFFER = timedelta(hours=1)  # an offer to reopen that nobody answers becomes a follow-up
WINDOW = timedelta(hours=24)  # WhatsApp: free text only this long after the person's last word
QUIET = timedelta(minutes=1)  # at most one automatic word a minute and person
AHEAD = 10 * QUIET  # so many notices may stand in line

_THANKS = frozenset(
    [
        "terima kasih",
        "terimakasih",
        "makasih",
        "makasi",
        "trims",
        "trimakasih",
        "thanks",
        "thank you",
        "thx",
        "ok",
        "oke",
        "okay",
        "baik",
        "siap",
        "noted",
        "terima kasih banyak",
        "baik terima kasih",
        "oke terima kasih",
        "ok terima kasih",
        "sama sama",
        "alhamdulillah",
        "amin",
        "sip",
    ]
)
_NEW = frozenset({"laporan baru", "/baru", "lapor baru", "new report"})
_COMMANDS = frozenset({"/baru", "/lapor", "/report"})
_SAYING = ("laporan baru", "lapor baru")
_COMMANDED = ("lapor", "report")
_SAID = re.compile(r"(?P<said>[^:,;–-]{8,24})[:,;–-]\s*(?P<report>\S.*)")
LINE = 24  # characters of a line that may say that this is another matter
_FILLER = str.maketrans(dict.fromkeys(".,!?-🙏😊👍🏻👍", " "))
_POLITE = frozenset(
    {"bapak", "ibu", "pak", "bu", "min", "kak", "admin", "ya", "yaa", "sudah", "atas", "bantuannya", "banyak"}
)


class Joining(StrEnum):
    NEW = "new"  # begins a ticket
    JOIN = "join"  # joins the open one
    OFFER = "offer"  # joins the closed one, and reopening is offered
    QUIET = "quiet"  # joins the closed one; starts no clock and is not answered


def thanks(text: str) -> bool:
    """Nothing but thanks or an "ok", so that nobody's clock starts for it."""
    words = [word for word in text.lower().translate(_FILLER).split() if word not in _POLITE]
    return bool(words) and len(words) <= 4 and " ".join(words) in _THANKS


def matter(text: str) -> str:
    """The text without the words that begin another matter, also mistyped: a first line "laporan baru", the same with
    a colon or comma before the report, or "/lapor" before it.
    """
    first, _, rest = text.strip().partition("\n")
    if _begins_new(first):
        return rest.strip()
    if (said := _SAID.match(first)) and _begins_new(said["said"]):
        return f"{said['report']}\n{rest}".strip()
    command, _, words = first.partition(" ")
    if words and command.startswith("/") and _is_command(command.lower().partition("@")[0]):
        return f"{words}\n{rest}".strip()
    return text


def _begins_new(line: str) -> bool:
    plain = " ".join(line.lower().strip(" .:!").split()) if len(line) <= LINE else ""
    return plain in _NEW or bool(near(plain, _SAYING))


def _is_command(command: str) -> bool:
    return command in _COMMANDS or (len(command) <= LINE and bool(near(command[1:], _COMMANDED)))


def wants_new(text: str) -> bool:
    """The person says that this is another matter."""
    return matter(text) != text


def joining(
    current: Ticket | None, text: str, now: datetime, *, files: bool = False, auto: bool = False
) -> Joining:
    """What the word does. `auto`: a machine wrote it (a bounce, an absence note): it joins and starts nothing."""
    if current is None or current.erased_at or (not auto and wants_new(text)):
        return Joining.NEW
    if current.status is not Status.CLOSED:
        return Joining.JOIN
    if auto:
        return Joining.QUIET
    if current.closed_at is None or now - current.closed_at > REJOIN:
        return Joining.QUIET if not files and thanks(text) else Joining.NEW
    return Joining.QUIET if not files and thanks(text) else Joining.OFFER


def may_say(said_at: datetime | None, now: datetime, *, auto: bool) -> bool:
    """May we answer by ourselves: never a machine, and a person at most once a minute."""
    return not auto and (said_at is None or not timedelta(0) <= now - said_at < QUIET)


def leaves_at(said_at: datetime | None, now: datetime) -> datetime:
    """When a notice may leave: at once, or a minute after the last automatic word to that person, on whatever channel.

    It is never dropped; a `said_at` far ahead is of a clock that was set back, and holds nothing up.
    """
    if said_at is None or now - said_at >= QUIET or said_at - now > AHEAD:
        return now
    return said_at + QUIET
