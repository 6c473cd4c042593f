"""Officers come, sit in lanes and go by the command line."""

import io
import re

import pytest

from tests.tanggap.called import Call, caller


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], config: str) -> Call:
    return caller(capsys, config)


def test_the_first_officer_gets_a_password_that_is_shown_once(call: Call) -> None:
    said = call(
        "staff",
        "add",
        "Sari",
        "--name",
        "Sari",
        "--title",
        "Narahubung",
        "--lane",
        "narahubung",
        "--unit",
        "pusat",
    )

    assert said.code == 0
    assert re.search(r"^Kata sandi \(ditampilkan sekali ini saja\): \S{16}$", said.out, re.MULTILINE)
    assert call("staff", "list", "--json").records == [
        {"login": "sari", "name": "Sari", "title": "Narahubung", "seats": "narahubung@pusat"}
    ]


def test_a_password_may_come_by_standard_input(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("kuda-baterai-staples\n"))
    said = call("staff", "add", "sari", "--password-stdin")

    assert said.code == 0
    assert "kuda" not in said.out + said.err


def test_a_short_password_is_refused_before_anybody_is_added(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("rahasia\n"))

    assert call("staff", "add", "sari", "--password-stdin").err == (
        "Kata sandi terlalu pendek; pakai sedikitnya 10 karakter.\n"
    )
    assert call("staff", "list", "--json").records == []


def test_an_officer_with_an_unknown_lane_is_not_half_added(call: Call) -> None:
    said = call("staff", "add", "sari", "--lane", "narahubng")

    assert (said.code, len(said.err.splitlines())) == (1, 1)
    assert "narahubung" in said.err
    assert call("staff", "list", "--json").records == []


def test_a_login_is_given_once(call: Call) -> None:
    call("staff", "add", "sari")

    assert call("staff", "add", "SARI").err == "Nama pengguna “sari” sudah dipakai. Pilih nama lain.\n"


@pytest.mark.parametrize("login", ["sari lestari", "sari\n", "", "s" * 41, "sarí", "../sari"])
def test_a_login_is_a_plain_word(call: Call, login: str) -> None:
    said = call("staff", "add", login)

    assert said.code == (0 if login.strip() == "sari" else 1)
    assert len(said.err.splitlines()) <= 1


def test_a_lane_is_granted_and_ends(call: Call) -> None:
    call("staff", "add", "hendra")

    assert call("staff", "grant", "hendra", "koor", "--unit", "pusat", "--decree", "SK 12/2026").code == 0
    assert call("staff", "list", "--json").records[0]["seats"] == "koor@pusat"
    assert call("staff", "revoke", "hendra", "koor", "--unit", "pusat").code == 0
    assert call("staff", "list", "--json").records[0]["seats"] == ""


def test_a_deputy_holds_the_lane_until_the_last_day(call: Call) -> None:
    call("staff", "add", "hendra", "--lane", "koor", "--unit", "pusat")
    call("staff", "add", "dewi")

    said = call(
        "staff", "grant", "dewi", "koor", "--unit", "pusat", "--deputy-of", "hendra", "--until", "2999-12-31"
    )
    assert said.code == 0
    assert call("staff", "list", "--json").records[1]["seats"] == "koor@pusat (Plh.)"


def test_a_lane_that_is_not_held_cannot_end(call: Call) -> None:
    call("staff", "add", "hendra", "--lane", "koor", "--unit", "pusat")
    said = call("staff", "revoke", "hendra", "koor")

    assert said.code == 1
    assert said.err == "hendra tidak memegang peran koor di sana. Yang dipegang: koor@pusat.\n"


def test_a_code_links_a_chat_and_says_what_to_type(call: Call) -> None:
    call("staff", "add", "sari")
    said = call("staff", "link", "sari")
    code = said.out.splitlines()[0].removeprefix("Kode: ")

    assert re.fullmatch(r"[A-Z0-9]{10}", code)
    assert f"/hubungkan {code}" in said.out
    assert (
        call("staff", "link", "sari", "--bot", "lain").err
        == "Bot “lain” tidak ada; pilih staff atau humas.\n"
    )


def test_who_lost_the_password_gets_a_link_of_one_use(call: Call) -> None:
    call("staff", "add", "sari")
    said = call("staff", "reset", "sari", "--factor")

    assert re.fullmatch(r"Tautan, berlaku 24 jam dan hanya sekali: https?://\S+/sandi/[\w-]{40,}\n", said.out)


def test_a_closed_account_is_no_longer_listed(call: Call) -> None:
    call("staff", "add", "sari")

    assert call("staff", "disable", "sari").code == 0
    assert call("staff", "list", "--json").records == []


@pytest.mark.parametrize(
    "args",
    [
        ("grant", "dewi", "koor"),
        ("link", "dewi"),
        ("reset", "dewi"),
        ("disable", "dewi"),
        ("revoke", "dewi", "koor"),
    ],
)
def test_an_unknown_officer_is_answered_with_what_to_type(call: Call, args: tuple[str, ...]) -> None:
    assert (
        call("staff", *args).err == "Petugas “dewi” tidak ada. Lihat daftarnya dengan: tanggap staff list\n"
    )


def test_a_wrong_date_is_answered_with_an_example(call: Call) -> None:
    call("staff", "add", "sari")
    said = call("staff", "grant", "sari", "koor", "--until", "31/12/2026")

    assert said.err == "“31/12/2026” bukan tanggal; tulis misalnya 2026-10-31.\n"
