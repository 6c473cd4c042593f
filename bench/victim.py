"""A desk that is killed: a real `tanggap serve` on SQLite with the public bot and the staff bot on webhooks."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe

from bench.office import ZONE
from desk import staff, starter
from desk.ids import Ids
from desk.intake import take_in
from sop.messages import Incoming
from store import officers
from store.db import Change, Database, open_database
from store.migrate import migrate

PUBLIC, STAFF = "110001:publik", "220002:petugas"
SECRET = "rahasia_webhook_yang_panjang"
SINCE = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[1]
CONFIG = """
desk: {{name: Layanan Contoh, timezone: Asia/Jakarta, language: id, public_url: "http://127.0.0.1:{port}", secret: "{secret}"}}
server: {{host: 127.0.0.1, port: {port}, trusted_proxies: []}}
store: {{url: "{url}", files: "{files}"}}
channels:
  telegram: {{token: "{public}", mode: webhook, secret: "{hook}", api: "{api}"}}
bots:
  staff: {{token: "{staff}", mode: webhook, secret: "{hook}", api: "{api}"}}
"""


class Victim:
    """Start it, kill it at any moment, start it again: the folder is all it has, or the database at `url`."""

    def __init__(
        self, folder: Path, port: int, api: str, *, url: str = "", files: Path | None = None
    ) -> None:
        self.folder = folder
        self.port = port
        self.url = url or f"sqlite:///{folder}/desk.db"
        self.config = folder / "config.yaml"
        self.config.write_text(
            CONFIG.format(
                url=self.url,
                files=files or folder / "files",
                port=port,
                api=api,
                public=PUBLIC,
                staff=STAFF,
                hook=SECRET,
                secret=token_urlsafe(32),
            )
        )
        self._process: asyncio.subprocess.Process | None = None

    async def prepare(self, chats: Mapping[int, str]) -> None:
        """An office, the officers of these chats (chat -> login) and the first ticket, 1001."""
        await asyncio.to_thread(migrate, self.url)
        async with open_database(self.url) as db:
            await db.write(starter.seed, starter.office("Layanan Contoh", ZONE), ZONE, SINCE)
            for chat, login in chats.items():
                await _officer(db, chat, login)
            first = Incoming(
                channel="telegram",
                external_id="first",
                message_id="1:1",
                key="1",
                sender="1",
                at=SINCE,
                text="KRS saya terkunci",
            )
            await db.write(take_in, first, Ids("first", "first", "first"), SINCE)

    async def start(self) -> None:
        """Returns when the port answers."""
        words = ("-m", "tanggap", "serve", "--config", str(self.config), "--json")
        with (self.folder / "serve.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *words,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdout=log,
                stderr=log,
            )
        async with asyncio.timeout(60):
            while not await self._answers():
                if self._process.returncode is not None:
                    raise RuntimeError((self.folder / "serve.log").read_text()[-2000:])
                await asyncio.sleep(0.02)

    async def refused(self, log: Path) -> list[str]:
        """The lines with which it ends by itself. Raises TimeoutError when it goes on."""
        words = ("-m", "tanggap", "serve", "--config", str(self.config))
        with log.open("wb") as said:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *words,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdout=said,
                stderr=said,
            )
        try:
            async with asyncio.timeout(60):
                await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return (await asyncio.to_thread(log.read_text)).splitlines()

    async def _answers(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    async def kill(self) -> None:
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> None:
        if self._process and self._process.returncode is None:
            self._process.send_signal(how)
            await self._process.wait()


async def _officer(db: Database, chat: int, login: str) -> None:
    await db.write(staff.add, login=login, name=login.title(), password_hash="", now=SINCE)
    await db.write(staff.grant, login, lane="supervisor", unit="", now=SINCE - timedelta(days=1))

    def link(change: Change) -> None:
        officer = officers.by_login(change, login, SINCE)
        assert officer is not None
        officers.link_chat(change, bot="staff", chat=str(chat), officer=officer.id, at=SINCE)

    await db.write(link)
