"""Two processes of one desk on PostgreSQL: a message may come by either, one of them leads, and its death loses nothing."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

from httpx2 import AsyncClient

from bench.posters import PUBLIC_PATH, report
from bench.soak_two import soak, victim_on
from bench.victim import SECRET
from console.signin import sign_in_as
from desk.alone import EVERY, LASTS, take
from desk.delivery import REST
from store.db import open_database
from tanggap.house import open_house
from tanggap.settings import read_settings
from tests.peers import serve
from tests.samples import NOW

HEAD = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


async def test_of_two_processes_either_may_be_killed_and_nothing_is_lost_doubled_or_swept_twice(
    postgresql_url: str, tmp_path: Path
) -> None:
    outcome = await soak(tmp_path, postgresql_url, posters=8, steps=2, seed=3, kills=2)

    assert outcome.led >= 1 and outcome.verdict.reports >= 8
    assert (outcome.unswept, outcome.twice, outcome.stuck) == (0, 0, 0), str(outcome)
    assert outcome.kept, str(outcome)


async def test_a_page_of_one_process_hears_of_a_message_that_the_other_took_in(
    postgresql_url: str, tmp_path: Path
) -> None:
    mine, other = (victim_on(tmp_path, name, "http://127.0.0.1:9", postgresql_url) for name in ("one", "two"))
    await mine.prepare({1: "sari"})
    try:
        await other.start()
        async with (
            open_house(read_settings(mine.config, {})) as house,
            serve(house.front, lifespan="off") as base,
        ):
            cookie = (await sign_in_as(house.desk, "sari")).headers["set-cookie"].partition(";")[0]
            async with (
                asyncio.timeout(60),
                AsyncClient(base_url=base, headers={"cookie": cookie}) as http,
                http.stream("GET", "/live") as live,
            ):
                lines = live.aiter_lines()
                await _until("event: open", lines)
                async with AsyncClient(base_url=f"http://127.0.0.1:{other.port}") as provider:
                    hook = await provider.post(PUBLIC_PATH, json=report(5, 5, 1), headers=HEAD)
                assert hook.status_code == 200
                await _until("event: queue", lines)
    finally:
        await other.stop()


async def _until(line: str, lines: AsyncIterator[str]) -> None:
    async for each in lines:
        if each == line:
            return
    raise AssertionError(f"the page heard no {line!r}")


async def test_a_process_of_another_machine_that_fell_silent_is_followed_within_fifteen_seconds(
    postgresql_url: str,
) -> None:
    """Nobody can know of it that it is gone: its lease runs out, then what it was sending is settled."""
    longest = LASTS.total_seconds() + EVERY + REST

    assert longest < 15
    async with open_database(postgresql_url) as db:
        assert await db.write(take, "desk", "elsewhere:1:aa", NOW)
        assert not await db.write(
            take, "desk", "here:2:bb", NOW + LASTS - timedelta(seconds=1), lambda _: False
        )
        assert await db.write(take, "desk", "here:2:bb", NOW + LASTS, lambda _: False)
