"""The Humas board: the lanes of the chain with their cards, what leaves now, and what waits for whom."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from desk import publication_seeing, publication_shelf, publication_steps, pushing
from desk.publication_shelf import Archived
from sop import wording
from sop.language import Language
from sop.office import InForce, Office, Unit
from sop.officer import Officer
from sop.procedure import Role, Step, find_step
from sop.publication import Publication
from sop.wording import Left
from store import office as offices
from store import publication_lists, publications, pushes
from store.db import View

RECENT = 5  # archived cases under the board


class Card(Struct, frozen=True, kw_only=True):
    """A case on the board. `share`: percent that has left, None while nothing leaves."""

    publication: Publication
    left: Left
    share: int | None = None


class Column(Struct, frozen=True, kw_only=True):
    """A lane of the chain. `steps` are its rows of the SOP; `mine`: the reader sits here."""

    lane: str
    name: str
    steps: tuple[Step, ...]
    cards: tuple[Card, ...]
    mine: bool


class Posting(Struct, frozen=True, kw_only=True):
    """A push that is planned, under way or paused, with its case. `hands`: how many of its total a hand serves."""

    publication: Publication
    progress: pushing.Progress
    left: Left
    hands: int


class Board(Struct, frozen=True, kw_only=True):
    """`open`: some unit has a chain in force, so that a request can be made. `inside`: the reader belongs to one."""

    title: str
    code: str
    columns: tuple[Column, ...]
    postings: tuple[Posting, ...]
    archive: tuple[Archived, ...]
    open: bool
    inside: bool
    late: int
    zone: str


def waits(view: View, officer: Officer) -> int:
    """How many cases stand in this officer's Humas lanes. One query."""
    lanes = {(seat.lane, seat.unit) for seat in officer.seats if seat.role == Role.HUMAS}
    return publication_lists.waiting(view, lanes)


def board(view: View, officer: Officer, now: datetime) -> Board:
    """What this officer may see of what is under way: their units' chains whole, else what they asked for."""
    office = offices.current(view)
    chains = publication_seeing.chains(office, now)
    cases = [each for each in publications.running(view) if publication_seeing.sees(office, each, officer)]
    postings = _postings(view, office, cases, officer.language, now)
    going = {each.publication.id: each.progress for each in postings if each.progress.push.begun_at}
    cards = [_card(office, each, going, now, officer.language) for each in cases]
    procedure = chains[0][1].procedure if chains else None
    return Board(
        title=procedure.title if procedure else "",
        code=procedure.number if procedure else "",
        columns=_columns(office, chains, cards, officer),
        postings=postings,
        archive=publication_shelf.shelf(view, officer, now, most=RECENT).cases,
        open=bool(chains),
        inside=publication_seeing.in_humas(view, officer, now),
        late=sum(each.left.state == "late" for each in cards),
        zone=chains[0][0].calendar.zone if chains else "",
    )


def _postings(
    view: View, office: Office, cases: Sequence[Publication], language: Language, now: datetime
) -> tuple[Posting, ...]:
    by_number = {each.id: each for each in cases}
    return tuple(
        Posting(
            publication=by_number[each.publication],
            progress=pushing.progress(view, each, now),
            left=left_of(office, by_number[each.publication], language, now),
            hands=len(pushes.by_hand(view, each.publication)) if each.kind == "publish" else 0,
        )
        for each in pushes.coming(view)
        if each.publication in by_number
    )


def left_of(office: Office, publication: Publication, language: Language, now: datetime) -> Left:
    """The clock of the step at which the case stands."""
    bound = office.pinned(publication.procedure)
    step = find_step(bound.procedure, publication.step) if bound else None
    return wording.left(
        publication.due_at,
        now,
        publication_steps.calendar_of(office, publication),
        opened=publication.step_at or publication.opened_at,
        hours=(step.hours if step else None) or "kerja",
        language=language,
    )


def _card(
    office: Office,
    publication: Publication,
    going: Mapping[int, pushing.Progress],
    now: datetime,
    language: Language,
) -> Card:
    progress = going.get(publication.id)
    total = progress.push.total if progress else 0
    share = 100 * (total - progress.waiting) // total if progress and total else None
    return Card(publication=publication, left=left_of(office, publication, language, now), share=share)


def _columns(
    office: Office, chains: Sequence[tuple[Unit, InForce]], cards: Sequence[Card], officer: Officer
) -> tuple[Column, ...]:
    """Lanes in paper order, of the chains in force first, then those that only older revisions know."""
    names: dict[str, tuple[str, tuple[Step, ...]]] = {}
    pinned = [office.pinned(each.publication.procedure) for each in cards]
    for bound in (*(bound for _, bound in chains), *pinned):
        for lane in bound.procedure.lanes if bound else ():
            steps = tuple(each for each in bound.procedure.steps if each.lane == lane.id) if bound else ()
            if lane.role is Role.HUMAS:
                names.setdefault(lane.id, (lane.name, steps))
    ordered = sorted(cards, key=lambda each: (each.publication.due_at is None, each.publication.due_at))
    mine = {seat.lane for seat in officer.seats if seat.role == Role.HUMAS}
    return tuple(
        Column(
            lane=code,
            name=name,
            steps=steps,
            cards=tuple(each for each in ordered if each.publication.lane == code),
            mine=code in mine,
        )
        for code, (name, steps) in names.items()
    )
