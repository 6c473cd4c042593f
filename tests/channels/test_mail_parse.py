"""Mails in the manner of many programs, and mails that mean harm."""

import json
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.mail_parse import Mail, as_json, parse
from channels.mail_quotes import fold

ROOT = Path(__file__).parent.parent.parent
MAILS = sorted(Path(__file__).with_name("mails").glob("*.eml"))
CONTROL = re.compile("[\r\n\x00]")


def words(*texts: str) -> Counter[str]:
    return Counter(word for text in texts for word in text.split())


def squeezed(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n"))


def assert_is_safe(mail: Mail) -> None:
    fields = [mail.from_, mail.from_name, mail.subject, mail.message_id, mail.in_reply_to, mail.thread_index]
    fields += [*mail.to, *mail.cc, *mail.references, *mail.delivered_to]
    for file in mail.attachments:
        fields += [file.filename, file.content_type]
        assert file.filename
        assert "/" not in file.filename and "\\" not in file.filename and not file.filename.startswith(".")
    assert not [field for field in fields if CONTROL.search(field)]
    assert "\x00" not in mail.text
    assert words(mail.reply, mail.quoted) == words(mail.text)
    json.dumps(as_json(mail), ensure_ascii=False).encode()


def test_there_are_enough_samples_to_mean_something() -> None:
    assert len(MAILS) >= 60


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_a_mail_is_read_as_its_writer_meant_it(path: Path) -> None:
    expected: dict[str, Any] = json.loads(path.with_suffix(".json").read_text())
    mail = parse(path.read_bytes())
    made = as_json(mail)

    if expected["reply"] is not None:
        assert squeezed(mail.reply) == expected["reply"]
    for piece in expected.get("contains", []):
        assert piece in squeezed(mail.reply)
    assert [file["filename"] for file in made["attachments"]] == expected.get("attachments", [])
    assert made["auto"] is expected.get("auto", False)
    for name in expected.keys() & {"from", "subject", "message_id", "date"}:
        assert made[name] == expected[name]
    assert_is_safe(mail)


def test_the_json_of_a_mail_has_the_fields_that_were_promised() -> None:
    made = as_json(parse((MAILS[0].parent / "photo-and-text-apple.eml").read_bytes()))

    assert list(made) == [
        "from", "to", "subject", "message_id", "in_reply_to", "references", "date", "text", "reply", "auto", "attachments"
    ]  # fmt: skip
    assert set(made["attachments"][0]) == {"filename", "content_type", "size", "sha256"}
    assert made["date"] == datetime(2026, 11, 19, 2, 12, 33, tzinfo=UTC).isoformat()


HEAD = b"From: a@contoh.ac.id\r\n"
DEEP = HEAD + b"Content-Type: multipart/mixed; boundary=b0\r\n\r\n"
LINES = b"".join(
    b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(10_000)
)
PARTS = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
BOUNCE = b"From: mailer-daemon@b\r\nSubject: failure notice\r\n\r\n"
HOSTILE = {
    "nested 10,000 deep": DEEP + LINES + b"--b10000\r\n\r\nhalo dunia\r\n",
    "nested 10,000 deep in one boundary": DEEP
    + re.sub(rb"b\d+", b"b0", LINES)
    + b"--b0\r\n\r\nhalo dunia\r\n",
    "nested forwards": b"Content-Type: message/rfc822\r\n\r\n" * 10_000 + HEAD + b"\r\nhalo",
    "200,000 parts": PARTS + b"--b\r\n\r\nkata\r\n" * 200_000,
    "20 MB attachment": PARTS
    + b"--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + (b"QUJD" * 19 + b"\r\n") * 350_000
    + b"--b--\r\n",
    "a long head": b"From: " + b"(" * 500_000 + b"\r\nTo: " + b'"a"<a@b>,' * 100_000 + b"\r\n\r\nx",
    "many encoded words": HEAD + b"Subject: " + b"=?utf-8?q?a?= =?x?b?" * 50_000 + b"\r\n\r\nx",
    "nested comments": HEAD + b"Authentication-Results: mx; " + b"(" * 30_000 + b")" * 30_000 + b"\r\n\r\nx",
    "many parameters": HEAD + b"Content-Type: text/plain" + b"; a*0*=%FF" * 100_000 + b"\r\n\r\nx",
    "a huge section number": HEAD + b"Content-Type: text/plain; name*" + b"9" * 5_000 + b"=x\r\n\r\nx",
    "many attributions": HEAD + b"\r\n" + b"On 1 1 1 a@b wrote:\r\n" * 70_000,
    "many heads": HEAD + b"\r\n" + b"Dari: x\r\n" * 150_000,
    "many signatures": HEAD + b"\r\n" + b"-- \r\n" * 290_000,
    "unclosed tags": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<a " * 400_000,
    "unclosed quotes": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<blockquote>a" * 60_000,
    "deep tags": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>a" * 100_000,
    "wide tables": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<table><tr><td>a" * 15_000,
    "blank lines": HEAD + b"\r\n" + b"\r\n \t" * 350_000,
    "one word": HEAD + b"\r\n" + b"a" * 1_400_000,
    "charset that unpacks": HEAD + b"Content-Type: text/plain; charset=zip_codec\r\n\r\nhalo",
    "charset with surrogates": HEAD + b"Content-Type: text/plain; charset=utf-7\r\n\r\n+2AA-halo",
    "uuencoded nonsense": HEAD
    + b"Content-Transfer-Encoding: uuencode\r\n\r\nbegin 644 a\r\n!!!\r\n\xff\r\nend",
    "NUL everywhere": b"Fr\x00om: a\x00@b\r\nFrom: a@b\x00\r\nSubject: a\x00b\r\n\r\nx\x00y",
    "lone CR": b"From: a@b\rSubject: x\r\rhalo",
    "a bounce of dashes": BOUNCE + b"-" * 1_400_000,
    "a bounce of blank lines": BOUNCE + b" \t\r\n" * 300_000,
    "a bounce of ids": BOUNCE + b"Message-ID: <a@b>\r\n" * 70_000,
    "dates": HEAD + b"Date: Thu, 99 Nov 99999999999999 99:99:99 +9999999\r\n\r\nx",
}


CHILD = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
resource.setrlimit(resource.RLIMIT_DATA, (500_000_000, 500_000_000))
from channels.mail_parse import parse
parse(sys.stdin.buffer.read(), "mx")
"""


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_mail_that_means_harm_is_read_within_five_seconds_of_work_and_500_mb(raw: bytes) -> None:
    """The system itself holds a process of its own to these limits."""
    child = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=ROOT, input=raw, capture_output=True, check=False
    )

    assert child.returncode == 0, child.stderr.decode()
    assert_is_safe(parse(raw, "mx"))


def test_words_in_the_deepest_part_are_found() -> None:
    assert parse(HOSTILE["nested 10,000 deep"]).text == "halo dunia"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2_000))
def test_no_bytes_at_all_make_it_fail(raw: bytes) -> None:
    assert_is_safe(parse(raw, "mx"))


FRAGMENTS = st.sampled_from(
    [b"From: ", b"a@b", b"\r\n", b"\n", b"\r", b"--b", b"--b--", b"Content-Type: multipart/mixed; boundary=b\r\n",
    b"Content-Type: text/html; charset=utf-16\r\n", b"Content-Transfer-Encoding: base64\r\n", b"=?utf-8?b?", b"?=",
    b"Content-Disposition: attachment; filename*0*=x''%00/../", b"<blockquote>", b"</blockquote>", b"\x00", b"\xff\xfe",
    b"On 1/1/26 1:00 <a@b> wrote:", b"> ", b"-- ", b"Dari: x", b"Dikirim: 1", b"Perihal: y", b" ", b"kata", b";", b'"',
    b"Content-Type: message/delivery-status\r\n", b"Action: failed\r\n", b"Date: ", b"+2AA-", b"<", b">", b",", b"("]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(FRAGMENTS, max_size=60).map(b"".join))
def test_no_piece_of_a_mail_in_any_order_makes_it_fail(raw: bytes) -> None:
    assert_is_safe(parse(raw, "mx"))


LINE = st.sampled_from(
    [
        "Halo Pak",
        "",
        "> lama",
        ">> tua",
        "-- ",
        "--",
        "Pada 19 Nov 2026 pukul 09.00 X <a@b> menulis:",
        "Dikirim dari iPhone saya",
        "Dari: X",
        "Dikirim: 19 November 2026",
        "Kepada: Y",
        "Perihal: Z",
        "-----Pesan Asli-----",
        "________________",
        "---------- Forwarded message ---------",
        "On Thu, 19 Nov 2026 at 09:00",
        "X wrote:",
        "\xa0",
        "*Dari:* a",
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(LINE | st.text(max_size=20), max_size=25), st.booleans())
def test_folding_loses_no_word(lines: list[str], answering: bool) -> None:
    text = "\n".join(lines)
    folded = fold(text, answering=answering)

    assert words(folded.reply, folded.quoted) == words(text)
