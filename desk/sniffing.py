"""What a file is, by its content: what its sender says of it counts for little, and least where a page would show it."""

from collections.abc import Iterable
from pathlib import Path

UNKNOWN = "application/octet-stream"
HEAD, TAIL = 4096, 256  # bytes that are looked at
SHOWY = ("image/", "audio/", "video/")
_MARKUP = (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<?xml", b"<!--")
_SAME = (
    ("audio/ogg", {"audio/ogg", "video/ogg", "application/ogg", "audio/opus"}),
    ("audio/mp4", {"audio/mp4", "audio/x-m4a", "audio/m4a", "video/mp4", "video/quicktime", "video/x-m4v"}),
    ("audio/mpeg", {"audio/mpeg", "audio/mp3", "audio/x-mpeg"}),
    ("audio/wav", {"audio/wav", "audio/wave", "audio/x-wav"}),
    ("audio/webm", {"audio/webm", "video/webm", "video/x-matroska"}),
    ("image/jpeg", {"image/jpeg", "image/jpg", "image/pjpeg"}),
    ("image/heic", {"image/heic", "image/heif"}),
)
"""Containers that hold sound or moving pictures alike, and other names of one thing; first what it is called here."""


def typed(path: Path, claimed: str) -> str:
    """The content type of a kept file: what its bytes say, else what was claimed, unless a page would show that."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        size = file.seek(0, 2)
        file.seek(max(0, size - TAIL))
        return of_bytes(head, file.read(TAIL), claimed)


def of_bytes(head: bytes, tail: bytes, claimed: str) -> str:
    """The same for its first and last bytes."""
    claimed = claimed.partition(";")[0].strip().lower()
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n\x00").lower()
    if start.startswith(_MARKUP):
        if b"<svg" in start and b"<html" not in start:
            return "image/svg+xml"
        return "text/xml" if start.startswith(b"<?xml") and b"<html" not in start else "text/html"
    found = _found(head, tail)
    if not found:
        return UNKNOWN if not claimed or claimed.startswith(SHOWY) else claimed
    if claimed in found:
        return _plain(claimed, claimed)
    for _, names in _SAME:
        if claimed in names and names.intersection(found):
            return _plain(claimed, claimed)
    return _plain(found[0], claimed)


def _found(head: bytes, tail: bytes) -> list[str]:
    """What the bytes may be, most certain first. The library costs a while: loaded with the first file."""
    import puremagic

    if not head:
        return []
    try:
        matches: Iterable[puremagic.PureMagicWithConfidence] = puremagic.magic_string(head + tail)
    except (puremagic.PureError, ValueError):
        return []
    return list(dict.fromkeys(each.mime_type for each in matches if each.mime_type))


def _plain(name: str, claimed: str) -> str:
    """One name for one thing; a container that may hold either is sound only where its sender says so."""
    for plain, names in _SAME:
        if name in names:
            if plain.startswith("audio/") and name.startswith("video/") and not claimed.startswith("audio/"):
                return name
            return plain
    return name
