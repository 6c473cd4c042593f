"""What config.yaml may say of the mailbox, and what it is told otherwise."""

from pathlib import Path

import pydantic
import pytest

from channels.mail_settings import Server
from tests.channels.mail_reception import settings


def test_a_full_set_is_read() -> None:
    made = settings(
        inbox="imaps://care%40contoh.ac.id:p%40ss@imap.contoh.ac.id/Layanan",
        outbox="smtp://u:p@mx.id?starttls",
    )

    source = made.source
    assert isinstance(source, Server)
    assert (source.host, source.port, source.user, source.password, source.folder) == (
        "imap.contoh.ac.id", 993, "care@contoh.ac.id", "p@ss", "Layanan"
    )  # fmt: skip
    assert (made.relay.port, made.relay.starttls, made.relay.tls) == (587, True, False)


def test_a_maildir_is_a_path() -> None:
    assert settings(inbox="maildir:/var/mail/care").source == Path("/var/mail/care")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("address", "care", "satu alamat surel"),
        ("address", "a@b.id\nBcc: x", "satu alamat surel"),
        ("address", "pusat-layanan-mahasiswa-terpadu@contoh.ac.id", "paling panjang"),
        ("inbox", "pop3://u:p@h", "imaps://"),
        ("inbox", "imaps://h/INBOX", "pengguna atau kata sandi"),
        ("inbox", "imaps://u:p@h:99999", "imaps://"),
        ("inbox", "imap://u:p@imap.contoh.ac.id/INBOX", "hanya untuk komputer ini"),
        ("inbox", "maildir:", "jalur foldernya"),
        ("outbox", "mx.contoh.ac.id", "smtps://"),
        ("outbox", "smtp://u:p@mx.contoh.ac.id", "tanpa TLS"),
        ("outbox", "smtp://u@mx.contoh.ac.id?starttls", "atau tidak keduanya"),
        ("outbox", "smtps://u:p@h?tls=1", "starttls"),
        ("name", "UC3\r\nBcc: x", "satu baris"),
        ("warna", "biru", "warna"),
    ],
)
def test_a_wrong_value_is_told_what_to_write(field: str, value: str, says: str) -> None:
    with pytest.raises(pydantic.ValidationError, match=says):
        settings(**{field: value})


def test_no_password_shows_itself() -> None:
    made = settings(inbox="imaps://u:sandi-rahasia@h/INBOX", outbox="smtps://u:sandi-rahasia@h")

    assert "sandi-rahasia" not in f"{made!r} {made} {made.source!r} {made.relay!r}"
