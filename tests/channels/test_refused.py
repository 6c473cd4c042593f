"""A provider that does not take our own secret: the sender says so apart from all other failures, and the channel too."""

import asyncio
from pathlib import Path

from channels.mail_inbox import Imap
from channels.mail_settings import Server
from demo.telegram import Telegram as Provider
from tests.channels.mail_reception import Recorder as MailRecorder
from tests.channels.mail_reception import clock
from tests.channels.reception import Recorder
from tests.channels.rig import running
from tests.channels.telegram_peer import SARI, TOKEN, failing, opened, outgoing

STRANGE = "110009:dicabut"


async def test_telegrams_refusal_of_the_token_is_seen_by_sending_and_by_asking(
    api: str, provider: Provider, desk: Recorder, tmp_path: Path
) -> None:
    async with opened(api, desk, tmp_path, token=STRANGE) as channel:
        assert (await failing(channel, outgoing())).refused
        async with running(channel.listen()):
            await provider.until(lambda: channel.refused)
        provider.add_bot(STRANGE, "baru_contoh_bot")
        async with running(channel.listen()):
            await provider.until(lambda: not channel.refused)


async def test_another_failure_is_no_refusal_of_the_token(
    api: str, provider: Provider, desk: Recorder, tmp_path: Path
) -> None:
    provider.phone(TOKEN).start(SARI)
    async with opened(api, desk, tmp_path) as channel:
        provider.fail("403", method="sendMessage")
        assert not (await failing(channel, outgoing())).refused
        assert not channel.refused


async def test_a_mailbox_that_does_not_take_the_password_is_seen(tmp_path: Path) -> None:
    logins, again = [], asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK siap\r\n")
        while line := await reader.readline():
            tag, _, order = line.strip().partition(b" ")
            login = order.upper().startswith(b"LOGIN")
            said = b" NO [AUTHENTICATIONFAILED] salah\r\n" if login else b" OK selesai\r\n"
            writer.write(b"* CAPABILITY IMAP4REV1\r\n" + tag + said)
            if login:
                logins.append(tag)
            if len(logins) == 2:
                again.set()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    account = Server(host="127.0.0.1", port=port, user="care", password="x", tls=False, folder="INBOX")

    async def nothing(mails: object) -> list[Exception | None]:
        return []

    box = Imap(account, nothing, MailRecorder(), clock)
    async with server, running(box.listen()), asyncio.timeout(20):
        await again.wait()  # it comes again, so what it heard the first time is known by then
        assert box.refused
