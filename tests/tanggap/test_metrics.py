"""`/metrics`: numbers for a monitor, for nobody outside without the token, and never a word."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from sop.messages import Outgoing, Receipt, SendFailed
from tanggap.house import House, open_house
from tanggap.measuring import Measured
from tanggap.metrics import admitted
from tanggap.settings import read_settings
from tests.peers import serve
from tests.samples import incoming

TOKEN = b"a-token-that-nobody-guesses-0123456789"


def asked(client: str = "127.0.0.1", version: str = "1.1", **headers: str) -> dict[str, Any]:
    sent = {"host": "127.0.0.1:8080"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return {
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "client": (client, 5000),
        "http_version": version,
    }


@pytest.mark.parametrize(
    ("scope", "secret", "in_"),
    [
        (asked(), b"", True),
        (asked(host="[::1]:8080", client="::1"), b"", True),
        (asked(client="10.0.0.7"), b"", False),
        (asked(host="care.example.ac.id"), b"", False),
        (asked(x_forwarded_for="10.0.0.7"), b"", False),
        (asked(forwarded="for=10.0.0.7"), b"", False),
        (asked(version="1.0"), b"", False),
        (asked(), TOKEN, False),
        (asked(authorization=f"Bearer {TOKEN.decode()}"), TOKEN, True),
        (asked(client="10.0.0.7", authorization=f"Bearer {TOKEN.decode()}"), TOKEN, True),
        (asked(authorization="Bearer "), TOKEN, False),
        (asked(authorization=f"Bearer {TOKEN.decode()}x"), TOKEN, False),
    ],
)
def test_only_this_machine_or_who_shows_the_token_gets_in(
    scope: dict[str, Any], secret: bytes, in_: bool
) -> None:
    assert admitted(scope, secret) is in_


@pytest.fixture
async def house(config: str) -> AsyncIterator[House]:
    async with open_house(read_settings(Path(config), os.environ)) as opened:
        yield opened


class Provider:
    async def send(self, outgoing: Outgoing) -> Receipt:
        if outgoing.to == "refused":
            raise SendFailed("kunci", refused=True)
        return Receipt(external_id="x")


async def values(house: House) -> dict[tuple[str, tuple[str, ...]], float]:
    async with serve(house.front, lifespan="off") as base, httpx2.AsyncClient(base_url=base) as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_what_the_desk_did_and_what_waits_is_counted(house: House) -> None:
    await house.desk.reception.take_in(incoming("KRS saya terkunci, NIM 221040037"))
    sender = Measured("telegram", Provider(), house.desk.meter)
    await sender.send(Outgoing(id=1, channel="telegram", to="7001"))
    with pytest.raises(SendFailed):
        await sender.send(Outgoing(id=2, channel="telegram", to="refused"))

    found = await values(house)

    assert found["tanggap_intake_total", ("telegram", "taken")] == 1
    assert found["tanggap_sends_total", ("telegram", "sent")] == 1
    assert found["tanggap_sends_total", ("telegram", "refused")] == 1
    assert found["tanggap_secret_refused", ("telegram",)] == 1
    assert found["tanggap_commit_seconds_count", ()] >= 1
    assert found["tanggap_commit_group_acts_sum", ()] >= 1
    assert found["tanggap_outbox_messages", ("telegram", "queued")] == 1
    assert found["tanggap_parked_messages", ()] == 0
    assert found["tanggap_disk_free_bytes", ()] > 0
    assert found["tanggap_events", ()] > 0


async def test_to_everybody_else_there_is_no_such_page(house: House) -> None:
    async with serve(house.front, lifespan="off") as base, httpx2.AsyncClient(base_url=base) as client:
        outside = await client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.7"})
        posted = await client.post("/metrics")

    assert (outside.status_code, outside.content, posted.status_code) == (404, b"", 404)
