"""Which conversation a mail belongs to, and whom we believe."""

import pytest

from channels.mail_parse import parse
from channels.mail_threads import incoming, message_id, reply_address
from sop.messages import Incoming
from tests.channels.mail_reception import NOW, SECRET, settings

TOKEN = "Tok_en-1234567AB"
OURS = message_id(settings(), SECRET, 42, TOKEN)
REPLY = reply_address(settings(), SECRET, TOKEN)
OTHER = "rahasia-lain-yang-bukan-milik-meja"


def taken(
    head: str = "",
    *,
    sender: str = "Budi <budi@contoh.ac.id>",
    to: str = "care@contoh.ac.id",
    text: str = "Halo",
) -> Incoming:
    raw = f"From: {sender}\r\nTo: {to}\r\nMessage-ID: <m1@x.id>\r\n{head}\r\n{text}\r\n".encode()
    return incoming(parse(raw, "mx.contoh.ac.id"), raw, NOW, settings(), SECRET)


def test_a_first_mail_begins_a_thread_of_its_own_id() -> None:
    assert (taken().key, taken().message_id, taken().token) == ("<m1@x.id>", "<m1@x.id>", "")


def test_a_reply_belongs_to_the_first_mail_of_its_thread() -> None:
    found = taken("References: <awal@x.id> <dua@x.id>\r\nIn-Reply-To: <dua@x.id>\r\n")

    assert (found.key, found.reply_to) == ("<awal@x.id>", "<dua@x.id>")
    assert found.references == ("<awal@x.id>", "<dua@x.id>")


def test_a_mail_that_names_only_what_it_answers_belongs_there() -> None:
    assert taken("In-Reply-To: <dua@x.id>\r\n").key == "<dua@x.id>"


@pytest.mark.parametrize(
    "to", [REPLY, f"UC3 <{REPLY}>", f"x@y.id, {REPLY}", REPLY.replace("contoh", "CONTOH")]
)
def test_our_reply_address_proves_the_conversation(to: str) -> None:
    found = taken("Subject: perihal lain sama sekali\r\n", to=to)

    assert found.token == TOKEN
    assert "forged_token" not in found.payload


@pytest.mark.parametrize("field", ["In-Reply-To", "References"])
def test_our_own_id_proves_the_conversation(field: str) -> None:
    assert taken(f"{field}: {OURS}\r\n").token == TOKEN


def test_a_server_that_writes_small_letters_forges_nothing() -> None:
    found = taken(f"In-Reply-To: {OURS}\r\n", to=REPLY.lower())

    assert (found.token, "forged_token" in found.payload) == (TOKEN, False)


@pytest.mark.parametrize(
    "to",
    [
        REPLY.replace("Tok", "Tak"),
        REPLY.replace(f"{TOKEN}.", f"{TOKEN}.a"),
        reply_address(settings(), OTHER, TOKEN),
        "care+1042@contoh.ac.id",
        "care+.@contoh.ac.id",
        "care+é.é@contoh.ac.id",
    ],
)
def test_a_forged_token_opens_a_new_thread_and_says_so(to: str) -> None:
    found = taken("References: <awal@x.id>\r\n", to=to)

    assert found.payload["forged_token"] is True
    assert (found.token, found.reply_to) == ("", "")
    assert found.key.startswith("<m1@x.id>#")


def test_an_id_that_only_looks_like_ours_proves_nothing() -> None:
    assert taken(f"In-Reply-To: {message_id(settings(), OTHER, 42, TOKEN)}\r\n").token == ""


def test_a_stranger_who_repeats_a_message_id_hides_no_mail() -> None:
    assert taken(text="Halo").external_id != taken(text="Lain").external_id
    assert taken().external_id != taken(sender="sari@contoh.ac.id").external_id


def test_the_same_mail_by_another_way_is_the_same_mail() -> None:
    assert taken("Received: from a\r\n").external_id == taken("Received: from b\r\n").external_id


def test_a_mail_without_an_id_gets_one_that_stays() -> None:
    raw = b"From: budi@contoh.ac.id\r\n\r\nHalo\r\n"
    first, second = (incoming(parse(raw), raw, NOW, settings(), SECRET) for _ in range(2))

    assert first.key == first.message_id == second.message_id
    assert first.message_id.endswith("@contoh.ac.id>")


AUTH = "Authentication-Results: "
PASSED = f"{AUTH}mx.contoh.ac.id; dmarc=pass header.from=contoh.ac.id\r\n"


@pytest.mark.parametrize(
    ("head", "proved"),
    [
        ("", False),
        (PASSED, True),
        (AUTH + "mx.contoh.ac.id 1; spf=pass; dmarc = pass (p=none) header.from=contoh.ac.id\r\n", True),
        (AUTH + "MX.contoh.ac.id; DMARC=Pass header.from=Contoh.ac.id\r\n", True),
        (AUTH + "mx.contoh.ac.id; dmarc=pass\r\n", False),
        (AUTH + "mx.contoh.ac.id; dmarc=pass header.from=sub.contoh.ac.id\r\n", False),
        (AUTH + "mx.lain.id; dmarc=pass header.from=contoh.ac.id\r\n", False),
        (AUTH + "mx.contoh.ac.id.lain.id; dmarc=pass\r\n", False),
        (AUTH + "mx.contoh.ac.id; dmarc=fail header.from=contoh.ac.id\r\n", False),
        (AUTH + "mx.contoh.ac.id; dmarc=fail (x; dmarc=pass)\r\n", False),
        (AUTH + 'mx.contoh.ac.id; spf=fail smtp.mailfrom="; dmarc=pass"\r\n', False),
        (AUTH + "mx.contoh.ac.id; (( dmarc=pass\r\n", False),
        (AUTH + "mx.contoh.ac.id; dmarc=pass header.from=lain.id\r\n", False),
        (AUTH + "mx.contoh.ac.id; dmarc=fail\r\n" + PASSED, False),
        (AUTH + "mx.contoh.ac.id; spf=pass; dkim=pass\r\n", False),
        ("From: rektor@contoh.ac.id\r\n" + PASSED, False),
        (f"Subject: x\r\n {PASSED}", False),
    ],
)
def test_a_sender_is_proved_only_by_dmarc_at_our_own_server(head: str, proved: bool) -> None:
    assert taken(head).proved is proved


@pytest.mark.parametrize("sender", ["", "Rektor", "<>", "rektor@contoh.ac.id, budi@contoh.ac.id"])
def test_who_names_no_one_sender_proves_nothing(sender: str) -> None:
    assert taken(PASSED, sender=sender).proved is False


@pytest.mark.parametrize(
    ("head", "sender"),
    [
        ("Auto-Submitted: auto-generated\r\n", "budi@contoh.ac.id"),
        ("Auto-Submitted: Auto-Replied; x=y\r\n", "budi@contoh.ac.id"),
        ("Precedence: bulk\r\n", "budi@contoh.ac.id"),
        ("List-Unsubscribe: <https://contoh.ac.id>\r\n", "budi@contoh.ac.id"),
        ("X-Auto-Response-Suppress: All\r\n", "budi@contoh.ac.id"),
        ("Subject: Automatic reply: KRS\r\n", "budi@contoh.ac.id"),
        ("", "mailer-daemon@mx.contoh.ac.id"),
        ("", "no-reply@bank.id"),
        ("", "care@contoh.ac.id"),
    ],
)
def test_a_machine_is_known_for_one(head: str, sender: str) -> None:
    raw = f"From: {sender}\r\nTo: care@contoh.ac.id\r\n{head}\r\nHalo\r\n".encode()

    assert incoming(parse(raw), raw, NOW, settings(), SECRET).auto


@pytest.mark.parametrize(
    "head", ["", "Auto-Submitted: no\r\n", "Precedence: normal\r\n", "Subject: Re: surat otomatis\r\n"]
)
def test_a_person_is_no_machine(head: str) -> None:
    assert not taken(head).auto


def test_an_outlook_thread_keeps_its_index() -> None:
    assert taken("Thread-Index: AdxYz1vQ\r\n m2k=\r\n").payload["thread_index"] == "AdxYz1vQm2k="
