"""A trouble of the desk itself reaches the operator's chat through the running desk, once, without a word of anybody."""

import asyncio
import os
from pathlib import Path

from demo.telegram import Telegram
from desk import staff
from store import officers
from store.db import Change
from tanggap.cli import run
from tanggap.clock import now
from tanggap.house import open_house
from tanggap.settings import read_settings
from tests.peers import serve

TOKEN = "220002:petugas"
YUSUF = 7001002003


def link(change: Change) -> None:
    officer = officers.by_login(change, "yusuf", now())
    assert officer is not None
    officers.link_chat(change, bot="staff", chat=str(YUSUF), officer=officer.id, at=now())


async def test_a_parked_message_is_told_in_the_sysadmins_chat(tmp_path: Path) -> None:
    assert await asyncio.to_thread(run, ["init", str(tmp_path / "meja")]) == 0
    config = tmp_path / "meja" / "config.yaml"
    async with Telegram(tmp_path / "telegram", now, push_retry=0.01) as provider, serve(provider.app) as api:
        provider.add_bot(TOKEN, "petugas_contoh_bot")
        with config.open("a", encoding="utf-8") as file:
            file.write(f'\nbots: {{staff: {{token: "{TOKEN}", api: "{api}"}}}}\n')
        provider.phone(TOKEN).person(YUSUF, "Yusuf")
        provider.phone(TOKEN).start(YUSUF)
        async with open_house(read_settings(config, os.environ)) as house:
            db = house.desk.db
            await db.write(staff.add, login="yusuf", name="Yusuf", password_hash="", now=now())
            await db.write(staff.grant, "yusuf", lane="sysadmin", unit="", now=now())
            await db.write(link)
            await house.desk.reception.park("telegram", "1", b'{"text": "rahasia"}', "tidak terbaca")
            running = asyncio.create_task(house.run())
            try:
                await provider.until(lambda: told(provider), seconds=40)
            finally:
                provider.outage = True  # ends the long poll
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)

        [words] = told(provider)
    assert "rahasia" not in words and "/admin/keadaan" in words


def told(provider: Telegram) -> list[str]:
    return [words for words in provider.sent(YUSUF, TOKEN) if "ditahan" in words]
