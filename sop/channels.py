"""What a channel carries: how long a text may be, and until when its window is open."""

from datetime import datetime

from sop.conversation import WINDOW
from sop.errors import TooLong
from sop.text import utf16_length

LONGEST = {"whatsapp": 1600, "telegram": 4 * 4096, "mail": 20_000, "web": 20_000, "counter": 20_000}


def check_length(channel: str, text: str) -> None:
    """Raises TooLong. Lengths are counted as the provider counts: UTF-16 units."""
    longest, length = LONGEST.get(channel, 20_000), utf16_length(text)
    if length > longest:
        raise TooLong(length, longest)


def window_ends(channel: str, last_in_at: datetime | None) -> datetime | None:
    """When free text stops being possible; None: there is no window."""
    return last_in_at + WINDOW if channel == "whatsapp" and last_in_at else None
