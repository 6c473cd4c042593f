"""Mails that lie in files: .eml, mbox, Maildir, or a folder of any of them."""

import re
from collections.abc import Iterator
from pathlib import Path

_BEGINS = re.compile(rb"From \S.*\d\d:\d\d")
_ESCAPED = re.compile(rb">+From ")


def mails(path: Path) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of each mail in its order; an mbox is read mail by mail. Raises OSError."""
    if path.is_dir():
        for inner in _inside(path):
            yield from mails(inner)
    elif _is_mbox(path):
        yield from _mbox(path)
    else:
        yield str(path), path.read_bytes()


def _inside(folder: Path) -> list[Path]:
    """A Maildir's `tmp` holds what is still being written; hidden files are a server's own notes, folders begin
    with a dot there."""
    is_maildir = (folder / "cur").is_dir() and (folder / "new").is_dir()
    found = []
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if not (is_maildir and path.name == "tmp"):
                found.append(path)
        elif not is_maildir and not path.name.startswith("."):
            found.append(path)
    return found


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return bool(_BEGINS.match(file.readline(1000)))


def _mbox(path: Path) -> Iterator[tuple[str, bytes]]:
    """A mail begins at a "From " line with a time, at the top or below a blank line; inside mails it is escaped."""
    lines: list[bytes] = []
    number, blank = 0, True
    with path.open("rb") as file:
        for line in file:
            if blank and _BEGINS.match(line):
                if number:
                    yield f"{path}#{number}", b"".join(lines)
                lines, number = [], number + 1
            else:
                lines.append(line[1:] if _ESCAPED.match(line) else line)
            blank = line in (b"\n", b"\r\n")
    if number:
        yield f"{path}#{number}", b"".join(lines)
