"""Phone and walk-in, keyed in by an agent: an answer is told by a person, who is given the task to call."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pydantic

from sop.messages import Outgoing, Receipt, Reception

NAME = "counter"


class Settings(pydantic.BaseModel, frozen=True, extra="forbid"):
    """`channels.counter` of config.yaml. It has no keys: that it is there lets agents key in cases."""


class Counter:
    """A sender by shape."""

    name = NAME

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Somebody must call; delivery's act makes that a task. Never fails."""
        return Receipt(external_id=str(outgoing.id), state="by_hand")

    async def close(self) -> None:
        """Nothing is open."""


@asynccontextmanager
async def open_channel(settings: Settings, reception: Reception, **_: Any) -> AsyncIterator[Counter]:
    """The agent keys in what is said; here nothing has to be opened."""
    yield Counter()
