"""P5: what lies between sending and keeping when a process dies there."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from desk import sending
from desk.delivery import SOLE, STALE, Delivery
from sop.messages import Outgoing, Priority
from store import outbox
from store.db import Change, Database
from store.outbox import Letter
from tests.desk.conftest import SECOND, TOKEN, Rig
from tests.samples import NOW

ROOT = Path(__file__).parents[2]


def under_way(change: Change) -> list[Letter]:
    return outbox.claim(change, "telegram", NOW, 10, SOLE)


async def test_what_a_dead_process_was_sending_is_sent_again_and_marked(rig: Rig) -> None:
    number = await rig.answer("Satu.")
    await rig.db.write(under_way)

    await rig.delivery.recover()
    assert (await rig.letter(number)).state == "queued"
    await rig.drain(10 * SECOND)

    assert rig.heard() == ["Satu."]
    assert (await rig.letter(number)).doubtful


async def test_what_another_live_process_is_sending_is_left_to_it_until_it_is_stale(rig: Rig) -> None:
    number = await rig.answer("Satu.")
    await rig.db.write(sending.claim, "telegram", rig.clock(), 8, "machine-b")

    rig.clock.now += STALE - SECOND
    await rig.delivery.recover()
    assert (await rig.letter(number)).state == "sending"
    rig.clock.now += SECOND
    await rig.delivery.recover(begins=False)

    assert (await rig.letter(number)).state == "queued"


async def test_what_a_process_known_to_be_gone_was_sending_is_taken_at_once_and_ones_own_is_not(
    rig: Rig,
) -> None:
    number = await rig.answer("Satu.")
    mine = Delivery(rig.db, rig.clock, name="machine-a", gone=lambda name: name == "machine-b")

    await rig.db.write(sending.claim, "telegram", rig.clock(), 8, "machine-a")
    await mine.recover(begins=False)
    assert (await rig.letter(number)).state == "sending"
    await mine.recover()
    assert (await rig.letter(number)).state == "queued"

    rig.clock.now += 10 * SECOND
    await rig.db.write(sending.claim, "telegram", rig.clock(), 8, "machine-b")
    await mine.recover(begins=False)
    assert (await rig.letter(number)).state == "queued"


async def test_an_announcement_that_may_have_arrived_is_not_sent_twice(db: Database) -> None:
    def queue(change: Change) -> int:
        letter = Outgoing(
            id=0, channel="telegram", to="@pengumuman", text="Libur", priority=Priority.BROADCAST
        )
        return outbox.add(change, letter, now=NOW)

    number = await db.write(queue)
    await db.write(under_way)

    await Delivery(db, lambda: NOW).recover()

    letter = await db.read(outbox.get, number)
    assert letter and letter.state == "unknown"


def run_a_deliverer(rig: Rig, folder: Path) -> subprocess.Popen[bytes]:
    url = f"sqlite:///{folder}/desk.db"
    return subprocess.Popen(
        [sys.executable, "-m", "tests.desk.delivering", url, rig.api, TOKEN, str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


async def test_killed_between_sending_and_keeping_it_is_sent_again_and_marked(
    rig: Rig, tmp_path: Path
) -> None:
    rig.provider.fail("hang", method="sendMessage")
    number = await rig.answer("Satu.")
    calls = len(rig.provider.calls)
    process = run_a_deliverer(rig, tmp_path)
    try:
        await rig.provider.until(
            lambda: any(call.method == "sendMessage" for call in list(rig.provider.calls)[calls:]), 60
        )
    finally:
        process.kill()
        await asyncio.to_thread(process.wait)
    assert (await rig.letter(number)).state == "sending"

    await rig.delivery.recover()
    await rig.drain(10 * SECOND)

    assert rig.heard() == ["Satu."]
    assert (await rig.letter(number)).doubtful
