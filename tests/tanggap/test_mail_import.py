"""Mails from files become tickets by the same intake, once."""

import subprocess
import sys
from email.message import EmailMessage
from mailbox import Maildir, mbox
from pathlib import Path

import pytest

from tests.tanggap.called import Call, caller

ROOT = Path(__file__).parents[2]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], config: str) -> Call:
    return caller(capsys, config)


def letter(number: int, text: str = "KRS saya terkunci", *, answers: int | None = None) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"Dewi <dewi{number if answers is None else answers}@example.ac.id>"
    mail["To"] = "care@example.ac.id"
    mail["Subject"] = f"KRS {number}"
    mail["Date"] = "Mon, 06 Jan 2025 08:00:00 +0700"
    mail["Message-ID"] = f"<m{number}@example.ac.id>"
    if answers is not None:
        mail["In-Reply-To"] = mail["References"] = f"<m{answers}@example.ac.id>"
    mail.set_content(text)
    return mail


def brings_in(config: str, *paths: Path) -> subprocess.CompletedProcess[str]:
    """In a process of its own: the command sets up logging for the whole process."""
    command = [sys.executable, "-m", "tanggap", "mail", "import", *map(str, paths), "--config", config]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_files_mbox_and_maildir_become_tickets_once(call: Call, config: str, tmp_path: Path) -> None:
    (tmp_path / "satu.eml").write_bytes(letter(1).as_bytes())
    box = mbox(tmp_path / "dua.mbox")
    for number in (2, 3):
        box.add(letter(number))
    box.close()
    folder = Maildir(tmp_path / "tiga")
    folder.add(letter(4))
    paths = [tmp_path / name for name in ("satu.eml", "dua.mbox", "tiga")]

    assert brings_in(config, *paths).stdout == "4 surel: 4 masuk, 0 sudah ada, 0 diparkir.\n"
    assert brings_in(config, *paths).stdout == "4 surel: 0 masuk, 4 sudah ada, 0 diparkir.\n"
    assert [each["subject"] for each in call("export", "tickets").records] == [
        "KRS 1",
        "KRS 2",
        "KRS 3",
        "KRS 4",
    ]


def test_the_order_of_a_mailbox_is_the_order_of_the_words(call: Call, config: str, tmp_path: Path) -> None:
    box = mbox(tmp_path / "banyak.mbox")
    box.add(letter(1, "Kata 0"))
    for number in range(2, 102):
        box.add(letter(number, f"Kata {number - 1}", answers=1))
    box.close()

    assert brings_in(config, tmp_path / "banyak.mbox").stdout.startswith("101 surel: 101 masuk")
    said = call("export", "messages").records
    assert [each["text"] for each in said if each["direction"] == "in"] == [f"Kata {n}" for n in range(101)]
    assert {each["ticket"] for each in said} == {1001}


def test_clocks_run_from_the_import_and_not_from_the_date_of_the_mail(
    call: Call, config: str, tmp_path: Path
) -> None:
    (tmp_path / "lama.eml").write_bytes(letter(1).as_bytes())
    brings_in(config, tmp_path / "lama.eml")

    [ticket] = call("export", "tickets").records
    assert ticket["opened_at"] > "2026"


def test_attachments_are_kept_and_not_kept_twice(call: Call, config: str, tmp_path: Path) -> None:
    mail = letter(1)
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="bukti.pdf")
    (tmp_path / "a.eml").write_bytes(mail.as_bytes())
    files = Path(config).parent / "data/files"

    for _ in range(2):
        brings_in(config, tmp_path / "a.eml")
    first = call("export", "messages").records[0]
    assert [(each["name"], each["state"]) for each in first["attachments"]] == [("bukti.pdf", "kept")]
    assert [path.read_bytes() for path in files.rglob("*") if path.is_file()] == [b"%PDF-1.7"]


def test_a_broken_mail_is_parked_and_counted_and_the_rest_flows(
    call: Call, config: str, tmp_path: Path
) -> None:
    box = tmp_path / "masuk"
    box.mkdir()
    (box / "a.eml").write_bytes(b"\x00\xff bukan surel\n")
    (box / "b.eml").write_bytes(letter(2).as_bytes())
    said = brings_in(config, box)

    assert (said.returncode, said.stdout) == (0, "2 surel: 1 masuk, 0 sudah ada, 1 diparkir.\n")
    assert f"diparkir: {box / 'a.eml'}\n" in said.stderr
    assert "Traceback" not in said.stderr
    assert [each["subject"] for each in call("export", "tickets").records] == ["KRS 2"]


def test_a_path_that_is_not_there_stops_before_anything_is_taken_in(
    call: Call, config: str, tmp_path: Path
) -> None:
    (tmp_path / "a.eml").write_bytes(letter(1).as_bytes())
    said = brings_in(config, tmp_path / "a.eml", tmp_path / "tiada.mbox")

    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr == f"{tmp_path / 'tiada.mbox'}: berkas atau folder ini tidak ada\n"
    assert call("export", "tickets").records == []
