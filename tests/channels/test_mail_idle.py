"""A server that announces a mail in the same breath in which it agrees to IDLE."""

import asyncio
from collections.abc import Sequence

from channels.mail_inbox import Imap
from channels.mail_settings import Server
from tests.channels.mail_reception import Recorder, clock
from tests.channels.rig import running

MAIL = b"From: sari@example.com\r\nSubject: KRS\r\n\r\nKRS saya terkunci\r\n"


class Script:
    """Just enough of an IMAP server. The mail is there once IDLE has begun."""

    def __init__(self) -> None:
        self.mails = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK siap\r\n")
        tag = b""
        while line := await reader.readline():
            if line == b"DONE\r\n":
                writer.write(tag + b" OK selesai\r\n")
                continue
            tag, _, order = line.strip().partition(b" ")
            if order == b"IDLE":
                self.mails += 1
                writer.write(b"+ menunggu\r\n* %d EXISTS\r\n" % self.mails)
            else:
                writer.write(self.answer(order.split(b" ")) + tag + b" OK selesai\r\n")
        writer.close()

    def answer(self, order: list[bytes]) -> bytes:
        match [word.upper() for word in order]:
            case [b"CAPABILITY"]:
                return b"* CAPABILITY IMAP4REV1 IDLE\r\n"
            case [b"SELECT", *_]:
                return b"* %d EXISTS\r\n* OK [UIDVALIDITY 7] tetap\r\n" % self.mails
            case [b"UID", b"SEARCH", *_]:
                return b"* SEARCH " + b" ".join(b"%d" % uid for uid in range(1, self.mails + 1)) + b"\r\n"
            case [b"UID", b"FETCH", uid, *_]:
                return b"* %s FETCH (UID %s BODY[]<0> {%d}\r\n%s)\r\n" % (uid, uid, len(MAIL), MAIL)
        return b""


async def test_a_mail_announced_together_with_the_answer_to_idle_is_fetched_at_once() -> None:
    script, reception = Script(), Recorder()
    taken = asyncio.Queue[bytes]()
    server = await asyncio.start_server(script.talk, "127.0.0.1", 0)
    account = Server(
        host="127.0.0.1",
        port=server.sockets[0].getsockname()[1],
        user="care",
        password="sandi",
        tls=False,
        folder="INBOX",
    )

    async def take(mails: Sequence[bytes]) -> list[Exception | None]:
        for mail in mails:
            await taken.put(mail)
        return [None] * len(mails)

    async with server, running(Imap(account, take, reception, clock).listen()), asyncio.timeout(20):
        assert [await taken.get(), await taken.get()] == [MAIL, MAIL]
