"""What the Humas bot reads before it speaks: one still picture of a publication, and of what waits for an officer."""

from datetime import datetime

from msgspec import Struct

from desk import publication_diary, publication_page, publication_reading
from desk.publication_diary import Entry
from desk.publication_page import CasePage
from desk.publication_reading import Board, Card
from sop import publication as rules
from sop.officer import Officer
from sop.procedure import Decision, Step, find_step, first_stay
from sop.publication import Publication
from store import office as offices
from store import officers, seen
from store.db import View

BOT = "humas"


class Standing(Struct, frozen=True, kw_only=True):
    """A publication as this officer may see it. `first`: it stands at the chain's first step. `now` is the moment."""

    page: CasePage
    step: Step | None
    first: bool
    orders: frozenset[str]
    line: str

    @property
    def publication(self) -> Publication:
        return self.page.publication

    def offer(self, decision: str) -> Decision | None:
        return next((each for each in self.page.offers if each.id == decision), None)


class Waiting(Struct, frozen=True, kw_only=True):
    """`mine` waits for this officer's lanes; `others` are under way elsewhere, or were asked for by them."""

    mine: tuple[Card, ...]
    others: tuple[tuple[str, Card], ...]
    inside: bool


def speaker(view: View, user: str, now: datetime) -> Officer | None:
    """Whose chat with the Humas bot that is."""
    return officers.by_chat(view, BOT, user, now)


def standing(view: View, number: str, officer: Officer, now: datetime) -> Standing:
    """Raises NoSuchPublication."""
    page = publication_page.case(view, officer, number, now)
    office = offices.current(view)
    bound = office.pinned(page.publication.procedure)
    procedure = bound.procedure if bound else None
    step = find_step(procedure, page.publication.step) if procedure else None
    orders = frozenset(
        each.id for each in page.offers if procedure and rules.publishes(find_step(procedure, each.target))
    )
    return Standing(
        page=page,
        step=step,
        first=bool(procedure and step and first_stay(procedure).id == step.id),
        orders=orders,
        line=_lane(page),
    )


def _lane(page: CasePage) -> str:
    """Who has it now."""
    return next((each.lane for each in page.stops if each.state == "now"), "")


def waiting(view: View, officer: Officer, now: datetime) -> Waiting:
    board: Board = publication_reading.board(view, officer, now)
    mine = [card for column in board.columns if column.mine for card in column.cards]
    others = [(column.name, card) for column in board.columns if not column.mine for card in column.cards]
    return Waiting(mine=tuple(mine), others=tuple(others), inside=board.inside)


def coming(view: View, officer: Officer, now: datetime, zone: str) -> tuple[list[Entry], str]:
    """What goes out this month from now on, and the zone of its times."""
    diary = publication_diary.diary(view, officer, now, None, zone)
    entries = [each for week in diary.weeks for day in week for each in day.entries]
    return [
        each for each in entries if (each.kind != "out" and each.at >= now) or each.kind == "going"
    ], diary.zone


def answered_before(view: View, key: str, officer: Officer) -> bool:
    """Whether this very update was carried out already."""
    return seen.find(view, f"officer.{officer.id}", key) is not None
