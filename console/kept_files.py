"""Files that came with a form which was refused: already on disk, carried by the page in a sealed line until it is sent again."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from hashlib import sha256

import msgspec
from starlette.datastructures import FormData

from desk.desk import Desk
from sop.messages import File

MARK = 32  # bytes of the seal


def sealed(desk: Desk, officer: int, file: File) -> str:
    """The file as a line that only this desk made, for this officer alone."""
    body = msgspec.json.encode(file)
    return urlsafe_b64encode(_seal(desk, officer, body) + body).decode()


def opened(desk: Desk, officer: int, form: FormData, name: str, most: int = 5) -> tuple[File, ...]:
    """The files of the form's sealed lines of that name; what is not sealed by us is passed over."""
    lines = [each for each in form.getlist(name) if isinstance(each, str)][:most]
    found = (_opened(desk, officer, each) for each in lines)
    return tuple(each for each in found if each is not None)


def _opened(desk: Desk, officer: int, line: str) -> File | None:
    try:
        raw = urlsafe_b64decode(line.encode())
        if not hmac.compare_digest(raw[:MARK], _seal(desk, officer, raw[MARK:])):
            return None
        return msgspec.json.decode(raw[MARK:], type=File)
    except (ValueError, Error, msgspec.DecodeError):
        return None


def _seal(desk: Desk, officer: int, body: bytes) -> bytes:
    return hmac.new(f"kept-file:{desk.secret}".encode(), f"{officer}:".encode() + body, sha256).digest()
