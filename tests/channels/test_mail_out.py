"""Mails of ours, taken by a real SMTP server, and what each ending of that talk means."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from channels.mail import Mailbox, open_channel
from channels.mail_out import Letter, post
from channels.mail_settings import Server
from channels.mail_threads import own_id
from sop.messages import Button, File, Outgoing, Priority, Receipt, SendFailed
from sop.unsubscribing import letter_of
from tests import peers
from tests.channels.mail_reception import SECRET, Recorder, clock, settings

ROOT = Path(__file__).parent


@asynccontextmanager
async def sending(outbox: str, files_root: Path = ROOT) -> AsyncIterator[Mailbox]:
    async with open_channel(
        settings(outbox=outbox),
        Recorder(),
        clock=clock,
        public_url="https://care.example.ac.id",
        files_root=files_root,
        secret=SECRET,
    ) as channel:
        yield channel


def answer(**changes: object) -> Outgoing:
    plain = {
        "id": 42,
        "channel": "mail",
        "to": "sari@contoh.ac.id",
        "text": "KRS sudah dibuka.",
        "subject": "KRS terkunci",
    }
    return Outgoing(**(plain | changes))  # type: ignore[arg-type]


async def sent(outgoing: Outgoing, files_root: Path = ROOT) -> tuple[Receipt, EmailMessage]:
    async with peers.smtp() as peer, sending(peer.url, files_root) as channel:
        receipt = await channel.send(outgoing)
    mail = message_from_bytes(peer.taken[0][2], policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return receipt, mail


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def test_an_answer_goes_into_its_thread_and_carries_a_signed_reply_address() -> None:
    receipt, mail = await sent(
        answer(reply_to="<m2@x.id>", references=("<m1@x.id>", "<m2@x.id>"), token="abc123")
    )

    assert text(mail).strip() == "KRS sudah dibuka."
    assert mail["Message-ID"] == receipt.external_id
    assert (mail["In-Reply-To"], mail["References"]) == ("<m2@x.id>", "<m1@x.id> <m2@x.id>")
    assert mail["Subject"] == "Re: KRS terkunci"
    assert mail["Reply-To"].addresses[0].username.startswith("care+abc123.")
    assert mail["Auto-Submitted"] is None
    assert own_id(settings(), SECRET, receipt.external_id) == "abc123"


async def test_each_attempt_has_the_same_message_id() -> None:
    first, _ = await sent(answer(token="abc", attempt=1))
    second, _ = await sent(answer(token="abc", attempt=2))

    assert first.external_id == second.external_id


async def test_what_our_machine_wrote_says_so() -> None:
    _, mail = await sent(answer(auto=True))

    assert mail["Auto-Submitted"] == "auto-replied"


async def test_line_breaks_in_any_field_make_no_header() -> None:
    evil = "Halo\r\nBcc: semua@contoh.ac.id\r\n\r\nbadan"
    _, mail = await sent(
        answer(subject=evil, reply_to=evil, references=(evil,), content={"thread_index": evil})
    )

    assert mail["Bcc"] is None
    assert mail["Subject"] == "Re: Halo Bcc: semua@contoh.ac.id badan"


async def test_indonesian_english_and_long_lines_arrive_as_written(tmp_path: Path) -> None:
    words = "Yth. Ibu Sérah,\n\n" + "kata “panjang” " * 200 + "\n.titik di awal\nFrom sini"
    _, mail = await sent(answer(text=words))

    assert text(mail).replace("\r\n", "\n").strip() == words.strip()


async def test_a_file_is_attached_under_a_safe_name(tmp_path: Path) -> None:
    (tmp_path / "x1").write_bytes(b"%PDF-1.7")
    file = File(name="../surat\r\nX: 1.pdf", content_type="application/pdf", path="x1", size=8)

    _, mail = await sent(answer(files=(file,)), tmp_path)

    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "surat X_ 1.pdf"
    assert attached.get_content() == b"%PDF-1.7"


async def test_thread_index_and_the_status_page_are_kept() -> None:
    _, mail = await sent(answer(content={"thread_index": "AdtEabc="}, link="tok-status"))

    assert mail["Thread-Index"] == "AdtEabc="
    assert "https://care.example.ac.id/status/tok-status" in text(mail)


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(talk: Talk) -> AsyncIterator[int]:
    """The port of a server whose every conversation is over when the block is."""
    talks: list[asyncio.Task[None]] = []

    async def whole(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await talk(reader, writer)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    async def noted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.append(asyncio.ensure_future(whole(reader, writer)))

    server = await asyncio.start_server(noted, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        await asyncio.gather(*talks)
        server.close()
        await server.wait_closed()


def faulty(step: str, says: str) -> Talk:
    """A mail server that at `step` says a line, or closes the connection when it has nothing to say."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mx.contoh.ac.id\r\n")
        in_data = False
        while line := await reader.readline():
            word = (
                "DOT" if in_data and line == b".\r\n" else "" if in_data else line.split()[0].decode().upper()
            )
            if word == step and not says:
                return
            if in_data and not word:
                continue
            in_data = word == "DATA" and word != step
            answer = says.encode() if word == step else b"354 go" if in_data else b"250 OK"
            writer.write(answer + b"\r\n")

    return talk


def silent(after: str) -> Talk:
    """A mail server that answers up to the line `after` and then never again."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if after:
            writer.write(b"220 mx.contoh.ac.id\r\n")
            while not (line := await reader.readline()).startswith(after.encode()):
                writer.write(b"250 OK\r\n")
            writer.write(b"354 go\r\n" if line.startswith(b"DATA") else b"250 OK\r\n")
        await reader.read()

    return talk


@pytest.mark.parametrize(
    ("step", "says", "retry", "unknown"),
    [
        ("MAIL", "451 4.3.0 nanti", timedelta(0), False),
        ("MAIL", "", timedelta(0), False),
        ("RCPT", "450 4.2.0 nanti", timedelta(0), False),
        ("RCPT", "550 5.1.1 tidak ada", None, False),
        ("DATA", "554 5.7.1 ditolak", None, False),
        ("DATA", "", timedelta(0), False),
        ("DOT", "452 4.3.1 penuh", timedelta(0), False),
        ("DOT", "552 5.2.3 besar", None, False),
        ("DOT", "", None, True),
    ],
)
async def test_each_ending_is_known_for_what_it_is(
    step: str, says: str, retry: timedelta | None, unknown: bool
) -> None:
    async with serving(faulty(step, says)) as port, sending(f"smtp://127.0.0.1:{port}") as channel:
        with pytest.raises(SendFailed) as failed:
            await channel.send(answer())

    assert (failed.value.retry, failed.value.unknown) == (retry, unknown)
    assert "sari@" not in failed.value.reason


@pytest.mark.parametrize(("after", "unknown"), [("", False), ("RCPT", False), ("DATA", True)])
async def test_a_server_that_falls_silent_is_left_after_the_deadline(after: str, unknown: bool) -> None:
    letter = Letter("sari@contoh.ac.id", "<1@x>", b"Subject: x\r\n\r\nx\r\n")
    async with serving(silent(after)) as port:
        with pytest.raises(SendFailed) as failed:
            await post(
                letter, "care@contoh.ac.id", Server("127.0.0.1", port, "", "", tls=False), deadline=0.5
            )

    assert failed.value.unknown is unknown
    assert failed.value.retry == (None if unknown else timedelta(0))


async def test_an_announcement_says_that_it_is_bulk() -> None:
    _, mail = await sent(answer(priority=Priority.BROADCAST))

    assert (mail["Precedence"], mail["Auto-Submitted"]) == ("bulk", "auto-generated")


async def test_buttons_become_numbers_and_addresses() -> None:
    row = (Button(label="Akademik", data="k:1"), Button(label="Halaman", url="https://contoh.ac.id"))
    _, mail = await sent(answer(buttons=(row,)))

    assert "1. Akademik" in text(mail)
    assert "Halaman: https://contoh.ac.id" in text(mail)


async def test_a_closed_port_means_try_again() -> None:
    async with sending(f"smtp://127.0.0.1:{peers.free_port()}") as channel:
        with pytest.raises(SendFailed) as failed:
            await channel.send(answer())

    assert failed.value.retry == timedelta(0)


@pytest.mark.parametrize(
    "to", ["", "sari", "a@b\r\nRCPT TO:<c@d>", "a b@contoh.ac.id", "@x", "a@", "<a@b.id>", "a@b,c@d"]
)
async def test_an_address_that_is_none_is_refused_for_good(to: str) -> None:
    async with sending("smtp://127.0.0.1:9") as channel:
        with pytest.raises(SendFailed) as failed:
            await channel.send(answer(to=to))

    assert failed.value.retry is None


async def test_a_channel_without_the_desks_secret_refuses_to_start() -> None:
    with pytest.raises(ValueError, match=r"desk\.secret"):
        async with open_channel(settings(), Recorder(), clock=clock, public_url="", files_root=ROOT):
            pass


async def test_what_nobody_wrote_by_hand_can_be_ended_by_one_press() -> None:
    _, mail = await sent(answer(priority=Priority.BROADCAST))
    press, write = str(mail["List-Unsubscribe"]).split(", ")

    assert (
        letter_of(SECRET, press.removeprefix("<https://care.example.ac.id/berhenti/").removesuffix(">")) == 42
    )
    assert write == "<mailto:care@contoh.ac.id?subject=berhenti&body=berhenti>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_an_officers_answer_is_nothing_to_end() -> None:
    _, mail = await sent(answer())

    assert mail["List-Unsubscribe"] is None
