"""The whole office as one YAML: what goes out comes in again, and what is wrong changes nothing."""

import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.tanggap.called import Call, caller


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], config: str) -> Call:
    return caller(capsys, config)


def rows(config: str) -> dict[str, int]:
    """How many rows each table of the office has."""
    tables = ("unit", "calendar", "category", "procedure", "reply_template", "officer", "seat", "setting")
    with closing(sqlite3.connect(Path(config).parent / "data/tanggap.db")) as database:
        return {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}


def test_what_was_exported_changes_nothing_when_it_comes_in_again(
    call: Call, config: str, tmp_path: Path
) -> None:
    call("staff", "add", "sari", "--lane", "narahubung", "--unit", "pusat")
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    before = rows(config)

    assert call("office", "export", "--out", str(first)).code == 0
    assert call("office", "import", str(first)).code == 0
    assert call("office", "export", "--out", str(second)).code == 0

    assert second.read_text(encoding="utf-8") == first.read_text(encoding="utf-8")
    assert rows(config) == before


def test_an_office_moves_to_another_desk(
    call: Call, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call("staff", "add", "sari", "--lane", "narahubung", "--unit", "pusat")
    (tmp_path / "office.yaml").write_text(call("office", "export").out, encoding="utf-8")
    caller(capsys, "")("init", str(tmp_path / "lain"), desk=False)
    elsewhere = caller(capsys, str(tmp_path / "lain/config.yaml"))

    assert elsewhere("office", "import", str(tmp_path / "office.yaml")).code == 0
    assert elsewhere("office", "export").out == call("office", "export").out


def test_a_file_cannot_edit_a_procedure_that_is_in_force(call: Call, tmp_path: Path) -> None:
    before = call("office", "export").out
    office = tmp_path / "o.yaml"
    office.write_text(before.replace("waktu: 15 menit", "waktu: 99 menit"), encoding="utf-8")
    said = call("office", "import", str(office))

    assert said.code == 1
    assert "sudah berlaku sejak" in said.err
    assert call("office", "export").out == before


def test_who_sits_for_a_while_does_not_come_along(call: Call) -> None:
    call("staff", "add", "hendra")
    call("staff", "add", "dewi")
    call("staff", "grant", "hendra", "koor", "--unit", "pusat", "--decree", "SK 12/2026")
    call("staff", "grant", "hendra", "supervisor", "--until", "2999-12-31")
    call("staff", "grant", "dewi", "koor", "--unit", "pusat", "--deputy-of", "hendra")
    said = call("office", "export").out

    assert said.count("lajur:") == 1
    assert "- lajur: koor\n    unit: pusat\n    sk: SK 12/2026\n" in said


def test_an_officer_of_a_file_gets_a_password_by_staff_add(call: Call, tmp_path: Path) -> None:
    office = tmp_path / "o.yaml"
    office.write_text(
        "petugas: [{nama_pengguna: dewi, nama: Dewi, peran: [{lajur: supervisor}]}]", encoding="utf-8"
    )
    call("office", "import", str(office))

    assert call("staff", "add", "dewi").code == 0
    assert call("staff", "add", "dewi").code == 1
    assert call("staff", "list", "--json").records[0] == {
        "login": "dewi",
        "name": "Dewi",
        "title": "",
        "seats": "supervisor",
    }


def test_a_category_comes_in_after_the_one_it_hangs_under(call: Call, tmp_path: Path) -> None:
    office = tmp_path / "o.yaml"
    office.write_text(
        "kategori:\n  - {kode: aula, nama: Aula, induk: gedung}\n  - {kode: gedung, nama: Gedung}\n",
        encoding="utf-8",
    )
    assert call("office", "import", str(office)).code == 0

    assert "kode: aula\n  nama: Aula\n  kata: []\n  induk: gedung\n" in call("office", "export").out


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("unit: [{kode: A b}]\nsalah: 1\n", 3),
        ("- satu\n- dua\n", 1),
        ("unit: &a [x]\nkategori: *a\n", 1),
        ("kategori:\n  - {kode: gedung, nama: Gedung, unit: tiada}\n", 1),
        ("templat:\n  - {kode: halo, nama: Halo, isi: 'Halo {{ nma }}'}\n", 1),
        ("petugas: [{nama_pengguna: dewi, nama: Dewi, peran: [{lajur: tiada}]}]", 1),
        ("kantor: Kantor Lain\nunit: [{kode: baru, nama: Baru, prosedur: tiada}]\n", 1),
        ("kantor: [\n", 1),
    ],
)
def test_what_is_wrong_is_told_line_by_line_and_nothing_is_half_loaded(
    call: Call, tmp_path: Path, text: str, lines: int
) -> None:
    before = call("office", "export").out
    office = tmp_path / "o.yaml"
    office.write_text(text, encoding="utf-8")
    said = call("office", "import", str(office))

    assert (said.code, said.out, len(said.err.splitlines())) == (1, "", lines), said.err
    assert call("office", "export").out == before


def test_a_fault_names_the_file_and_the_line(call: Call, tmp_path: Path) -> None:
    office = tmp_path / "o.yaml"
    office.write_text("kantor: UC3\nsalh: 1\n", encoding="utf-8")

    assert call("office", "import", str(office)).err.startswith(f"{office}:2: Kunci “salh” tidak dikenal")


def test_bytes_that_are_no_text_are_refused(call: Call, tmp_path: Path) -> None:
    office = tmp_path / "o.yaml"
    office.write_bytes(b"kantor: UC3\nunit: \xff\xfe\n")

    assert (
        call("office", "import", str(office)).err
        == f"{office}:2: bukan teks UTF-8; simpan berkas sebagai UTF-8\n"
    )


def test_an_export_that_cannot_be_written_leaves_nothing_behind(call: Call, tmp_path: Path) -> None:
    said = call("office", "export", "--out", str(tmp_path / "tiada/o.yaml"))

    assert (said.code, len(said.err.splitlines())) == (1, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["meja"]


def test_the_office_comes_by_standard_input(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    office = io.TextIOWrapper(io.BytesIO(b"kantor: Kantor Baru\n"))
    monkeypatch.setattr("sys.stdin", office)

    assert call("office", "import", "-").code == 0
    assert call("office", "export").out.startswith("kantor: Kantor Baru\n")
