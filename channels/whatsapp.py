"""WhatsApp by Twilio: signed forms in, REST out."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import parse_qsl, urlencode

import httpx2
import pydantic
import structlog

from channels.pace import Pace
from channels.webhook import Hook, Refused, Routes, Scope, hand_over, header
from channels.whatsapp_decode import NAME, Content, Unreadable, addresses, parse, parse_status, signed
from channels.whatsapp_fetch import Media
from channels.whatsapp_media import ROUTE as MEDIA
from channels.whatsapp_media import Lending
from sop.errors import N_, StillUnreadable, Unavailable
from sop.messages import Delivered, File, Incoming, Outgoing, Receipt, Reception, SendFailed

log = structlog.get_logger(__name__)

MOST_FIELDS = 500
HOOK = "/hooks/whatsapp"
STATUS = "/hooks/whatsapp/status"
REMEMBERED = "whatsapp.reconciled"
OURS = "whatsapp.me"  # our own number, which the links of doors need
BETWEEN = 900.0
"""Seconds from one reconciliation to the next."""
OVERLAP = timedelta(hours=1)
"""How far each reaches back beyond the last: Twilio lists a message a little after it came."""


class Settings(pydantic.BaseModel, frozen=True, extra="forbid", populate_by_name=True):
    """`channels.whatsapp` of config.yaml."""

    account_sid: str
    auth_token: pydantic.SecretStr
    from_: str = pydantic.Field(alias="from")
    api: str = "https://api.twilio.com"
    content_api: str = "https://content.twilio.com"
    templates: dict[str, str] = {}

    @pydantic.model_validator(mode="after")
    def _refuses_to_start_without_its_secret(self) -> Self:
        if not self.auth_token.get_secret_value().strip():
            raise ValueError(N_("auth_token kosong; salin Auth Token dari konsol Twilio"))
        if not self.account_sid.strip():
            raise ValueError(N_("account_sid kosong; salin Account SID dari konsol Twilio"))
        if not self.from_.startswith("whatsapp:+"):
            raise ValueError('from harus berbentuk "whatsapp:+62..."')
        return self


class Sender(Protocol):
    """`channels.whatsapp_client.Sender`, which brings twilio with it."""

    async def send(self, outgoing: Outgoing) -> Receipt: ...
    async def received(self, since: datetime) -> list[dict[str, str]]: ...
    async def contents(self) -> tuple[Content, ...]: ...


class WhatsApp:
    """The open channel: `routes` takes in, `send` and `fetch` speak to Twilio."""

    name = NAME

    def __init__(
        self,
        settings: Settings,
        reception: Reception,
        clock: Callable[[], datetime],
        public_url: str,
        media: Media,
        lending: Lending,
    ) -> None:
        self._token = settings.auth_token.get_secret_value().encode()
        self._number = settings.from_.removeprefix("whatsapp:")
        self._reception = reception
        self._clock = clock
        self._urls = {path: addresses(public_url.rstrip("/") + path) for path in (HOOK, STATUS)}
        self._media = media
        self._lending = lending
        self._sender: asyncio.Task[Sender] | None = None

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Raises SendFailed, and nothing else. The first one waits until the library is there."""
        sender = await self._ready()
        return await sender.send(outgoing)

    async def contents(self) -> tuple[Content, ...]:
        """Our templates at Twilio and WhatsApp's approval of each. Raises SendFailed (`retry`: later)."""
        return await (await self._ready()).contents()

    async def _ready(self) -> Sender:
        assert self._sender is not None
        return await asyncio.shield(self._sender)

    def fetch(self, file: File) -> AsyncIterator[bytes]:
        """The bytes of a file that is still with Twilio. Raises TooLarge, SendFailed (`retry`: later)."""
        return self._media.fetch(file.remote)

    def lend(self, file: File) -> str:
        """A public address of a kept file, signed, good for an hour: Twilio fetches attachments itself."""
        return self._lending.address(file)

    def routes(self) -> Routes:
        return (
            (HOOK, Hook(_carries_signature, self._message)),
            (STATUS, Hook(_carries_signature, self._status)),
            (MEDIA, self._lending),
        )

    async def listen(self) -> None:
        """Twilio comes by itself, and gives up after two tries: what it could not bring is asked for by a list.

        At the start, and every quarter of an hour from then on, until cancelled.
        """
        failures = 0
        while True:
            try:
                await self._reception.remember(OURS, {"number": self._number})
                async with asyncio.timeout(BETWEEN):
                    await self._reconcile()
                failures = 0
            except (SendFailed, Unavailable, TimeoutError) as trouble:
                failures += 1
                log.warning("whatsapp not reconciled yet", cause=type(trouble).__name__, failures=failures)
            await asyncio.sleep(min(2.0**failures, BETWEEN) if failures else BETWEEN)

    async def _reconcile(self) -> None:
        """Take in what is listed since the last time; what is known already stays as it is. Nothing at the very first."""
        now = self._clock()
        kept = await self._reception.remembered(REMEMBERED)
        if kept:
            sender = await self._ready()
            for form in await sender.received(datetime.fromisoformat(kept["at"]) - OVERLAP):
                await self._take(form, urlencode(form).encode())
        await self._reception.remember(REMEMBERED, {"at": now.isoformat()})

    def _form(self, path: str, scope: Scope, body: bytes) -> dict[str, str]:
        """The form that Twilio signed. Raises Refused: 400 for what is no form, 403 for what Twilio did not sign."""
        try:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError:
            raise Refused(400) from None
        form = dict(pairs)
        if not signed(self._token, self._urls[path], form, header(scope, b"x-twilio-signature")):
            raise Refused(403)
        return form

    async def _message(self, scope: Scope, body: bytes) -> None:
        await self._take(self._form(HOOK, scope, body), body)

    async def _take(self, form: dict[str, str], body: bytes) -> None:
        """Returns when it is on disk, taken in or parked. Raises Unavailable."""
        try:
            incoming = parse(form, self._clock())
        except (Unreadable, ValueError) as error:
            return await self._park(form, body, str(error))
        return await hand_over(self._reception, incoming, body)

    async def redecode(self, raw: bytes, at: datetime) -> Incoming | Delivered:
        """A parked form once more, received `at`; its signature was checked when it came. Raises StillUnreadable."""
        try:
            form = dict(parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
            word = (
                parse_status(form, at) if "MessageStatus" in form and "Body" not in form else parse(form, at)
            )
        except (Unreadable, ValueError) as error:
            raise StillUnreadable(str(error)) from error
        if word is None:
            raise StillUnreadable(N_("kabar antara, tanpa isi untuk meja"))
        return word

    async def _status(self, scope: Scope, body: bytes) -> None:
        form = self._form(STATUS, scope, body)
        try:
            word = parse_status(form, self._clock())
        except Unreadable as error:
            return await self._park(form, body, str(error))
        if word is not None:
            await hand_over(self._reception, word, body)
        return None

    async def _park(self, form: dict[str, str], body: bytes, reason: str) -> None:
        name = form.get("MessageSid") or hashlib.sha256(body).hexdigest()
        await self._reception.park(NAME, name, body, reason)

    def start(self, sender: asyncio.Task[Sender]) -> None:
        self._sender = sender


def _carries_signature(scope: Scope) -> bool:
    return bool(header(scope, b"x-twilio-signature"))


async def _load(
    settings: Settings, http: httpx2.AsyncClient, public_url: str, lend: Callable[[File], str]
) -> Sender:
    """twilio costs a second to import: in a thread, after the port answers."""
    library = await asyncio.to_thread(import_module, "channels.whatsapp_client")
    sender: Sender = await asyncio.to_thread(
        library.Sender,
        http,
        account=(settings.account_sid, settings.auth_token.get_secret_value()),
        sender=settings.from_,
        api=settings.api,
        content_api=settings.content_api,
        status_url=public_url + STATUS,
        public_url=public_url,
        lend=lend,
        pace=Pace(in_all=80.0, per_chat=6.0),
    )
    return sender


@asynccontextmanager
async def open_channel(
    settings: Settings,
    reception: Reception,
    *,
    clock: Callable[[], datetime],
    public_url: str,
    files_root: Path,
    secret: str,
) -> AsyncIterator[WhatsApp]:
    """The channel, open for as long as the block runs. `secret`, the desk's, signs the addresses of attachments."""
    public_url = public_url.rstrip("/")
    account = (settings.account_sid, settings.auth_token.get_secret_value())
    lending = Lending(secret, public_url, files_root, clock)
    async with httpx2.AsyncClient(trust_env=False, limits=httpx2.Limits(keepalive_expiry=20)) as http:
        channel = WhatsApp(
            settings, reception, clock, public_url, Media(http, settings.api, account), lending
        )
        loading = asyncio.create_task(_load(settings, http, public_url, lending.address))
        channel.start(loading)
        try:
            yield channel
        finally:
            loading.cancel()
