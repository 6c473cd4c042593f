"""What a door's token looks like in a person's first words, and the words a link puts there for them. Pure."""

import re
from urllib.parse import quote

GREETING = "Mulai"
TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
_MARK = re.compile(r"\(kode[: ]+([A-Za-z0-9_-]{8,64})\)", re.I)


def prefilled(token: str) -> str:
    """The words of a WhatsApp link; whoever sends them as they are has greeted, and reported nothing yet."""
    return f"{GREETING} (kode: {token})"


def taken_off(text: str) -> tuple[str, str]:
    """(the person's own words, the token that the link put beside them or "")."""
    found = _MARK.search(text)
    if found is None:
        return text, ""
    return (text[: found.start()].rstrip() + text[found.end() :]).strip(), found[1]


def telegram(username: str, token: str) -> str:
    return f"https://t.me/{username}?start={token}"


def whatsapp(number: str, token: str) -> str:
    """`number` as E.164."""
    return f"https://wa.me/{number.removeprefix('+')}?text={quote(prefilled(token))}"
