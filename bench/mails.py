"""The mails to measure with: those of the tests, each copy of somebody else and in a thread of its own."""

import re
from pathlib import Path

FROM_TESTS = Path(__file__).parents[1] / "tests" / "channels" / "mails"
FAIL_THERE = frozenset(
    {"charset-that-does-not-exist", "encoded-word-injection", "latin1-says-utf8", "outlook-cp1252"}
)
"""Mails on which django-helpdesk's pipeline raises, which ends its whole run: neither gets them."""
AUTHSERV = "mx.contoh.ac.id"
_IDS = re.compile(rb"^(message-id|in-reply-to|references):.*(\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)
_FROM = re.compile(rb"^from:.*(\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)
_BLANK = re.compile(rb"\r?\n\r?\n")


def lay_out(folder: Path, copies: int, first: int) -> int:
    """So many copies of each mail as files of `folder`, numbered from `first`; how many files that are."""
    folder.mkdir(parents=True)
    number = first
    for _ in range(copies):
        for path in sorted(FROM_TESTS.glob("*.eml")):
            if path.stem not in FAIL_THERE:
                (folder / f"{number}.eml").write_bytes(copy(path.read_bytes(), number))
                number += 1
    return number - first


def copy(raw: bytes, number: int) -> bytes:
    """A first word of somebody unknown whose address our own server vouches for: it opens a ticket, and a receipt is
    due, unless a machine wrote it."""
    blank = _BLANK.search(raw)
    end = blank.start() if blank else len(raw)
    head = _IDS.sub(lambda found: found[0].replace(b"<", b"<c%d." % number), raw[:end])
    head = _FROM.sub(b"From: Pelapor <pelapor%d@contoh.ac.id>" % number, head)
    vouched = f"Authentication-Results: {AUTHSERV}; dmarc=pass header.from=contoh.ac.id\n".encode()
    return vouched + head + raw[end:]
