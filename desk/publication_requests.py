"""A letter that asks for an announcement comes as a ticket (by mail, form or chat) and opens the publication that it asks for.

The ticket stays the requester's conversation; the publication walks its own chain. It is opened in the change that took the
message in, so a redelivered one opens no second.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from desk import publication_asker, publication_notify, publication_seeing, publication_steps, publishing
from desk.publishing import EARLY, Request
from sop.errors import N_
from sop.letter_head import LetterHead, read
from sop.messages import File, Kind
from sop.office import Office
from sop.publication import Publication, Status
from sop.ticket import Ticket
from store import messages, narrations, officers, trail
from store.attachments import Attachment
from store.db import Change
from store.messages import Message

WROTE = N_("Pemohon {number} menulis: {text}")
ADDED = N_("Pemohon {number} menambahkan {count} berkas.")
SHOWN = 300  # characters of a further word in the notice


def open_for(change: Change, office: Office, ticket: Ticket, now: datetime) -> Publication | None:
    """The publication that a ticket asks for, opened with the letter, files and words that it has; the one there is, if any.

    None: no unit has a chain in force, so the supervisor sees to the ticket by hand.
    """
    if found := publication_asker.of_ticket(change, ticket):
        return found
    chains = [unit.id for unit, _ in publication_seeing.chains(office, now)]
    if not chains:
        return None
    said = [each for each in messages.of_ticket(change, ticket.id) if each.direction == "in"]
    unit = ticket.unit if ticket.unit in chains else chains[0]
    zone = office.units[unit].calendar.zone
    head = read("\n\n".join(each.text for each in said if each.text), zone, now)
    publication = publishing.request(
        change, None, _wanted(ticket, head, unit, _kept(said), now), key="", now=now
    )
    trail.add(change, "publication.asked", now, ticket=ticket.id, publication=publication.id)
    return publication


def _wanted(ticket: Ticket, head: LetterHead, unit: int, files: Sequence[File], now: datetime) -> Request:
    wished = head.wished_at if head.wished_at and head.wished_at >= now - EARLY else None
    return Request(
        subject=head.subject or ticket.subject,
        text=head.text or ticket.subject,
        urgent=bool(head.urgent),
        letter_number=head.letter_number,
        letter_date=head.letter_date,
        sender=head.sender or ticket.name,
        wish=head.wish,
        wished_at=wished,
        source=ticket.channel,
        unit=unit,
        ticket=ticket.id,
        letters=[each for each in files if not _picture(each)],
        pictures=[each for each in files if _picture(each)],
    )


def more(change: Change, ticket: Ticket, message: int, now: datetime) -> None:
    """A further word of the requester's: its files join the publication while nobody has checked it, and the lane hears of it."""
    publication = publication_asker.of_ticket(change, ticket)
    if publication is None or publication.status is not Status.RUNNING or publication.published_at:
        return
    said = next((each for each in messages.of_ticket(change, ticket.id, most=5) if each.id == message), None)
    if said is None:
        return
    _enclose(change, publication, _kept([said]), now)
    if said.text.strip():
        _tell(change, publication, WROTE, now, text=said.text.strip()[:SHOWN])


def brought(change: Change, ticket: Ticket, file: File, now: datetime) -> None:
    """An attachment that lay with the provider has come: it belongs to the request as those that came along do."""
    publication = publication_asker.of_ticket(change, ticket)
    if publication is None or publication.status is not Status.RUNNING or publication.published_at:
        return
    if file.sha256 not in {each.file.sha256 for each in narrations.enclosures(change, publication.id)}:
        _enclose(change, publication, [file], now)


def _enclose(change: Change, publication: Publication, files: Sequence[File], now: datetime) -> None:
    """What was found fit is not changed by who asked: after the check it is for the lane to take files in from the ticket."""
    if not files:
        return
    if publication.checked:
        _tell(change, publication, ADDED, now, count=len(files))
        return
    for each in files:
        role = "picture" if _picture(each) else "letter"
        narrations.enclose(change, publication.id, role, each, by=None, at=now)
    trail.add(
        change,
        "enclosed",
        now,
        ticket=publication.id,
        case_kind=publishing.CASE,
        sha256=[each.sha256 for each in files],
    )
    publishing.tell(change, publication)


def _tell(change: Change, publication: Publication, words: str, now: datetime, **facts: object) -> None:
    current = publication_steps.open_of(change, publication)
    if current is None:
        return
    people = officers.in_lane(change, current.visit.lane, publication.unit, now)
    publication_notify.tell(change, people, words, now, number=publication.number, **facts)


def _kept(said: Sequence[Message]) -> list[File]:
    """The files that are on our disk; the others come by `brought`."""
    return [_file(each) for one in said for each in one.attachments if each.state == "kept"]


def _file(attachment: Attachment) -> File:
    return replace(attachment.file, remote="")


def _picture(file: File) -> bool:
    return file.kind is Kind.PHOTO or file.content_type.startswith("image/")
