"""How far a backup is: bars on a terminal, nothing in a file or a pipe."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from sop.errors import N_
from tanggap.archive import Told
from tanggap.language import _

STAGES = {
    "database": N_("Basis data"),
    "pack": N_("Memasukkan basis data"),
    "files": N_("Berkas"),
    "verify": N_("Membaca ulang"),
    "chain": N_("Rantai kejadian"),
}


@contextmanager
def shown() -> Iterator[Told]:
    """One bar a stage, on stderr."""
    if not sys.stderr.isatty():
        yield lambda _stage, _done, _of: None
        return
    bars: dict[str, TaskID] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as progress:

        def told(stage: str, done: int, of: int) -> None:
            if stage not in bars:
                bars[stage] = progress.add_task(_(STAGES[stage]), total=of)
            progress.update(bars[stage], completed=done, total=of)

        yield told
