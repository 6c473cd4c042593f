"""A reply template is tried before it is used."""

from pathlib import Path

import pytest

from tests.tanggap.called import Call, arrives, caller

STARTERS = Path(__file__).parents[2] / "templates_replies"


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], config: str) -> Call:
    return caller(capsys, config)


@pytest.mark.parametrize("path", sorted(STARTERS.glob("*.md")), ids=lambda path: path.name)
def test_each_starter_reads_well_on_the_sample(call: Call, path: Path) -> None:
    said = call("template", "render", str(path), desk=False)

    assert (said.code, said.err) == (0, "")
    assert "{" not in said.out
    assert "#1042" in said.out


def test_a_ticket_fills_the_holes(call: Call, config: str) -> None:
    arrives(config, "KRS saya terkunci")
    said = call("template", "render", str(STARTERS / "minta-rincian.id.md"), "--ticket", "1001")

    assert "Yth. Bapak/Ibu Dewi," in said.out
    assert "nomor #1001" in said.out


def test_a_hole_that_the_ticket_leaves_open_is_named(call: Call, config: str) -> None:
    arrives(config, "KRS saya terkunci")
    said = call("template", "render", str(STARTERS / "selesai.id.md"), "--ticket", "1001")

    assert said.out.endswith("[petugas]\n")
    assert said.err == "Isian yang masih kosong: petugas\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\nkode: a\nnama: A\n---\n\nHalo\n{{ nma }}\n", 7),
        ("Halo\n{% if x %}ya{% endif %}\n", 2),
        ("Halo {{ nama.__class__ }}\n", 1),
        ("---\nkode: a\nnama: A\nbahas: id\n---\nHalo\n", 4),
        ("---\nkode: a\nnama: A\n---\n", 5),
        ("", 1),
    ],
)
def test_a_fault_is_told_by_the_line_of_the_file(call: Call, tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "salah.md"
    path.write_text(text, encoding="utf-8")
    said = call("template", "render", str(path), desk=False)

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"{path}:{line}: ")


def test_an_unknown_ticket_is_answered_with_what_to_type(call: Call) -> None:
    said = call("template", "render", str(STARTERS / "selesai.id.md"), "--ticket", "77")

    assert said.err == "Tiket 77 tidak ditemukan. Lihat nomornya dengan: tanggap ticket list\n"
