"""The supervisor's hand on the tree of categories: made, changed, moved, merged, parted, retired. Tickets keep what they carry."""

from datetime import datetime

from msgspec import Struct

from desk.seeing import needs, needs_in
from sop.category_tree import children_of, must_not_circle, under
from sop.errors import N_, DeskError, NotFound
from sop.office import Category, Office
from sop.officer import Officer, Right
from store import categories, trail
from store import office as offices
from store.categories import Kept, Weight
from store.db import Change, View

MERGED = "category.merged."  # setting: what a merge took along, by the id of what was merged


class CategoryAbsent(NotFound):
    """It is not there, is foreign, or is no longer in use: all look the same."""

    def __init__(self) -> None:
        DeskError.__init__(self, N_("Kategori ini tidak ada atau tidak lagi dipakai. Kembali ke daftarnya."))


class CodeTaken(DeskError):
    def __init__(self, code: str) -> None:
        super().__init__(
            N_("Kode “{code}” sudah dipakai. Pilih kode lain, atau aktifkan lagi kategori itu."), code=code
        )


class HasBranches(DeskError):
    """What hangs below would stand nowhere."""

    def __init__(self, name: str, branches: str) -> None:
        super().__init__(
            N_("“{name}” masih memiliki subkategori: {branches}. Pindahkan atau pensiunkan dahulu."),
            name=name,
            branches=branches,
        )


class Consequence(Struct, frozen=True, kw_only=True):
    """What a merge moves: tickets that count as the target's from then on, templates and keywords that go along."""

    weight: Weight
    keywords: tuple[str, ...]
    branches: tuple[str, ...]


def mine(view: View, actor: Officer, number: int) -> Kept:
    """The category, if this officer may change it; a foreign one looks as one that is not there. Raises NotAllowed, CategoryAbsent."""
    needs(actor, Right.OFFICE)
    found = categories.find(view, number) if 0 < number < 1 << 62 else None
    if found is None or not may_change(actor, found.category):
        raise CategoryAbsent
    return found


def may_change(actor: Officer, category: Category) -> bool:
    """What is of every unit is for who has the right everywhere."""
    if category.unit is None:
        return actor.units(Right.OFFICE) is None
    return actor.has(Right.OFFICE, category.unit)


def create(change: Change, actor: Officer, wanted: Category, now: datetime) -> int:
    """Raises NotAllowed, CodeTaken."""
    needs_in(actor, Right.OFFICE, wanted.unit)
    if wanted.code in categories.ids(change):
        raise CodeTaken(wanted.code)
    number = categories.put(change, wanted)
    _done(change, actor, "category.added", number, now)
    return number


def save(change: Change, actor: Officer, wanted: Category, now: datetime) -> None:
    """Rename, move and set; a name that changes stays readable in the chain. Raises NotAllowed, CategoryAbsent, CategoryCircle."""
    before = mine(change, actor, wanted.id)
    needs_in(actor, Right.OFFICE, wanted.unit)
    if not before.active:
        raise CategoryAbsent
    must_not_circle(offices.current(change).categories, wanted.id, wanted.parent)
    if wanted == before.category:
        return
    categories.put(change, wanted)
    facts: dict[str, object] = {}
    if wanted.name != before.category.name:
        facts = {"was": before.category.name}
    elif wanted.parent != before.category.parent:
        facts = {"under": wanted.parent or 0}
    kind = "category.renamed" if "was" in facts else "category.moved" if facts else "category.changed"
    _done(change, actor, kind, wanted.id, now, **facts)


def consequence(view: View, actor: Officer, number: int, into: int) -> Consequence:
    """What `merge` would do, to be shown before. Raises as it does."""
    source, target = _pair(view, actor, number, into)
    office = offices.current(view)
    return Consequence(
        weight=categories.weigh(view, office.counted_as(number)),
        keywords=tuple(sorted(source.keywords - target.keywords)),
        branches=tuple(each.name for each in children_of(office.categories.values(), number)),
    )


def merge(change: Change, actor: Officer, number: int, into: int, now: datetime) -> None:
    """Its tickets count as the target's in every list and figure; keywords, templates and branches go along.

    Nothing of a ticket is written, so `part` undoes it. Raises NotAllowed, CategoryAbsent, CategoryCircle.
    """
    source, target = _pair(change, actor, number, into)
    taken = sorted(source.keywords - target.keywords)
    below = [each.id for each in children_of(offices.current(change).categories.values(), number)]
    templates = categories.move_templates(change, number, into)
    categories.set_keywords(change, into, target.keywords | source.keywords)
    categories.merge(change, number, into)
    told = {"templates": templates, "keywords": taken, "branches": below, "into": into}
    offices.set_setting(change, f"{MERGED}{number}", told)
    _done(change, actor, "category.merged", number, now, into=into)


def part(change: Change, actor: Officer, number: int, now: datetime) -> None:
    """Undo a merge: what went along comes back, unless somebody has moved it on. Raises NotAllowed, CategoryAbsent."""
    found = mine(change, actor, number)
    told = offices.setting(change, f"{MERGED}{number}", None)
    if found.merged_into is None or told is None:
        raise CategoryAbsent
    target = categories.find(change, found.merged_into)
    office = offices.current(change)
    parent = found.category.parent if found.category.parent in office.categories else None
    categories.part(change, number, parent)
    categories.take_back(change, told["branches"], found.merged_into, number)
    categories.return_templates(change, told["templates"], found.merged_into, number)
    if target:
        left = target.category.keywords - frozenset(told["keywords"])
        categories.set_keywords(change, target.category.id, left)
    _done(change, actor, "category.parted", number, now)


def retire(change: Change, actor: Officer, number: int, now: datetime) -> None:
    """No longer chosen; tickets keep it. Raises NotAllowed, CategoryAbsent, HasBranches."""
    found = mine(change, actor, number)
    below = children_of(offices.current(change).categories.values(), number)
    if below:
        raise HasBranches(found.category.name, ", ".join(each.name for each in below))
    if found.active:
        categories.set_active(change, number, False)
        _done(change, actor, "category.retired", number, now)


def revive(change: Change, actor: Officer, number: int, now: datetime) -> None:
    """In use again. What was merged is parted instead. Raises NotAllowed, CategoryAbsent."""
    found = mine(change, actor, number)
    if found.merged_into is not None:
        raise CategoryAbsent
    if not found.active:
        categories.set_active(change, number, True)
        _done(change, actor, "category.revived", number, now)


def targets(office: Office, actor: Officer, number: int) -> tuple[Category, ...]:
    """Into which others this one may be merged."""
    own = under(office.categories, number)
    return tuple(
        each for each in office.categories.values() if each.id not in own and may_change(actor, each)
    )


def _pair(view: View, actor: Officer, number: int, into: int) -> tuple[Category, Category]:
    source, target = mine(view, actor, number), mine(view, actor, into)
    if not source.active or not target.active:
        raise CategoryAbsent
    must_not_circle(offices.current(view).categories, number, into)
    return source.category, target.category


def _done(change: Change, actor: Officer, kind: str, number: int, now: datetime, **facts: object) -> None:
    offices.changed(change)
    trail.add(change, kind, now, actor=actor.id, ticket=number, case_kind="category", **facts)
    change.tell("queue")
