"""A decision in the Humas chain (SOP PKIH HUM-02): by the step's lane or its deputy, once, with its reason. The page and the
chat card call the same act."""

from datetime import datetime

from msgspec.structs import replace

from desk import (
    archiving,
    audience,
    once,
    publication_asker,
    publication_notify,
    publication_seeing,
    publication_steps,
    publishing,
)
from desk.decide import Choice, DecidedBefore
from sop import publication as rules
from sop.errors import N_, DeskError
from sop.office import InForce, Office
from sop.officer import Officer
from sop.procedure import Decision, Kind, find_step, lane_of
from sop.publication import NarrationMissing, NotRunning, Publication, Status
from sop.visit import Move, decide, may_hold, options
from sop.wording import moment
from store import narrations, officers, publications, trail, visits
from store import office as offices
from store.db import Change, Database, View
from store.visits import Open

CASE = publications.CASE


class NotYourLane(DeskError):
    """The ball is with another lane, or the deputy's dates are over."""

    def __init__(self, number: str, lane: str) -> None:
        super().__init__(
            N_("Publikasi {number} sedang di tangan {lane}; hanya pelaksana itu yang memutuskan."),
            number=number,
            lane=lane,
        )


class PushFirst(DeskError):
    """Step 6 is done by sending, never by a button alone."""

    def __init__(self, number: str) -> None:
        super().__init__(
            N_(
                "Publikasi {number} selesai disebar setelah benar-benar dikirim. Pilih Sebar sekarang atau jadwalkan."
            ),
            number=number,
        )


def by_officer(
    change: Change, number: str, actor: Officer, choice: Choice, *, key: str, now: datetime
) -> Publication:
    """Raises NoSuchPublication, NotRunning, NotYourLane, DecidedBefore, NoSuchDecision, ReasonMissing, and what the rules
    of sop/publication.py want before: TargetsMissing, ChecksMissing, NotApproved.
    """
    publication = publication_seeing.get(change, number, visible_to=actor)
    if not once.first(change, key, actor, now):
        return publication
    after = carry_out(change, publication, actor, choice, now)
    once.keep(change, key, actor, publication=after.id)
    return after


def carry_out(
    change: Change, before: Publication, actor: Officer, choice: Choice, now: datetime
) -> Publication:
    office = offices.current(change)
    bound, current = _standing(change, office, before, choice, now)
    procedure, past = bound.procedure, publication_steps.history(change, before)
    if not may_hold(procedure, current.visit, actor.lanes(before.unit)):
        raise NotYourLane(before.number, lane_of(procedure, current.visit.lane).name)
    chosen = next(
        (each for each in options(procedure, current.visit, past) if each.id == choice.decision), None
    )
    if chosen is not None:
        if chosen.kind is Kind.PUBLISH:
            raise PushFirst(before.number)
        _check(change, before, bound, chosen)
    step = decide(
        procedure,
        current.visit,
        choice.decision,
        by=actor.id,
        now=now,
        calendar=publication_steps.calendar_of(office, before),
        reason=choice.reason,
        code=choice.code,
        history=past,
        vacant=publication_steps.vacant(change, before, now),
    )
    deputy = actor.stands_in(before.unit).get(step.closed.lane)
    step = replace(step, closed=replace(step.closed, deputy_of=deputy))
    return _moved(change, office, before, current, step, actor, now)


def _moved(
    change: Change,
    office: Office,
    before: Publication,
    current: Open,
    step: Move,
    actor: Officer | None,
    now: datetime,
) -> Publication:
    procedure = publication_steps.bound_to(office, before).procedure
    after = rules.after(before, procedure, step.decision)
    if after.ordered != before.ordered:
        audience.freeze(change, after)
    after = replace(publication_steps.move(change, office, after, current, step), changed_at=now)
    if step.ended:
        status = Status.REJECTED if step.decision.kind is Kind.REJECT else Status.ARCHIVED
        after = publication_steps.over(after, status, now)
    publications.save(change, after)
    if after.status is Status.ARCHIVED:
        archiving.gather(change, after, actor.id if actor else None, now)
    if step.opened is not None:
        publication_notify.turn(change, office, after, now)
    else:
        publication_notify.outcome(change, after, step, now)
        publication_asker.ended(change, after, step, now)
    trail.add(
        change,
        "decided",
        now,
        actor=actor.id if actor else None,
        ticket=after.id,
        case_kind=CASE,
        visit=current.id,
        step=current.visit.step,
        decision=step.decision.id,
        to=after.step,
        version=after.version,
    )
    publishing.tell(change, after)
    return after


def escalate(change: Change, office: Office, publication: Publication, current: Open, now: datetime) -> None:
    """`on_breach: naik`: the case goes up by itself, decided by nobody."""
    bound = publication_steps.bound_to(office, publication)
    found = find_step(bound.procedure, current.visit.step)
    up = next(each for each in (found.decisions if found else ()) if each.kind is Kind.ESCALATE)
    step = decide(
        bound.procedure,
        current.visit,
        up.id,
        by=None,
        now=now,
        calendar=publication_steps.calendar_of(office, publication),
        reason="tenggat terlewati",
        history=publication_steps.history(change, publication),
        vacant=publication_steps.vacant(change, publication, now),
    )
    _moved(change, office, publication, current, step, None, now)


def published(change: Change, publication: Publication, actor: Officer | None, now: datetime) -> None:
    """The push is done: the publishing step ends by it, decided by who ordered it off."""
    office = offices.current(change)
    bound, current = office.pinned(publication.procedure), publication_steps.open_of(change, publication)
    found = find_step(bound.procedure, current.visit.step) if bound and current else None
    chosen = next((each for each in (found.decisions if found else ()) if each.kind is Kind.PUBLISH), None)
    if bound is None or current is None or chosen is None:
        return
    step = decide(
        bound.procedure,
        current.visit,
        chosen.id,
        by=actor.id if actor else None,
        now=now,
        calendar=publication_steps.calendar_of(office, publication),
        history=publication_steps.history(change, publication),
        vacant=publication_steps.vacant(change, publication, now),
    )
    _moved(change, office, publication, current, step, actor, now)


async def put(
    db: Database, number: str, actor: Officer, choice: Choice, *, key: str, now: datetime
) -> Publication:
    """`by_officer` for faces: a decision that is not theirs to make is refused in words and recorded."""
    try:
        return await db.write(by_officer, number, actor, choice, key=key, now=now)
    except NotYourLane as error:
        await db.write(refused, number, actor, choice, type(error).__name__, now)
        raise


def refused(change: Change, number: str, actor: Officer, choice: Choice, error: str, now: datetime) -> None:
    """A decision by the wrong lane or a deputy out of dates is recorded."""
    publication = publications.find(change, publication_seeing.digits(number))
    if publication:
        trail.add(
            change,
            "refused",
            now,
            actor=actor.id,
            ticket=publication.id,
            case_kind=CASE,
            decision=choice.decision[:40],
            error=error,
        )


def buttons(view: View, publication: Publication) -> tuple[Open, tuple[Decision, ...]] | None:
    """The open stay and what the rules allow there; None when nothing is to be decided."""
    bound = offices.current(view).pinned(publication.procedure)
    current = publication_steps.open_of(view, publication)
    if bound is None or current is None:
        return None
    return current, options(bound.procedure, current.visit, publication_steps.history(view, publication))


def _check(change: Change, before: Publication, bound: InForce, chosen: Decision) -> None:
    narration = narrations.get(change, before.id, before.version)
    if chosen.kind in (Kind.CONFIRM, Kind.PUBLISH):
        pictures = any(each.role != "letter" for each in narrations.enclosures(change, before.id))
        if not pictures and not (narration and narration.text.strip()):
            raise NarrationMissing
    rules.before(
        before,
        bound.procedure,
        chosen,
        targets=len(publications.targets_of(change, before.id)),
        ticked=narration.ticked if narration else frozenset(),
    )


def _standing(
    change: Change, office: Office, publication: Publication, choice: Choice, now: datetime
) -> tuple[InForce, Open]:
    bound = office.pinned(publication.procedure)
    current = visits.get(change, choice.visit)
    if bound is None or current is None or (current.case_kind, current.case) != (CASE, publication.id):
        raise NotRunning(publication.number)
    if current.visit.closed_at is not None:
        raise _told(change, office, publication, bound, current)
    return bound, current


def _told(
    view: View, office: Office, publication: Publication, bound: InForce, current: Open
) -> DecidedBefore:
    """What somebody decided first, by whom and when."""
    visit = current.visit
    assert visit.closed_at is not None
    found = find_step(bound.procedure, visit.step)
    labels = {each.id: each.label for each in found.decisions} if found else {}
    who = officers.find(view, visit.by, visit.closed_at) if visit.by else None
    zone = publication_steps.calendar_of(office, publication).zone
    return DecidedBefore(
        labels.get(visit.decision, visit.decision), who.name if who else "-", moment(visit.closed_at, zone)
    )
