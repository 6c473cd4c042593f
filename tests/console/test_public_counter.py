"""/loket: phone and walk-in keyed in by an agent, the receipt, and the answers somebody must tell."""

import re
from collections.abc import AsyncIterator
from html import unescape
from typing import Any

import pytest
from httpx2 import Response
from starlette.applications import Starlette

from channels.counter import Counter
from desk import answer, ids
from desk.delivery import Delivery
from desk.desk import Desk
from sop.ticket import Ticket
from store import calls, contacts, messages, tickets, trail
from tests import samples
from tests.console.conftest import Browser, as_officer, browsing


@pytest.fixture
async def hendra(desk: Desk, app: Starlette) -> AsyncIterator[Browser]:
    """A koordinator: decides what stands with him, works on nothing."""
    async with browsing(app) as http:
        yield await as_officer(desk, Browser(http), "hendra")


async def keyed(agent: Browser, **fields: Any) -> Response:
    """A caller, keyed in. The page that follows is the receipt."""
    await agent.open("/loket")
    told = {
        "sumber": "telepon",
        "nama": "Ibu Ratna",
        "kontak": "0812 3334 4712",
        "nomor": "3509216512990003",
        "isi": "Surat keterangan belum terbit.",
    }
    form = {"token": agent.field("token", "/loket"), "kunci": agent.field("kunci", "/loket")}
    files = fields.pop("files", None)
    agent.page = await agent.http.post(
        "/loket", data=form | told | fields, files=files, follow_redirects=True
    )
    return agent.page


async def newest(desk: Desk) -> Ticket:
    return (await desk.db.read(tickets.since, 0, 100))[-1]


async def answered(desk: Desk, ticket: Ticket, text: str = "Suratnya dapat diambil besok.") -> None:
    sari = await samples.officer(desk.db)
    await desk.db.write(answer.reply, ticket.number, sari, text, key=text, ids=ids.fresh(), now=desk.clock())
    await delivered(desk)


async def delivered(desk: Desk) -> None:
    await Delivery(desk.db, desk.clock, jitter=lambda: 0.0).drain({"counter": Counter()})


async def test_a_call_becomes_a_ticket_and_a_receipt_with_the_way_to_its_status(
    sari: Browser, desk: Desk
) -> None:
    page = await keyed(sari)
    ticket = await newest(desk)

    assert (ticket.channel, ticket.name, ticket.proof) == ("counter", "Ibu Ratna", "stated")
    assert str(page.url).endswith(f"/loket/{ticket.number}/struk")
    assert f"http://desk.example/status/{ticket.token}" in page.text and "data:image/svg+xml" in page.text
    claims = {(each.kind, each.value) for each in await desk.db.read(contacts.claims, ticket.contact)}
    assert claims == {("name", "Ibu Ratna"), ("nik", "3509216512990003"), ("phone", "+6281233344712")}
    assert (await sari.http.get(f"/status/{ticket.token}")).status_code == 200


async def test_the_source_and_its_number_there_are_kept(sari: Browser, desk: Desk) -> None:
    await keyed(sari, sumber="sp4n", rujukan="8123456")
    said = (await desk.db.read(messages.of_ticket, (await newest(desk)).id))[0]

    assert "Sumber: SP4N-LAPOR, nomor 8123456" in said.text
    assert said.payload == {"source": "sp4n", "reference": "8123456"}


async def test_a_double_press_keys_in_one_ticket(sari: Browser, desk: Desk) -> None:
    await sari.open("/loket")
    form = {name: sari.field(name, "/loket") for name in ("token", "kunci")}
    for _ in range(2):
        sent = await sari.http.post("/loket", data={**form, "sumber": "datang", "isi": "Halo"})
        assert sent.headers["location"] == "/loket/1001/struk"
    assert len(await desk.db.read(tickets.since, 0, 10)) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"isi": " "}, "Isi masih kosong"),
        ({"sumber": "merpati"}, "Pilih sumber laporan"),
        ({"kontak": "0812"}, "bukan nomor telepon"),
        ({"nomor": "abc"}, "bukan NIM, NIP, atau NIK"),
    ],
)
async def test_what_is_wrong_is_said_and_the_rest_is_kept(
    sari: Browser, desk: Desk, fields: dict[str, str], words: str
) -> None:
    page = await keyed(sari, **fields)

    assert page.status_code == 409 and words in unescape(page.text)
    assert 'value="Ibu Ratna"' in page.text
    assert await desk.db.read(tickets.since, 0, 10) == []


async def test_an_answer_at_the_counter_becomes_a_call_until_somebody_told_it(
    sari: Browser, desk: Desk
) -> None:
    await keyed(sari)
    ticket = await newest(desk)
    await delivered(desk)
    assert await desk.db.read(calls.due) == []  # the acknowledgement stands on the receipt

    await answered(desk, ticket)
    said = (await desk.db.read(messages.of_ticket, ticket.id))[-1]
    assert said.sent == "by_hand"
    page = await sari.open("/loket")
    assert "+6281233344712" in page.text and "Suratnya dapat diambil besok." in page.text

    await _press(sari, "belum")
    assert "1 kali belum tersambung" in sari.page.text
    await _press(sari, "disampaikan")
    assert "Suratnya dapat diambil besok." not in sari.page.text
    said = (await desk.db.read(messages.of_ticket, ticket.id))[-1]
    assert said.sent == "delivered"
    kinds = [each.kind for each in await desk.db.read(trail.of_case, ticket.id)]
    assert [each for each in kinds if each.startswith("call.")] == ["call.due", "call.missed", "call.told"]


async def test_a_call_is_told_once(sari: Browser, desk: Desk) -> None:
    await keyed(sari)
    await answered(desk, await newest(desk))
    await sari.open("/loket")
    path = _path(sari)
    token = sari.field("token", path)
    first = await sari.http.post(path, data={"token": token, "kunci": "a" * 16, "aksi": "disampaikan"})
    again = await sari.http.post(path, data={"token": token, "kunci": "b" * 16, "aksi": "disampaikan"})

    assert (first.status_code, again.status_code) == (303, 409)
    assert "sudah disampaikan" in again.text


async def test_calls_of_another_unit_are_not_ones_own(sari: Browser, budi: Browser, desk: Desk) -> None:
    await keyed(sari)
    await answered(desk, await newest(desk))
    await sari.open("/loket")
    path = _path(sari)
    page = await budi.open("/loket")
    assert "Suratnya" not in page.text

    token = budi.field("token", "/loket")
    refused = await budi.http.post(path, data={"token": token, "kunci": "k" * 16, "aksi": "disampaikan"})
    assert refused.status_code == 404
    assert len(await desk.db.read(calls.due)) == 1


async def test_who_keyed_a_case_for_another_unit_gets_its_receipt_and_no_other(
    sari: Browser, budi: Browser, desk: Desk
) -> None:
    page = await keyed(sari, unit="feb", isi="Beasiswa")
    assert page.status_code == 200 and "Fakultas Ekonomi dan Bisnis" in page.text

    await keyed(budi, unit="pusat", isi="Lainnya")
    foreign = (await newest(desk)).number
    assert (await sari.open(f"/loket/{foreign}/struk")).status_code == 200  # her own unit's
    await keyed(sari, unit="pusat", isi="Lagi")
    mine = (await newest(desk)).number
    refused, absent = await budi.open(f"/loket/{mine}/struk"), await budi.open("/loket/99999/struk")
    assert (refused.status_code, absent.status_code) == (404, 404)


async def test_the_counter_is_for_agents(visitor: Browser, hendra: Browser, desk: Desk) -> None:
    assert (await visitor.http.get("/loket")).headers["location"].startswith("/login")
    assert (await hendra.open("/loket")).status_code == 403
    token = re.search(r'name="token" value="([^"]+)"', (await hendra.open("/profil")).text)
    assert token is not None
    form = {"token": token[1], "kunci": "k" * 20, "sumber": "telepon", "isi": "x"}
    assert (await hendra.http.post("/loket", data=form)).status_code == 403
    assert await desk.db.read(tickets.since, 0, 10) == []


async def test_a_form_without_the_sessions_token_keys_nothing_in(sari: Browser, desk: Desk) -> None:
    sent = await sari.http.post("/loket", data={"kunci": "k" * 20, "sumber": "telepon", "isi": "x"})

    assert sent.status_code == 409
    assert await desk.db.read(tickets.since, 0, 10) == []


def _path(agent: Browser) -> str:
    found = re.search(r'action="(/loket/telepon/\d+)"', agent.page.text)
    assert found is not None
    return found[1]


async def _press(agent: Browser, button: str) -> None:
    path = _path(agent)
    form = {name: agent.field(name, path) for name in ("token", "kunci")}
    agent.page = await agent.http.post(path, data={**form, "aksi": button}, follow_redirects=True)
