"""Lists on a terminal: a table for people, or one JSON object a line for programs."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from shutil import get_terminal_size
from typing import Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

UNBOUND = 1000  # characters of a line that goes into a file or a pipe


def width() -> int:
    """Of the terminal; of a pipe as wide as a table ever needs, unless COLUMNS says otherwise."""
    return (
        get_terminal_size((UNBOUND, 24)).columns if not sys.stdout.isatty() else get_terminal_size().columns
    )


def console() -> Console:
    return Console(file=sys.stdout, width=width(), highlight=False, soft_wrap=False)


def show(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Cells are words, never markup."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(Text(name), overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console().print(table)


def say_json(value: Mapping[str, Any]) -> None:
    typer.echo(as_line(value))


def as_line(value: Mapping[str, Any]) -> str:
    """Times are ISO 8601 in UTC."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
