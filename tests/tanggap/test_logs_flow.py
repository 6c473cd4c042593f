"""A whole flow at DEBUG with secrets planted in it: the log holds the thread by which to follow it, and none of them."""

import asyncio
import json
import logging
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
import structlog
from msgspec.structs import replace

from console.signin import sign_in_as
from demo.telegram import Telegram
from sop.messages import SendFailed
from tanggap.clock import now
from tanggap.house import House, open_house
from tanggap.logs import configure, form_of
from tanggap.settings import read_settings
from tests.peers import serve
from tests.samples import incoming, small_office

TOKEN, HOOK_SECRET = "110001:AAH-planted-token-of-the-bot", "rahasia_webhook_yang_ditanam"
PERSON = 7001002003
NIM, PHONE, PASSWORD = "221040037", "+62 812 3456 7890", "sandi-yang-ditanam"
WORDS = f"Tolong rahasiakan: NIM saya {NIM}, telepon {PHONE}"
ANSWER = "Jawaban rahasia untuk Anda"
LINK = "alamat-rahasia-yang-ditanam"
PLANTED = (
    TOKEN,
    "planted",
    HOOK_SECRET,
    str(PERSON),
    NIM,
    "3456",
    "rahasiakan",
    "rahasia untuk",
    PASSWORD,
    LINK,
    "Dewi",
)


def update(number: int, text: str) -> dict[str, Any]:
    person = {"id": PERSON, "first_name": "Dewi", "is_bot": False}
    chat = {"id": PERSON, "type": "private", "first_name": "Dewi"}
    return {
        "update_id": number,
        "message": {"message_id": number, "date": 1772416800, "chat": chat, "from": person, "text": text},
    }


class Clock:
    """The machine's, and ahead of it once a grace has passed."""

    ahead = timedelta(0)

    def __call__(self) -> datetime:
        return now() + self.ahead


async def walked(house: House, provider: Telegram, base: str, clock: Clock) -> None:
    """In by the webhook, searched and answered on the pages, out by the delivery; and what goes wrong beside it."""
    desk = house.desk
    async with httpx2.AsyncClient(base_url=base, follow_redirects=True) as http:
        head = {"X-Telegram-Bot-Api-Secret-Token": HOOK_SECRET}
        assert (await http.post("/hooks/telegram", json=update(11, WORDS), headers=head)).status_code == 200
        assert (
            await http.post("/hooks/telegram", content=b'{"update_id": "' + NIM.encode(), headers=head)
        ).status_code != 200
        await http.post("/login", data={"nama": NIM, "sandi": PASSWORD})
        await http.get(f"/status/{LINK}")
        cookie = (await sign_in_as(desk, "sari")).headers["set-cookie"].partition(";")[0].partition("=")
        http.cookies.set(cookie[0], cookie[2])
        assert (await http.get("/cari", params={"q": NIM})).status_code == 200
        page = (await http.get("/tiket/1001")).text
        form = {name: _field(page, name) for name in ("token", "kunci", "dibaca")}
        answered = await http.post(
            "/tiket/1001", data=form | {"aksi": "jawab", "isi": ANSWER}, headers={"Origin": base}
        )
        assert answered.status_code == 200, answered.text[:500]
    clock.ahead = timedelta(minutes=1)  # the time in which an answer can be taken back is over
    await provider.until(lambda: ANSWER in provider.sent(PERSON, TOKEN), seconds=30)
    await desk.reception.take_in(
        replace(incoming(WORDS), channel=TOKEN, key=None), b""
    )  # breaks: it is parked
    structlog.get_logger().error("fell", exc_info=SendFailed(f"{TOKEN} {NIM}"))


def _field(page: str, name: str) -> str:
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


def _with_telegram(config: Path, api: str) -> None:
    text = config.read_text(encoding="utf-8")
    block = f'  telegram: {{token: "{TOKEN}", mode: webhook, secret: "{HOOK_SECRET}", api: "{api}"}}\n'
    config.write_text(text.replace("  counter: {}", block + "  counter: {}"), encoding="utf-8")


async def test_nothing_that_was_planted_is_in_the_log_and_the_thread_is(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configure("json", logging.DEBUG)
    async with Telegram(tmp_path / "telegram", now, push_retry=0.01) as provider, serve(provider.app) as api:
        provider.add_bot(TOKEN)
        provider.phone(TOKEN).person(PERSON, "Dewi")
        provider.phone(TOKEN).start(PERSON)
        _with_telegram(Path(config), api)
        clock = Clock()
        async with open_house(read_settings(Path(config), os.environ), clock=clock) as house:
            await small_office(house.desk.db, now())
            async with serve(house.front, lifespan="off") as base:
                running = asyncio.create_task(house.run())
                try:
                    await walked(house, provider, base, clock)
                finally:
                    running.cancel()
                    await asyncio.gather(running, return_exceptions=True)

    said = capsys.readouterr().err
    assert not [planted for planted in PLANTED if planted in said], said
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    taken = next(line for line in lines if line["event"] == "message taken in")
    assert taken["ticket"] == 1001 and taken["request"]
    sent = [line for line in lines if line["event"] == "message sent" and line["ticket"] == 1001]
    assert sent and all(line["outbox"] for line in sent)
    assert any(line["event"] == "message parked" for line in lines)


def test_logs_are_json_where_no_terminal_reads_them() -> None:
    assert (form_of("auto"), form_of("people"), form_of("json")) == ("json", "people", "json")
