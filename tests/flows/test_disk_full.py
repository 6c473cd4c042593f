"""P8: on a full disk messages stay with their providers, pages can be read, nothing is damaged, and it mends itself."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from bench.posters import PUBLIC_PATH, Posters, report, words
from bench.soak import free_port
from bench.victim import SECRET, Victim
from console.signin import sign_in_as
from desk import staff
from store import trail
from store.db import Change, View, open_database
from tanggap.cli import run
from tanggap.clock import now
from tanggap.house import House, open_house
from tanggap.settings import read_settings
from tests.peers import serve

HEAD = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
ROOM = 24 << 20  # bytes of the small disk
TRIES = 400  # more messages than find room on it


def pages(view: View) -> int:
    return int((view.one("PRAGMA page_count") or {})["page_count"])


def allow(change: Change, most: int) -> None:
    """A disk of that many pages."""
    change.run(f"PRAGMA max_page_count = {most}")


def said(view: View) -> list[str]:
    rows = view.all("SELECT text FROM message WHERE direction = 'in' ORDER BY id")
    return [row["text"] for row in rows if row["text"].startswith("KRS terkunci, kata")]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    assert await asyncio.to_thread(run, ["init", str(tmp_path / "meja")]) == 0
    config = tmp_path / "meja" / "config.yaml"
    text = config.read_text(encoding="utf-8")
    telegram = f'  telegram: {{token: "1:a", mode: webhook, secret: "{SECRET}", api: "http://127.0.0.1:9"}}\n'
    config.write_text(text.replace("  counter: {}", telegram + "  counter: {}"), encoding="utf-8")
    async with open_house(read_settings(config, os.environ)) as opened:
        await opened.desk.db.write(staff.add, login="sari", name="Sari", password_hash="", now=now())
        await opened.desk.db.write(staff.grant, "sari", lane="supervisor", unit="", now=now())
        yield opened


async def test_a_full_disk_refuses_messages_lets_pages_be_read_and_takes_them_again_afterwards(
    house: House,
) -> None:
    db = house.desk.db
    cookie = (await sign_in_as(house.desk, "sari")).headers["set-cookie"].partition(";")[0]
    async with serve(house.front, lifespan="off") as base, httpx2.AsyncClient(base_url=base) as http:

        async def bring(nth: int) -> int:
            return (await http.post(PUBLIC_PATH, json=report(nth, nth, 1), headers=HEAD)).status_code

        assert await bring(1) == 200
        await db.write(allow, await db.read(pages) + 10)
        answers = {nth: await bring(nth) for nth in range(2, TRIES)}
        refused = [nth for nth, status in answers.items() if status != 200]

        assert {answers[nth] for nth in refused} == {503}
        assert (await http.get("/antrean", headers={"cookie": cookie})).status_code == 200
        page = await http.get("/tiket/1001", headers={"cookie": cookie})
        assert (page.status_code, words(1, 1) in page.text) == (200, True)
        assert (await http.get("/lapor")).status_code == 200

        await db.write(allow, 1 << 30)
        assert {await bring(nth) for nth in refused} == {200}

    kept = await db.read(said)
    assert sorted(kept) == sorted(words(nth, 1) for nth in range(1, TRIES))
    assert (await db.read(trail.first_broken, most=1 << 40))[0] is None
    assert await db.read(lambda view: view.all("PRAGMA integrity_check")) == [{"integrity_check": "ok"}]


@dataclass
class Disk:
    """A small one of its own; `fill` leaves no byte free."""

    folder: Path

    def fill(self) -> None:
        with (self.folder / "ballast").open("wb") as file, pytest.raises(OSError, match="No space"):
            while True:
                file.write(bytes(1 << 16))
                file.flush()

    def empty(self) -> None:
        (self.folder / "ballast").unlink()

    def protect(self, how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", str(self.folder)], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


async def test_a_small_disk_that_runs_full_under_load_loses_nothing_that_was_acknowledged(disk: Disk) -> None:
    victim = Victim(disk.folder, free_port(), "http://127.0.0.1:9")
    await victim.prepare({})
    post = Posters((victim.port,), list(range(1000, 1008)), [], seed=5)
    try:
        await victim.start()
        post.start()
        await post.acknowledged(20)
        disk.fill()
        await post.refusals(8)
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{victim.port}") as http:
            assert {(await http.get(path)).status_code for path in ("/login", "/lapor", "/healthz")} == {200}
        disk.empty()
        await post.acknowledged(20)
        await post.finish()
    finally:
        await victim.stop()

    assert set(post.record.refused) == {503}
    async with open_database(victim.url) as db:
        kept = await db.read(said)
        assert sorted(kept) == sorted(words(*each) for each in post.record.reports)
        assert (await db.read(trail.first_broken, most=1 << 40))[0] is None


async def test_a_desk_on_a_disk_that_became_read_only_says_so_and_starts_once_it_is_writable(
    disk: Disk,
) -> None:
    victim = Victim(disk.folder, free_port(), "http://127.0.0.1:9")
    await victim.prepare({})
    log = disk.folder.parent / "serve.log"
    disk.protect("ro")
    try:
        said = await victim.refused(log)
        assert said[-1].startswith("Basis data tidak dapat dibuka: ")
        assert "baca-saja" in said[-1] and "Traceback" not in "".join(said)
    finally:
        disk.protect("rw")

    await victim.start()
    await victim.stop()


async def test_a_damaged_database_is_named_with_what_to_do_and_is_not_touched(tmp_path: Path) -> None:
    victim = Victim(tmp_path, free_port(), "http://127.0.0.1:9")
    await victim.prepare({})
    path = tmp_path / "desk.db"
    damaged = path.read_bytes()[:4096] + b"\xff" * 4096 * 40 + path.read_bytes()[4096 * 41 :]
    path.write_bytes(damaged)

    said = await victim.refused(tmp_path / "serve.log")

    assert "rusak" in said[-1] and "tanggap restore" in said[-1] and "Traceback" not in "".join(said)
    assert path.read_bytes() == damaged
