"""Receipts of an announcement that are not sure: an officer looks at them and has it sent once more, on purpose and marked.

Nothing here happens by itself. Who may have it already may get a second copy: that is the officer's to decide.
"""

from collections.abc import Sequence
from datetime import datetime

from desk import once, publication_seeing, publishing
from sop.delivery import Sent
from sop.errors import N_, DeskError, NotAllowed
from sop.officer import Officer
from sop.publication import Publication
from sop.ticket import NEVER
from store import office as offices
from store import outbox, publications, pushes, trail
from store.db import Change, View
from store.pushes import Push, Recipient

CASE = publications.CASE
BATCH = 500
OPEN = ("running", "paused", "done")
LATER = ("erratum", "withdrawal")


class NothingUnsure(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(
            N_(
                "Tidak ada kiriman {number} yang dapat dikirim lagi. Centang yang tidak pasti atau tidak sampai."
            ),
            number=number,
        )


class SaidOtherwise(DeskError):
    """Who may have the announcement was told otherwise since: a second copy of it would be wrong."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_(
                "Publikasi {number} sudah diralat, ditarik, atau ralatnya menunggu; penerima yang tidak pasti menerima "
                "ralatnya, jadi naskah lama tidak dikirim lagi."
            ),
            number=number,
        )


def send_again(
    change: Change,
    number: str,
    actor: Officer,
    recipients: Sequence[int] | None,
    *,
    key: str,
    now: datetime,
) -> Publication:
    """Once more to these, by a lane of the chain; None: to all that are unsure. What may have arrived is marked so.

    Who has left meanwhile gets none. Raises NoSuchPublication, NotAllowed, SaidOtherwise, NothingUnsure.
    """
    publication = publication_seeing.get(change, number, visible_to=actor)
    if not publication_seeing.in_chain(offices.current(change), publication, actor):
        raise NotAllowed
    if not once.first(change, key, actor, now):
        return publication
    push = _push(change, publication)
    chosen = [
        each
        for each in unsure(change, publication.id)
        if not each.left and (each.id in recipients if recipients is not None else each.state == Sent.UNKNOWN)
    ]
    if push is None or not chosen:
        raise NothingUnsure(publication.number)
    _queued(change, push, chosen, now)
    trail.add(
        change,
        "push.again",
        now,
        actor=actor.id,
        ticket=publication.id,
        case_kind=CASE,
        push=push.id,
        recipients=len(chosen),
        doubtful=sum(each.state == Sent.UNKNOWN for each in chosen),
    )
    publishing.tell(change, publication)
    return publication


def unsure(view: View, publication: int) -> list[Recipient]:
    """Whom it may not have reached, and whether they want it still."""
    found: list[Recipient] = []
    after = 0
    while batch := pushes.next_of(view, publication, after=after, most=BATCH, undelivered=True):
        found += batch
        after = batch[-1].id
    return found


def possible(view: View, publication: Publication) -> bool:
    """Whether what is unsure can be sent again: it went out, and nothing was said after it nor waits to be."""
    past = pushes.of_publication(view, publication.id)
    said = any(each.kind in LATER and each.state != "stopped" for each in past)
    return not said and any(each.kind == "publish" and each.state in OPEN for each in past)


def _push(view: View, publication: Publication) -> Push | None:
    """The one that announced. Raises SaidOtherwise."""
    past = pushes.of_publication(view, publication.id)
    out = next((each for each in past if each.kind == "publish" and each.state in OPEN), None)
    if out is not None and not possible(view, publication):
        raise SaidOtherwise(publication.number)
    return out


def _queued(change: Change, push: Push, chosen: Sequence[Recipient], now: datetime) -> None:
    for each in chosen:
        assert each.outbox is not None
        outbox.again(change, each.outbox, next_at=now, error="", doubtful=each.state == Sent.UNKNOWN)
    if push.state == "paused":
        pushes.hold(change, push.id, NEVER)
    else:
        pushes.set_state(change, push.id, "running")
    change.tell(*{f"outbox.{each.channel}" for each in chosen})
