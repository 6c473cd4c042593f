"""Both chat channels, each with its simulated provider on the other side."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from channels.telegram import Telegram
from demo.telegram import Telegram as Provider
from demo.twilio import Twilio
from tests.channels.reception import NOW, Recorder, clock
from tests.channels.telegram_peer import BUDI, SARI, SECRET, TOKEN, opened
from tests.channels.whatsapp_peer import PUBLIC, Peer, dispatch
from tests.channels.whatsapp_peer import SARI as SARI_BY_PHONE
from tests.channels.whatsapp_peer import opened as opened_whatsapp
from tests.clock import Clock
from tests.peers import free_port, serve


@pytest.fixture
async def provider(tmp_path: Path) -> AsyncIterator[Provider]:
    async with Provider(tmp_path / "telegram", clock, push_retry=0.01) as sim:
        sim.add_bot(TOKEN, "layanan_contoh_bot", "Layanan Contoh")
        for number, name in ((SARI, "Sari"), (BUDI, "Budi")):
            sim.phone(TOKEN).person(number, name)
        yield sim


@pytest.fixture
async def api(provider: Provider) -> AsyncIterator[str]:
    async with serve(provider.app) as url:
        yield url
        provider.outage = True  # ends the long polls


@pytest.fixture
def desk(tmp_path: Path) -> Recorder:
    return Recorder(tmp_path)


@pytest.fixture
async def channel(api: str, provider: Provider, desk: Recorder, tmp_path: Path) -> AsyncIterator[Telegram]:
    """Polling; Sari has greeted the bot."""
    provider.phone(TOKEN).start(SARI)
    async with opened(api, desk, tmp_path) as channel:
        yield channel


@pytest.fixture
async def hook(desk: Recorder, tmp_path: Path, api: str) -> AsyncIterator[Any]:
    settings = {"mode": "webhook", "secret": SECRET, "public_url": f"http://127.0.0.1:{free_port()}"}
    async with opened(api, desk, tmp_path, **settings) as channel:
        ((path, hook),) = channel.routes()
        assert path == "/hooks/telegram"
        yield hook


@pytest.fixture
async def peer(tmp_path: Path) -> AsyncIterator[Peer]:
    clock, port, desk = Clock(NOW), free_port(), Recorder(tmp_path)
    async with (
        Twilio(
            tmp_path / "twilio", clock, public_url=PUBLIC, target=f"http://127.0.0.1:{port}", patience=5.0
        ) as sim,
        serve(sim.app) as api,
        opened_whatsapp(api, desk, tmp_path, clock) as channel,
        serve(dispatch(channel.routes()), port=port, lifespan="off"),
    ):
        sim.api_url = api
        sim.phone.person(SARI_BY_PHONE, "Sari")
        yield Peer(channel, desk, sim, tmp_path, clock)


@pytest.fixture
async def open_window(peer: Peer) -> Peer:
    """Sari has just written."""
    peer.twilio.phone.write(SARI_BY_PHONE, "Halo")
    await peer.twilio.settled()
    return peer
