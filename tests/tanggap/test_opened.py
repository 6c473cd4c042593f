"""A command opens the desk that its config.yaml names, or says in one line why it cannot."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tanggap.called import caller

ROOT = Path(__file__).parents[2]


def test_the_commands_are_the_same_on_both_engines(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "config.yaml"
    caller(capsys, "")("init", str(tmp_path), desk=False)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("sqlite:///data/tanggap.db", url), encoding="utf-8")
    call = caller(capsys, str(path))

    assert call("init", str(tmp_path), desk=False).code == 0
    assert call("staff", "add", "sari", "--lane", "narahubung", "--unit", "pusat").code == 0
    assert call("staff", "list", "--json").records[0]["seats"] == "narahubung@pusat"
    exported = call("office", "export").out
    (tmp_path / "o.yaml").write_text(exported, encoding="utf-8")
    assert call("office", "import", str(tmp_path / "o.yaml")).code == 0
    assert call("office", "export").out == exported
    assert [each["kind"] for each in call("export", "events").records][:2] == [
        "office.imported",
        "officer.added",
    ]


def test_a_desk_that_was_never_migrated_says_what_to_run(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (Path(config).parent / "data/tanggap.db").unlink()
    said = caller(capsys, config)("ticket", "list")

    assert (said.code, said.out) == (1, "")
    assert said.err.endswith("Jalankan: tanggap migrate\n")
    assert not (Path(config).parent / "data/tanggap.db").exists()


def test_a_file_that_is_no_database_is_told_in_one_line(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (Path(config).parent / "data/tanggap.db").write_bytes(b"bukan basis data " * 1000)
    said = caller(capsys, config)("ticket", "list")

    assert (said.code, said.out, len(said.err.splitlines())) == (1, "", 1)
    assert said.err.startswith("Basis data tidak dapat dibuka: ")


def test_a_server_that_is_not_there_is_told_in_one_line(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(config)
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("sqlite:///data/tanggap.db", "postgresql://u:rahasia@127.0.0.1:1/desk"), encoding="utf-8"
    )
    said = caller(capsys, config)("ticket", "list")

    assert (said.code, said.out, len(said.err.splitlines())) == (1, "", 1)
    assert "rahasia" not in said.err


def test_a_wrong_config_is_told_line_by_line(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    with Path(config).open("a", encoding="utf-8") as file:
        file.write("salah: 1\nkeliru: 2\n")
    said = caller(capsys, config)("staff", "list")

    assert (said.code, len(said.err.splitlines())) == (1, 2)


@pytest.mark.parametrize(
    "args", [("ticket", "show"), ("staff", "disable"), ("staff", "link"), ("procedure", "check")]
)
def test_half_a_letter_on_the_command_line_is_refused_in_words(config: str, args: tuple[str, str]) -> None:
    command = [sys.executable, "-m", "tanggap", *args, os.fsdecode(b"\xff"), "--config", config]
    said = subprocess.run([*command][: -2 if "check" in args else None], cwd=ROOT, capture_output=True)

    assert (said.returncode, said.stdout, len(said.stderr.splitlines())) == (1, b"", 1), said.stderr


def test_a_terminal_that_lacks_a_letter_still_gets_the_table() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "tanggap", "procedure", "list"],
        cwd=ROOT,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )

    assert said.returncode == 0
    assert said.stdout.isascii()
