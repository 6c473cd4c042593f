"""While the database is being changed pages say so, webhooks answer 503, and no word that was typed is lost."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from desk import maintenance
from desk.intake import take_in
from sop.errors import UnderMaintenance
from store import memory, schema
from store.db import Change, Database, View, open_database
from tanggap.clock import now
from tanggap.house import House, open_house
from tanggap.settings import read_settings
from tests.peers import serve
from tests.samples import NOW, ids, incoming

HOOK = "/hooks/telegram"
SECRET = "rahasia_webhook_yang_panjang"
SOMEBODY = f"{socket.gethostname()}:{os.getppid()}:0"  # a process that lives
NOBODY = f"{socket.gethostname()}:{2**22 + 1}:0"  # and one that does not


@pytest.fixture
def hooked(config: str) -> str:
    """A desk with Telegram's webhook; nobody answers at its provider."""
    text = Path(config).read_text(encoding="utf-8")
    telegram = f'  telegram: {{token: "1:a", mode: webhook, secret: "{SECRET}", api: "http://127.0.0.1:9"}}\n'
    Path(config).write_text(text.replace("  counter: {}", telegram + "  counter: {}"), encoding="utf-8")
    return config


@pytest.fixture
async def house(hooked: str) -> AsyncIterator[House]:
    async with open_house(read_settings(Path(hooked), os.environ)) as opened:
        yield opened


def revised(change: Change, revision: str) -> None:
    change.run("UPDATE alembic_version SET version_num = :revision", revision=revision)
    change.run("CREATE TABLE newer (a INTEGER)")


def update(text: str) -> dict[str, object]:
    person = {"id": 7, "first_name": "Sari", "is_bot": False}
    message = {"message_id": 1, "date": 1772416800, "chat": {"id": 7, "type": "private"}, "from": person}
    return {"update_id": 11, "message": message | {"text": text}}


async def answers(house: House) -> dict[str, int]:
    head = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with serve(house.front, lifespan="off") as base, httpx2.AsyncClient(base_url=base) as client:
        pages = {path: (await client.get(path)).status_code for path in ("/login", "/lapor", "/healthz")}
        hook = await client.post(HOOK, json=update("KRS saya terkunci"), headers=head)
        css = await client.get("/static/x/app.css")
        return pages | {HOOK: hook.status_code, "css": css.status_code}


async def test_a_migration_that_runs_closes_pages_and_webhooks_and_opens_them_after(house: House) -> None:
    db = house.desk.db
    await db.write(maintenance.begin, SOMEBODY, now())
    await house.gate.look()
    assert await answers(house) == {"/login": 503, "/lapor": 503, "/healthz": 200, HOOK: 503, "css": 200}

    await db.write(maintenance.end)
    await house.gate.look()
    assert await answers(house) == {"/login": 200, "/lapor": 200, "/healthz": 200, HOOK: 200, "css": 200}


async def test_the_page_says_that_messages_wait_and_carries_the_usual_headers(house: House) -> None:
    await house.desk.db.write(maintenance.begin, SOMEBODY, now())
    await house.gate.look()
    async with serve(house.front, lifespan="off") as base, httpx2.AsyncClient(base_url=base) as client:
        page = await client.get("/antrean")

    assert "Meja sedang dipelihara" in page.text
    assert "menunggu di salurannya" in page.text
    assert page.headers["retry-after"] == "30"
    assert "script-src 'self'" in page.headers["content-security-policy"]


async def test_a_migration_that_was_killed_does_not_keep_the_desk_closed(house: House) -> None:
    await house.desk.db.write(maintenance.begin, NOBODY, now())
    await house.gate.look()

    assert not house.gate.closed


async def test_a_process_that_meets_another_schema_takes_nothing_in(house: House, config: str) -> None:
    """The provider keeps what was answered 503, and brings it to the process of the new version."""
    async with open_database(f"sqlite:///{Path(config).parent}/data/tanggap.db") as other:
        await other.write(revised, "0998")
        await house.gate.look()

        assert (await answers(house))[HOOK] == 503
        assert (await answers(house))["/login"] == 503
        assert await other.read(messages) == 0


def messages(view: View) -> int:
    row = view.one("SELECT count(*) AS n FROM message")
    return int(row["n"]) if row else 0


async def test_a_webhook_answers_503_before_the_gate_has_looked(house: House, config: str) -> None:
    async with open_database(f"sqlite:///{Path(config).parent}/data/tanggap.db") as other:
        await other.write(revised, "0998")

    assert (await answers(house))[HOOK] == 503


async def test_the_gate_looks_by_itself_while_the_desk_runs(house: House) -> None:
    running = asyncio.create_task(house.run())
    await house.desk.db.write(maintenance.begin, SOMEBODY, now())
    try:
        async with (
            asyncio.timeout(20),
            serve(house.front, lifespan="off") as base,
            httpx2.AsyncClient(base_url=base) as client,
        ):
            while (page := await client.get("/login")).status_code != 503:
                pass
            assert page.headers["retry-after"] == "30"
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_words_typed_into_a_form_come_back_with_the_refusal(house: House) -> None:
    """The door is closed to reading only; a form goes on to its page, which keeps what was typed."""
    await house.desk.db.write(maintenance.begin, SOMEBODY, now())
    await house.gate.look()

    assert not house.gate.stands_before({"type": "http", "path": "/tiket/1001", "method": "POST"})
    assert house.gate.stands_before({"type": "http", "path": "/tiket/1001", "method": "GET"})


async def test_no_transaction_passes_while_the_schema_is_another(db: Database) -> None:
    """On both engines, reading and writing; and again as before once it fits."""
    await db.write(take_in, incoming("KRS saya terkunci"), ids(), NOW)
    db.hold_to(schema.HEAD)
    await db.write(revised, "0998")

    with pytest.raises(UnderMaintenance):
        await db.read(messages)
    with pytest.raises(UnderMaintenance):
        await db.write(memory.save, "x", {})
    db.hold_to("0998")
    assert await db.read(messages) == 2
