"""Tickets seen from a terminal."""

from pathlib import Path

import pytest

from tests.tanggap.called import Call, arrives, caller


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], config: str) -> Call:
    return caller(capsys, config)


def test_the_list_shows_who_holds_what_until_when(call: Call, config: str) -> None:
    arrives(config, "KRS saya terkunci", "Toilet rusak")
    said = call("ticket", "list")

    [first, second] = [line for line in said.out.splitlines() if "#10" in line]
    assert first.split()[:4] == ["#1001", "KRS", "saya", "terkunci"]
    assert "Menganalisa laporan" in first
    assert "Sen 2 Mar, 09.15 WIB" in second


def test_a_program_reads_one_object_a_line(call: Call, config: str) -> None:
    arrives(config, "KRS saya terkunci", "Toilet rusak")

    assert [
        (each["number"], each["unit"], each["step"]) for each in call("ticket", "list", "--json").records
    ] == [
        (1001, "pusat", "analisa"),
        (1002, "pusat", "analisa"),
    ]


def test_a_long_list_goes_over_many_pages_and_holds_no_ticket_twice(call: Call, config: str) -> None:
    arrives(config, *(f"Laporan {n}" for n in range(205)))
    numbers = [each["number"] for each in call("ticket", "list", "--json", "--most", "1000").records]

    assert numbers == list(range(1001, 1206))
    assert len(call("ticket", "list", "--json").records) == 50


def test_an_empty_list_says_so(call: Call) -> None:
    assert call("ticket", "list", "--view", "closed").out == "Tidak ada tiket di sini.\n"


def test_a_ticket_shows_its_words_and_where_the_ball_is(call: Call, config: str) -> None:
    arrives(config, "KRS saya terkunci")
    said = call("ticket", "show", "#1001")

    assert said.out.startswith("#1001  KRS saya terkunci\n")
    assert "    KRS saya terkunci\n" in said.out
    assert "2026-03-02 09:00  Menganalisa laporan, narahubung, tenggat 2026-03-02 09:15" in said.out


def test_a_ticket_as_one_object_holds_conversation_and_visits(call: Call, config: str) -> None:
    arrives(config, "KRS saya terkunci")
    [found] = call("ticket", "show", "1001", "--json").records

    assert [each["direction"] for each in found["conversation"]] == ["in", "out"]
    assert [(each["step"], each["opened_at"]) for each in found["visits"]] == [
        ("analisa", "2026-03-02T02:00:00+00:00")
    ]
    assert "token" not in found


@pytest.mark.parametrize("number", ["1001", "0", "abc", "9" * 30, "-1", "#"])
def test_an_unknown_number_is_answered_with_what_to_type(call: Call, number: str) -> None:
    said = call("ticket", "show", "--", number) if number == "-1" else call("ticket", "show", number)

    assert (said.code, said.out, len(said.err.splitlines())) in {(1, "", 1), (2, "", 1)}
    assert "tanggap ticket" in said.err


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--view", "semua"), "Tampilan “semua” tidak ada; pilih unit, free, closed.\n"),
        (("--unit", "feb"), "Unit “feb” tidak ada. Yang tersedia: pusat.\n"),
    ],
)
def test_a_wrong_choice_names_those_there_are(call: Call, args: tuple[str, ...], said: str) -> None:
    assert call("ticket", "list", *args).err == said


def test_a_case_is_written_whole_as_one_page(call: Call, config: str, tmp_path: Path) -> None:
    arrives(config, "KRS saya terkunci")
    page = tmp_path / "perkara.html"

    said = call("ticket", "dossier", "1001", "--out", str(page))

    assert said.code == 0 and str(page) in said.err
    assert "KRS saya terkunci" in page.read_text(encoding="utf-8")
    assert call("ticket", "dossier", "9999").code == 1
