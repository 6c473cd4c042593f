"""Where mails are fetched: an IMAP folder, watched by IDLE, or a Maildir. Each is acknowledged after it is on disk."""

import asyncio
import hashlib
import imaplib
import socket
import ssl
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import TypeVar, cast

import structlog
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxUnencrypted

from channels.mail_settings import Server
from sop.errors import N_
from sop.messages import Reception

log = structlog.get_logger(__name__)

Receive = Callable[[bytes], Awaitable[None]]
T = TypeVar("T")

IDLE = 240  # seconds; routers forget a silent line after five minutes
POLL = 30.0  # seconds between looks at a server without IDLE
LOOK = 1.0  # seconds between looks into a Maildir
MAX_MAIL = 60_000_000  # bytes; a larger one is parked with its beginning
LONGEST_PAUSE = 60.0
_BATCH = 50


async def watch(look: Callable[[Callable[[], None]], Awaitable[None]]) -> None:
    """Run `look` for ever; after trouble again, with a pause that doubles until `look` says that it got through."""
    pause = 1.0

    def through() -> None:
        nonlocal pause
        pause = 1.0

    while True:
        try:
            await look(through)
        except (
            Exception
        ) as trouble:  # imaplib raises many kinds at servers that talk nonsense; each mends by coming again
            log.warning("mail_inbox_unreachable", error=type(trouble).__name__, pause=pause)
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 2)


class Session:
    """One connection to the folder. Its calls block, so they run on a thread of their own."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._box: BaseMailBox | None = None

    @property
    def box(self) -> BaseMailBox:
        assert self._box is not None
        return self._box

    def open(self) -> int:
        """Log in and select; the folder's UIDVALIDITY."""
        server = self._server
        made: type[MailBox] | type[MailBoxUnencrypted] = MailBox if server.tls else MailBoxUnencrypted
        context = {"ssl_context": ssl.create_default_context()} if server.tls else {}
        self._box = made(server.host, server.port, timeout=30, **context)
        self._box.login(server.user, server.password, initial_folder=None)
        self._box.folder.set(server.folder)
        validity = self._box.client.response("UIDVALIDITY")[1][0]
        return int(validity or 0)

    def idles(self) -> bool:
        """Asked after the login: before it many servers name less."""
        _, data = self.box.client.capability()
        return any(b"IDLE" in bytes(line).upper().split() for line in data if line)

    def after(self, uid: int) -> list[int]:
        """UIDs above `uid`, ascending. The server may name its last one although it is not above."""
        return sorted(found for found in self._search(f"UID {uid + 1}:*") if found > uid)

    def unseen(self, since: datetime | None) -> list[int]:
        """What is not marked read, and all that came since a day: for a folder whose UIDs mean nothing to us."""
        found = set(self._search("UNSEEN"))
        if since:
            found |= set(self._search(f"SINCE {imaplib.Time2Internaldate(since)[1:12].strip()}"))
        return sorted(found)

    def _search(self, words: str) -> list[int]:
        self.box.client.untagged_responses.pop("EXISTS", None)
        state, data = self.box.client.uid("SEARCH", words)
        if state != "OK":
            raise imaplib.IMAP4.error("SEARCH refused")
        return [int(uid) for line in data if line for uid in line.split()]

    def fetch(self, uid: int) -> bytes | None:
        """The mail's bytes, cut at MAX_MAIL; None when somebody removed it. It stays unread."""
        _, data = self.box.client.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{MAX_MAIL + 1}>)")
        return next((bytes(item[1]) for item in data or [] if isinstance(item, tuple)), None)

    def seen(self, uid: int) -> None:
        self.box.client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def wait(self) -> None:
        """Return when the folder changed, or after IDLE seconds. What came since the last look counts too: not every
        server tells it when IDLE begins, but each does at NOOP."""
        waiting = self.box.client.untagged_responses
        self.box.client.noop()
        if "EXISTS" in waiting:
            return
        self.box.idle.start()  # type: ignore[no-untyped-call]  # imap-tools leaves it untyped
        if "EXISTS" not in waiting and not self._read_ahead():
            self.box.idle.poll(timeout=IDLE)
        self.box.idle.stop()  # type: ignore[no-untyped-call]  # as above

    def _read_ahead(self) -> bool:
        """imaplib has buffered more than it was asked for: news in one packet with the answer to IDLE, which a poll of
        the socket does not see."""
        connection = self.box.client.sock
        patience = connection.gettimeout()
        connection.settimeout(0)
        try:
            return bool(cast(BufferedReader, self.box.client.file).peek(1))
        except OSError:
            return False  # TLS has nothing more either
        finally:
            connection.settimeout(patience)

    def cut(self) -> None:
        """End whatever blocks, from another thread; without TLS's farewell, which would wait for the server."""
        if self._box is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._box.client.sock, socket.SHUT_RDWR)

    def close(self) -> None:
        if self._box is not None:
            with suppress(OSError):
                self._box.client.shutdown()


class Imap:
    """Takes in the folder's new mails, for ever. Remembers (UIDVALIDITY, UID) through the reception."""

    def __init__(
        self, server: Server, receive: Receive, reception: Reception, clock: Callable[[], datetime]
    ) -> None:
        self._server = server
        self._receive = receive
        self._reception = reception
        self._clock = clock
        self._name = f"mail:{server.user}@{server.host}/{server.folder}"

    async def listen(self) -> None:
        await watch(self._look)

    async def _look(self, through: Callable[[], None]) -> None:
        session = Session(self._server)
        thread = ThreadPoolExecutor(1, "mail-inbox")
        try:
            validity = await _run(thread, session.open)
            idles = await _run(thread, session.idles)
            while True:
                await self._empty(thread, session, validity)
                through()
                if idles:
                    await _run(thread, session.wait)
                else:
                    await asyncio.sleep(POLL)
        finally:
            session.cut()
            thread.submit(session.close)  # after what still runs there: closing waits for a reader
            thread.shutdown(wait=False)

    async def _empty(self, thread: ThreadPoolExecutor, session: Session, validity: int) -> None:
        known = await self._reception.remembered(self._name)
        last = int(known.get("uid", 0))
        if known.get("validity") == validity:
            uids = await _run(thread, partial(session.after, last))
        else:
            since = datetime.fromisoformat(known["at"]) - timedelta(days=2) if "at" in known else None
            uids, last = await _run(thread, partial(session.unseen, since)), 0
        for start in range(0, len(uids), _BATCH):
            for uid in uids[start : start + _BATCH]:
                raw = await _run(thread, partial(session.fetch, uid))
                if raw is not None:
                    await self._one(raw)
                    await _run(thread, partial(session.seen, uid))
                last = uid
            await self._remember(validity, last)
        if known.get("validity") != validity and not uids:
            await self._remember(validity, last)

    async def _one(self, raw: bytes) -> None:
        if len(raw) > MAX_MAIL:
            digest = hashlib.sha256(raw).hexdigest()[:32]
            await self._reception.park(
                "mail", digest, raw[:MAX_MAIL], N_("Surel ini terlalu besar; awalnya disimpan.")
            )
        else:
            await self._receive(raw)

    async def _remember(self, validity: int, uid: int) -> None:
        fact = {"validity": validity, "uid": uid, "at": self._clock().isoformat()}
        await self._reception.remember(self._name, fact)


async def _run(thread: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(thread, work)


class Maildir:
    """Takes in what lies in `new/` and moves it to `cur/`, marked seen."""

    def __init__(self, path: Path, receive: Receive) -> None:
        self._path = path
        self._receive = receive

    async def listen(self) -> None:
        await watch(self._look)

    async def _look(self, through: Callable[[], None]) -> None:
        for folder in ("tmp", "new", "cur"):
            (self._path / folder).mkdir(parents=True, exist_ok=True)
        while True:
            for waiting in await asyncio.to_thread(_oldest_first, self._path / "new"):
                await self._one(waiting)
            through()
            await asyncio.sleep(LOOK)

    async def _one(self, waiting: Path) -> None:
        try:
            raw = await asyncio.to_thread(waiting.read_bytes)
        except FileNotFoundError:
            return
        await self._receive(raw)
        name = waiting.name.partition(":")[0]
        await asyncio.to_thread(waiting.rename, self._path / "cur" / f"{name}:2,S")


def _oldest_first(folder: Path) -> list[Path]:
    found = [
        (path.stat().st_mtime_ns, path)
        for path in folder.iterdir()
        if path.is_file() and not path.name.startswith(".")
    ]
    return [path for _, path in sorted(found)]
