"""Mails into the desk, from a real IMAP server and a Maildir."""

import asyncio
import imaplib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from channels.mail import Mailbox, open_channel
from channels.mail_threads import message_id
from sop.messages import Delivered, Incoming
from tests import peers
from tests.channels.mail_reception import SECRET, Recorder, clock, settings


def mail(text: str, number: int = 1, more: str = "") -> bytes:
    return (
        f"From: Budi <budi@contoh.ac.id>\r\nTo: care@contoh.ac.id\r\nSubject: KRS\r\n"
        f"Message-ID: <m{number}@contoh.ac.id>\r\nDate: Thu, 19 Nov 2026 09:{number % 60:02}:00 +0700\r\n{more}\r\n{text}\r\n"
    ).encode()


@asynccontextmanager
async def listening(inbox: str, reception: Recorder) -> AsyncIterator[Mailbox]:
    at = {"clock": clock, "public_url": "https://care.example.ac.id"}
    async with open_channel(
        settings(inbox=inbox),
        reception,
        files_root=Path(),
        secret=SECRET,
        **at,  # type: ignore[arg-type]
    ) as channel:
        running = asyncio.create_task(channel.listen())
        try:
            yield channel
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


def maildir(path: Path, *mails: bytes) -> None:
    for folder in ("tmp", "new", "cur"):
        (path / folder).mkdir(parents=True, exist_ok=True)
    for number, raw in enumerate(mails):
        (path / "new" / f"{number:03}.contoh").write_bytes(raw)


async def test_a_mail_in_a_maildir_becomes_a_message_and_is_marked_seen_after(tmp_path: Path) -> None:
    maildir(tmp_path, mail("KRS saya terkunci"))
    reception = Recorder()

    async with listening(f"maildir:{tmp_path}", reception):
        await reception.until(1)

    assert reception.taken[0].text == "KRS saya terkunci"
    assert reception.taken[0].sender == "budi@contoh.ac.id"
    assert reception.raws[0] == mail("KRS saya terkunci")


async def test_a_mail_leaves_new_only_after_it_is_on_disk(tmp_path: Path) -> None:
    class Looking(Recorder):
        async def take_in(self, incoming: Incoming, raw: bytes = b"") -> None:
            assert raw in [path.read_bytes() for path in (tmp_path / "new").iterdir()]
            await super().take_in(incoming, raw)

    maildir(tmp_path, mail("pertama", 1))
    reception = Looking()

    async with listening(f"maildir:{tmp_path}", reception):
        await reception.until(1)
        moved = tmp_path / "cur" / "000.contoh:2,S"
        (tmp_path / "new" / "001.contoh").write_bytes(mail("kedua", 2))
        await reception.until(2)

    assert not reception.parked
    assert moved.read_bytes() == mail("pertama", 1)


async def test_a_mail_that_could_not_be_kept_stays_new_and_is_taken_later(tmp_path: Path) -> None:
    maildir(tmp_path, mail("KRS saya terkunci"))
    reception = Recorder(away=1)

    async with listening(f"maildir:{tmp_path}", reception):
        await reception.until(1)

    assert len(reception.taken) == 1


async def test_mails_of_a_maildir_keep_their_order(tmp_path: Path) -> None:
    maildir(tmp_path, *[mail(f"pesan {number}", number) for number in range(12)])
    reception = Recorder()

    async with listening(f"maildir:{tmp_path}", reception):
        await reception.until(12)

    assert [taken.text for taken in reception.taken] == [f"pesan {number}" for number in range(12)]


async def test_a_mail_without_a_sender_is_parked_raw_and_the_rest_flows(tmp_path: Path) -> None:
    maildir(tmp_path, b"Subject: tanpa pengirim\r\n\r\nhalo\r\n", b"", b"\x00\xff" * 50, mail("biasa"))
    reception = Recorder()

    async with listening(f"maildir:{tmp_path}", reception):
        await reception.until(4)

    assert [taken.text for taken in reception.taken] == ["biasa"]
    assert reception.parked[0][2].startswith(b"Subject: tanpa pengirim")


def _flags(peer: peers.ImapPeer) -> list[bytes]:
    with imaplib.IMAP4(peer.host, peer.port, timeout=10) as client:
        client.login(peer.user, peer.password)
        client.select("INBOX", readonly=True)
        return [bytes(line) for line in client.fetch("1:*", "(FLAGS)")[1] if isinstance(line, bytes)]


async def test_mails_are_fetched_by_imap_and_new_ones_as_they_come() -> None:
    reception = Recorder()
    async with peers.imap() as peer:
        await asyncio.to_thread(peer.deliver, mail("sudah ada", 1))
        async with listening(peer.url, reception):
            await reception.until(1)
            await asyncio.to_thread(peer.deliver, mail("baru", 2))
            await reception.until(2)
            await reception.until_remembered(102)
        flags = await asyncio.to_thread(_flags, peer)

    assert [taken.text for taken in reception.taken] == ["sudah ada", "baru"]
    assert all(b"\\Seen" in line for line in flags)


async def test_a_mail_by_imap_that_could_not_be_kept_stays_unread_and_is_taken_later() -> None:
    reception = Recorder(away=1)
    async with peers.imap() as peer:
        await asyncio.to_thread(peer.deliver, mail("penting", 1))
        await asyncio.to_thread(peer.deliver, mail("lain", 2))
        async with listening(peer.url, reception):
            await reception.until(2)
            await reception.until_remembered(102)

    assert [taken.text for taken in reception.taken] == ["penting", "lain"]


async def test_a_mail_that_breaks_the_desk_is_parked_and_the_rest_flows(tmp_path: Path) -> None:
    class Breaking(Recorder):
        async def take_in(self, incoming: Incoming, raw: bytes = b"") -> None:
            if incoming.text == "racun":
                raise KeyError("racun")
            await super().take_in(incoming, raw)

    maildir(tmp_path, mail("racun", 1), mail("biasa", 2))
    reception = Breaking()

    async with listening(f"maildir:{tmp_path}", reception):
        await reception.until(2)

    assert [taken.text for taken in reception.taken] == ["biasa"]
    assert reception.parked[0][2] == mail("racun", 1)


async def test_a_server_that_talks_nonsense_is_tried_again() -> None:
    """Its second connection comes within the time-out."""
    calls = asyncio.Semaphore(0)

    async def nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK siap\r\n\xff\xff nonsens\r\n")
        await writer.drain()
        await reader.readline()
        writer.close()
        calls.release()

    server = await asyncio.start_server(nonsense, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, listening(f"imap://a:b@127.0.0.1:{port}/INBOX", Recorder()), asyncio.timeout(20):
        await calls.acquire()
        await calls.acquire()


async def test_a_silent_imap_server_does_not_hold_up_the_end() -> None:
    """A channel that waited for the server's answer would meet the time-out around it."""
    asked = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK [CAPABILITY IMAP4rev1] siap\r\n")
        tag = (await reader.readline()).split()[0]
        writer.write(b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK\r\n")
        await reader.readline()
        asked.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, asyncio.timeout(15), listening(f"imap://a:b@127.0.0.1:{port}/INBOX", Recorder()):
        await asked.wait()


async def test_an_attachment_above_the_cap_is_named_and_stays_in_the_raw_mail() -> None:
    reception = Recorder()
    body = "A" * 72 + "\r\n"
    raw = mail(
        "--b\r\n\r\nlihat\r\n--b\r\nContent-Type: video/mp4; name=film.mp4\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{body * 480_000}--b--",
        more="Content-Type: multipart/mixed; boundary=b\r\n",
    )
    async with open_channel(
        settings(), reception, clock=clock, public_url="", files_root=Path(), secret=SECRET
    ) as channel:
        await channel.take(raw)

    (file,) = reception.taken[0].files
    assert (file.name, file.path, file.size) == ("film.mp4", "", 54 * 480_000)
    assert reception.raws[0] == raw


async def test_after_a_restart_only_new_mails_are_fetched() -> None:
    reception = Recorder()
    async with peers.imap() as peer:
        await asyncio.to_thread(peer.deliver, mail("pertama", 1))
        async with listening(peer.url, reception):
            await reception.until_remembered(101)
        await asyncio.to_thread(peer.deliver, mail("kedua", 2))
        async with listening(peer.url, reception):
            await reception.until(2)

    assert [taken.text for taken in reception.taken] == ["pertama", "kedua"]


async def test_a_changed_uidvalidity_loses_no_unseen_mail() -> None:
    reception = Recorder()
    async with peers.imap() as peer:
        await asyncio.to_thread(peer.deliver, mail("pertama", 1))
        reception.memory[f"mail:{peer.user}@127.0.0.1/INBOX"] = {
            "validity": -1,
            "uid": 100_000,
            "at": clock().isoformat(),
        }
        async with listening(peer.url, reception):
            await reception.until(1)

    assert [taken.text for taken in reception.taken] == ["pertama"]


async def test_an_imap_server_that_comes_back_is_listened_to_again() -> None:
    reception = Recorder()
    async with peers.imap() as peer:
        async with listening(peer.url, reception):
            await asyncio.to_thread(peer.deliver, mail("pertama", 1))
            await reception.until(1)
        port = peer.port
    async with (
        listening(f"imap://demouser:demopass@127.0.0.1:{port}/INBOX", reception),
        peers.imap(port=port) as peer,
    ):
        await asyncio.to_thread(peer.deliver, mail("kedua", 2))
        await reception.until(2)

    assert reception.taken[-1].text == "kedua"


async def test_attachments_are_kept_before_the_mail_is_taken_in() -> None:
    reception = Recorder()
    raw = mail(
        "--b\r\n\r\nlihat lampiran\r\n--b\r\nContent-Type: image/png; name=bukti.png\r\n"
        "Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n--b--",
        more="MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n",
    )
    async with open_channel(
        settings(), reception, clock=clock, public_url="", files_root=Path(), secret=SECRET
    ) as channel:
        await channel.take(raw)

    (file,) = reception.taken[0].files
    assert (file.name, file.content_type, file.size) == ("bukti.png", "image/png", 4)
    assert reception.files[file.path] == b"\x89PNG"


async def test_a_bounce_is_heard_as_the_failure_of_the_mail_it_belongs_to() -> None:
    reception = Recorder()
    ours = message_id(settings(), SECRET, 7, "tok")
    bounce = (
        "From: MAILER-DAEMON@mx.contoh.ac.id\r\nTo: care@contoh.ac.id\r\nSubject: Undelivered Mail\r\n"
        "Message-ID: <b1@mx>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\r\n\r\n"
        "--r\r\n\r\nTidak sampai.\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        "Final-Recipient: rfc822; sari@contoh.ac.id\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 no such user\r\n\r\n--r\r\nContent-Type: message/rfc822\r\n\r\n"
        f"Message-ID: {ours}\r\nSubject: jawaban\r\n\r\nisi\r\n--r--\r\n"
    ).encode()
    async with open_channel(
        settings(), reception, clock=clock, public_url="", files_root=Path(), secret=SECRET
    ) as channel:
        await channel.take(bounce)
        await channel.take(bounce.replace(ours.encode(), b"<7.tok.aaaaaaaaaaaaaaaa@contoh.ac.id>"))

    (word,) = reception.words
    assert isinstance(word, Delivered)
    assert (word.external_id, word.state) == (ours, "failed")
    assert word.reason == "Alamat surel penerima tidak ada (5.1.1)"
    assert [(taken.auto, taken.token) for taken in reception.taken] == [(True, "tok"), (True, "")]
