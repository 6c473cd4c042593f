"""Records become lines and cells; what people wrote stays words."""

import io
import json
import zipfile
from datetime import UTC, datetime

import pytest

from desk import sheets

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def written(form: str, *records: dict[str, object]) -> bytes:
    file = io.BytesIO()
    with sheets.writer(form, file, "Asia/Jakarta") as made:
        for record in records:
            made.add(record)
    return file.getvalue()


def cells(book: bytes, sheet: int = 1) -> str:
    return zipfile.ZipFile(io.BytesIO(book)).read(f"xl/worksheets/sheet{sheet}.xml").decode()


def test_json_keeps_words_and_times_as_they_are() -> None:
    line = written("jsonl", {"text": "=1+1\nDewi “é”", "at": AT, "none": None}).decode()

    assert json.loads(line) == {"text": "=1+1\nDewi “é”", "at": "2026-03-02T02:00:00+00:00", "none": None}
    assert line.count("\n") == 1


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_csv_cell_that_would_run_gets_an_apostrophe(sign: str) -> None:
    assert sheets.harmless(f"{sign}1") == f"'{sign}1"


def test_a_csv_file_says_that_it_is_utf8_and_tells_the_time_of_the_office() -> None:
    said = written(
        "csv", {"text": 'KRS, "terkunci"', "at": AT, "files": [{"name": "=a.pdf"}], "n": -5, "ok": True}
    )

    assert said == (
        b'\xef\xbb\xbftext,at,files,n,ok\r\n"KRS, ""terkunci""",2026-03-02T09:00:00+07:00,\'=a.pdf,-5,ya\r\n'
    )


def test_an_empty_list_is_a_file_that_opens() -> None:
    assert written("jsonl") == b""
    assert "<sheetData/>" in cells(written("xlsx"))


def test_a_text_longer_than_a_cell_says_where_the_rest_is() -> None:
    book = zipfile.ZipFile(io.BytesIO(written("xlsx", {"text": "a" * 40_000})))
    held = "".join(book.read(name).decode() for name in book.namelist() if name.startswith("xl/"))

    assert sheets.CUT.strip() in held
    assert "a" * (sheets.LONGEST - len(sheets.CUT)) in held


def test_a_lone_surrogate_does_not_stop_the_list() -> None:
    assert written("jsonl", {"text": "\ud800"}).endswith(b"}\n")
    assert b"\\ud800" in written("csv", {"text": "\ud800"})


def test_numbers_and_times_are_numbers_in_a_workbook() -> None:
    said = cells(written("xlsx", {"n": 7, "at": AT, "text": "007"}))

    assert "<v>7</v>" in said
    assert "<v>46083.375</v>" in said
    assert "007" in said
