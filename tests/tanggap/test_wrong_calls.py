"""Whatever an operator types wrongly is answered in one line of words on stderr, which says what to do; never a traceback."""

from pathlib import Path

import pytest

from tests.tanggap.called import Call, caller

REFUSED, WRONG = 1, 2


@pytest.fixture
def call(config: str, capsys: pytest.CaptureFixture[str]) -> Call:
    return caller(capsys, config)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["backup"], REFUSED, "tanggap backup cadangan.tar.gz"),
        (["backup", "{here}"], REFUSED, "tidak ditimpa"),
        (["backup", "{file}/x.tar.gz"], REFUSED, "sudah dipakai"),
        (["backup", "x.tar.gz", "--recipient", "abc"], REFUSED, "age1"),
        (["backup", "--new-key", "{file}"], REFUSED, "nama ini sudah dipakai"),
        (["restore", "{here}/tiada.tar.gz"], REFUSED, "tidak ada"),
        (["restore", "{here}"], REFUSED, "ini folder"),
        (["restore", "{file}"], REFUSED, "sudah berisi"),
        (["restore", "{file}", "--key", "{file}"], REFUSED, "AGE-SECRET-KEY-1"),
        (["restore"], WRONG, "BERKAS"),
        (["audit", "verify", "--head", "x"], REFUSED, "NOMOR:SIDIK"),
        (["audit", "verify", "lagi"], WRONG, "berlebih"),
        (["ticket", "dossier", "99"], REFUSED, "tanggap ticket list"),
        (["store", "copy", "--to", "mysql://x"], REFUSED, "postgresql://"),
        (["migrate", "--shwo"], WRONG, "Maksud Anda --show?"),
        (["serve", "--port", "abc"], WRONG, "bilangan bulat"),
        (["serve", "--port", "-5"], WRONG, "paling kecil 0"),
        (["serve", "--host", "bukan host", "--port", "8099"], REFUSED, "server.host"),
        (["staff", "add", "budi", "--lane", "raja"], REFUSED, "Yang tersedia"),
        (["export", "tickets", "--since", "kemarin"], REFUSED, "2026-10-31"),
        (["export", "tiket"], WRONG, "'tickets'"),
        (["doctor", "--jsn"], WRONG, "Maksud Anda --json?"),
    ],
)
def test_a_wrong_call_is_one_line_that_says_what_to_do(
    call: Call, config: str, words: list[str], code: int, said: str
) -> None:
    here = Path(config).parent
    told = call(*(word.format(here=here, file=here / "config.yaml") for word in words))

    assert (told.code, told.out) == (code, "")
    assert len(told.err.splitlines()) == 1
    assert said in told.err


@pytest.mark.parametrize("command", [["init", "{file}"], ["init", "{file}/meja"]])
def test_a_desk_cannot_begin_in_a_file(call: Call, config: str, command: list[str]) -> None:
    told = call(*(word.format(file=config) for word in command), desk=False)

    assert (told.code, len(told.err.splitlines())) == (REFUSED, 1)
    assert "File exists" not in told.err and "Not a directory" not in told.err


@pytest.mark.parametrize("command", ["check", "serve", "migrate", "doctor"])
def test_settings_that_are_a_folder_are_said_to_be(call: Call, tmp_path: Path, command: str) -> None:
    told = call(command, "--config", str(tmp_path), desk=False)

    assert told.code == REFUSED
    assert "ini folder, bukan berkas" in told.out + told.err
