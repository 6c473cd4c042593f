"""Who waits for an answer in chat sees that it is being written: only by the ticket's holder, and never for a note."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest

from console.app import build
from desk.desk import Desk
from tests.console.conftest import Browser, arrived, as_officer, browsing


@dataclass
class Signs:
    """A channel that shows the sign, with a memory of whom it was shown to."""

    shown: list[str] = field(default_factory=list)

    def typing(self, to: str) -> None:
        self.shown.append(to)


@pytest.fixture
def signs() -> Signs:
    return Signs()


@pytest.fixture
async def sari(desk: Desk, signs: Signs) -> AsyncIterator[Browser]:
    opened = {"telegram": signs, "web": object()}
    async with browsing(build(replace(desk, opened=opened))) as http:
        yield await as_officer(desk, Browser(http), "sari")


async def writes(sari: Browser, number: str, what: str) -> int:
    """As the page's script tells it; the status of the answer."""
    data = {"token": sari.field("token"), "menulis": what}
    return (await sari.http.post(f"/tiket/{number}/hadir", data=data)).status_code


async def test_the_person_sees_the_sign_once_the_ticket_is_held_and_an_answer_is_written(
    sari: Browser, desk: Desk, signs: Signs
) -> None:
    number = await arrived(desk)
    await sari.open(f"/tiket/{number}")
    assert await writes(sari, number, "jawab") == 200
    assert signs.shown == []  # nobody holds it: no promise is made

    await sari.open(f"/tiket/{number}")
    await sari.press(f"/tiket/{number}/ambil")
    for what in ("", "catat", "jawab"):
        await sari.open(f"/tiket/{number}")
        assert await writes(sari, number, what) == 200
    assert signs.shown == ["7001"]


async def test_a_channel_without_such_a_sign_is_left_alone(sari: Browser, desk: Desk, signs: Signs) -> None:
    number = await arrived(desk, channel="web", key="w1", sender="w1")
    await sari.open(f"/tiket/{number}")
    await sari.press(f"/tiket/{number}/ambil")
    await sari.open(f"/tiket/{number}")

    assert await writes(sari, number, "jawab") == 200
    assert signs.shown == []
