"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from tanggap.language import _

Config = Annotated[Path, typer.Option("--config", help=_("Berkas pengaturan."), show_default=True)]
CONFIG = Path("config.yaml")
Json = Annotated[bool, typer.Option("--json", help=_("Satu objek JSON per baris."))]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="BERKAS", help=_("Berkas hasil; tanpa ini ke keluaran standar.")),
]
