"""Photos and papers of who has the ball (JSS step 4: before and after), kept beside the conversation as a note."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from desk import letters, once
from desk.decide import NothingToDecide, NotYours
from desk.ids import Ids
from sop.errors import N_, DeskError
from sop.messages import File, Kind
from sop.officer import Officer
from sop.procedure import lane_of
from sop.text import clean
from sop.ticket import Ticket
from sop.visit import may_hold
from store import attachments, messages, tickets, trail, visits
from store import office as offices
from store.db import Change

LONGEST = 2_000  # characters beside the files


class NoFile(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Belum ada berkas. Pilih fotonya dahulu, lalu lampirkan."))


def attach(
    change: Change,
    number: str,
    actor: Officer,
    files: Sequence[File],
    text: str,
    *,
    key: str,
    ids: Ids,
    now: datetime,
) -> Ticket:
    """Never reaches the reporter. Raises NotFound, NothingToDecide, NotYours, NoFile."""
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    before = tickets.get(change, number, visible_to=actor)
    bound = offices.current(change).pinned(before.procedure)
    current = visits.open_of(change, before.id)
    if bound is None or current is None or not current.visit.step:
        raise NothingToDecide(before.number)
    if not may_hold(bound.procedure, current.visit, actor.lanes(before.unit)):
        raise NotYours(before.number, lane_of(bound.procedure, current.visit.lane).name)
    if not files:
        raise NoFile
    words = clean(text, LONGEST).strip()
    message = messages.add(
        change,
        ticket=before.id,
        conversation=None,
        direction="note",
        channel="desk",
        kind=(Kind.PHOTO if any(each.kind is Kind.PHOTO for each in files) else Kind.DOCUMENT).value,
        text=words,
        at=now,
        salt=ids.salt,
        author=actor.id,
    )
    for file in files:
        attachments.add(change, message, file)
    ticket = replace(before, messages=before.messages + 1, changed_at=now)
    tickets.save(change, ticket, before)
    print_of = letters.fingerprint(words, ids.salt)
    trail.add(change, "evidence", now, actor=actor.id, ticket=ticket.id, message=message, words=print_of)
    once.keep(change, key, actor, ticket=ticket.number, message=message)
    change.tell(f"ticket.{ticket.id}")
    return ticket
