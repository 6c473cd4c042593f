"""The command line answers at once, speaks plainly, and has no command that is not built."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tanggap.cli import commands, run
from tanggap.frame import load

ROOT = Path(__file__).parent.parent
HEAVY = {
    "aiogram",
    "aiohttp",
    "alembic",
    "apscheduler",
    "argon2",
    "holidays",
    "httpx",
    "httpx2",
    "jinja2",
    "phonenumbers",
    "psycopg",
    "pydantic",
    "rich",
    "sqlalchemy",
    "starlette",
    "telegram",
    "twilio",
    "uvicorn",
    "yaml",
}


def loaded_by(*args: str) -> set[str]:
    """Top names of the modules in a fresh interpreter after `tanggap ARGS`."""
    code = f"import sys, json; from tanggap.cli import run; run({list(args)!r}); print(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


@pytest.mark.parametrize("args", [("--help",), ()])
def test_help_loads_no_bot_library_no_web_and_no_database(args: tuple[str, ...]) -> None:
    assert loaded_by(*args) & HEAVY == set()


def test_reading_a_mail_loads_no_bot_library_no_web_and_no_database(tmp_path: Path) -> None:
    mail = tmp_path / "a.eml"
    mail.write_bytes(b"From: budi@example.ac.id\r\nSubject: KRS\r\n\r\nKRS saya terkunci\r\n")

    heavy = HEAVY - {"pydantic", "yaml"}
    assert loaded_by("mail", "parse", str(mail)) & heavy == set()


def test_help_names_every_command_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    lines = capsys.readouterr().out.splitlines()

    for name, said in commands().items():
        assert any(line.split() == [name, *said.split()] for line in lines), name


@pytest.mark.parametrize("name", commands())
def test_each_command_has_its_own_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    assert commands()[name] in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("name", commands())
def test_each_command_within_a_group_has_its_own_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    for inner in getattr(load(name, ""), "commands", ()):
        assert run([name, inner, "--help"]) == 0
        assert len(capsys.readouterr().out.splitlines()[2].split()) > 1, inner


def test_every_file_of_a_command_is_in_the_help() -> None:
    files = {path.stem for path in (ROOT / "tanggap/commands").glob("*.py")} - {"__init__", "options"}

    assert {name.replace("-", "_") for name in commands()} == files


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["chek"], "Perintah 'chek' tidak dikenal; maksud Anda check? Bantuan: tanggap --help"),
        (
            ["mail", "prase"],
            "Perintah 'prase' tidak dikenal; maksud Anda parse? Bantuan: tanggap mail --help",
        ),
        (["init"], "'FOLDER' wajib diisi. Bantuan: tanggap init --help"),
        (
            ["check", "--confg"],
            "Pilihan --confg tidak dikenal. Maksud Anda --config? Bantuan: tanggap check --help",
        ),
        (["check", "lain"], "Argumen ini berlebih: (lain). Bantuan: tanggap check --help"),
        (["serve", "--port", "99999"], "'--port': paling besar 65535. Bantuan: tanggap serve --help"),
        (["store", "copy"], "'--to' wajib diisi. Bantuan: tanggap store copy --help"),
    ],
)
def test_a_wrong_call_is_answered_with_what_to_type(
    args: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(args) == 2
    assert capsys.readouterr().err == said + "\n"


def test_a_refusal_is_one_line_on_stderr(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mail", "parse", str(tmp_path / "tiada.eml")]) == 1
    said = capsys.readouterr()

    assert (said.out, len(said.err.splitlines())) == ("", 1)
    assert "tiada.eml" in said.err


def test_the_program_runs_by_its_module_name() -> None:
    done = subprocess.run([sys.executable, "-m", "tanggap", "chek"], cwd=ROOT, capture_output=True, text=True)

    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
