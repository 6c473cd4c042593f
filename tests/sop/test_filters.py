"""The queue's address: what it asks for is read as it was written, and nonsense narrows nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop import filters
from sop.filters import Filters
from sop.identity import Proof
from tests.samples import NOW

CODES = st.from_regex(filters._CODE, fullmatch=True) | st.just("")
DAYS = st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))
ANY = st.builds(
    Filters,
    tab=st.sampled_from(filters.TABS),
    channel=CODES,
    category=CODES,
    proof=st.sampled_from(["", *map(str, Proof)]),
    step=CODES,
    unit=CODES,
    holder=CODES,
    since=DAYS,
    until=DAYS,
)
ZONE = "Asia/Jakarta"


@given(ANY)
def test_an_address_opens_the_list_it_was_written_for(wanted: Filters) -> None:
    assert filters.parse(filters.written(wanted)) == wanted
    assert filters.parse_text(filters.text(wanted)) == wanted


@given(st.dictionaries(st.sampled_from(["tampilan", "kanal", "identitas", "sejak", "setelah"]), st.text()))
def test_nonsense_is_read_without_a_fault_and_written_back_clean(query: dict[str, str]) -> None:
    found = filters.parse(query)

    assert filters.parse(filters.written(found)) == found
    filters.parse_place(query)


def test_a_fixed_view_is_not_narrow_and_any_filter_makes_it_so() -> None:
    assert not Filters(tab="all").narrow
    assert Filters(tab="all", channel="mail").narrow
    assert filters.without(Filters(since=date(2026, 3, 1)), "since") == Filters()


@pytest.mark.parametrize(
    ("hours", "heading"),
    [
        (-1, "late"),
        (0, "today"),
        (14, "today"),
        (15, "tomorrow"),
        (39, "week"),
        (158, "week"),
        (159, "later"),
    ],
)
def test_deadlines_stand_under_the_offices_own_days(hours: int, heading: str) -> None:
    assert filters.due(NOW + timedelta(hours=hours), NOW, ZONE) == heading
    assert filters.due(None, NOW, ZONE) == "never"


def test_a_period_begins_and_ends_at_the_offices_midnight() -> None:
    wanted = Filters(since=date(2026, 3, 2), until=date(2026, 3, 2))

    assert filters.span(wanted, ZONE) == (
        datetime(2026, 3, 1, 17, tzinfo=UTC),
        datetime(2026, 3, 2, 17, tzinfo=UTC),
    )
