"""Who waits for an answer in chat sees that it is being written: a sign of the channel, about no words, kept nowhere."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from desk.seeing import workable
from sop.officer import Officer
from sop.ticket import Status
from sop.way import Known
from store import ways
from store.db import Reader, View


@runtime_checkable
class Signer(Protocol):
    """A channel that can show it. Returns at once and never raises; too many signs are its own to leave out."""

    def typing(self, to: str) -> None: ...


async def show(
    db: Reader, opened: Mapping[str, object], number: str, actor: Officer, by: int | None = None
) -> None:
    """Only while the ticket's holder writes to its person, by the conversation `by` or the ticket's own."""
    known = await db.read(_answered, number, actor, by)
    channel = opened.get(known.channel) if known else None
    if known and isinstance(channel, Signer):
        channel.typing(known.to)


def _answered(view: View, number: str, actor: Officer, by: int | None) -> Known | None:
    ticket = workable(view, number, actor)
    if ticket.holder != actor.id or ticket.status is Status.CLOSED:
        return None
    found = ways.known(view, ticket.contact, ticket.conversation)
    known = next((each for each in found if each.conversation == by), found[0] if found else None)
    return known if known and known.state == "reachable" and known.wrote else None
