"""The supervisor's categories as a tree: in what order they stand, what lies under which, and where one may hang. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from sop.errors import N_, DeskError
from sop.office import Category


class CategoryCircle(DeskError):
    """A category hangs under none of its own branches, and is merged into none."""

    def __init__(self, name: str) -> None:
        super().__init__(
            N_(
                "“{name}” tidak dapat diletakkan di bawah atau digabung ke cabangnya sendiri. Pindahkan cabang itu dahulu."
            ),
            name=name,
        )


class Branch(Struct, frozen=True):
    """A category and how deep it hangs; 0 is topmost."""

    category: Category
    depth: int


def tree(categories: Mapping[int, Category]) -> tuple[Branch, ...]:
    """Each category once, every one behind its parent, siblings by position and name.

    A parent that is not among them counts as none; what hangs in a circle stands topmost.
    """
    children: dict[int, list[Category]] = {}
    for each in sorted(categories.values(), key=lambda one: (one.position, one.name.lower(), one.id)):
        children.setdefault(each.parent if each.parent in categories else 0, []).append(each)  # type: ignore[arg-type]  # None is in no mapping of ints
    found = {branch.category.id: branch for branch in _below(children, 0, 0)}
    lost = (Branch(each, 0) for each in categories.values() if each.id not in found)
    return (*found.values(), *lost)


def _below(children: Mapping[int, list[Category]], parent: int, depth: int) -> Iterator[Branch]:
    for each in children.get(parent, ()):
        yield Branch(each, depth)
        yield from _below(children, each.id, depth + 1)


def children_of(categories: Iterable[Category], parent: int | None) -> tuple[Category, ...]:
    return tuple(each for each in categories if each.parent == parent)


def under(categories: Mapping[int, Category], number: int) -> frozenset[int]:
    """The category and all that hang below it."""
    found, fresh = {number}, {number}
    while fresh:
        fresh = {each.id for each in categories.values() if each.parent in fresh} - found
        found |= fresh
    return frozenset(found)


def must_not_circle(categories: Mapping[int, Category], number: int, target: int | None) -> None:
    """Whether one may hang under, or be merged into, the target. Raises CategoryCircle."""
    if target is not None and target in under(categories, number):
        raise CategoryCircle(categories[number].name)
