"""The mail channel: a mailbox in by IMAP or Maildir, answers out by SMTP."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from channels import mail_out
from channels.mail_in import read_again, receive, receive_all
from channels.mail_inbox import Imap
from channels.mail_maildir import Maildir
from channels.mail_settings import Settings
from channels.mail_threads import NAME
from sop.errors import N_, Unavailable
from sop.messages import Incoming, Outgoing, Receipt, Reception, SendFailed

__all__ = ["NAME", "Mailbox", "Settings", "open_channel"]

SHORTEST_SECRET = 16
LATER = 60.0  # seconds until a store that was away is asked again
OURS = "mail.me"  # our own address, which the public form shows


class Mailbox:
    """The open channel. `listen` runs until it is cancelled; what it acknowledges is on disk."""

    name = NAME

    def __init__(
        self,
        settings: Settings,
        reception: Reception,
        *,
        clock: Callable[[], datetime],
        public_url: str,
        files_root: Path,
        secret: str,
    ) -> None:
        self._settings = settings
        self._reception = reception
        self._clock = clock
        self._public_url = public_url
        self._files_root = files_root
        self._secret = secret
        self._inbox: Imap | None = None

    @property
    def refused(self) -> bool:
        """The mailbox does not take our user and password."""
        return self._inbox is not None and self._inbox.refused

    @property
    def away(self) -> tuple[datetime, str] | None:
        """Since when the mailbox cannot be read, and why."""
        return self._inbox.away if self._inbox else None

    async def take(self, raw: bytes) -> None:
        """One mail into the desk, wherever it comes from. Raises Unavailable: come again with the same bytes."""
        await receive(raw, self._reception, self._settings, secret=self._secret, clock=self._clock)

    async def take_all(self, raws: Sequence[bytes]) -> list[Exception | None]:
        """Mails that came together; see `channels.mail_in.receive_all`."""
        return await receive_all(
            raws, self._reception, self._settings, secret=self._secret, clock=self._clock
        )

    async def redecode(self, raw: bytes, at: datetime) -> Incoming:
        """A parked mail once more, received `at`. Raises StillUnreadable, Unavailable."""
        return await read_again(raw, self._reception, self._settings, secret=self._secret, at=at)

    async def send(self, outgoing: Outgoing) -> Receipt:
        """The receipt's id is our Message-ID. Raises SendFailed, and nothing else."""
        try:
            letter = await asyncio.to_thread(
                partial(
                    mail_out.build,
                    outgoing,
                    self._settings,
                    secret=self._secret,
                    public_url=self._public_url,
                    at=self._clock(),
                    files_root=self._files_root,
                )
            )
            await mail_out.post(letter, self._settings.address, self._settings.relay)
        except TimeoutError as problem:
            raise SendFailed(N_("Server surel keluar tidak menjawab."), retry=mail_out.AGAIN) from problem
        return Receipt(external_id=letter.message_id)

    async def listen(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._introduce())
            source = self._settings.source
            if isinstance(source, Path):
                await Maildir(source, self.take_all).listen()
            else:
                self._inbox = Imap(source, self.take_all, self._reception, self._clock)
                await self._inbox.listen()

    async def _introduce(self) -> None:
        """Leave our own address where the public form finds it; no mail waits for that."""
        while True:
            try:
                await self._reception.remember(OURS, {"address": self._settings.address})
                return
            except Unavailable:
                await asyncio.sleep(LATER)


@asynccontextmanager
async def open_channel(
    settings: Settings,
    reception: Reception,
    *,
    clock: Callable[[], datetime],
    public_url: str,
    files_root: Path,
    secret: str = "",
) -> AsyncIterator[Mailbox]:
    """Raises ValueError without the desk's secret: reply tokens are signed by it. No line is opened before its use."""
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(
            f"kanal surel memerlukan desk.secret, paling sedikit {SHORTEST_SECRET} karakter acak"
        )
    yield Mailbox(
        settings, reception, clock=clock, public_url=public_url, files_root=files_root, secret=secret
    )
