"""Pages hear of what changed as it happens, over a real connection, and only what they may know."""

import asyncio
from collections.abc import AsyncIterator

from httpx2 import AsyncClient
from starlette.applications import Starlette

from desk import staff
from desk.desk import Desk
from store import trail
from tests import peers
from tests.console.conftest import Browser, arrived


async def events(http: AsyncClient, path: str, heard: asyncio.Queue[str], last: str = "") -> None:
    async with http.stream("GET", path, headers={"last-event-id": last} if last else {}) as answer:
        await heard.put(f"{answer.status_code} {answer.headers.get('content-type', '')}")
        async for line in answer.aiter_lines():
            if line.startswith("event: "):
                await heard.put(line.removeprefix("event: "))


async def listening(
    app: Starlette, signed: Browser, path: str, last: str = ""
) -> AsyncIterator[asyncio.Queue[str]]:
    async with peers.serve(app) as url, AsyncClient(base_url=url, cookies=dict(signed.http.cookies)) as http:
        heard: asyncio.Queue[str] = asyncio.Queue()
        task = asyncio.create_task(events(http, path, heard, last))
        try:
            yield heard
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def test_a_new_message_is_told_to_the_queue_and_to_the_tickets_page(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)

    async for heard in listening(app, sari, f"/live?tiket={number}"):
        async with asyncio.timeout(20):
            assert await heard.get() == "200 text/event-stream; charset=utf-8"
            assert await heard.get() == "open"
            await arrived(desk, text="Apakah sudah ada kabar?")
            assert {await heard.get(), await heard.get()} == {"queue", "ticket"}


async def test_who_comes_back_after_a_cut_hears_what_was_missed(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    number = await arrived(desk)
    before = str(await desk.db.read(trail.last))
    await arrived(desk, key="2", sender="2")
    now = str(await desk.db.read(trail.last))

    for last, path, expected in (
        (before, "/live", ["open", "queue"]),
        (before, f"/live?tiket={number}", ["open", "queue", "ticket"]),
    ):
        async for heard in listening(app, sari, path, last):
            async with asyncio.timeout(20):
                assert (await heard.get()).startswith("200")
                assert [await heard.get() for _ in expected] == expected
    async for heard in listening(app, sari, f"/live?tiket={number}", now):
        async with asyncio.timeout(20):
            assert (await heard.get()).startswith("200")
            assert [await heard.get(), await heard.get()] == ["open", "ticket"]


async def test_a_session_that_is_ended_elsewhere_is_over_at_once(
    app: Starlette, sari: Browser, desk: Desk
) -> None:
    async for heard in listening(app, sari, "/live"):
        async with asyncio.timeout(20):
            assert (await heard.get()).startswith("200")
            assert await heard.get() == "open"
            await desk.db.write(staff.sign_out, sari.http.cookies["tanggap"])
            assert await heard.get() == "ended"


async def test_another_units_ticket_is_not_told(app: Starlette, budi: Browser, desk: Desk) -> None:
    number = await arrived(desk)

    async for heard in listening(app, budi, f"/live?tiket={number}"):
        async with asyncio.timeout(20):
            assert (await heard.get()).startswith("404")


async def test_who_has_not_signed_in_hears_nothing(app: Starlette, visitor: Browser) -> None:
    async for heard in listening(app, visitor, "/live"):
        async with asyncio.timeout(20):
            assert (await heard.get()).startswith("303")
