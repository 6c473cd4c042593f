"""What the tests of the Telegram channel share: opening it, listening, and words to send."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from channels.telegram import Settings, Telegram, open_channel
from sop.messages import File, Outgoing, SendFailed
from tests.channels.reception import Recorder, clock

TOKEN = "110001:publik"
SECRET = "rahasia_webhook_yang_panjang"
HEAD = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
SARI, BUDI = 7001, 7002


@asynccontextmanager
async def opened(
    api: str, desk: Recorder, folder: Path, *, public_url: str = "https://care.example.ac.id", **more: Any
) -> AsyncIterator[Telegram]:
    settings = Settings.model_validate({"token": TOKEN, "api": api, **more})
    async with open_channel(
        settings, desk, clock=clock, public_url=public_url, files_root=folder, secret="x" * 32
    ) as channel:
        yield channel


@asynccontextmanager
async def listening(channel: Telegram) -> AsyncIterator[None]:
    task = asyncio.create_task(channel.listen())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


def outgoing(text: str = "Jawaban untuk Anda.", **more: Any) -> Outgoing:
    return Outgoing(
        **{"id": 1, "channel": "telegram", "to": str(SARI), "key": str(SARI), "text": text, **more}
    )


async def failing(channel: Telegram, message: Outgoing) -> SendFailed:
    with pytest.raises(SendFailed) as failure:
        await channel.send(message)
    return failure.value


def kept(folder: Path, content: bytes, **more: Any) -> File:
    (folder / "0af3").write_bytes(content)
    return File(**{"path": "0af3", "name": "surat.pdf", "content_type": "application/pdf", **more})


async def fetched(channel: Telegram, file: File) -> bytes:
    return b"".join([chunk async for chunk in channel.fetch(file)])
