"""`tanggap init` makes a folder in which a desk can start, and never takes anything away."""

import re
import stat
from pathlib import Path

import pytest

from desk import starter
from sop.procedure_file import shipped
from tanggap.cli import run
from tanggap.config_file import CONFIG
from tanggap.settings import faults, read_settings
from tests.tanggap.called import arrives, caller

ROOT = Path(__file__).parents[2]


def test_the_file_at_the_top_of_the_checkout_is_the_one_that_init_writes() -> None:
    assert (ROOT / "config.yaml").read_text(encoding="utf-8") == CONFIG


def test_what_init_writes_is_a_desk_that_can_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", str(tmp_path / "meja")]) == 0
    capsys.readouterr()

    assert run(["check", "--config", str(tmp_path / "meja/config.yaml")]) == 0
    assert capsys.readouterr().out == "config.yaml baik\n"


def test_web_and_counter_are_live_and_their_folders_are_there(tmp_path: Path) -> None:
    run(["init", str(tmp_path)])
    settings = read_settings(tmp_path / "config.yaml", {})

    assert set(settings.channels) == {"web", "counter"}
    assert settings.store.files.is_dir()


def test_each_desk_gets_a_secret_of_its_own_that_only_its_owner_can_read(tmp_path: Path) -> None:
    run(["init", str(tmp_path / "a")])
    run(["init", str(tmp_path / "b")])
    first, second = ((tmp_path / name / ".env") for name in "ab")

    assert first.read_text(encoding="utf-8") != second.read_text(encoding="utf-8")
    assert stat.S_IMODE(first.stat().st_mode) == 0o600


def test_a_second_init_changes_nothing(tmp_path: Path) -> None:
    run(["init", str(tmp_path)])
    config, env = tmp_path / "config.yaml", tmp_path / ".env"
    config.write_text(CONFIG.replace("UC3 Universitas Contoh", "Meja Kami"), encoding="utf-8")
    before = config.read_text(encoding="utf-8"), env.read_text(encoding="utf-8")

    assert run(["init", str(tmp_path)]) == 0
    assert (config.read_text(encoding="utf-8"), env.read_text(encoding="utf-8")) == before


def test_an_env_file_of_the_operator_keeps_its_lines(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("TELEGRAM_TOKEN=123:abc", encoding="utf-8")
    env.chmod(0o600)

    run(["init", str(tmp_path)])

    assert env.read_text(encoding="utf-8").startswith("TELEGRAM_TOKEN=123:abc\n")
    assert faults(tmp_path / "config.yaml", {}) == ()


def test_another_file_name_is_possible(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path), "--config", "meja.yaml"]) == 0
    assert (tmp_path / "meja.yaml").read_text(encoding="utf-8") == CONFIG


def test_a_folder_that_cannot_be_made_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "berkas").write_text("", encoding="utf-8")

    assert run(["init", str(tmp_path / "berkas" / "meja")]) == 1
    assert re.fullmatch(r".*/berkas/meja: .+\n", capsys.readouterr().err)


@pytest.mark.parametrize("block", ["telegram", "whatsapp", "mail", "bots", "identity", "backup"])
def test_a_block_that_is_a_comment_is_right_once_the_comment_signs_are_gone(
    tmp_path: Path, block: str
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(uncommented(block), encoding="utf-8")
    (tmp_path / "people.csv").write_text("id,name\n", encoding="utf-8")

    assert [str(fault) for fault in faults(path, SECRETS)] == []


SECRETS = {
    "TANGGAP_SECRET": "k7Qm2xVb9Rt4Lw8Zs1Hn6Yd3Pf5Jc0Ga",
    "TELEGRAM_TOKEN": "123456:AAF-k7Qm2xVb9Rt4Lw8Zs1Hn6Yd3Pf5Jc0G",
    "TWILIO_ACCOUNT_SID": "AC0123456789abcdef0123456789abcdef",
    "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
    "MAIL_PASSWORD": "k7Qm2xVb9Rt4",
    "STAFF_TOKEN": "123457:AAF-k7Qm2xVb9Rt4Lw8Zs1Hn6Yd3Pf5Jc0G",
    "OIDC_SECRET": "k7Qm2xVb9Rt4Lw8Zs1Hn6Yd3",
    "HUMAS_TOKEN": "123458:AAF-k7Qm2xVb9Rt4Lw8Zs1Hn6Yd3Pf5Jc0G",
}


def uncommented(block: str) -> str:
    """The file with the comment signs of one block taken away, as an operator would."""
    lines = CONFIG.splitlines()
    start = next(number for number, line in enumerate(lines) if re.match(rf"\s*# {block}:", line))
    end = next((number for number in range(start, len(lines)) if not lines[number].strip()), len(lines))
    lines[start:end] = [re.sub(r"^(\s*)# ", r"\1", line) for line in lines[start:end]]
    return "\n".join(lines)


def test_the_first_message_finds_its_unit_step_and_limit(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert arrives(config, "UKT saya belum tercatat") == [1001]
    [ticket] = caller(capsys, config)("ticket", "list", "--json").records

    assert (ticket["unit"], ticket["procedure"], ticket["step"]) == ("pusat", "uc3-kantor-pusat", "analisa")
    assert ticket["due_at"] == "2026-03-02T02:15:00+00:00"


def test_every_procedure_is_at_hand_and_every_template_in_both_languages() -> None:
    office = starter.office("UC3", "Asia/Makassar")

    assert {line.procedure.id for line in office.procedures} == set(shipped())
    codes = {
        language: {line.code for line in office.templates if line.language == language}
        for language in ("id", "en")
    }
    assert codes["id"] == codes["en"]
    assert len(codes["id"]) >= 8
    assert [calendar.zone for calendar in office.calendars] == ["Asia/Makassar"]
    assert {line.category for line in office.templates} <= {
        "",
        *(category.code for category in office.categories),
    }


def test_an_office_that_was_changed_stays_as_it_is(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = caller(capsys, config)
    (tmp_path / "o.yaml").write_text("unit: [{kode: pusat, nama: Kantor Kami}]", encoding="utf-8")
    call("office", "import", str(tmp_path / "o.yaml"))
    before = call("office", "export").out

    assert run(["init", str(Path(config).parent)]) == 0
    assert "Kantor sudah ada dan tidak diubah" in capsys.readouterr().out
    assert call("office", "export").out == before
    assert "nama: Kantor Kami" in before


def test_the_next_steps_can_be_typed_as_they_are_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["init", str(tmp_path / "meja")])
    steps = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("  tanggap ")]

    assert [step[1] for step in steps] == ["staff", "check", "serve"]
    assert [run(step[1:]) for step in steps[:2]] == [0, 0]
