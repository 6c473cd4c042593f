"""The one way in for what channels decode: tidied here, decided in acts, acknowledged only after COMMIT."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

import msgspec
import structlog
from msgspec.structs import replace

from desk import ids, inbound, intake
from desk.files import Files
from desk.meter import Meter
from desk.turns import Turns
from sop.errors import Unavailable
from sop.messages import Delivered, File, Incoming, Presence
from sop.text import clean, one_line
from store import memory
from store.db import Database

log = structlog.get_logger()
LONGEST = 100_000  # characters of one message; more words than that are a file
NAME = 120


class Reception:
    """Fits `sop.messages.Reception` by shape."""

    def __init__(
        self,
        db: Database,
        files: Files,
        clock: Callable[[], datetime],
        *,
        meter: Meter | None = None,
        turns: Turns | None = None,
        traced: Callable[[str, int | None], None] = lambda channel, ticket: None,
    ) -> None:
        """`traced` hears of each message that was taken in: its channel, and the ticket that it went to."""
        self._db = db
        self._files = files
        self._clock = clock
        self._meter = meter or Meter()
        self._turns = turns or Turns()
        self._traced = traced

    async def take_in(self, incoming: Incoming, raw: bytes = b"") -> None:
        """A message that breaks a rule of ours is parked with its raw form: the caller acknowledges either way."""
        channel = incoming.channel
        try:
            async with self._turns.of((channel, incoming.sender)):
                number = await self._db.write(intake.take_in, tidy(incoming), ids.fresh(), self._clock())
        except Unavailable:
            self._meter.took(channel, "unavailable")
            raise
        except Exception as error:
            log.exception("message parked", channel=channel, reason=type(error).__name__)
            await self._park(incoming, raw, error)
            self._meter.took(channel, "parked")
        else:
            self._meter.took(channel, "taken")
            self._traced(channel, number)

    async def heard(self, word: Presence | Delivered) -> None:
        act = inbound.presence if isinstance(word, Presence) else inbound.delivered
        await self._db.write(act, word, self._clock())  # type: ignore[arg-type]  # the act of that kind of word

    async def park(self, channel: str, external_id: str, raw: bytes, reason: str) -> None:
        await self._db.write(inbound.park, channel, external_id, raw, None, reason, self._clock())

    async def keep(self, chunks: AsyncIterator[bytes], *, limit: int) -> File:
        return await self._files.keep(chunks, limit=limit)

    async def remembered(self, name: str) -> dict[str, Any]:
        return await self._db.read(memory.get, name)

    async def remember(self, name: str, value: dict[str, Any]) -> None:
        await self._db.write(inbound.remember, name, value)

    async def _park(self, incoming: Incoming, raw: bytes, error: Exception) -> None:
        form = msgspec.json.encode(incoming)
        reason = f"{type(error).__name__}: {error}"[:500]
        await self._db.write(
            inbound.park,
            incoming.channel,
            incoming.external_id,
            raw or form,
            msgspec.json.decode(form),
            reason,
            self._clock(),
        )


def tidy(incoming: Incoming) -> Incoming:
    """What is stored holds no control characters; names and subjects are one line. No word is lost."""
    text, name = clean(incoming.text, LONGEST), one_line(incoming.name, NAME)
    quoted = clean(incoming.quoted, LONGEST) if incoming.quoted else ""
    subject = one_line(incoming.subject) if incoming.subject else ""
    if (text, name, quoted, subject) == (incoming.text, incoming.name, incoming.quoted, incoming.subject):
        return incoming
    return replace(incoming, text=text, name=name, quoted=quoted, subject=subject)
