"""Mails from files, as an office brings them along."""

from pathlib import Path

from channels.mail_files import mails

ONE = b"From: budi@contoh.ac.id\n\nsatu\n"
TWO = b"From: sari@contoh.ac.id\n\ndua\nFrom sini kita mulai\n"


def test_an_eml_file_is_one_mail(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(ONE)

    assert [raw for _, raw in mails(tmp_path / "a.eml")] == [ONE]


def test_an_mbox_is_cut_where_mails_begin_and_nowhere_else(tmp_path: Path) -> None:
    box = b"From a@b Thu Nov 19 09:12:00 2026\n" + ONE + b"\nFrom c@d Thu Nov 19 09:13:00 2026\n"
    (tmp_path / "arsip").write_bytes(box + TWO.replace(b"\nFrom sini", b"\n>From sini"))

    assert [raw.strip() for _, raw in mails(tmp_path / "arsip")] == [ONE.strip(), TWO.strip()]


def test_a_maildir_gives_what_is_whole(tmp_path: Path) -> None:
    for folder, raw in (("cur", ONE), ("new", TWO), ("tmp", b"belum")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "1.x").write_bytes(raw)
    (tmp_path / "dovecot-uidlist").write_bytes(b"3 V1")

    assert [raw for _, raw in mails(tmp_path)] == [ONE, TWO]


def test_a_folder_is_walked_in_the_order_of_its_names(tmp_path: Path) -> None:
    (tmp_path / "b.eml").write_bytes(TWO)
    (tmp_path / "a.eml").write_bytes(ONE)

    assert [raw for _, raw in mails(tmp_path)] == [ONE, TWO]
