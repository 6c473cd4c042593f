"""The public form: an answer to it is published on its reporter's own page, where it is read."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pydantic

from sop.messages import Outgoing, Receipt, Reception

NAME = "web"


class Settings(pydantic.BaseModel, frozen=True, extra="forbid"):
    """`channels.web` of config.yaml. It has no keys: that it is there opens the form."""


class Web:
    """A sender by shape."""

    name = NAME

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Published by being kept; the page reads it from the store. Never fails."""
        return Receipt(external_id=str(outgoing.id), state="published")

    async def close(self) -> None:
        """Nothing is open."""


@asynccontextmanager
async def open_channel(settings: Settings, reception: Reception, **_: Any) -> AsyncIterator[Web]:
    """The pages themselves are the console's; here nothing has to be opened."""
    yield Web()
