"""/langganan: announcements by mail begin with a yes from that very mailbox and end with one press."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from console.app import build
from desk import topics, unsubscribing
from desk.desk import Desk
from sop.messages import Outgoing
from store import contacts, outbox, targets
from store.db import Change, View
from tests import samples
from tests.console.conftest import Browser, Clock, browsing

ANI = "ani@example.id"


@pytest.fixture
async def reader(desk: Desk) -> AsyncIterator[Browser]:
    """Somebody without an account; the desk has mail and two topics, Beasiswa and Wisuda."""
    lestari = await samples.officer(desk.db, "lestari")
    for name in ("Beasiswa", "Wisuda"):
        await desk.db.write(
            topics.create,
            lestari,
            code=name.lower(),
            name=name,
            unit=None,
            channels=("mail",),
            now=desk.clock(),
        )
    async with browsing(build(replace(desk, channels=("web", "mail")))) as http:
        yield Browser(http)


def _letters(view: View) -> list[dict[str, Any]]:
    return [
        row["body_json"]
        for row in view.all("SELECT body_json FROM outbox WHERE channel = 'mail' ORDER BY id")
    ]


async def link(desk: Desk) -> str:
    found = re.search(r"https?://\S+(/langganan/\S+)", (await desk.db.read(_letters))[-1]["text"])
    assert found
    return found[1]


async def ask(reader: Browser, mail: str = ANI, *boxes: int) -> str:
    await reader.open("/langganan")
    fields = {f"topik-{each}": "1" for each in boxes or (1,)}
    page = await reader.press("/langganan", surel=mail, **fields)
    return page.text


async def test_nothing_begins_without_a_yes_from_the_mailbox(desk: Desk, reader: Browser) -> None:
    assert "Periksa surel Anda" in await ask(reader)
    (letter,) = await desk.db.read(_letters)
    assert letter["to"] == ANI and "Beasiswa" in letter["text"] and ANI not in await link(desk)
    page = await reader.open(await link(desk))
    assert "Setujui langganan" in page.text and page.headers["x-robots-tag"] == "noindex, nofollow"
    assert await desk.db.read(targets.joined, "mail", ANI) == frozenset()

    page = await reader.press(await link(desk), **{"topik-1": "1", "topik-2": "1", "aksi": "ya"})
    assert "Tersimpan" in page.text
    assert await desk.db.read(targets.joined, "mail", ANI) == {1, 2}
    await reader.press(await link(desk), **{"topik-2": "1", "aksi": "ya"})
    assert await desk.db.read(targets.joined, "mail", ANI) == {2}
    await reader.press(await link(desk), aksi="berhenti")
    assert await desk.db.read(targets.joined, "mail", ANI) == frozenset()


async def test_one_mailbox_gets_one_letter_an_hour_and_the_page_says_the_same(
    desk: Desk, reader: Browser, clock: Clock
) -> None:
    said = {await ask(reader) for _ in range(3)}
    assert len(said) == 1 and len(await desk.db.read(_letters)) == 1
    clock.pass_by(timedelta(hours=1))
    await ask(reader)

    assert len(await desk.db.read(_letters)) == 2


async def test_a_network_that_asks_for_many_is_slowed(desk: Desk, reader: Browser) -> None:
    for number in range(21):
        text = await ask(reader, f"orang{number}@example.id")

    assert "Terlalu banyak kiriman" in text and len(await desk.db.read(_letters)) == 20


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"surel": "ani@", "topik-1": "1"}, "Alamat surel belum lengkap"),
        ({"surel": ANI}, "Pilih setidaknya satu topik"),
        ({"surel": ANI, "topik-99": "1"}, "Pilih setidaknya satu topik"),
    ],
)
async def test_what_is_missing_is_said_and_what_was_typed_stays(
    desk: Desk, reader: Browser, fields: dict[str, str], words: str
) -> None:
    await reader.open("/langganan")
    page = await reader.press("/langganan", **fields)

    assert page.status_code in (409, 422) and words in page.text and f'value="{fields["surel"]}"' in page.text
    assert await desk.db.read(_letters) == []


async def test_a_link_of_last_week_or_of_nobody_is_absent(desk: Desk, reader: Browser, clock: Clock) -> None:
    await ask(reader)
    path = await link(desk)
    clock.pass_by(timedelta(days=4))

    for each in (path, f"/langganan/{'x' * 24}"):
        assert (await reader.open(each)).status_code == 404
        assert (await reader.http.post(each, data={"topik-1": "1", "aksi": "ya"})).status_code == 404
    assert await desk.db.read(targets.joined, "mail", ANI) == frozenset()


async def test_who_left_by_one_click_hears_again_after_a_new_yes(desk: Desk, reader: Browser) -> None:
    await ask(reader)
    path = await link(desk)
    await reader.open(path)
    await reader.press(path, **{"topik-1": "1", "aksi": "ya"})
    await desk.db.write(_left, desk.clock())
    assert await desk.db.read(targets.subscribers) == {}
    await reader.open(path)
    await reader.press(path, **{"topik-1": "1", "aksi": "ya"})
    address = await desk.db.read(contacts.address, "mail", ANI)

    assert address and address.state == "reachable"
    assert await desk.db.read(targets.subscribers) == {(1, "mail"): 1}


def _left(change: Change, now: Any) -> None:
    letter = Outgoing(id=0, channel="mail", to=ANI, text="Beasiswa")
    assert unsubscribing.stop(change, outbox.add(change, letter, now=now, kind="broadcast"), now)


async def test_without_mail_the_page_leads_to_chat_and_takes_no_address(visitor: Browser) -> None:
    assert 'name="surel"' not in (await visitor.open("/langganan")).text
    assert (await visitor.http.post("/langganan", data={"surel": ANI, "topik-1": "1"})).status_code == 404


@pytest.mark.parametrize("path", ["/lapor", "/status", "/langganan", "/privasi"])
async def test_every_public_page_leads_to_the_announcements(reader: Browser, path: str) -> None:
    page = (await reader.open(path)).text
    head, _, foot = page.partition("</header>")

    assert 'href="/langganan"' in head
    assert 'href="/langganan"' in foot.partition("<footer")[2]


async def test_the_page_tells_what_the_address_is_used_for_and_how_to_stop(reader: Browser) -> None:
    page = (await reader.open("/langganan")).text

    assert "menangani laporan ini" not in page and "/berhenti" in page
    assert "Alamat Anda hanya dipakai untuk pengumuman" in page.partition("<footer")[2]
