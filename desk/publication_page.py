"""One publication as its page shows it: the journey, the narration and its versions, targets, checks, push and hand tasks."""

from datetime import datetime

from msgspec import Struct

from desk import (
    announcing,
    dispositions,
    errata,
    publication_journey,
    publication_reading,
    publication_seeing,
    publication_spread,
)
from desk import publication_steps as steps
from desk.publication_journey import Stop
from desk.publication_spread import Spread
from sop import publication as rules
from sop.narration import POSTED, Link, Look, faulty, look
from sop.office import Office
from sop.officer import Officer, Right
from sop.procedure import Decision, Kind, find_step
from sop.publication import Publication, Status
from sop.wording import Left
from store import archives, narrations, provider_templates, publication_lists, publications, pushes, targets
from store import office as offices
from store.db import View
from store.narrations import Enclosure, Narration
from store.publication_lists import Person
from store.targets import Target
from store.visits import Open


class Choice(Struct, frozen=True, kw_only=True):
    """A target that can be chosen. `people` hear of it now; `brought` is its part of the frozen audience."""

    target: Target
    people: int
    brought: int
    chosen: bool

    @property
    def usable(self) -> bool:
        return self.target.active and self.target.state != "refused"


class May(Struct, frozen=True, kw_only=True):
    """What the reader can do here now. `check`: the check-list is theirs; `push`: the sending step is. Of what is out:
    `correct` an erratum may be proposed, `approve` one that waits is theirs to approve, `take_back` all of it."""

    decide: bool
    write: bool
    target: bool
    check: bool
    push: bool
    steer: bool
    withdraw: bool
    correct: bool
    approve: bool
    take_back: bool


class CasePage(Struct, frozen=True, kw_only=True):
    """`visit` is the stay that `offers` belong to (0: none). `reach` counts whom the chosen targets reach, by channel;
    `frozen` is the audience at the order (0: none yet). `looks` are the announcement on each channel.
    """

    publication: Publication
    unit: str
    zone: str
    left: Left
    asker: str
    stops: tuple[Stop, ...]
    versions: tuple[Narration, ...]
    people: dict[int, Person]
    letters: tuple[Enclosure, ...]
    carried: tuple[Enclosure, ...]
    targets: tuple[Choice, ...]
    reach: dict[str, int]
    frozen: int
    looks: tuple[Look, ...]
    links: tuple[Link, ...]
    visit: int
    offers: tuple[Decision, ...]
    activity: str
    may: May
    approved: bool
    spread: Spread
    archived: bool

    @property
    def narration(self) -> Narration:
        return self.versions[-1]

    @property
    def ends(self) -> bool:
        return self.publication.status is not Status.RUNNING


def case(view: View, officer: Officer, number: str, now: datetime) -> CasePage:
    """Raises NoSuchPublication."""
    office = offices.current(view)
    publication = publication_seeing.get(view, number, visible_to=officer)
    versions = narrations.versions(view, publication.id)
    enclosed = narrations.enclosures(view, publication.id)
    carried = tuple(each for each in enclosed if each.role != "letter")
    offered = dispositions.buttons(view, publication)
    spread = publication_spread.spread(view, publication, now)
    may = _may(view, office, publication, officer, spread)
    people = publication_lists.people(view, [publication.by, *(each.author for each in versions)])
    bound, unit = office.pinned(publication.procedure), office.units.get(publication.unit or 0)
    step = find_step(bound.procedure, publication.step) if bound else None
    chosen, brought = publications.targets_of(view, publication.id), pushes.audience(view, publication.id)
    text = versions[-1].text
    return CasePage(
        publication=publication,
        unit=unit.name if unit else "",
        zone=steps.calendar_of(office, publication).zone,
        left=publication_reading.left_of(office, publication, officer.language, now),
        asker=people[publication.by].name if publication.by in people else "",
        stops=_stops(view, office, publication, officer, now),
        versions=tuple(versions),
        people=people,
        letters=tuple(each for each in enclosed if each.role == "letter"),
        carried=carried,
        targets=_choices(view, publication, frozenset(chosen), brought),
        reach=publication_lists.reach(view, chosen),
        frozen=sum(brought.values()),
        looks=_looks(view, publication, text, carried),
        links=faulty(text),
        visit=offered[0].id if offered else 0,
        offers=_offers(offered) if may.decide else (),
        activity=step.activity if step else "",
        may=may,
        approved=rules.approved(publication),
        spread=spread,
        archived=archives.get(view, publication.id) is not None,
    )


def _stops(
    view: View, office: Office, publication: Publication, officer: Officer, now: datetime
) -> tuple[Stop, ...]:
    current, history = steps.open_of(view, publication), steps.history(view, publication)
    visit = current.visit if current else None
    return publication_journey.stops(view, office, publication, history, visit, officer.language, now)


def _offers(offered: tuple[Open, tuple[Decision, ...]] | None) -> tuple[Decision, ...]:
    """Publishing is done by sending, never by a button alone."""
    return tuple(each for each in offered[1] if each.kind is not Kind.PUBLISH) if offered else ()


def _may(view: View, office: Office, publication: Publication, officer: Officer, spread: Spread) -> May:
    bound, running = office.pinned(publication.procedure), publication.status is Status.RUNNING
    step = find_step(bound.procedure, publication.step) if bound else None
    inside = publication_seeing.in_chain(office, publication, officer)
    leads = officer.has(Right.ATTEST, publication.unit)
    mine = running and publication.lane in officer.lanes(publication.unit)
    before = running and publication.published_at is None
    checks = errata.may_approve(view, publication, officer)
    return May(
        decide=mine,
        write=before and (inside or publication.by == officer.id),
        target=before and inside,
        check=mine and rules.checks(step),
        push=mine and rules.publishes(step) and before,
        steer=inside,
        withdraw=before and (publication.by == officer.id or leads),
        correct=inside and spread.out and spread.erratum is None,
        approve=checks and spread.erratum is not None,
        take_back=spread.out and (checks or leads),
    )


def _choices(
    view: View,
    publication: Publication,
    chosen: frozenset[int],
    brought: dict[int, int],
) -> tuple[Choice, ...]:
    """Of the unit and the office; what was retired stays as long as it is chosen."""
    heard = targets.subscribers(view)
    return tuple(
        Choice(
            target=each,
            people=heard.get((each.topic or 0, each.channel), 0)
            if each.kind == "subscribers"
            else each.members,
            brought=brought.get(each.id, 0),
            chosen=each.id in chosen,
        )
        for each in targets.every(view)
        if each.id in chosen or (each.active and each.unit in (None, publication.unit))
    )


def _looks(
    view: View, publication: Publication, text: str, carried: tuple[Enclosure, ...]
) -> tuple[Look, ...]:
    form = provider_templates.usable(view, "whatsapp", announcing.PURPOSE)
    return tuple(
        look(channel, publication.subject, text, len(carried), form.body if form else None)
        for channel in POSTED
    )
