"""Bounces in the words of the servers that write them, each heard as the failure of the mail it belongs to."""

from pathlib import Path

import pytest

from channels.mail import open_channel
from channels.mail_threads import message_id
from sop.messages import Delivered
from tests.channels.mail_reception import SECRET, Recorder, clock, settings

OURS = message_id(settings(), SECRET, 7, "tok")
COPY = f"From: UC3 <care@contoh.ac.id>\nTo: sari@contoh.ac.id\nMessage-ID: {OURS}\nSubject: Re: KRS\n\nSudah dibuka.\n"
HEAD = "To: care@contoh.ac.id\nMessage-ID: <b1@mx.lain.id>\n"
EXIM = f"""From: Mail Delivery System <Mailer-Daemon@mx.lain.id>
{HEAD}Subject: Mail delivery failed: returning message to sender
X-Failed-Recipients: sari@contoh.ac.id
Auto-Submitted: auto-replied

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.
The following address(es) failed:

  sari@contoh.ac.id
    SMTP error from remote mail server after RCPT TO:<sari@contoh.ac.id>:
    host mx.contoh.ac.id [192.0.2.4]: 550 no such user here

------ This is a copy of the message, including all the headers. ------

{COPY}"""
QMAIL = f"""Return-Path: <>
From: MAILER-DAEMON@mx.lain.id
{HEAD}Subject: failure notice

Hi. This is the qmail-send program at mx.lain.id.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<sari@contoh.ac.id>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

{COPY}"""
POSTFIX = f"""From: MAILER-DAEMON@mx.lain.id (Mail Delivery System)
{HEAD}Subject: Undelivered Mail Returned to Sender

This is the mail system at host mx.lain.id.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<sari@contoh.ac.id>: host mx.contoh.ac.id[192.0.2.4] said: 552 5.2.2 Mailbox is
    full (in reply to RCPT TO command)

{COPY}"""
EXCHANGE = f"""From: postmaster@lain.id
{HEAD}In-Reply-To: {OURS}
References: <awal@x.id> {OURS}
Subject: Undeliverable: Re: KRS

Delivery has failed to these recipients or groups:

sari@contoh.ac.id
The email address you entered couldn't be found. Please check the address and try to resend the message.
"""
GMAIL = f"""Return-Path: <>
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
{HEAD}References: {OURS}
In-Reply-To: {OURS}
X-Failed-Recipients: sari@contoh.ac.id
Subject: Delivery Status Notification (Failure)

** Address not found **

Your message wasn't delivered to sari@contoh.ac.id because the address couldn't be found, or is unable to receive mail.

The response from the remote server was:
550 5.1.1 The email account that you tried to reach does not exist.
"""
INDONESIAN = f"""From: Postmaster <postmaster@lain.id>
{HEAD}Subject: Surel tidak terkirim

Pesan Anda kepada sari@contoh.ac.id tidak dapat dikirim: kotak surat penuh.

----- Pesan asli -----
{COPY}"""
UNKNOWN, FULL = (
    "Alamat surel penerima tidak ada (5.1.1)",
    "Kotak surel penerima penuh atau tidak aktif (5.2.2)",
)
BOUNCES = {
    "exim": (EXIM, UNKNOWN),
    "qmail": (QMAIL, UNKNOWN),
    "postfix": (POSTFIX, FULL),
    "exchange": (EXCHANGE, UNKNOWN),
    "gmail": (GMAIL, UNKNOWN),
    "indonesian": (INDONESIAN, FULL),
}


async def heard(*mails: str) -> Recorder:
    reception = Recorder()
    async with open_channel(
        settings(), reception, clock=clock, public_url="", files_root=Path(), secret=SECRET
    ) as channel:
        for mail in mails:
            await channel.take(mail.encode())
    return reception


@pytest.mark.parametrize(("mail", "reason"), BOUNCES.values(), ids=BOUNCES.keys())
async def test_a_bounce_in_words_is_the_failure_of_our_mail(mail: str, reason: str) -> None:
    reception = await heard(mail)

    (word,) = reception.words
    assert isinstance(word, Delivered)
    assert (word.external_id, word.state, word.reason) == (OURS, "failed", reason)
    (taken,) = reception.taken
    assert (taken.auto, taken.token) == (True, "tok")


@pytest.mark.parametrize(("mail", "reason"), BOUNCES.values(), ids=BOUNCES.keys())
async def test_a_bounce_of_what_we_did_not_write_says_nothing_of_ours(mail: str, reason: str) -> None:
    reception = await heard(mail.replace(OURS, "<7.tok.aaaaaaaaaaaaaaaa@contoh.ac.id>"))

    assert (reception.words, [each.token for each in reception.taken]) == ([], [""])


async def test_a_server_that_still_tries_reports_no_failure() -> None:
    waiting = EXIM.replace(
        "A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.",
        "A message that you sent has not yet been delivered. No action is required on your part.",
    )

    assert (await heard(waiting)).words == []


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        ("sari@contoh.ac.id", "Re: KRS", "Surel saya kemarin tidak terkirim, ini saya kirim lagi."),
        (
            "sari@contoh.ac.id",
            "Balasan otomatis: KRS",
            "Saya sedang cuti; pesan tidak dapat disampaikan ke rekan.",
        ),
        ("postmaster@lain.id", "Pemeliharaan", "Server kami dipelihara malam ini."),
    ],
)
async def test_who_only_speaks_of_mails_bounces_nothing(sender: str, subject: str, text: str) -> None:
    mail = f"From: {sender}\nTo: care@contoh.ac.id\nMessage-ID: <c1@x.id>\nIn-Reply-To: {OURS}\nSubject: {subject}\n\n{text}\n"

    assert (await heard(mail)).words == []
