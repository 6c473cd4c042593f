"""The simulation runs the same rules and calendar, repeatably, and answers how many officers an SOP needs."""

from datetime import UTC, datetime

import msgspec
import pytest

from sop.calendar import office_hours
from sop.clock import is_open
from sop.procedure_file import read, shipped
from sop.simulate import Assumptions, simulate

OFFICE = office_hours()
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
UC3 = read(shipped()["uc3-fakultas"])


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_case_of_every_procedure_comes_to_its_end(name: str) -> None:
    procedure = read(shipped()[name])

    found = simulate(procedure, OFFICE, start=MONDAY, tickets=40, officers=3)

    assert found.steps[0].visits >= 40
    assert 0 <= found.on_time <= 1
    assert 0 <= found.cases_on_time <= 1
    assert all(0 <= lane.busy <= 1.05 for lane in found.lanes)
    assert found.ended_at > MONDAY


def test_the_same_seed_gives_the_same_run_and_another_seed_another() -> None:
    one, same, other = (simulate(UC3, OFFICE, start=MONDAY, tickets=60, seed=seed) for seed in (1, 1, 2))

    assert one == same
    assert one != other


def test_more_officers_keep_more_promises() -> None:
    few = simulate(UC3, OFFICE, start=MONDAY, tickets=200, officers=2)
    many = simulate(UC3, OFFICE, start=MONDAY, tickets=200, officers=30)

    assert few.bottleneck == "narahubung"
    assert few.cases_on_time < many.cases_on_time
    assert few.steps[0].wait_p90 > many.steps[0].wait_p90
    assert few.steps[0].longest_queue > many.steps[0].longest_queue


def test_a_month_of_arrivals_is_easier_than_the_same_in_a_day() -> None:
    day = simulate(UC3, OFFICE, start=MONDAY, tickets=200, arrivals="day")
    month = simulate(UC3, OFFICE, start=MONDAY, tickets=200, arrivals="month")

    assert month.cases_on_time > day.cases_on_time


def test_what_is_assumed_can_be_said() -> None:
    certain = Assumptions(chances={"analisa.lapor": 0.0}, effort={"analisa": 2, "jawab": 3})

    found = simulate(UC3, OFFICE, start=MONDAY, tickets=50, officers=5, assumed=certain)

    assert {each.step for each in found.steps} == {"analisa", "jawab"}
    assert found.on_time == 1.0


def test_officers_work_while_the_office_is_open() -> None:
    found = simulate(UC3, OFFICE, start=MONDAY, tickets=30)

    assert is_open(OFFICE, found.ended_at) or found.ended_at.minute == 0


def test_the_result_is_json() -> None:
    found = simulate(UC3, OFFICE, start=MONDAY, tickets=5)

    assert msgspec.json.decode(msgspec.json.encode(found))["procedure"] == "uc3-fakultas"


@pytest.mark.parametrize(("tickets", "officers"), [(0, 1), (1, 0), (1_000_000, 1)])
def test_senseless_numbers_are_refused(tickets: int, officers: int) -> None:
    with pytest.raises(ValueError, match="tickets"):
        simulate(UC3, OFFICE, start=MONDAY, tickets=tickets, officers=officers)
