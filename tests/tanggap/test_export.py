"""Lists go out as JSON lines, CSV and XLSX, and run nothing in whoever opens them."""

import csv
import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from tests.samples import NOW
from tests.tanggap.called import Call, arrives, caller

FORMULAS = ("=HYPERLINK(1)", "+62812", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0")


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], config: str) -> Call:
    return caller(capsys, config)


def test_a_message_is_one_line_of_json(call: Call, config: str) -> None:
    arrives(config, "KRS saya terkunci\nsejak pagi")
    [first, second] = call("export", "messages").records

    assert (first["ticket"], first["direction"], first["text"]) == (
        1001,
        "in",
        "KRS saya terkunci\nsejak pagi",
    )
    assert first["written_at"] == "2026-03-02T02:00:00+00:00"
    assert (second["direction"], second["automatic"]) == ("out", True)


@pytest.mark.parametrize(
    ("what", "key", "found"),
    [
        ("tickets", "number", [1001]),
        ("visits", "step", ["analisa"]),
        ("messages", "direction", ["in", "out"]),
    ],
)
def test_each_list_goes_out(call: Call, config: str, what: str, key: str, found: list[object]) -> None:
    arrives(config, "KRS saya terkunci")

    assert [each[key] for each in call("export", what).records] == found


def test_the_events_hold_no_words(call: Call, config: str) -> None:
    arrives(config, "Nama saya Dewi, NIM 221040037")
    said = call("export", "events")

    assert "opened" in [each["kind"] for each in said.records]
    assert "Dewi" not in said.out
    assert "221040037" not in said.out


def test_who_took_a_list_out_leaves_an_event(call: Call, config: str) -> None:
    arrives(config, "KRS saya terkunci")
    call("export", "tickets")

    assert call("export", "events").records[-1]["facts"] == {"what": "tickets", "rows": 1}


def test_days_are_those_of_the_office(call: Call, config: str) -> None:
    arrives(config, "Senin", at=NOW)
    arrives(config, "Selasa dini hari", at=NOW + timedelta(hours=15, minutes=1))

    def found(*args: str) -> list[str]:
        return [each["subject"] for each in call("export", "tickets", *args).records]

    assert found("--until", "2026-03-02") == ["Senin"]
    assert found("--since", "2026-03-03") == ["Selasa dini hari"]
    assert found("--since", "2026-03-02", "--until", "2026-03-03") == ["Senin", "Selasa dini hari"]
    assert found("--since", "2026-03-04") == []


def test_no_cell_of_a_csv_begins_a_formula(call: Call, config: str) -> None:
    arrives(config, *FORMULAS)
    text = call("export", "messages", "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))

    assert [row["text"] for row in rows if row["direction"] == "in"] == [
        f"'{formula}" for formula in FORMULAS
    ]
    assert not [
        cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    ]


def test_no_cell_of_a_workbook_is_a_formula_or_link(call: Call, config: str, tmp_path: Path) -> None:
    arrives(config, *FORMULAS, "https://contoh.ac.id/jebakan")
    out = tmp_path / "pesan.xlsx"

    assert call("export", "messages", "--format", "xlsx", "--out", str(out)).code == 0
    with zipfile.ZipFile(out) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "=HYPERLINK(1)" in sheet
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert len(list(tmp_path.glob("*.part"))) == 0


def test_a_list_longer_than_a_batch_is_whole_and_in_order(call: Call, config: str) -> None:
    arrives(config, *(f"Laporan {n}" for n in range(1203)))

    assert [each["number"] for each in call("export", "tickets").records] == list(range(1001, 2204))


def test_a_file_is_told_and_can_be_read_by_its_owner_only(call: Call, config: str, tmp_path: Path) -> None:
    arrives(config, "KRS saya terkunci")
    out = tmp_path / "tiket.jsonl"
    said = call("export", "tickets", "--out", str(out))

    assert (said.out, said.err) == ("", f"1 baris ditulis ke {out}\n")
    assert out.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("args", "code"),
    [(("surat",), 2), ((), 2), (("tickets", "--format", "pdf"), 2), (("tickets", "--since", "kemarin"), 1)],
)
def test_a_wrong_call_is_one_line(call: Call, args: tuple[str, ...], code: int) -> None:
    said = call("export", *args)

    assert (said.code, said.out, len(said.err.splitlines())) == (code, "", 1)
