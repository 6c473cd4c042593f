"""A decision of the SOP: by the holder's lane in that unit or its deputy, once, with its reason (UC3 row 4, MIPA 2-5,
ITB 3-9, JSS 2-5). The page, the chat card and the one-case link call the same act."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from desk import assigning, closing, letters, needed, notify, once, visiting
from desk import prepared as awaiting
from desk.ids import Ids, fresh
from sop.errors import N_, DeskError, NotFound
from sop.office import InForce, Office, Unit
from sop.officer import Officer
from sop.procedure import Decision, Kind, find_step, lane_of
from sop.ticket import Status, Ticket, answered
from sop.visit import AlreadyDecided, Move, decide, may_hold, options
from sop.wording import moment
from store import conversations, officers, tickets, trail, visits
from store import office as offices
from store.db import Change, Database, View
from store.visits import Open


class NothingToDecide(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(N_("Tiket {number} tidak sedang menunggu keputusan."), number=number)


class NotYours(DeskError):
    """The ball is with another lane, or the deputy's dates are over."""

    def __init__(self, number: str, lane: str) -> None:
        super().__init__(
            N_("Tiket {number} sedang di tangan {lane}; hanya lajur itu yang memutuskan."),
            number=number,
            lane=lane,
        )


class DecidedBefore(DeskError):
    """Nothing changed: somebody was first."""

    def __init__(self, decision: str, by: str, at: str) -> None:
        super().__init__(
            N_("Sudah diputuskan: {decision}, oleh {by}, {at}."), decision=decision, by=by, at=at
        )


class UnitMissing(DeskError):
    def __init__(self, known: str) -> None:
        super().__init__(N_("Sebutkan unit tujuan. Yang ada: {known}."), known=known)


class Choice(Struct, frozen=True, kw_only=True):
    """What was pressed. `visit` is the stay it was shown at: a card of an earlier stay decides nothing any more."""

    decision: str
    visit: int
    reason: str = ""
    code: str = ""
    unit: str = ""  # where to, for a redistribution


class Decider(Struct, frozen=True, kw_only=True):
    """Who decides: an officer with the lanes of their seats, or somebody with a link, with that visit's lane alone."""

    lanes: frozenset[str]
    officer: int | None = None
    name: str = ""
    stands_in: Mapping[str, int] = {}  # lane -> whose deputy (Plh/Plt) the officer is there


def by_officer(
    change: Change, number: str, actor: Officer, choice: Choice, *, key: str, ids: Ids, now: datetime
) -> Ticket:
    """Raises NotFound, NothingToDecide, NotYours, DecidedBefore, NoSuchDecision, ReasonMissing, CodeMissing, ..."""
    if not once.first(change, key, actor, now):
        return tickets.get(change, number, visible_to=actor)
    before = tickets.get(change, number, visible_to=actor)
    decider = Decider(
        lanes=actor.lanes(before.unit),
        officer=actor.id,
        name=actor.name,
        stands_in=actor.stands_in(before.unit),
    )
    ticket = carry_out(change, before, decider, choice, ids=ids, now=now)
    once.keep(change, key, actor, ticket=ticket.number)
    return ticket


def carry_out(
    change: Change, before: Ticket, decider: Decider, choice: Choice, *, ids: Ids, now: datetime
) -> Ticket:
    """The decision itself, whoever's hand it comes from."""
    office = offices.current(change)
    bound, current = _standing(change, office, before, choice, now)
    if not may_hold(bound.procedure, current.visit, decider.lanes):
        raise NotYours(before.number, lane_of(bound.procedure, current.visit.lane).name)
    chosen = _offered(bound, current, change, before, choice)
    unit = _target_unit(office, chosen, choice) if chosen else None
    if chosen:
        needed.check(change, before, current, find_step(bound.procedure, current.visit.step), chosen)
    try:
        step = decide(
            bound.procedure,
            current.visit,
            choice.decision,
            by=decider.officer,
            now=now,
            calendar=visiting.calendar_of(office, unit.id if unit else before.unit),
            reason=choice.reason,
            code=choice.code,
            history=visits.history(change, before.id),
            vacant=needed.vacant(change, before, now),
        )
    except AlreadyDecided as error:
        raise _told(change, office, before, error, now) from None
    if step.opened is not None:
        needed.check_form(change, before, lane_of(bound.procedure, step.opened.lane))
    step = replace(step, closed=replace(step.closed, deputy_of=decider.stands_in.get(step.closed.lane)))
    ticket = replace(before, unit=unit.id, holder=None) if unit else before
    ticket = visiting.move(change, office, ticket, current, step)
    ticket = assigning.share(change, office, ticket, now)
    ticket = _ended(change, ticket, step, now)
    tickets.save(change, replace(ticket, changed_at=now), before)
    announce(change, office, ticket, step, ids.salt, now)
    awaiting.decided(change, office, ticket, now)
    trail.add(
        change,
        "decided",
        now,
        actor=decider.officer,
        ticket=ticket.id,
        visit=current.id,
        step=current.visit.step,
        decision=step.decision.id,
        to=ticket.step,
        link=decider.officer is None,
    )
    change.tell("queue", f"ticket.{ticket.id}")
    return ticket


async def put(
    db: Database, number: str, actor: Officer, choice: Choice, *, key: str, now: datetime
) -> Ticket:
    """`by_officer` for faces: a decision that is not theirs to make is refused in words and recorded."""
    try:
        return await db.write(by_officer, number, actor, choice, key=key, ids=fresh(), now=now)
    except (NotYours, NotFound) as error:
        await db.write(refused, number, actor, choice, type(error).__name__, now)
        raise


def refused(change: Change, number: str, actor: Officer, choice: Choice, error: str, now: datetime) -> None:
    """A decision by the wrong lane, unit or a deputy out of dates is recorded."""
    digits = number.strip().removeprefix("#")
    ticket = (
        tickets.find(change, int(digits))
        if digits.isascii() and digits.isdigit() and len(digits) < 16
        else None
    )
    if ticket:
        trail.add(
            change,
            "refused",
            now,
            actor=actor.id,
            ticket=ticket.id,
            decision=choice.decision[:40],
            error=error,
        )


def buttons(view: View, ticket: Ticket) -> tuple[Open, tuple[Decision, ...]] | None:
    """The open stay of a case and what the rules allow there; None when nothing is to be decided."""
    bound = offices.current(view).pinned(ticket.procedure)
    current = visits.open_of(view, ticket.id)
    if bound is None or current is None or not current.visit.step:
        return None
    return current, options(bound.procedure, current.visit, visits.history(view, ticket.id))


def _standing(
    change: Change, office: Office, ticket: Ticket, choice: Choice, now: datetime
) -> tuple[InForce, Open]:
    bound = office.pinned(ticket.procedure)
    current = visits.get(change, choice.visit)
    if bound is None or current is None or current.case != ticket.id or not current.visit.step:
        raise NothingToDecide(ticket.number)
    if current.visit.closed_at is not None:
        step = next((each for each in bound.procedure.steps if each.id == current.visit.step), None)
        labels = {each.id: each.label for each in step.decisions} if step else {}
        error = AlreadyDecided(
            current.visit.step,
            labels.get(current.visit.decision, current.visit.decision),
            current.visit.by,
            current.visit.closed_at,
        )
        raise _told(change, office, ticket, error, now)
    return bound, current


def _told(view: View, office: Office, ticket: Ticket, error: AlreadyDecided, now: datetime) -> DecidedBefore:
    who = officers.find(view, error.params["by"], now) if error.params["by"] else None
    zone = visiting.calendar_of(office, ticket.unit).zone
    return DecidedBefore(error.params["decision"], who.name if who else "-", moment(error.params["at"], zone))


def _offered(bound: InForce, current: Open, view: View, ticket: Ticket, choice: Choice) -> Decision | None:
    allowed = options(bound.procedure, current.visit, visits.history(view, ticket.id))
    return next((each for each in allowed if each.id == choice.decision), None)


def _target_unit(office: Office, chosen: Decision, choice: Choice) -> Unit | None:
    """A redistribution names where the case goes (JSS 2b). Raises UnitMissing."""
    if chosen.kind is not Kind.REDISTRIBUTE:
        return None
    unit = next((each for each in office.units.values() if each.code == choice.unit), None)
    if unit is None:
        raise UnitMissing(", ".join(sorted(each.code for each in office.units.values())))
    return unit


def _ended(change: Change, ticket: Ticket, step: Move, now: datetime) -> Ticket:
    """The case is over for its reporter: answered, and closed where the decision closes it."""
    if step.decision.closes:
        return closing.finished(ticket, now)
    if not step.ended:
        return ticket
    if ticket.status is Status.CLOSED:
        return ticket
    return replace(answered(ticket, now), status=Status.ANSWERED)


def announce(change: Change, office: Office, ticket: Ticket, step: Move, salt: str, now: datetime) -> None:
    """Who has the ball gets a card, the rungs that were passed hear of the policy, the reporter what the SOP promises."""
    if step.says:
        conversation = conversations.get(change, ticket.conversation)
        letters.to_reporter(change, ticket, conversation, step.says, now=now, salt=salt, automatic=True)
    for lane in step.tell_lanes:
        notify.outcome(change, office, ticket, step, lane, now)
    if step.opened is not None:
        notify.turn(change, office, ticket, step.opened, now)
