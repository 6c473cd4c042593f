"""Records as JSON lines, CSV or XLSX. What people wrote stays words: no cell of theirs becomes a formula (OWASP)."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, BinaryIO, Protocol
from zoneinfo import ZoneInfo

import xlsxwriter

from desk.records import Record

FORMATS = ("jsonl", "csv", "xlsx")
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MOST_ROWS = 1_048_575  # of one sheet, below its heads
LONGEST = 32_767  # characters of an XLSX cell
CUT = " [… dipotong; lengkapnya ada di jsonl dan csv]"


class Writer(Protocol):
    def add(self, record: Record) -> None: ...

    def close(self) -> None: ...


@contextmanager
def writer(form: str, file: BinaryIO, zone: str) -> Iterator[Writer]:
    """One of FORMATS. Columns are those of the first record; times are on the wall clock of `zone`, in JSON in UTC."""
    forms: dict[str, Callable[[BinaryIO, ZoneInfo], Writer]] = {"jsonl": Lines, "csv": Csv, "xlsx": Xlsx}
    made = forms[form](file, ZoneInfo(zone))
    try:
        yield made
    finally:
        made.close()


class Lines:
    """One JSON object a line."""

    def __init__(self, file: BinaryIO, zone: ZoneInfo) -> None:
        self._file = file

    def add(self, record: Record) -> None:
        line = json.dumps(record, ensure_ascii=False, default=_plain)
        self._file.write(line.encode("utf-8", "backslashreplace") + b"\n")

    def close(self) -> None:
        self._file.flush()


class Csv:
    """UTF-8 with its mark, so that spreadsheet programs read it as such."""

    def __init__(self, file: BinaryIO, zone: ZoneInfo) -> None:
        self._zone = zone
        self._text = io.TextIOWrapper(file, "utf-8-sig", "backslashreplace", newline="", write_through=True)
        self._rows = csv.writer(self._text)
        self._begun = False

    def add(self, record: Record) -> None:
        if not self._begun:
            self._rows.writerow(record)
            self._begun = True
        self._rows.writerow([self._cell(value) for value in record.values()])

    def _cell(self, value: Any) -> str:
        if isinstance(value, str):
            return harmless(value)
        if isinstance(value, datetime):
            return value.astimezone(self._zone).isoformat(timespec="seconds")
        return harmless(words(value)) if isinstance(value, list | dict) else words(value)

    def close(self) -> None:
        self._text.flush()
        self._text.detach()


class Xlsx:
    """Sheets that are written row by row in constant memory; a full one is followed by another."""

    def __init__(self, file: BinaryIO, zone: ZoneInfo) -> None:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd hh:mm:ss",
        }
        self._zone = zone
        self._book = xlsxwriter.Workbook(file, options)
        self._bold = self._book.add_format({"bold": True})
        self._row = MOST_ROWS
        self._sheet: Any = None

    def add(self, record: Record) -> None:
        if self._row >= MOST_ROWS:
            self._begin(list(record))
        self._row += 1
        for column, value in enumerate(record.values()):
            self._write(column, value)

    def _begin(self, heads: Sequence[str]) -> None:
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        for column, head in enumerate(heads):
            self._sheet.write_string(0, column, head, self._bold)
        self._row = 0

    def _write(self, column: int, value: Any) -> None:
        if isinstance(value, datetime):
            local = value.astimezone(self._zone).replace(tzinfo=None)
            self._sheet.write_datetime(self._row, column, local)
        elif isinstance(value, int) and not isinstance(value, bool):
            self._sheet.write_number(self._row, column, value)
        elif text := words(value):
            short = text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT
            self._sheet.write_string(self._row, column, short)

    def close(self) -> None:
        if self._sheet is None:
            self._book.add_worksheet()
        self._book.close()


def harmless(text: str) -> str:
    """A text that a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{text}" if text.startswith(TRIGGERS) else text


def words(value: Any) -> str:
    """A value of a record in one cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, list):
        return "; ".join(
            str(each.get("name", each)) if isinstance(each, dict) else str(each) for each in value
        )
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return str(value)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
