"""P9 to P12 on a desk that has all its channels open at once: the trouble of one is nobody else's."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from desk import inbound, office_file
from sop import office_file as reading
from store import parked
from store.db import View
from tests.channels.contract import NEVER_OPEN, bring
from tests.channels.counterparts import Counter, Web, mail_at, telegram_at, whatsapp_at
from tests.channels.rig import Counterpart, Desk, opened, running, states
from tests.clock import Clock
from tests.samples import NOW, OFFICE, ids, officer

ONLINE = ("telegram", "whatsapp", "mail")
ALL = (*ONLINE, "web", "counter")


@pytest.fixture
async def desk(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """Five channels on one desk; the peers of three are reached over lines."""
    clock = Clock()
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(telegram_at(tmp_path, clock))
        whatsapp = await stack.enter_async_context(whatsapp_at(tmp_path, clock))
        mail = await stack.enter_async_context(mail_at(tmp_path, clock))
        others = (telegram, whatsapp, mail, Web(), Counter())
        yield await stack.enter_async_context(opened(sqlite_url, tmp_path, clock, *others))


def peer(desk: Desk, name: str) -> Counterpart:
    return desk.counterparts[name]


async def everybody_has_a_ticket(desk: Desk, person: int = 0) -> dict[str, int]:
    for name in ALL:
        await bring(peer(desk, name), person, "KRS saya terkunci")
    return {name: await desk.ticket(name, person) for name in ALL}


async def test_a_locked_store_loses_and_refuses_no_message_of_any_channel(desk: Desk) -> None:
    """P9."""
    messages = [
        (peer(desk, name), await peer(desk, name).write(person, f"KRS {person}"))
        for name, person in itertools.product(ALL, range(4))
    ]
    with desk.locked():
        bringing = [asyncio.create_task(each.bring(message)) for each, message in messages]
        for _ in range(10):
            assert (await desk.kept())["message"] == 0

    answers = await asyncio.gather(*bringing)
    assert {status for (each, _), status in zip(messages, answers, strict=True) if each.pushes} == {200}
    for name, person in itertools.product(ALL, range(4)):
        assert await desk.until_said(name, person, 1) == [f"KRS {person}"]
    assert (await desk.kept())["ticket"] == 4 * len(ALL)


@pytest.mark.parametrize("away", ONLINE)
async def test_a_channel_cut_off_for_an_hour_drains_in_order_afterwards_and_no_other_notices(
    away: str, desk: Desk
) -> None:
    """P10."""
    numbers = await everybody_has_a_ticket(desk)
    await desk.deliver()
    for line in peer(desk, away).lines:
        await line.cut()
    for n, name in itertools.product(range(3), ALL):
        await desk.answer(numbers[name], f"Jawaban ke-{n}.")

    for _ in range(4):
        await desk.deliver()
        desk.clock.forward(timedelta(minutes=15))

    for name in ALL:
        assert len(await peer(desk, name).read(0)) == (1 if name == away else 4)
    for line in peer(desk, away).lines:
        await line.mend()
    for _ in range(3):
        await desk.deliver()
        desk.clock.forward(timedelta(minutes=15))
    _, *answers = await peer(desk, away).read(0)
    assert [f"Jawaban ke-{n}." in text for n, text in enumerate(answers)] == [True] * 3


@pytest.mark.parametrize("slow", ["silent", "a byte a second"])
@pytest.mark.parametrize("hanging", ONLINE)
async def test_while_one_provider_hangs_the_others_bring_and_take_messages(
    hanging: str, slow: str, desk: Desk
) -> None:
    """P11. The order of events alone: all others are through while the hanging one is still under way."""
    numbers = await everybody_has_a_ticket(desk)
    await desk.deliver()
    others = [name for name in ALL if name != hanging]
    for line in peer(desk, hanging).lines:
        line.silence() if slow == "silent" else line.crawl()
    await desk.answer(numbers[hanging], "Ini tertahan.")

    async with running(desk.delivery.run(desk.channels)):
        await desk.until(lambda view: "sending" in states(view, hanging))
        for name in others:
            await bring(peer(desk, name), 1, "KRS saya juga terkunci")
            assert await desk.ticket(name, 1)
            await desk.answer(numbers[name], "Sudah dibuka.")
            await desk.until(partial(all_done, name))

        assert "sending" in await desk.db.read(states, hanging)
        for name in others:
            assert any("Sudah dibuka." in text for text in await peer(desk, name).read(0))


def all_done(name: str, view: View) -> bool:
    return not {"queued", "sending"} & set(states(view, name))


async def test_a_poison_message_in_each_channel_is_parked_raw_the_rest_flows_and_all_are_driven_again(
    desk: Desk,
) -> None:
    """P12."""
    await desk.db.write(office_file.bring_in, reading.read(NEVER_OPEN), NOW)
    with capture_logs() as log:
        for name in ALL:
            for person, text in enumerate(("KRS satu", "UKT saya ganda", "KRS dua")):
                await bring(peer(desk, name), person, text)
        for name in ALL:
            await desk.ticket(name, 2)
        found = await desk.until(lambda view: waiting if len(waiting := parked.waiting(view)) == 5 else [])
    assert "UKT" not in str([{**line, "exc_info": None} for line in log])
    assert {each.channel for each in found} == set(ALL)
    assert all(b"UKT" in each.raw for each in found)

    await desk.db.write(office_file.bring_in, reading.read(OFFICE), NOW)
    lestari = await officer(desk.db, "lestari")
    for each in found:
        await desk.db.write(inbound.drive_again, each.id, lestari, ids(), desk.clock())

    assert await desk.db.read(parked.waiting) == []
    for name in ALL:
        assert await desk.said(name, 1) == ["UKT saya ganda"]
        assert len(await desk.tickets(name, 1)) == 1
