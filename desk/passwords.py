"""Passwords as Argon2id hashes. Each call takes about 0.3 s, so faces call it in a thread, before the act."""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()


def hash_password(password: str) -> str:
    return _HASHER.hash(password)


def fits(password_hash: str, password: str) -> bool:
    """Takes as long for an account that does not exist (empty hash): nobody learns which names there are."""
    try:
        return _HASHER.verify(password_hash or _nobodys(), password) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return hash_password("nobody's password")
