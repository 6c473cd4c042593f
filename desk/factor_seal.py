"""The secret of a second step as it is kept: nobody who has the database or a backup alone can make its codes.

Sealed under the desk's own secret: the mark is a keyed hash of officer and secret, the rest the secret under a pad that is
keyed by that mark. What was altered, moved to another officer or sealed under another desk's secret does not open
(docs/decisions/0021-sealed-second-step.md).
"""

import hmac
from base64 import b64decode, b64encode
from binascii import Error

SIGN = "s1:"  # a secret in the clear has neither a small letter nor a colon
MARK = 16  # bytes
LONGEST = 32  # bytes: one pad


class SealBroken(Exception):
    """Not sealed by this desk, or not for this officer."""


def sealed(key: str, officer: int, secret: str) -> str:
    """`secret` has at most 32 ASCII characters; `key` is the desk's secret."""
    plain = secret.encode("ascii")
    assert len(plain) <= LONGEST
    mark = _mark(key, officer, plain)
    return SIGN + b64encode(mark + _under_pad(key, mark, plain)).decode()


def opened(key: str, officer: int, kept: str) -> str:
    """The secret, also one from before secrets were sealed. Raises SealBroken."""
    if not is_sealed(kept):
        return kept
    try:
        raw = b64decode(kept.removeprefix(SIGN), validate=True)
    except (Error, ValueError):
        raise SealBroken from None
    mark, plain = raw[:MARK], _under_pad(key, raw[:MARK], raw[MARK:])
    if not hmac.compare_digest(mark, _mark(key, officer, plain)):
        raise SealBroken
    return plain.decode("ascii")


def is_sealed(kept: str) -> bool:
    return kept.startswith(SIGN)


def _mark(key: str, officer: int, plain: bytes) -> bytes:
    return hmac.digest(key.encode(), b"second step mark\0%d\0" % officer + plain, "sha256")[:MARK]


def _under_pad(key: str, mark: bytes, text: bytes) -> bytes:
    pad = hmac.digest(key.encode(), b"second step pad\0" + mark, "sha256")
    return bytes(one ^ other for one, other in zip(text, pad, strict=False))
