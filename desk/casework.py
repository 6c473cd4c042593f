"""Around a decision: the form its parties see, doors to one case for who has no Telegram, vacancies and presence."""

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from desk import decide, needed
from desk.decide import Choice, Decider, NothingToDecide
from desk.ids import Ids
from desk.seeing import may_work, needs, needs_in, workable
from desk.staff import hashed
from sop.errors import N_, DeskError, EmptyText, NotAllowed, NotFound
from sop.officer import Officer, Right
from sop.procedure import Decision, Lane, Step, lane_of, step_of
from sop.text import clean
from sop.ticket import Ticket
from sop.visit import VACANT, Visit, options
from store import attachments, cases, messages, tickets, trail, visits
from store import office as offices
from store.cases import Form, Link
from store.db import Change, View
from store.messages import Message

LINK_LASTS = timedelta(days=14)
FORM_LONGEST = 20_000


class LinkGone(DeskError):
    def __init__(self) -> None:
        super().__init__(N_("Tautan itu sudah tidak berlaku."))


class CasePage(Struct, frozen=True, kw_only=True):
    """The one-case page of a superior, party or third party. `said` is empty where the lane may not see the reporter.

    `handed` are the words with which the case was given to this lane, `missing` the photos that its step still wants.
    """

    number: str
    subject: str
    lane: Lane
    step: Step
    visit: int
    opened: Visit
    choices: tuple[Decision, ...]
    form: Form | None
    attachments: tuple[attachments.Attachment, ...]
    said: tuple[Message, ...]
    history: tuple[Visit, ...]
    decided: bool
    handed: str = ""
    missing: tuple[str, ...] = ()


def edit_form(
    change: Change, number: str, actor: Officer, text: str, released: frozenset[int], *, now: datetime
) -> None:
    """Write the form as its parties shall see it, and which attachments go with it. Raises EmptyText."""
    ticket = workable(change, number, actor)
    text = clean(text, FORM_LONGEST).strip()
    if not text:
        raise EmptyText
    cases.save_form(change, ticket.id, text, by=actor.id, at=now)
    cases.release(change, ticket.id, released)
    trail.add(change, "form", now, actor=actor.id, ticket=ticket.id, released=sorted(released))
    change.tell(f"ticket.{ticket.id}")


def offer_link(change: Change, number: str, actor: Officer, name: str, token: str, now: datetime) -> None:
    """A personal link to the case's present stay, for somebody of its lane: by an agent of the unit, or by who handed
    the work on (JSS: the field officer to a third party). Raises NotFound, NotAllowed, NothingToDecide.
    """
    ticket = tickets.get(change, number, visible_to=actor)
    past = visits.history(change, ticket.id)
    if not may_work(actor, ticket) and not (past and past[-1].by == actor.id):
        raise NotAllowed
    current = visits.open_of(change, ticket.id)
    if current is None or not current.visit.step:
        raise NothingToDecide(ticket.number)
    link = Link(ticket=ticket.id, visit=current.id, name=name, by=actor.id, ends_at=now + LINK_LASTS)
    cases.add_link(change, hashed(token), link)
    trail.add(change, "link.offered", now, actor=actor.id, ticket=ticket.id, visit=current.id)


def end_link(change: Change, number: str, actor: Officer, mark: str, now: datetime) -> None:
    """Take a link back, whoever holds it: by an agent of the unit, or by who gave it. Raises NotFound, NotAllowed, LinkGone."""
    ticket = tickets.get(change, number, visible_to=actor)
    found = next((link for each, link in cases.links_of(change, ticket.id, now) if each == mark), None)
    if not may_work(actor, ticket) and not (found and found.by == actor.id):
        raise NotAllowed
    if found is None:
        raise LinkGone
    cases.end_link(change, mark, now)
    trail.add(change, "link.ended", now, actor=actor.id, ticket=ticket.id, visit=found.visit)


def case_page(view: View, token: str, now: datetime) -> CasePage:
    """What the link shows. Once decided it tells no more than that. Raises NotFound for a wrong or expired one."""
    link, ticket = _linked(view, token, now)
    page = page_of(view, ticket, link.visit)
    return replace(page, said=(), attachments=(), form=None) if page.decided else page


def page_of(view: View, ticket: Ticket, visit: int) -> CasePage:
    """One case as the lane of that stay may see it."""
    bound = offices.current(view).pinned(ticket.procedure)
    current = visits.get(view, visit)
    if bound is None or current is None:
        raise NotFound(ticket.number)
    lane, history = lane_of(bound.procedure, current.visit.lane), visits.history(view, ticket.id)
    shown = cases.released(view, ticket.id) if not lane.sees_reporter else []
    files = (attachments.get(view, each) for each in shown)
    form = cases.form(view, ticket.id)
    step = step_of(bound.procedure, current.visit.step)
    return CasePage(
        number=ticket.number,
        subject=ticket.subject if lane.sees_reporter else "",
        lane=lane,
        step=step,
        visit=visit,
        opened=current.visit,
        choices=options(bound.procedure, current.visit, history),
        form=form,
        attachments=tuple(found[0] for found in files if found),
        said=tuple(messages.of_ticket(view, ticket.id)) if lane.sees_reporter else (),
        history=tuple(history) if lane.sees_reporter else (),
        decided=current.visit.closed_at is not None,
        handed=_handed(current.visit, history),
        missing=tuple(needed.evidence_left(view, current, step)),
    )


def _handed(visit: Visit, history: list[Visit]) -> str:
    """The reason of the decision that brought the case here; it was written for this lane."""
    past = history[: history.index(visit)] if visit in history else history
    return next((each.reason for each in reversed(past) if each.decision != VACANT), "")


def decide_by_link(change: Change, token: str, choice: Choice, *, ids: Ids, now: datetime) -> Ticket:
    """The same act as the officer's. The link carries its visit's lane and nothing else; a second press decides nothing."""
    link, ticket = _linked(change, token, now)
    current = visits.get(change, link.visit)
    assert current is not None
    decider = Decider(lanes=frozenset({current.visit.lane}), name=link.name)
    return decide.carry_out(change, ticket, decider, _at(choice, link.visit), ids=ids, now=now)


def register_vacancy(
    change: Change,
    actor: Officer,
    lane: str,
    unit: int | None,
    reason: str,
    until_at: datetime | None,
    now: datetime,
) -> None:
    """A rung is passed over only for a registered vacancy (UC3: "secara bertingkat"). Raises NotAllowed."""
    needs_in(actor, Right.STAFF, unit)
    cases.add_vacancy(change, lane=lane, unit=unit, reason=reason, from_at=now, until_at=until_at)
    trail.add(change, "vacancy", now, actor=actor.id, lane=lane, unit=unit)


def end_vacancy(change: Change, actor: Officer, number: int, now: datetime) -> None:
    """Raises NotAllowed, and NotFound for a foreign one and one that is not in force alike."""
    needs(actor, Right.STAFF)
    found = next((each for each in cases.vacancies(change, now) if each["id"] == number), None)
    if found is None or (found["unit_id"] is not None and not actor.has(Right.STAFF, found["unit_id"])):
        raise NotFound(str(number))
    needs_in(actor, Right.STAFF, found["unit_id"])
    cases.end_vacancy(change, number, now)
    trail.add(change, "vacancy.ended", now, actor=actor.id, vacancy=number)


def _linked(view: View, token: str, now: datetime) -> tuple[Link, Ticket]:
    link = cases.find_link(view, hashed(token), now)
    ticket = tickets.find(view, link.ticket) if link else None
    if link is None or ticket is None:
        raise NotFound("-")
    return link, ticket


def _at(choice: Choice, visit: int) -> Choice:
    return Choice(
        decision=choice.decision, visit=visit, reason=choice.reason, code=choice.code, unit=choice.unit
    )
