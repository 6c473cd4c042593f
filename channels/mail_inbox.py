"""Mails fetched from an IMAP folder, watched by IDLE. Each is acknowledged after it is on disk."""

import asyncio
import hashlib
import imaplib
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from io import BufferedReader
from typing import TypeVar, cast

import structlog
from imap_tools.errors import MailboxLoginError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxUnencrypted

from channels.certificate import ran_out, refusal
from channels.mail_settings import Server
from sop.errors import N_, Unavailable
from sop.messages import Reception

log = structlog.get_logger(__name__)

Receive = Callable[[Sequence[bytes]], Awaitable[list[Exception | None]]]
"""`channels.mail_in.receive_all`: what became of each mail, in their order."""
T = TypeVar("T")

IDLE = 240  # seconds; routers forget a silent line after five minutes
POLL = 30.0  # seconds between looks at a server without IDLE
MAX_MAIL = 60_000_000  # bytes; a larger one is parked with its beginning
LONGEST_PAUSE = 60.0
TOGETHER = 64  # mails that are taken in together
MUCH = 8_000_000  # bytes of them all; a larger one goes alone


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


def why(trouble: Exception) -> str:
    """Untranslated, for who looks after the desk."""
    if isinstance(trouble, Unavailable):
        return N_("simpanan meja sendiri sedang tidak menerima")
    refused = refusal(trouble)
    if refused is None:
        return N_("server surelnya tidak menjawab")
    return (
        N_("sertifikat server surelnya sudah habis masanya")
        if ran_out(refused)
        else N_("sertifikat server surelnya ditolak")
    )


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

    def fetch_some(self, uids: list[int]) -> list[bytes | None]:
        """The first mails of `uids` that are taken in together: few enough, and small enough."""
        found: list[bytes | None] = []
        size = 0
        for uid in uids[:TOGETHER]:
            raw = self.fetch(uid)
            if found and size + len(raw or b"") > MUCH:
                break
            found.append(raw)
            size += len(raw or b"")
        return found

    def seen(self, uids: list[int]) -> None:
        self.box.client.uid("STORE", ",".join(map(str, uids)), "+FLAGS.SILENT", r"(\Seen)")

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
        self.refused = False  # the server did not take our user and password
        self.away: tuple[datetime, str] | None = None  # since when it cannot be read, and why

    async def listen(self) -> None:
        await watch(self.look)

    async def look(self, through: Callable[[], None] = lambda: None) -> None:
        """One connection, until it breaks; `through` hears each time that the folder was emptied."""

        def reached() -> None:
            self.away = None
            through()

        try:
            await self._emptied(reached)
        except Exception as trouble:
            since = self.away[0] if self.away else self._clock()
            self.away = (since, why(trouble))
            raise

    async def _emptied(self, through: Callable[[], None]) -> None:
        session = Session(self._server)
        thread = ThreadPoolExecutor(1, "mail-inbox")
        try:
            validity = await self._opened(thread, session)
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

    async def _opened(self, thread: ThreadPoolExecutor, session: Session) -> int:
        try:
            validity = await _run(thread, session.open)
        except MailboxLoginError:
            self.refused = True
            raise
        self.refused = False
        return validity

    async def _empty(self, thread: ThreadPoolExecutor, session: Session, validity: int) -> None:
        known = await self._reception.remembered(self._name)
        last = int(known.get("uid", 0))
        if known.get("validity") == validity:
            uids = await _run(thread, partial(session.after, last))
        else:
            since = datetime.fromisoformat(known["at"]) - timedelta(days=2) if "at" in known else None
            uids, last = await _run(thread, partial(session.unseen, since)), 0
        while uids:
            raws = await _run(thread, partial(session.fetch_some, uids))
            done, trouble = await self._take(thread, session, dict(zip(uids, raws, strict=False)))
            if done:
                last = done[-1]
                await self._remember(validity, last)
            if trouble:
                raise trouble
            uids = uids[len(raws) :]
        if known.get("validity") != validity and not last:
            await self._remember(validity, last)

    async def _take(
        self, thread: ThreadPoolExecutor, session: Session, found: dict[int, bytes | None]
    ) -> tuple[list[int], Exception | None]:
        """UIDs up to the first that is not on disk, and what kept that one from it."""
        mails = {uid: raw for uid, raw in found.items() if raw is not None}
        outcomes = dict(zip(mails, await self._all(list(mails.values())), strict=False))
        kept = [uid for uid, trouble in outcomes.items() if trouble is None]
        if kept:
            await _run(thread, partial(session.seen, kept))
        done: list[int] = []
        for uid, raw in found.items():
            if raw is not None and (uid not in outcomes or outcomes[uid]):
                return done, outcomes.get(uid)
            done.append(uid)
        return done, None

    async def _all(self, raws: list[bytes]) -> list[Exception | None]:
        """One that is larger than we read came alone."""
        if len(raws) == 1 and len(raws[0]) > MAX_MAIL:
            digest = hashlib.sha256(raws[0]).hexdigest()[:32]
            await self._reception.park(
                "mail", digest, raws[0][:MAX_MAIL], N_("Surel ini terlalu besar; awalnya disimpan.")
            )
            return [None]
        return await self._receive(raws)

    async def _remember(self, validity: int, uid: int) -> None:
        fact = {"validity": validity, "uid": uid, "at": self._clock().isoformat()}
        await self._reception.remember(self._name, fact)


async def _run(thread: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(thread, work)
