"""Limits as the paper writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.limit import Hours, Limit, LimitFaulty, LimitTooLong, LimitWithoutUnit, Unit, limit, limit_words
from sop.procedure_worst import Span


@pytest.mark.parametrize(
    ("text", "expected", "words"),
    [
        ("15 menit", Limit(15, Unit.MINUTE), "15 menit"),
        ("15m", Limit(15, Unit.MINUTE), "15 menit"),
        ("2 jam", Limit(2, Unit.HOUR), "2 jam"),
        ("2 Jam kerja", Limit(2, Unit.HOUR), "2 jam"),
        ("1 hari kerja", Limit(1, Unit.WORKDAY), "1 hari kerja"),
        ("1 (satu)  Hari\nKerja", Limit(1, Unit.WORKDAY), "1 hari kerja"),
        ("1hk", Limit(1, Unit.WORKDAY), "1 hari kerja"),
        ("3 hari", Limit(3, Unit.DAY), "3 hari"),
        ("1x24 jam", Limit(24, Unit.ELAPSED, "24x7"), "1 x 24 jam"),
        ("1 x 2 jam", Limit(2, Unit.ELAPSED, "24x7"), "1 x 2 jam"),
        ("2×24 jam", Limit(48, Unit.ELAPSED, "24x7"), "2 x 24 jam"),
    ],
)
def test_the_papers_words_are_read_and_written(text: str, expected: Limit, words: str) -> None:
    assert limit(text) == expected
    assert str(limit(text)) == words


@pytest.mark.parametrize(
    "text",
    [
        "3 hari kerja 2",
        "",
        "hari",
        "0 menit",
        "-1 hari",
        "1,5 jam",
        "1 minggu",
        "2 hk kerja",
        "1x24",
        "satu hari",
        "1 jam 5 menit",
    ],
)
def test_nonsense_is_refused_with_examples(text: str) -> None:
    with pytest.raises(LimitFaulty, match="misalnya: 15 menit"):
        limit(text)


def test_a_bare_number_is_asked_for_its_unit() -> None:
    with pytest.raises(LimitWithoutUnit, match="3 menit atau 3 hari kerja"):
        limit("3")


@pytest.mark.parametrize("text", ["367 hari", "999x999 jam", "999999 menit"])
def test_a_promise_beyond_a_year_is_a_slip_of_the_pen(text: str) -> None:
    with pytest.raises(LimitTooLong, match="366 hari"):
        limit(text)


@given(st.integers(1, 366), st.sampled_from(Unit), st.sampled_from(["kerja", "24x7"]))
def test_every_limit_reads_its_own_words(amount: int, unit: Unit, hours: Hours) -> None:
    kept = Limit(amount, unit, "24x7" if unit is Unit.ELAPSED else hours)

    assert limit(str(kept), hours) == kept


@pytest.mark.parametrize(
    ("of", "english"),
    [
        (limit("15 menit"), "15 minutes"),
        (limit("1 jam"), "1 hour"),
        (limit("1 hari kerja"), "1 working day"),
        (limit("3 hari"), "3 days"),
        (limit("1 x 24 jam"), "1 x 24 hours"),
        (Span(minutes=85, workdays=7, elapsed=28), "7 working days + 28 running hours + 1 hour 25 minutes"),
        ("2 jam", "2 hours"),
        (None, ""),
    ],
)
def test_a_limit_is_told_in_english_too(of: object, english: str) -> None:
    assert limit_words(of, "en") == english
    assert limit_words(of) == (str(of) if of else "")
