"""The secret of a second step as it is kept: nobody who has the database or a backup alone can make its codes.

Sealed by AES-SIV (RFC 5297) under a key made from the desk's own secret, bound to its officer: what was altered, moved to
another officer or sealed under another desk's secret does not open (docs/decisions/0021-sealed-second-step.md).
"""

from base64 import b64decode, b64encode
from binascii import Error
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

SIGN = "s1:"  # a secret in the clear has neither a small letter nor a colon
KEY = 64  # bytes: two of AES-256
PURPOSE = b"tanggap second step"


class SealBroken(Exception):
    """Not sealed by this desk, or not for this officer."""


def sealed(key: str, officer: int, secret: str) -> str:
    """`secret` is ASCII; `key` is the desk's secret. The same secret of the same officer looks the same."""
    return SIGN + b64encode(_cipher(key).encrypt(secret.encode("ascii"), [b"%d" % officer])).decode()


def opened(key: str, officer: int, kept: str) -> str:
    """The secret, also one from before secrets were sealed. Raises SealBroken."""
    if not is_sealed(kept):
        return kept
    from cryptography.exceptions import InvalidTag  # a large library, which few officers' steps need

    try:
        raw = b64decode(kept.removeprefix(SIGN), validate=True)
        return _cipher(key).decrypt(raw, [b"%d" % officer]).decode("ascii")
    except (Error, ValueError, InvalidTag):
        raise SealBroken from None


def is_sealed(kept: str) -> bool:
    return kept.startswith(SIGN)


def _cipher(key: str) -> "AESSIV":
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV
    from cryptography.hazmat.primitives.hashes import SHA512
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return AESSIV(HKDF(SHA512(), length=KEY, salt=None, info=PURPOSE).derive(key.encode()))
