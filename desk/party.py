"""What somebody with a link to one case sees of its files and brings to it: a party, a third party, a field officer."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from desk import casework, letters, needed
from desk.casework import CasePage
from desk.decide import Choice, DecidedBefore
from desk.evidence import NoFile
from desk.ids import Ids
from desk.staff import hashed
from sop.errors import NotFound
from sop.messages import File, Kind
from sop.office import Unit
from sop.procedure import Decision, Procedure, landing, lane_of
from sop.text import clean
from sop.visit import Visit
from sop.wording import moment
from store import attachments, cases, messages, officers, seen, tickets, trail, visits
from store import office as offices
from store.attachments import Attachment
from store.db import Change, View

LONGEST = 4000
ZONE = "Asia/Jakarta"  # of a case that no unit has


class Offer(Struct, frozen=True):
    """A button. `read_by`: the lane that reads its reason without seeing the reporter, "" where none does."""

    decision: Decision
    read_by: str


class Linked(Struct, frozen=True, kw_only=True):
    """The one-case page and around it: its files in order, where it may be sent to, and who decided, once it is decided.

    `named`: the lane may see the reporter, so files keep their names. `by` is "" where the link's holder decided.
    """

    page: CasePage
    offers: tuple[Offer, ...]
    files: tuple[Attachment, ...]
    named: bool
    units: tuple[Unit, ...]
    holder: str
    ends_at: datetime
    zone: str
    label: str
    by: str
    labels: dict[str, str]

    @property
    def visit(self) -> Visit:
        return self.page.opened


def linked(view: View, token: str, now: datetime) -> Linked:
    """Raises NotFound for a wrong, expired or absent link."""
    link = cases.find_link(view, hashed(token), now)
    if link is None:
        raise NotFound("-")
    page = casework.case_page(view, token, now)
    office = offices.current(view)
    ticket = tickets.find(view, link.ticket)
    unit = office.units.get(ticket.unit or 0) if ticket else None
    named = page.lane.sees_reporter
    spoken = tuple(file for said in page.said for file in said.attachments)
    files = tuple(each for each in (spoken if named else page.attachments) if each.state == "kept")
    by = officers.find(view, page.opened.by, now) if page.opened.by else None
    bound = office.pinned(ticket.procedure) if ticket else None
    steps = bound.procedure.steps if bound else ()
    labels = {choice.id: choice.label for step in steps for choice in step.decisions}
    return Linked(
        page=page,
        offers=_offers(bound.procedure, page) if bound else (),
        files=files,
        named=named,
        units=tuple(office.units.values()),
        holder=link.name,
        ends_at=link.ends_at,
        zone=unit.calendar.zone if unit else "",
        label=labels.get(page.opened.decision, page.opened.decision),
        by=by.name if by else "",
        labels=labels,
    )


def _offers(procedure: Procedure, page: CasePage) -> tuple[Offer, ...]:
    found = []
    for each in page.choices:
        if needed.answers_by_words(page.step, each):
            continue
        step = landing(procedure, each.target)
        lane = lane_of(procedure, step.lane) if step else None
        found.append(Offer(each, lane.name if lane and not lane.sees_reporter else ""))
    return tuple(found)


def file_of(view: View, token: str, number: int, now: datetime) -> tuple[File, bool]:
    """The n-th file of the page, from 1, and whether it may keep its name. Raises NotFound."""
    found = linked(view, token, now)
    if not 1 <= number <= len(found.files):
        raise NotFound("-")
    return found.files[number - 1].file, found.named


def decide(change: Change, token: str, choice: Choice, *, ids: Ids, now: datetime) -> None:
    """The decision of who holds the link, at the stay that the page showed; one already left says who decided.

    Where the same lane has the ball next (JSS: accept, then work), the link goes on to that stay. Raises NotFound,
    DecidedBefore, and what `decide.carry_out` raises.
    """
    link = cases.find_link(change, hashed(token), now)
    before = tickets.find(change, link.ticket) if link else None
    stay = visits.get(change, link.visit) if link else None
    if link is None or before is None or stay is None:
        raise NotFound("-")
    if choice.visit and choice.visit != link.visit:
        shown = visits.get(change, choice.visit)
        if shown is None or shown.case != before.id or shown.visit.closed_at is None:
            raise NotFound("-")
        raise _told(change, token, shown.visit, now)
    casework.decide_by_link(change, token, choice, ids=ids, now=now)
    after = visits.open_of(change, before.id)
    if after and after.visit.lane == stay.visit.lane:
        cases.move_link(change, hashed(token), after.id)


def _told(view: View, token: str, visit: Visit, now: datetime) -> DecidedBefore:
    """Who was first: an officer by name, somebody with a link by their lane."""
    found = linked(view, token, now)
    by = officers.find(view, visit.by, now) if visit.by else None
    at = moment(visit.closed_at or now, found.zone or ZONE)
    label = found.labels.get(visit.decision, visit.decision)
    return DecidedBefore(label, by.name if by else found.page.lane.name, at)


def bring(
    change: Change, token: str, text: str, files: tuple[File, ...], key: str, ids: Ids, now: datetime
) -> None:
    """A note on the case with its evidence (JSS step 4: photos before and after). Never reaches the reporter by itself.

    Raises NotFound, NoFile.
    """
    found = linked(change, token, now)
    if not seen.first(change, "link", key, now):
        return
    text = clean(text, LONGEST).strip()
    ticket = tickets.find(change, int(found.page.number))
    if ticket is None or found.page.decided:
        raise NotFound("-")
    if not files:
        raise NoFile
    words = f"{found.holder} ({found.page.lane.name}): {text}".rstrip(": ")
    message = messages.add(
        change,
        ticket=ticket.id,
        conversation=None,
        direction="note",
        kind=Kind.PHOTO.value if any(each.kind is Kind.PHOTO for each in files) else Kind.TEXT.value,
        channel="desk",
        text=words,
        at=now,
        salt=ids.salt,
    )
    for file in files:
        attachments.add(change, message, file)
    tickets.save(change, replace(ticket, messages=ticket.messages + 1, changed_at=now), ticket)
    print_of = letters.fingerprint(words, ids.salt)
    trail.add(change, "evidence", now, ticket=ticket.id, message=message, words=print_of, link=True)
    change.tell(f"ticket.{ticket.id}")
