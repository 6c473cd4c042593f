"""What steps took: in working time where their limit counts it, with the parts around a question added up."""

from datetime import UTC, datetime, timedelta

from msgspec import Struct

from sop.calendar import office_hours
from sop.measured import measured
from sop.procedure_file import read, shipped
from sop.visit import ASK, VACANT

FRIDAY = datetime(2026, 3, 6, 8, 50, tzinfo=UTC)  # 15.50 WIB, forty minutes before closing
MONDAY = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)  # 08.00 WIB
MINUTE = timedelta(minutes=1)
UC3 = read(shipped()["uc3-fakultas"])


class Stay(Struct, frozen=True, kw_only=True):
    ticket: int = 1
    unit: int | None = None
    step: str = "analisa"
    lane: str = "narahubung"
    opened_at: datetime = MONDAY
    due_at: datetime | None = MONDAY + 15 * MINUTE
    closed_at: datetime = MONDAY + 5 * MINUTE
    decision: str = "jawab"


def of(*stays: Stay) -> dict[str, object]:
    return dict(measured(UC3, stays, lambda _: office_hours()))


def test_a_weekend_counts_for_nothing_where_the_limit_counts_working_time() -> None:
    stay = Stay(step="jawab", opened_at=FRIDAY, due_at=MONDAY + 60 * MINUTE, closed_at=MONDAY + 10 * MINUTE)

    found = measured(UC3, [stay], lambda _: office_hours())["jawab"]

    assert found.median == 50 * MINUTE
    assert found.share == 0.5  # of forty minutes on Friday and sixty on Monday


def test_elapsed_hours_count_always() -> None:
    jss = read(shipped()["jss-upik"])
    stay = Stay(
        step="verifikasi",
        lane="admin-opd",
        opened_at=FRIDAY,
        due_at=FRIDAY + 120 * MINUTE,
        closed_at=FRIDAY + 180 * MINUTE,
    )

    found = measured(jss, [stay], lambda _: office_hours())["verifikasi"]

    assert (found.median, found.share, found.punctual) == (180 * MINUTE, 1.5, 0.0)


def test_a_question_to_the_reporter_takes_none_of_the_steps_time() -> None:
    parts = (
        Stay(closed_at=MONDAY + 4 * MINUTE, decision=ASK.id),
        Stay(lane="user", opened_at=MONDAY + 4 * MINUTE, closed_at=MONDAY + 9 * MINUTE, decision="balas"),
        Stay(opened_at=MONDAY + 9 * MINUTE, closed_at=MONDAY + 12 * MINUTE),
    )

    found = measured(UC3, parts, lambda _: office_hours())["analisa"]

    assert (found.stays, found.median, found.met, found.timed) == (1, 7 * MINUTE, 1, 1)


def test_a_rung_that_was_passed_over_is_no_stay_and_strange_steps_do_no_harm() -> None:
    assert of(Stay(step="lapor-koor", lane="koor", decision=VACANT), Stay(step="dahulu")) == {}


def test_medians_and_the_tenth_slowest_are_nearest_ranks() -> None:
    stays = [Stay(ticket=n, closed_at=MONDAY + n * MINUTE) for n in range(1, 11)]

    found = measured(UC3, stays, lambda _: office_hours())["analisa"]

    assert (found.stays, found.median, found.slow) == (10, 6 * MINUTE, 10 * MINUTE)
    assert found.punctual == 1.0
