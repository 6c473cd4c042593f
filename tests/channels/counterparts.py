"""The other side of each channel, for the contract: its people, its provider, and the wires between."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2

from channels import counter, mail, telegram, web, whatsapp
from demo.mail_letter import compose, stamp
from demo.mailbox import Mailbox
from demo.telegram import Telegram as BotApi
from demo.twilio import Twilio
from sop.errors import Unavailable
from sop.messages import Incoming
from tests.channels.line import Line, line_to
from tests.channels.rig import SECRET, Channel, Desk
from tests.channels.telegram_peer import SECRET as HOOK_SECRET
from tests.channels.telegram_peer import TOKEN
from tests.channels.whatsapp_peer import FROM, HOOK, KEY, SID
from tests.clock import Clock
from tests.peers import ImapPeer, imap, serve

NAMES = ("Sari", "Budi", "Dewi", "Wayan", "Putri")


class Opens:
    """What all counterparts do alike: open their channel on a desk."""

    _desk: Desk

    def channel(self, desk: Desk, module: Any, **settings: Any) -> AbstractAsyncContextManager[Channel]:
        self._desk = desk
        opened: AbstractAsyncContextManager[Channel] = module.open_channel(
            module.Settings.model_validate(settings),
            desk.reception,
            clock=desk.clock,
            public_url=desk.public_url,
            files_root=desk.files,
            secret=SECRET,
        )
        return opened

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Knock at the desk's door; 0 when nobody answers."""
        try:
            return (await self._desk.http.post(path, content=body, headers=dict(headers))).status_code
        except httpx2.HTTPError:
            return 0


class Telegram(Opens):
    """The Bot API, bringing updates to a webhook. A message is an update's JSON."""

    name = "telegram"
    pushes = True
    mode: Mapping[str, str] = {"mode": "webhook", "secret": HOOK_SECRET}

    def __init__(self, api: BotApi, line: Line) -> None:
        self.api = api
        self.lines = [line]

    def open(self, desk: Desk) -> AbstractAsyncContextManager[Channel]:
        return self.channel(desk, telegram, token=TOKEN, api=self.lines[0].url, **self.mode)

    def address(self, person: int) -> str:
        return str(7001 + person)

    async def write(self, person: int, text: str) -> bytes:
        phone = self.api.phone(TOKEN)
        phone.write(phone.person(7001 + person, NAMES[person % len(NAMES)]), text)
        update = self.api.world.waiting(TOKEN)[-1]
        self.api.world.memory.drop(f"update/{TOKEN}", update["update_id"])
        return json.dumps(update).encode()

    async def bring(self, message: bytes) -> int:
        return await self._knock(message, HOOK_SECRET)

    async def forge(self, message: bytes) -> int:
        return await self._knock(message, "bukan-rahasia-yang-disepakati")

    async def _knock(self, message: bytes, secret: str) -> int:
        return await self.post("/hooks/telegram", message, {"X-Telegram-Bot-Api-Secret-Token": secret})

    async def read(self, person: int) -> list[str]:
        return self.api.sent(7001 + person)


class TelegramByPolling(Telegram):
    """The same, asked for its updates. What is brought lies there until the channel confirms it."""

    pushes = False
    mode: Mapping[str, str] = {"mode": "polling"}

    async def bring(self, message: bytes) -> int:
        update = json.loads(message)
        self.api.world.memory.put(f"update/{TOKEN}", update["update_id"], update)
        self.api.world.tell(TOKEN)
        return 0


@asynccontextmanager
async def telegram_at(folder: Path, clock: Clock, kind: type[Telegram] = Telegram) -> AsyncIterator[Telegram]:
    async with (
        BotApi(folder / "telegram", clock, push_retry=0.01) as api,
        serve(api.app) as url,
        line_to(url) as line,
    ):
        api.add_bot(TOKEN, "layanan_contoh_bot", "Layanan Contoh")
        yield kind(api, line)
        api.outage = True  # ends the long polls


class WhatsApp(Opens):
    """Twilio. A message is the form that it posts, signed when it is brought."""

    name = "whatsapp"
    pushes = True

    def __init__(self, twilio: Twilio, line: Line) -> None:
        self.twilio = twilio
        self.lines = [line]

    def open(self, desk: Desk) -> AbstractAsyncContextManager[Channel]:
        api = self.lines[0].url
        account = {"account_sid": SID, "auth_token": KEY, "from": FROM}
        return self.channel(desk, whatsapp, **account, api=api, content_api=api)

    def address(self, person: int) -> str:
        return f"whatsapp:+62812000{person:05}"

    async def write(self, person: int, text: str) -> dict[str, str]:
        who = self.twilio.phone.person(self.address(person), NAMES[person % len(NAMES)])
        self.twilio.pusher.paused = True
        sid = self.twilio.phone.write(who, text)
        await self.twilio.settled()
        self.twilio.pusher.paused = False
        return self.twilio.phone.form(sid)

    async def bring(self, message: dict[str, str]) -> int:
        return await self._knock(message, message)

    async def forge(self, message: dict[str, str]) -> int:
        return await self._knock(message, message | {"Body": "kata lain"})

    async def _knock(self, message: dict[str, str], signed: dict[str, str]) -> int:
        signature = self.twilio.pusher.signature(f"{self._desk.public_url}{HOOK}", signed)
        head = {
            "X-Twilio-Signature": signature,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return await self.post(HOOK, urlencode(message).encode(), head)

    async def read(self, person: int) -> list[str]:
        await self.twilio.settled()
        return self.twilio.sent(self.address(person))


@asynccontextmanager
async def whatsapp_at(folder: Path, clock: Clock) -> AsyncIterator[WhatsApp]:
    async with (
        Twilio(folder / "twilio", clock, patience=5.0) as twilio,
        serve(twilio.app) as url,
        line_to(url) as line,
    ):
        twilio.api_url = line.url
        yield WhatsApp(twilio, line)


class Mail(Opens):
    """People's mailboxes behind SMTP, and ours: a Maildir. A message is (sender, bytes)."""

    name = "mail"
    pushes = False

    def __init__(self, box: Mailbox, line: Line) -> None:
        self.box = box
        self.lines = [line]
        self._letters = 0

    def open(self, desk: Desk) -> AbstractAsyncContextManager[Channel]:
        return self.channel(desk, mail, **self.settings())

    def settings(self) -> dict[str, str]:
        return {
            "address": self.box.address,
            "authserv_id": self.box.authserv_id,
            "inbox": self.box.maildir_url,
            "outbox": f"smtp://127.0.0.1:{self.lines[0].port}",
        }

    def address(self, person: int) -> str:
        return f"warga{person}@example.com"

    async def write(self, person: int, text: str) -> tuple[str, bytes]:
        self._letters += 1
        sender = self.address(person)
        mail = compose(
            sender,
            self.box.address,
            "Permohonan",
            text,
            name=NAMES[person % len(NAMES)],
            html="",
            attachments=(),
            at=self.box.clock(),
        )
        mail["Message-ID"] = f"<surat{self._letters}@example.com>"
        mail["References"] = f"<utas{person}@example.com>"
        return sender, mail.as_bytes()

    async def bring(self, message: tuple[str, bytes]) -> int:
        sender, raw = message
        self.box.deliver(raw, sender, self.box.address)
        return 0

    async def forge(self, message: tuple[str, bytes]) -> int:
        raise NotImplementedError("anybody may write a mail; what a forged one gains is tested by itself")

    async def read(self, person: int) -> list[str]:
        return [letter.text for letter in self.box.inbox(self.address(person))]


class MailByImap(Mail):
    """The same, with our mailbox on an IMAP server."""

    def __init__(self, box: Mailbox, line: Line, imap: ImapPeer, inbox: Line) -> None:
        super().__init__(box, line)
        self.lines = [line, inbox]
        self._imap = imap

    def settings(self) -> dict[str, str]:
        url = self._imap.url.replace(f":{self._imap.port}/", f":{self.lines[1].port}/")
        return super().settings() | {"inbox": url}

    async def bring(self, message: tuple[str, bytes]) -> int:
        sender, raw = message
        stamped = stamp(raw, sender, self.box.address, self.box.authserv_id, "pass", self.box.clock())
        await asyncio.to_thread(self._imap.deliver, stamped)
        return 0


@asynccontextmanager
async def mail_at(folder: Path, clock: Clock) -> AsyncIterator[Mail]:
    async with Mailbox(folder / "mail", clock) as box, line_to(box.smtp_url) as line:
        yield Mail(box, line)


@asynccontextmanager
async def mail_by_imap_at(folder: Path, clock: Clock) -> AsyncIterator[Mail]:
    async with (
        Mailbox(folder / "mail", clock) as box,
        line_to(box.smtp_url) as line,
        imap() as peer,
        line_to(f"imap://127.0.0.1:{peer.port}") as inbox,
    ):
        yield MailByImap(box, line, peer, inbox)


class Web(Opens):
    """The public form and the reporter's page: the console hands over what is written there, in this process."""

    name = "web"
    pushes = True
    module: Any = web

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._forms = 0

    def open(self, desk: Desk) -> AbstractAsyncContextManager[Channel]:
        return self.channel(desk, self.module)

    def address(self, person: int) -> str:
        return f"warga-{person}"

    async def write(self, person: int, text: str) -> Incoming:
        self._forms += 1
        who = self.address(person)
        return Incoming(
            channel=self.name,
            external_id=f"formulir-{self._forms}",
            key=who,
            sender=who,
            at=self._desk.clock(),
            name=NAMES[person % len(NAMES)],
            text=text,
        )

    async def bring(self, message: Incoming) -> int:
        try:
            await self._desk.reception.take_in(message)
        except Unavailable:
            return 503
        return 200

    async def forge(self, message: Incoming) -> int:
        raise NotImplementedError("the console's own guard is tested with the console")

    async def read(self, person: int) -> list[str]:
        """What was published on the person's page, or what somebody is to tell them."""
        letters = await self._desk.outbox(self.name)
        return [one["text"] for one in letters if (one["to"], one["state"]) == (self.address(person), "sent")]


class Counter(Web):
    """Telephone and walk-in."""

    name = "counter"
    module = counter
