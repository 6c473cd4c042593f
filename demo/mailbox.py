"""Mail on loopback: the desk sends by real SMTP into people's mailboxes; what people write lands in a Maildir."""

import asyncio
import mailbox as maildirs
import warnings
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from demo.faults import Fault, Faults
from demo.mail_letter import Attachment, Letter, compose, read_letter, stamp
from demo.memory import Memory
from demo.news import News

KINDS = frozenset({"421", "450", "550", "554", "drop-before", "drop-after-data", "slow", "hang"})
ANSWERS = {
    "421": "421 4.3.2 Service shutting down",
    "450": "450 4.2.1 Mailbox temporarily unavailable",
    "550": "550 5.1.1 No such user here",
    "554": "554 5.6.0 Message refused",
}


class Mailbox:
    """The mail system around the desk. Use it as an async context manager: the SMTP server runs inside it.

    `address` is the desk's own, `maildir` where its mail arrives. With `login` (user, password) the server takes
    mail only from who says both.
    """

    def __init__(
        self,
        folder: Path,
        clock: Callable[[], datetime],
        *,
        address: str = "care@example.ac.id",
        authserv_id: str = "mx.example.ac.id",
        port: int = 0,
        login: tuple[str, str] | None = None,
    ) -> None:
        self.memory = Memory(folder / "mailbox.db")
        self.files = folder / "mailbox-files"
        self.files.mkdir(parents=True, exist_ok=True)
        self.maildir = folder / "mail-in"
        self._maildir = maildirs.Maildir(self.maildir, create=True)
        self.clock = clock
        self.address = address
        self.authserv_id = authserv_id
        self.port = port
        self.faults = Faults(KINDS)
        self.news = News()
        self.outage = False
        self._login = login
        self._over = asyncio.Event()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _protocol(self, self._login), "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        self.memory.close()

    @property
    def smtp_url(self) -> str:
        who = f"{self._login[0]}:{self._login[1]}@" if self._login else ""
        return f"smtp://{who}127.0.0.1:{self.port}"

    @property
    def maildir_url(self) -> str:
        return f"maildir:{self.maildir}"

    def write(
        self,
        sender: str,
        subject: str,
        text: str,
        *,
        name: str = "",
        to: str = "",
        html: str = "",
        attachments: tuple[Attachment, ...] = (),
        in_reply_to: str = "",
        references: tuple[str, ...] = (),
        headers: dict[str, str] | None = None,
        dmarc: str = "pass",
    ) -> Letter:
        """A person writes to the desk; it lies in the Maildir afterwards. `dmarc`: pass, fail or none."""
        number = self.memory.next("letter")
        mail = compose(
            sender,
            to or self.address,
            subject,
            text,
            name=name,
            html=html,
            attachments=attachments,
            at=self.clock(),
        )
        mail["Message-ID"] = f"<{number}.{self.clock():%Y%m%d%H%M%S}@{sender.rpartition('@')[2]}>"
        if in_reply_to:
            mail["In-Reply-To"] = in_reply_to
            mail["References"] = " ".join(dict.fromkeys((*references, in_reply_to)))
        for key, value in (headers or {}).items():
            mail[key] = value
        return self.deliver(mail.as_bytes(), sender, to or self.address, dmarc=dmarc)

    def reply(
        self, person: str, letter: Letter, text: str, *, attachments: tuple[Attachment, ...] = ()
    ) -> Letter:
        """Answer a letter as a mail program does: to its Reply-To, threaded, with the old words quoted below."""
        quoted = "\n".join(f"> {line}" for line in letter.text.rstrip().splitlines())
        words = f"{text}\n\nPada {self.clock():%d/%m/%Y %H.%M}, {letter.sender} menulis:\n{quoted}\n"
        subject = letter.subject if letter.subject.lower().startswith("re:") else f"Re: {letter.subject}"
        return self.write(
            person,
            subject,
            words,
            to=letter.reply_to or letter.sender,
            attachments=attachments,
            in_reply_to=letter.message_id,
            references=letter.references,
        )

    def deliver(self, raw: bytes, sender: str, to: str, *, dmarc: str = "pass") -> Letter:
        """Put any bytes into the desk's Maildir, with the headers that its own server adds on top."""
        stamped = stamp(raw, sender, to, self.authserv_id, dmarc, self.clock())
        self._maildir.add(stamped)
        letter = read_letter(stamped)
        self._keep("sent", sender, stamped)
        return letter

    def inbox(self, person: str) -> list[Letter]:
        """What the desk's mail brought to this address, oldest first."""
        return self._letters("inbox", person)

    def sent(self, person: str) -> list[Letter]:
        """What the person wrote to the desk, oldest first."""
        return self._letters("sent", person)

    def fail(self, kind: str, *, chat: str = "", times: int = 1, seconds: float = 1.0) -> None:
        """`chat`: a recipient's address. "421" and "450" pass, "550" and "554" stay; see KINDS."""
        method = "DATA" if kind in ("554", "drop-before", "drop-after-data", "slow", "hang") else "RCPT"
        self.faults.add(Fault(kind, method, chat, times, seconds))

    def take(self, recipients: list[str], raw: bytes) -> None:
        """What SMTP accepted lies in each recipient's mailbox."""
        for recipient in recipients:
            self._keep("inbox", recipient, raw)
        self.news.tell()

    async def until(self, true: Callable[[], object], seconds: float = 20.0) -> None:
        """Return once `true()` holds, looked at after every mail that SMTP took. Raises TimeoutError."""
        await self.news.until(true, seconds)

    async def wait_over(self) -> None:
        await self._over.wait()

    def _keep(self, box: str, person: str, raw: bytes) -> None:
        number = self.memory.next("file")
        (self.files / f"{number}.eml").write_bytes(raw)
        self.memory.put("mail", number, {"number": number, "box": box, "person": person.lower()})

    def _letters(self, box: str, person: str) -> list[Letter]:
        wanted = (box, person.lower())
        found = [kept for kept in self.memory.all("mail") if (kept["box"], kept["person"]) == wanted]
        return [read_letter((self.files / f"{kept['number']}.eml").read_bytes()) for kept in found]


class _Handler:
    """aiosmtpd's hooks; their names are its own."""

    def __init__(self, box: Mailbox) -> None:
        self._box = box

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self._box.outage:
            server.transport.abort()
            return ANSWERS["421"]
        fault = self._box.faults.take("RCPT", address)
        if fault is not None:
            return ANSWERS[fault.kind]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        fault = self._box.faults.take("DATA", next(iter(envelope.rcpt_tos), ""))
        kind = fault.kind if fault else ""
        if kind == "554":
            return ANSWERS[kind]
        if kind == "drop-before" or self._box.outage:
            server.transport.abort()
            return ANSWERS["421"]
        if kind == "hang":
            await self._box.wait_over()
            return ANSWERS["421"]
        if fault and kind == "slow":
            await asyncio.sleep(fault.seconds)
        self._box.take(envelope.rcpt_tos, bytes(envelope.content))
        if kind == "drop-after-data":
            server.transport.abort()
        return "250 2.0.0 Queued"


def _protocol(box: Mailbox, login: tuple[str, str] | None) -> Any:
    from aiosmtpd.smtp import SMTP, AuthResult

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == login, handled=False)

    class Server(SMTP):
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            if box.outage:
                transport.abort()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it advises TLS; this server is for loopback
        return Server(
            _Handler(box),
            hostname="mx.example.ac.id",
            enable_SMTPUTF8=True,
            authenticator=check if login else None,
            auth_required=login is not None,
            auth_require_tls=False,
            loop=asyncio.get_running_loop(),
        )
