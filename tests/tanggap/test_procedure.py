"""SOPs on the command line: read, checked, put in force, tried out."""

import json
import re
from pathlib import Path

import pytest

from sop.procedure_file import shipped
from tests.tanggap.called import Call, arrives, caller

LANES = [
    "User",
    "Narahubung",
    "Wakil Koordinator",
    "Koordinator",
    "Wakil Dekan",
    "Dekan",
    "Wakil Rektor",
    "Rektor",
]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], config: str) -> Call:
    return caller(capsys, config)


@pytest.fixture
def anywhere(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """In a folder without a desk."""
    monkeypatch.chdir(tmp_path)
    return caller(capsys, "")


def changed(name: str, old: str, new: str, folder: Path) -> Path:
    assert old in shipped()[name]
    path = folder / f"{name}.yaml"
    path.write_text(shipped()[name].replace(old, new, 1), encoding="utf-8")
    return path


def test_the_table_has_the_papers_eight_lanes_and_limits(
    anywhere: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "240")
    said = anywhere("procedure", "show", "uc3-fakultas", desk=False).out
    head = next(line for line in said.splitlines() if "Kegiatan" in line)

    heads = [cell.strip() for cell in head.split("|")]
    assert heads[3:11] == [lane.split()[0] if lane == "Wakil Koordinator" else lane for lane in LANES]
    table = "\n".join(line for line in said.splitlines() if line.startswith("|"))
    assert [table.count(limit) for limit in ("15 menit", "1 hari kerja")] == [1, 7]


def test_on_a_narrow_terminal_lanes_are_letters_that_are_told(
    anywhere: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = anywhere("procedure", "show", "uc3-fakultas", desk=False).out

    assert max(map(len, said.splitlines())) <= 80
    told = " ".join(said.split())
    assert ", ".join(f"{letter} {lane}" for letter, lane in zip("ABCDEFGH", LANES, strict=True)) in told


@pytest.mark.parametrize("name", sorted(shipped()))
def test_each_paper_is_a_page_whose_every_word_is_escaped(anywhere: Call, name: str) -> None:
    said = anywhere("procedure", "show", name, "--html", desk=False)

    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("<!doctype html>")
    assert said.out.count("<svg") == 1
    assert not re.search(r"&(?!amp;|lt;|gt;|quot;|#)", said.out)


def test_without_a_desk_the_shipped_ones_are_listed(anywhere: Call) -> None:
    found = anywhere("procedure", "list", "--json", desk=False).records

    assert {each["id"]: each["since"] for each in found} == dict.fromkeys(shipped())


def test_a_desk_tells_which_are_in_force(call: Call) -> None:
    found = {each["id"]: each["since"] for each in call("procedure", "list", "--json").records}

    assert found["uc3-kantor-pusat"] == "2021-08-05T17:00:00+00:00"


def test_an_unknown_name_is_answered_with_what_there_is(anywhere: Call) -> None:
    assert anywhere("procedure", "show", "uc3-fakulta", desk=False).err == (
        "SOP “uc3-fakulta” tidak ada; maksud Anda uc3-fakultas?\n"
    )


def test_a_good_file_says_so(anywhere: Call) -> None:
    path = ROOT / "sop/procedures/mipa-care.yaml"
    said = anywhere("procedure", "check", str(path), desk=False)

    assert said.code == 0
    assert "baik: mipa-care, " in said.out


def test_every_mistake_has_its_line_and_remedy(anywhere: Call, tmp_path: Path) -> None:
    path = changed("uc3-kantor-pusat", "lane: user", "lane: usr", tmp_path)
    path.write_text(
        path.read_text(encoding="utf-8").replace("15 menit", "3 hari kerja 2", 1), encoding="utf-8"
    )
    said = anywhere("procedure", "check", str(path), desk=False)

    assert (said.code, said.out) == (1, "")
    assert [line.startswith(f"{path}:") for line in said.err.splitlines()] == [True, True]
    assert "Maksud Anda “user”?" in said.err


@pytest.mark.parametrize("text", ["", "a: [", "\x00", "- x", "sop: &a x\n", "sop: x\n" * 20_000])
def test_what_is_no_procedure_is_refused_in_words(anywhere: Call, tmp_path: Path, text: str) -> None:
    path = tmp_path / "salah.yaml"
    path.write_text(text, encoding="utf-8")
    said = anywhere("procedure", "check", str(path), desk=False)

    assert (said.code, said.out) == (1, "")
    assert said.err
    assert "Traceback" not in said.err


def test_the_schema_is_json(anywhere: Call) -> None:
    assert json.loads(anywhere("procedure", "schema", desk=False).out)["title"] == "SOP"


def test_a_new_sop_comes_in_from_a_day(call: Call, tmp_path: Path) -> None:
    path = changed("mipa-care", "sop: mipa-care", "sop: layanan-baru", tmp_path)

    assert call("procedure", "add", str(path), "--from", "2020-01-01").out == (
        "SOP layanan-baru berlaku mulai 2020-01-01.\n"
    )
    assert "layanan-baru" in [each["id"] for each in call("procedure", "list", "--json").records]


def test_a_revision_says_what_it_changes_and_leaves_running_cases_alone(
    call: Call, config: str, tmp_path: Path
) -> None:
    arrives(config, "KRS saya terkunci")
    path = changed("uc3-kantor-pusat", "waktu: 15 menit", "waktu: 30 menit", tmp_path)
    said = call("procedure", "add", str(path), "--from", "2999-01-01")

    assert "Langkah analisa: Batas berubah dari “15 menit” menjadi “30 menit”." in said.out
    [ticket] = call("ticket", "list", "--json").records
    assert ticket["due_at"] == "2026-03-02T02:15:00+00:00"
    assert "sudah sama" in call("procedure", "add", str(path), "--from", "2999-01-01").out


@pytest.mark.parametrize("day", ["2021-08-06", "2020-01-01", "2022-05-05"])
def test_one_in_force_is_never_edited(call: Call, tmp_path: Path, day: str) -> None:
    path = changed("uc3-kantor-pusat", "waktu: 15 menit", "waktu: 30 menit", tmp_path)
    before = call("office", "export").out
    said = call("procedure", "add", str(path), "--from", day)

    assert said.code == 1
    assert "sudah berlaku sejak 2021-08-06 dan tidak diubah lagi" in said.err
    assert call("office", "export").out == before


def test_a_broken_file_adds_nothing(call: Call, tmp_path: Path) -> None:
    path = changed("mipa-care", "sop: mipa-care", "sop: Layanan Baru", tmp_path)

    assert call("procedure", "add", str(path), "--from", "2999-01-01").code == 1
    assert len(call("procedure", "list", "--json").records) == len(shipped())


def test_the_same_seed_gives_the_same_answer(anywhere: Call) -> None:
    args = ("procedure", "simulate", "uc3-fakultas", "--tickets", "60", "--officers", "3")
    one, same, other = (anywhere(*args, "--seed", seed, "--json", desk=False) for seed in ("1", "1", "2"))

    assert one == same != other
    [found] = one.records
    assert (found["tickets"], found["bottleneck"]) == (60, "narahubung")


def test_the_table_names_the_lane_that_holds_up(anywhere: Call) -> None:
    said = anywhere("procedure", "simulate", "uc3-fakultas", "--tickets", "60", desk=False).out

    assert "Menganalisa laporan" in said
    assert said.endswith("Yang paling menahan: Narahubung.\n")


@pytest.mark.parametrize(
    "args", [("--tickets", "0"), ("--officers", "x"), ("--arrivals", "year"), ("--from", "senin")]
)
def test_a_wrong_number_is_one_line(anywhere: Call, args: tuple[str, str]) -> None:
    said = anywhere("procedure", "simulate", "mipa-care", *args, desk=False)

    assert said.code in (1, 2)
    assert (said.out, len(said.err.splitlines())) == ("", 1)
