"""What the tests of the WhatsApp channel share: Twilio on the other side, and words to send."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from channels.webhook import Receive, Routes, Scope, Send
from channels.whatsapp import Settings, WhatsApp, open_channel
from demo.twilio import Twilio
from sop.messages import File, Outgoing, SendFailed
from tests.channels.reception import Recorder
from tests.clock import Clock

KEY = "rahasia"
SID = "AC" + "0" * 32
FROM = "whatsapp:+628110000000"
SARI = "whatsapp:+6281200000101"
PUBLIC = "https://care.example.ac.id"
HOOK, STATUS, MEDIA = "/hooks/whatsapp", "/hooks/whatsapp/status", "/hooks/whatsapp/media"


@dataclass
class Peer:
    """The channel, its desk, and Twilio on the other side, in both directions."""

    channel: WhatsApp
    desk: Recorder
    twilio: Twilio
    folder: Path
    clock: Clock

    async def send(self, text: str = "Jawaban untuk Anda.", **more: Any) -> str:
        receipt = await self.channel.send(outgoing(text, **more))
        await self.twilio.settled()
        return receipt.external_id

    async def failing(self, text: str = "Jawaban untuk Anda.", **more: Any) -> SendFailed:
        with pytest.raises(SendFailed) as failure:
            await self.channel.send(outgoing(text, **more))
        return failure.value


def outgoing(text: str, **more: Any) -> Outgoing:
    return Outgoing(**{"id": 1, "channel": "whatsapp", "to": SARI, "key": SARI, "text": text, **more})


def dispatch(routes: Routes) -> Any:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await dict(routes)[scope["path"]](scope, receive, send)

    return app


def settings(**more: Any) -> Settings:
    return Settings.model_validate({"account_sid": SID, "auth_token": KEY, "from": FROM, **more})


@asynccontextmanager
async def opened(api: str, desk: Recorder, folder: Path, clock: Clock) -> AsyncIterator[WhatsApp]:
    async with open_channel(
        settings(api=api, content_api=api),
        desk,
        clock=clock,
        public_url=PUBLIC,
        files_root=folder,
        secret="s" * 32,
    ) as channel:
        yield channel


async def fetched(peer: Peer, file: File) -> bytes:
    return b"".join([chunk async for chunk in peer.channel.fetch(file)])
