"""Categories as a tree: each stands once, behind its parent; nothing hangs under its own branch."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from sop.category_tree import CategoryCircle, must_not_circle, tree, under
from sop.office import Category

forests = some.lists(some.integers(0, 8), min_size=1, max_size=8)


def hung(parents: list[int]) -> dict[int, Category]:
    """The nth category hangs under the one of that number, 0 being none; circles among them."""
    return {
        number: Category(id=number, code=f"k{number}", name=f"K{number}", parent=parent or None)
        for number, parent in enumerate(parents, 1)
    }


def test_siblings_stand_by_position_then_by_name() -> None:
    found = {
        1: Category(id=1, code="a", name="Zakat", position=1),
        2: Category(id=2, code="b", name="akademik", position=2),
        3: Category(id=3, code="c", name="Beasiswa", position=2),
        4: Category(id=4, code="d", name="KRS", parent=2),
    }

    assert [(each.category.name, each.depth) for each in tree(found)] == [
        ("Zakat", 0),
        ("akademik", 0),
        ("KRS", 1),
        ("Beasiswa", 0),
    ]


@settings(deadline=None)
@given(forests)
def test_each_stands_once_even_where_a_file_hung_them_in_a_circle(parents: list[int]) -> None:
    categories = hung(parents)

    shown = [each.category.id for each in tree(categories)]

    assert sorted(shown) == sorted(categories)


@settings(deadline=None)
@given(forests, some.integers(1, 8))
def test_no_category_may_hang_under_its_own_branch(parents: list[int], number: int) -> None:
    categories = hung(parents)
    if number not in categories:
        return
    for target in under(categories, number):
        with pytest.raises(CategoryCircle):
            must_not_circle(categories, number, target)
    for target in categories.keys() - under(categories, number):
        must_not_circle(categories, number, target)
    must_not_circle(categories, number, None)
