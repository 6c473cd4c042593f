"""Files that a person hands to a command: their text, and their mistakes one line each."""

import sys
from collections.abc import Iterable
from pathlib import Path

from sop.procedure_yaml import Fault as LineFault
from tanggap.faults import BadSettings, Fault
from tanggap.language import _

STDIN = Path("-")
LARGEST = 20_000_000  # bytes


def read_text(path: Path) -> str:
    """The file, or standard input for "-". Raises OSError, and BadSettings when it is no text."""
    raw = sys.stdin.buffer.read(LARGEST + 1) if path == STDIN else _bytes(path)
    try:
        if len(raw) > LARGEST:
            raise BadSettings([Fault(path, 1, "", _("berkas terlalu besar"))])
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        said = _("bukan teks UTF-8")
        raise BadSettings([Fault(path, line, "", said, _("simpan berkas sebagai UTF-8"))]) from None


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def faulty(path: Path, faults: Iterable[LineFault]) -> BadSettings:
    """What is wrong with a file of the office, in the reader's language."""
    return BadSettings(
        Fault(
            path,
            fault.line,
            "",
            _(fault.problem, **fault.params).rstrip("."),
            _(fault.advice, **fault.params) if fault.advice else "",
        )
        for fault in faults
    )
