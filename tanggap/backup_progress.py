"""How far a backup is: bars on a terminal, a line now and then in a file or a pipe."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from sop.errors import N_
from tanggap.archive import Told
from tanggap.language import _
from tanggap.progress import Progress as Line

STAGES = {
    "database": N_("Basis data"),
    "pack": N_("Memasukkan basis data"),
    "files": N_("Berkas"),
    "verify": N_("Membaca ulang"),
    "chain": N_("Rantai kejadian"),
}


class Lines:
    """A stage that takes longer than a second says so, and how far it is every ten."""

    def __init__(self, stream: TextIO | None = None, seconds: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._seconds = stream, seconds
        self._stage, self._line = "", self._of("")

    def told(self, stage: str, done: int, of: int) -> None:
        if stage != self._stage:
            self._stage, self._line = stage, self._of(_(STAGES[stage]))
        self._line.at(100 * done // of if of else 100)

    def _of(self, stage: str) -> Line:
        return Line(f"{stage}: {{n}} %", self._stream, self._seconds)


@contextmanager
def shown() -> Iterator[Told]:
    """One bar a stage, on stderr."""
    if not sys.stderr.isatty():
        yield Lines().told
        return
    bars: dict[str, TaskID] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as progress:

        def told(stage: str, done: int, of: int) -> None:
            if stage not in bars:
                bars[stage] = progress.add_task(_(STAGES[stage]), total=of)
            progress.update(bars[stage], completed=done, total=of)

        yield told
