"""A channel or group where announcements are posted, as its provider tells of it. Pure."""

import re

from msgspec import Struct

from sop.errors import N_, DeskError

_LINK = re.compile(r"(?:https?://)?(?:t|telegram)\.me/(?P<name>[A-Za-z][A-Za-z0-9_]{3,31})/?", re.A)
_NAME = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}", re.A)
_ID = re.compile(r"-[0-9]{5,19}", re.A)


class NotAPlace(DeskError):
    def __init__(self, text: str) -> None:
        super().__init__(
            N_(
                "“{text}” bukan alamat saluran atau grup. Tulis @nama, tautan t.me/nama, atau nomornya, "
                "misalnya -1001234567890."
            ),
            text=text[:60],
        )


class Inspection(Struct, frozen=True, kw_only=True):
    """What a provider says of a place. `state`: "ready", "refused" (`reason` says why and what to do) or "unknown"
    (nobody answered; what was known stays). `address` is the provider's own id, which a new name does not change.
    """

    address: str = ""
    kind: str = ""  # "channel" or "group", "" where nobody answered
    name: str = ""
    members: int = 0
    link: str = ""
    state: str = "unknown"
    reason: str = ""
    params: dict[str, str] = {}  # what the reason's holes are filled with


def place_of(text: str) -> str:
    """The address that somebody typed, as Telegram takes it: "@nama" or "-100...". Raises NotAPlace."""
    line = text.strip()
    if _NAME.fullmatch(line) or _ID.fullmatch(line):
        return line
    if found := _LINK.fullmatch(line):
        return f"@{found['name']}"
    raise NotAPlace(line)
