"""The link by which somebody ends announcements and reminders with one press (RFC 8058). Pure.

It names the letter it stood in, not the person: nobody's address stands in a link, a log or a browser's history.
"""

import hashlib
import hmac
import re
from base64 import b32encode

PATH = "/berhenti/"
_TOKEN = re.compile(r"([0-9]{1,19})\.([a-z2-7]{16})", re.A)


def token_of(secret: str, letter: int) -> str:
    """The token of an outbox row, signed with the desk's secret."""
    return f"{letter}.{_signature(secret, letter)}"


def letter_of(secret: str, token: str) -> int | None:
    """The outbox row that a token names; None when we did not write it."""
    shape = _TOKEN.fullmatch(token)
    if shape and hmac.compare_digest(_signature(secret, int(shape[1])), shape[2]):
        return int(shape[1])
    return None


def _signature(secret: str, letter: int) -> str:
    digest = hmac.new(secret.encode(), f"unsubscribe\0{letter}".encode(), hashlib.sha256).digest()
    return b32encode(digest[:10]).decode().lower()
