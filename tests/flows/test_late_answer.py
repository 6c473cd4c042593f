"""An answer after WhatsApp's 24 hours, end to end against the simulated provider: template out, reply, answer; or a call."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from channels.whatsapp_decode import parse_status
from desk import call_tasks, provider_templates, window
from sop.way import PATIENCE
from tests.channels.contract import bring
from tests.channels.counterparts import WhatsApp, whatsapp_at
from tests.channels.rig import Desk, opened
from tests.clock import Clock
from tests.samples import NOW, officer

BODY = "Yth. {{1}}, jawaban laporan {{2}} tersedia. Balas pesan ini untuk membacanya."


@pytest.fixture
async def desk(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    clock = Clock()
    async with (
        whatsapp_at(tmp_path, clock) as whatsapp,
        opened(sqlite_url, tmp_path, clock, whatsapp) as desk,
    ):
        yield desk


def peer(desk: Desk) -> WhatsApp:
    found = desk.counterparts["whatsapp"]
    assert isinstance(found, WhatsApp)
    return found


async def registered(desk: Desk, state: str) -> str:
    """A template at the provider in that state, named by config.yaml and pulled; its sid."""
    account = peer(desk).twilio.account
    sid = str(account.add_content("jawaban_tersedia", BODY)["sid"])
    account.approve(sid, state)
    await desk.db.write(provider_templates.seed, {"late_answer": sid}, NOW)
    channel: Any = desk.channels["whatsapp"]
    await provider_templates.Pulling(desk.db, desk.clock).once(channel)
    return sid


async def answered_late(desk: Desk, *texts: str) -> int:
    """Ticket of person 0, answered 25 hours after their last word; its number."""
    await bring(peer(desk), 0, "KRS saya terkunci")
    number = await desk.ticket("whatsapp", 0)
    await desk.deliver()
    desk.clock.forward(timedelta(hours=25))
    for text in texts:
        await desk.answer(number, text)
    await desk.deliver()
    return number


async def heard(desk: Desk) -> list[str]:
    """What the person has got after the acknowledgement."""
    return (await peer(desk).read(0))[1:]


async def test_the_template_arrives_and_the_answers_follow_the_reply_in_order(desk: Desk) -> None:
    await registered(desk, "approved")
    number = await answered_late(desk, "KRS sudah dibuka.", "Silakan diisi ulang.")
    (template,) = await heard(desk)
    assert f"#{number}" in template and "tersedia" in template

    await bring(peer(desk), 0, "ya")
    for _ in range(2):
        await desk.deliver()

    assert await heard(desk) == [template, "KRS sudah dibuka.", "Silakan diisi ulang."]


async def test_a_template_that_is_not_approved_opens_nothing_and_somebody_calls(desk: Desk) -> None:
    await registered(desk, "pending")

    await answered_late(desk, "KRS sudah dibuka.")

    assert await heard(desk) == []
    (call,) = await desk.db.read(call_tasks.due, await officer(desk.db))
    assert call.text == "KRS sudah dibuka."


async def test_who_does_not_reply_in_time_is_called(desk: Desk) -> None:
    await registered(desk, "approved")
    await answered_late(desk, "KRS sudah dibuka.")
    assert await desk.db.read(call_tasks.due, await officer(desk.db)) == []

    desk.clock.forward(PATIENCE)
    await window.once(desk.db, desk.clock())

    (call,) = await desk.db.read(call_tasks.due, await officer(desk.db))
    assert (call.text, call.to) == ("KRS sudah dibuka.", "+6281200000000")


async def test_an_answer_that_an_outage_kept_until_the_window_closed_is_announced_too(desk: Desk) -> None:
    await registered(desk, "approved")
    await bring(peer(desk), 0, "KRS saya terkunci")
    number = await desk.ticket("whatsapp", 0)
    await desk.deliver()
    twilio = peer(desk).twilio
    twilio.outage = True
    await desk.answer(number, "KRS sudah dibuka.")
    await desk.deliver()
    twilio.outage = False
    desk.clock.forward(timedelta(hours=24, minutes=1))

    await desk.deliver()
    await peer(desk).twilio.settled()
    await told(desk)
    await desk.deliver()
    assert "tersedia" in (await heard(desk))[-1]
    await bring(peer(desk), 0, "ya")
    await desk.deliver()

    assert (await heard(desk))[-1] == "KRS sudah dibuka."


async def told(desk: Desk) -> None:
    """The provider's word that it was refused reaches the desk."""
    for message in peer(desk).twilio.account.messages():
        if message["error_code"] == 63016:
            form = {"MessageSid": message["sid"], "MessageStatus": "failed", "ErrorCode": "63016"}
            word = parse_status(form, desk.clock())
            assert word
            await desk.reception.heard(word)
