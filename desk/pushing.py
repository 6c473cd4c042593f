"""The push (SOP PKIH HUM-02 step 6, "menyebarkan informasi melalui media push-info"): planned once, fed into the outbox in
batches, paused, stopped, finished. What feeds it reads rows alone, so that a crash goes on where it was."""

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from desk import announcing, archiving, dispositions, once, publication_seeing, publication_steps, publishing
from desk.publishing import EARLY, TimePast
from sop import publication as rules
from sop.delivery import Sent
from sop.errors import N_, DeskError
from sop.officer import Officer
from sop.procedure import find_step, lane_of
from sop.publication import NotApproved, NotRunning, Publication
from sop.ticket import NEVER
from sop.visit import may_hold
from store import narrations, officers, outbox, publications, pushes, trail
from store import office as offices
from store.db import Change, View
from store.pushes import Push

CASE = publications.CASE
BATCH = 100  # recipients a write: answers and intake take their turn between
UNDER_WAY = ("queued", "sending")
RECENT = timedelta(seconds=30)
QUIET = ("pin", "unpin")  # pushes that say no word and that nobody pauses
LEFT = N_("Berhenti berlangganan atau memblokir kita sebelum disebar")


class PushingAlready(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(
            N_("Publikasi {number} sudah dijadwalkan atau sedang disebar; tidak disebar dua kali."),
            number=number,
        )


class NotPushing(DeskError):
    def __init__(self, number: str) -> None:
        super().__init__(N_("Publikasi {number} tidak sedang disebar."), number=number)


class Progress(Struct, frozen=True, kw_only=True):
    """`arrived` counts what a provider took, `unknown` what it may have taken. `rate` is messages a second: of the last
    RECENT while it runs, so that a pause is not counted in, of the whole afterwards. `left` is the time that the rest
    needs at that rate (None: unknown yet, or not running).
    """

    push: Push
    arrived: int
    failed: int
    unknown: int
    withdrawn: int
    waiting: int
    rate: float = 0.0
    left: timedelta | None = None


def begin(
    change: Change,
    number: str,
    actor: Officer,
    *,
    at: datetime | None = None,
    pin_until: datetime | None = None,
    key: str,
    now: datetime,
) -> Publication:
    """Plan the push, now or at a time: by the publishing step's lane, of the version that was found fit and ordered out.

    `pin_until`: posts in channels and groups are pinned once all has gone out, and unpinned then.

    Raises NoSuchPublication, NotRunning, NotYourLane, NotApproved, TimePast, PushingAlready.
    """
    publication = publication_seeing.get(change, number, visible_to=actor)
    if not once.first(change, key, actor, now):
        return publication
    _may_push(change, publication, actor)
    if at is not None and at < now - EARLY:
        raise TimePast
    if pin_until is not None and pin_until <= (at or now):
        raise TimePast
    past = pushes.of_publication(change, publication.id)
    if any(each.kind == "publish" and each.state != "stopped" for each in past):
        raise PushingAlready(publication.number)
    narration = narrations.get(change, publication.id, publication.version)
    push = pushes.plan(
        change,
        publication.id,
        "publish",
        narration.text if narration else "",
        total=sum(pushes.audience(change, publication.id).values()),
        start_at=at or now,
        by=actor.id,
        pin_until=pin_until,
    )
    after = replace(publication, publish_at=at or now, changed_at=now)
    publications.save(change, after)
    _noted(change, after, "push.planned", actor.id, now, push=push, version=after.version)
    return after


def pause(change: Change, number: str, actor: Officer, *, now: datetime) -> None:
    """What has not left waits; `resume` lets it go on. Raises NotPushing."""
    publication, push = _running(change, number, actor, ("planned", "running"))
    pushes.set_state(change, push.id, "paused")
    pushes.hold(change, push.id, NEVER)
    _noted(change, publication, "push.paused", actor.id, now, push=push.id)


def resume(change: Change, number: str, actor: Officer, *, now: datetime) -> None:
    publication, push = _running(change, number, actor, ("paused",))
    if publication.published_at is None and not rules.approved(publication):
        raise NotApproved(publication.number)
    pushes.set_state(change, push.id, "running" if push.begun_at else "planned")
    pushes.release(change, push.id, now)
    _noted(change, publication, "push.resumed", actor.id, now, push=push.id)
    change.tell("outbox.telegram", "outbox.mail", "outbox.whatsapp")


def stop(change: Change, number: str, actor: Officer, *, now: datetime) -> None:
    """What has not left never does; a push that had not begun may be planned again."""
    publication, push = _running(change, number, actor, ("planned", "running", "paused"))
    pushes.call_off(change, push.id)
    if push.begun_at is None:
        pushes.set_state(change, push.id, "stopped", ended_at=now)
        if push.kind == "publish":
            publications.save(change, replace(publication, publish_at=None, changed_at=now))
    else:  # part of it is out: the step is done with what arrived
        pushes.fed(change, push.id, 1 << 62)
        pushes.set_state(change, push.id, "running")
    _noted(change, publication, "push.stopped", actor.id, now, push=push.id)


def feed(change: Change, number: int, now: datetime) -> bool:
    """Begin a push that is due, or write its next outbox rows, or end it. False: nothing is left to do for now."""
    push = pushes.get(change, number)
    publication = publications.find(change, push.publication) if push else None
    if push is None or publication is None or push.state not in ("planned", "running"):
        return False
    if push.state == "planned":
        begun = _begun(change, push, publication, now)
        if begun is None:
            return False
        publication = begun
    batch = pushes.next_of(change, publication.id, after=push.fed_to, most=BATCH)
    if batch:
        _fed(change, push, publication, batch, now)
        return True
    states = pushes.counts(change, push.id)
    if not any(states.get(each) for each in UNDER_WAY):
        _ended(change, push, publication, states, now)
    return False


def _fed(
    change: Change, push: Push, publication: Publication, batch: list[pushes.Recipient], now: datetime
) -> None:
    """Their outbox rows; who has left since the audience was frozen has one that says so and never leaves."""
    carried = announcing.carried(change, publication, push, now)
    for each in batch:
        outgoing = announcing.to(carried, each)
        if outgoing is None:
            continue
        row = outbox.add(change, outgoing, now=now, kind="broadcast")
        pushes.set_outbox(change, each.id, row, push.id, push.kind)
        if each.left and push.kind == "publish":
            outbox.give_up(change, row, state=Sent.WITHDRAWN, error=LEFT)
    pushes.fed(change, push.id, batch[-1].id)
    publishing.tell(change, publication)


def key_in(change: Change, number: str, actor: Officer, recipient: int, link: str, *, now: datetime) -> None:
    """The receipt of a medium that no channel reaches (Instagram, a notice board): where it hangs now."""
    publication = publication_seeing.get(change, number, visible_to=actor)
    if not publication_seeing.in_chain(offices.current(change), publication, actor):
        raise NotPushing(publication.number)
    known = {each.id for each in pushes.by_hand(change, publication.id)}
    if recipient not in known or publication.published_at is None:
        raise NotPushing(publication.number)
    pushes.key_in(change, recipient, link.strip()[:500], by=actor.id, at=now)
    _noted(change, publication, "push.keyed", actor.id, now, recipient=recipient)
    last = [each for each in pushes.of_publication(change, publication.id) if each.kind == "publish"]
    if last and last[-1].state == "done":
        _published(change, publication, last[-1], now)
    archiving.renew(change, publication, now)


def progress(view: View, push: Push, now: datetime) -> Progress:
    states = pushes.counts(view, push.id)
    arrived = sum(states.get(each, 0) for each in ("sent", "delivered", "read"))
    waiting = sum(states.get(each, 0) for each in UNDER_WAY)
    rate = _rate(view, push, arrived, now)
    unfed = max(0, push.total - sum(states.values())) if push.state in ("planned", "running", "paused") else 0
    to_go = waiting + unfed
    return Progress(
        push=push,
        arrived=arrived,
        failed=states.get("failed", 0),
        unknown=states.get("unknown", 0),
        withdrawn=states.get("withdrawn", 0),
        waiting=to_go,
        rate=rate,
        left=timedelta(seconds=to_go / rate) if rate and push.state == "running" else None,
    )


def _rate(view: View, push: Push, arrived: int, now: datetime) -> float:
    if push.begun_at is None:
        return 0.0
    since = push.begun_at
    if push.state == "running":
        since = max(since, now - RECENT)
        arrived = pushes.sent_since(view, push.id, since)
    seconds = ((push.ended_at or now) - since).total_seconds()
    return arrived / seconds if seconds > 0 else 0.0


def _may_push(change: Change, publication: Publication, actor: Officer) -> None:
    bound = offices.current(change).pinned(publication.procedure)
    current = publication_steps.open_of(change, publication)
    if bound is None or current is None:
        raise NotRunning(publication.number)
    if not may_hold(bound.procedure, current.visit, actor.lanes(publication.unit)):
        lane = lane_of(bound.procedure, current.visit.lane)
        raise dispositions.NotYourLane(publication.number, lane.name)
    if not rules.publishes(find_step(bound.procedure, current.visit.step)) or not rules.approved(publication):
        raise NotApproved(publication.number)


def _running(
    change: Change, number: str, actor: Officer, states: tuple[str, ...]
) -> tuple[Publication, Push]:
    publication = publication_seeing.get(change, number, visible_to=actor)
    if not publication_seeing.in_chain(offices.current(change), publication, actor):
        raise NotPushing(publication.number)
    found = [
        each
        for each in pushes.of_publication(change, publication.id)
        if each.state in states and each.kind not in QUIET
    ]
    if not found:
        raise NotPushing(publication.number)
    return publication, found[-1]


def _begun(change: Change, push: Push, publication: Publication, now: datetime) -> Publication | None:
    """P14 once more, at the moment it leaves: what is no longer approved does not."""
    if push.kind == "publish" and not rules.approved(publication):
        pushes.set_state(change, push.id, "stopped", ended_at=now)
        return None
    pushes.set_state(change, push.id, "running", begun_at=now)
    after = replace(publication, published_at=publication.published_at or now, changed_at=now)
    publications.save(change, after)
    _noted(change, after, "push.begun", push.by, now, push=push.id)
    return after


def _ended(
    change: Change, push: Push, publication: Publication, states: dict[str, int], now: datetime
) -> None:
    pushes.set_state(change, push.id, "done", ended_at=now)
    _noted(change, publication, "push.done", None, now, push=push.id, states=states)
    if push.kind == "publish":
        _pinned(change, publication, push, now)
        _published(change, publication, push, now)
    archiving.renew(change, publication, now)


def _pinned(change: Change, publication: Publication, push: Push, now: datetime) -> None:
    """What shall be pinned is so once all has gone out, quietly; and unpinned at its time. Once, however often rows of it
    are sent again."""
    past = pushes.of_publication(change, publication.id)
    if push.pin_until is None or any(each.kind == "pin" for each in past):
        return
    for kind, at in (("pin", now), ("unpin", max(now, push.pin_until))):
        pushes.plan(change, publication.id, kind, "", total=0, start_at=at, by=push.by)


def _published(change: Change, publication: Publication, push: Push, now: datetime) -> None:
    """Step 6 is done: every channel has what it takes, and the media that a hand serves are keyed in."""
    open_tasks = any(each.keyed_at is None for each in pushes.by_hand(change, publication.id))
    actor = officers.find(change, push.by, now) if push.by else None
    if not open_tasks:
        dispositions.published(change, publication, actor, now)


def _noted(
    change: Change, publication: Publication, kind: str, by: int | None, now: datetime, **facts: object
) -> None:
    trail.add(change, kind, now, actor=by, ticket=publication.id, case_kind=CASE, **facts)
    publishing.tell(change, publication)
