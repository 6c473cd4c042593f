"""Tokens and codes: long and random when they are made, hashed when they are kept."""

from hashlib import sha256
from secrets import token_urlsafe


def fresh_token() -> str:
    """For an address or a cookie: nobody types it, nobody guesses it."""
    return token_urlsafe(32)


def fresh_code() -> str:
    """A one-time code that a person can type: ten letters and digits."""
    return token_urlsafe(12).replace("-", "x").replace("_", "y")[:10].upper()


def hashed(secret: str) -> str:
    """How tokens and codes are stored and looked up: they are long and random, so no slow hash is needed."""
    return sha256(secret.encode()).hexdigest()
