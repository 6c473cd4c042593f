"""How long a category keeps words: its own rule, else that of the one above it; of several the longest."""

from datetime import timedelta

import pytest

from sop.erasing import cutoffs, due_at, kept_for, rules_of
from sop.office import Category, Office
from tests.samples import NOW


def category(number: int, days: int | None = None, parent: int | None = None) -> Category:
    return Category(id=number, code=str(number), name=str(number), retention_days=days, parent=parent)


OFFICE = Office(
    categories={
        1: category(1, 365),
        2: category(2, parent=1),
        3: category(3, 30, parent=1),
        4: category(4),
        5: category(5, parent=4),
    },
    retired={6: category(6, 90), 7: category(7, parent=3)},
    merged={8: 3, 9: 4},
)


@pytest.mark.parametrize(
    ("number", "days"),
    [(1, 365), (2, 365), (3, 30), (4, None), (5, None), (6, 90), (7, 30), (8, 30), (9, None)],
)
def test_a_category_without_a_rule_follows_the_one_above_it_and_a_merged_one_its_target(
    number: int, days: int | None
) -> None:
    assert rules_of(OFFICE).get(number) == days


def test_a_circle_of_categories_ends() -> None:
    office = Office(categories={1: category(1, parent=2), 2: category(2, parent=1)})
    assert rules_of(office) == {}


@pytest.mark.parametrize(
    ("carried", "days"), [((1, 3), 365), ((3,), 30), ((3, 4), 30), ((4,), None), ((), None), ((8, 6), 90)]
)
def test_the_longest_rule_counts_and_what_has_none_says_nothing(
    carried: tuple[int, ...], days: int | None
) -> None:
    assert kept_for(rules_of(OFFICE), carried) == days


def test_the_moment_is_so_many_days_after_closing() -> None:
    closed = NOW - timedelta(days=30)
    assert due_at(closed, 30) == NOW
    assert cutoffs({3: 30}, NOW) == {3: closed}
