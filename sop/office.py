"""The office as one still picture: units, calendars, categories and the procedures in force."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from sop.calendar import Calendar
from sop.language import Language
from sop.procedure import Procedure


class Unit(Struct, frozen=True, kw_only=True):
    """Fakultas, lembaga, kantor pusat or perangkat daerah (OPD). `sharing`: "hand" or "fair"."""

    id: int
    code: str
    name: str
    kind: str = "kantor_pusat"
    parent: int | None = None
    calendar: Calendar
    procedure: str = ""
    sharing: str = "hand"
    staff_chat: str = ""


class Category(Struct, frozen=True, kw_only=True):
    """A tag of the supervisor's list (ITB L.02). `keywords` are folded to lower case."""

    id: int
    code: str
    name: str
    parent: int | None = None
    keywords: frozenset[str] = frozenset()
    unit: int | None = None
    procedure: str = ""
    identity: str = "none"
    needs_photo: bool = False
    needs_location: bool = False
    template_only: bool = False
    retention_days: int | None = None  # None: as the desk keeps everything
    position: int = 0  # among its siblings; equal ones stand by name


class InForce(Struct, frozen=True, kw_only=True):
    """A revision of a procedure and the time from which cases are pinned to it."""

    id: int
    code: str
    from_at: datetime
    until_at: datetime | None = None
    procedure: Procedure

    @property
    def publishes(self) -> bool:
        """A chain that publications walk; a ticket bound to it asks for one and walks nothing."""
        return self.procedure.kind == "publication"


class Listener(Struct, frozen=True, kw_only=True):
    """A chat in which an officer of a unit hears of new tickets, while the seat is in force."""

    chat: str
    officer: int
    language: Language
    unit: int | None
    from_at: datetime
    until_at: datetime | None = None


class Office(Struct, frozen=True, kw_only=True):
    name: str = ""
    units: Mapping[int, Unit] = {}
    categories: Mapping[int, Category] = {}
    retired: Mapping[int, Category] = {}  # no longer chosen; tickets keep them
    merged: Mapping[int, int] = {}  # category -> the one that its tickets count as
    suggests: bool = True  # whether a category is suggested beside the buttons
    first_run: bool = False  # nobody has dismissed the first steps yet
    procedures: tuple[InForce, ...] = ()
    intake: Mapping[
        str, str
    ] = {}  # channel -> code of the unit its messages go to; "" is every other channel
    words: Mapping[str, tuple[int, ...]] = {}  # keyword -> categories
    listeners: tuple[Listener, ...] = ()
    group: str = ""  # the staff group of config.yaml: it gets masked cards only

    def category(self, number: int | None) -> Category | None:
        """The one in use that a stored number stands for: itself, or the one it was merged into."""
        return self.categories.get(self.merged.get(number or 0, number or 0))

    def tags(self, numbers: Iterable[int]) -> tuple[Category, ...]:
        """What a ticket is filed under, as it is shown: merged ones as their target, retired ones still by name."""
        own = dict.fromkeys(self.merged.get(number, number) for number in numbers)
        found = (self.categories.get(number) or self.retired.get(number) for number in own)
        return tuple(each for each in found if each is not None)

    def counted_as(self, number: int) -> frozenset[int]:
        """The category and those merged into it: what a filter or report of it looks for."""
        return frozenset({number, *(one for one, target in self.merged.items() if target == number)})

    def unit_of(self, channel: str, category: Category | None) -> Unit | None:
        """Where a case goes: the category's unit, else the intake address's, else the only unit there is."""
        if category and category.unit and category.unit in self.units:
            return self.units[category.unit]
        code = self.intake.get(channel) or self.intake.get("")
        if code:
            return next((unit for unit in self.units.values() if unit.code == code), None)
        return next(iter(self.units.values())) if len(self.units) == 1 else None

    def hearing(self, unit: int | None, at: datetime) -> tuple[Listener, ...]:
        """Who is told of a ticket of that unit."""
        return tuple(
            each
            for each in self.listeners
            if (each.unit is None or each.unit == unit)
            and each.from_at <= at
            and (each.until_at is None or at < each.until_at)
        )

    def in_force(self, code: str, at: datetime) -> InForce | None:
        """The revision of a procedure that binds a case opened at that time."""
        return next(
            (
                one
                for one in reversed(self.procedures)
                if one.code == code and one.from_at <= at and (one.until_at is None or at < one.until_at)
            ),
            None,
        )

    def pinned(self, revision: int | None) -> InForce | None:
        return next((one for one in self.procedures if one.id == revision), None)

    def binding(self, unit: Unit | None, category: Category | None, at: datetime) -> InForce | None:
        """Which procedure a case is pinned to: the category's own, else its unit's."""
        code = (category.procedure if category else "") or (unit.procedure if unit else "")
        return self.in_force(code, at) if code else None

    def publishes(self, category: Category | None, at: datetime) -> bool:
        """Whether who chooses that category asks for a publication. A mere keyword asks for none."""
        bound = self.in_force(category.procedure, at) if category and category.procedure else None
        return bound is not None and bound.publishes

    def suggest(self, text: str) -> Category | None:
        """The category whose keywords the text names most often; None when no keyword or a tie says nothing."""
        hits: dict[int, int] = {}
        for word in set(text.lower().translate(_PUNCTUATION).split()):
            for category in self.words.get(word, ()):
                hits[category] = hits.get(category, 0) + 1
        best = sorted(hits.items(), key=lambda hit: -hit[1])[:2]
        if not best or (len(best) == 2 and best[0][1] == best[1][1]):
            return None
        return self.categories[best[0][0]]


_PUNCTUATION = str.maketrans(dict.fromkeys(".,;:!?()[]{}\"'/\\<>*_-", " "))


def words_of(categories: Mapping[int, Category]) -> dict[str, tuple[int, ...]]:
    """The keyword index of `Office.suggest`."""
    index: dict[str, list[int]] = {}
    for category in categories.values():
        for word in category.keywords:
            index.setdefault(word, []).append(category.id)
    return {word: tuple(ids) for word, ids in index.items()}
