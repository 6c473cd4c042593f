"""P12: what a decoder of ours could not read is kept raw, and read after the fix, by the same channel, once."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlencode

import pytest

from desk import inbound, redecoding
from sop.errors import NotAllowed, StillUnreadable
from store import parked
from store.parked import Parked
from tests.channels.counterparts import mail_at, telegram_at, whatsapp_at
from tests.channels.rig import Desk, opened
from tests.clock import Clock
from tests.samples import MINUTE, NOW, ids, officer

CHANNELS = ("telegram", "whatsapp", "mail")


@pytest.fixture
async def desk(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    clock = Clock()
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(telegram_at(tmp_path, clock))
        whatsapp = await stack.enter_async_context(whatsapp_at(tmp_path, clock))
        mail = await stack.enter_async_context(mail_at(tmp_path, clock))
        yield await stack.enter_async_context(opened(sqlite_url, tmp_path, clock, telegram, whatsapp, mail))


async def set_aside(desk: Desk, name: str, raw: bytes) -> Parked:
    await desk.reception.park(name, "lama", raw, "pembaca yang lama tidak mengenalnya")
    (found,) = await desk.db.read(parked.waiting)
    return found


async def raw_of(desk: Desk, name: str, text: str) -> bytes:
    written = await desk.counterparts[name].write(0, text)
    if name == "mail":
        return bytes(written[1])
    return written if isinstance(written, bytes) else urlencode(written).encode()


@pytest.mark.parametrize("name", CHANNELS)
async def test_a_parked_message_is_read_again_by_its_channel_and_opens_one_ticket(
    name: str, desk: Desk
) -> None:
    found = await set_aside(desk, name, await raw_of(desk, name, "KRS saya terkunci"))
    desk.clock.forward(MINUTE)
    lestari = await officer(desk.db, "lestari")

    for _ in range(2):
        word = await redecoding.again(desk.db, desk.channels, found.id, lestari)
        await desk.db.write(inbound.drive_again, found.id, lestari, ids(), desk.clock(), word)

    assert await desk.db.read(parked.waiting) == []
    assert await desk.said(name, 0) == ["KRS saya terkunci"]
    assert len(await desk.tickets(name, 0)) == 1


@pytest.mark.parametrize("name", CHANNELS)
async def test_what_still_cannot_be_read_stays_and_says_why(name: str, desk: Desk) -> None:
    found = await set_aside(desk, name, json.dumps({"update_id": "x"}).encode())
    lestari = await officer(desk.db, "lestari")

    with pytest.raises(StillUnreadable):
        await redecoding.again(desk.db, desk.channels, found.id, lestari)

    assert [each.id for each in await desk.db.read(parked.waiting)] == [found.id]


async def test_a_channel_that_is_not_open_reads_nothing(desk: Desk) -> None:
    found = await set_aside(desk, "mail", b"From: a@x.id\r\n\r\nHalo")

    assert not redecoding.drivable(found, {})
    with pytest.raises(StillUnreadable):
        await redecoding.again(desk.db, {}, found.id, await officer(desk.db, "lestari"))


async def test_only_who_may_see_parked_messages_has_them_read_again(desk: Desk) -> None:
    found = await set_aside(desk, "mail", b"From: a@x.id\r\n\r\nHalo")

    with pytest.raises(NotAllowed):
        await redecoding.again(desk.db, desk.channels, found.id, await officer(desk.db, "sari", NOW))
