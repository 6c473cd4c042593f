"""When somebody is reminded: three quarters through, at the due time, and then the rung above; nobody at night."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from sop.calendar import office_hours
from sop.procedure_file import read, shipped
from sop.reminder import above, reminders
from sop.visit import Visit, ask, begin

OFFICE = office_hours()
WIB = ZoneInfo("Asia/Jakarta")
UC3 = read(shipped()["uc3-fakultas"])
ITB = read(shipped()["itb-care-center"])
JSS = read(shipped()["jss-upik"])
MIPA = read(shipped()["mipa-care"])


def wib(text: str) -> datetime:
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H.%M").replace(tzinfo=WIB).astimezone(UTC)


def at(step: str, lane: str, opened: str, due: str) -> Visit:
    return Visit(step=step, lane=lane, opened_at=wib(opened), due_at=wib(due))


def test_the_narahubung_hears_four_minutes_before_and_then_the_first_rung() -> None:
    found = reminders(UC3, begin(UC3, wib("02-18 11.25"), OFFICE), OFFICE)

    assert [(each.kind, each.at, each.lane) for each in found] == [
        ("before", wib("02-18 11.36"), "narahubung"),
        ("due", wib("02-18 11.40"), "narahubung"),
        ("told", wib("02-18 11.43"), "wk"),
    ]


def test_a_rung_hears_within_hours_and_the_next_rung_after_it() -> None:
    found = reminders(UC3, at("lapor-wk", "wk", "02-13 16.05", "02-18 16.00"), OFFICE)

    assert [(each.kind, each.lane) for each in found] == [("before", "wk"), ("due", "wk"), ("told", "koor")]
    assert found[0].at == wib("02-18 14.08")  # 25 minutes on Friday, 420 on Wednesday: 333 of 445
    assert found[2].at == wib("02-19 09.51")  # 111 minutes after the due time, from the next opening


def test_nobody_stands_above_the_rector() -> None:
    found = reminders(UC3, at("kebijakan", "rektor", "02-18 09.00", "02-19 09.00"), OFFICE)

    assert found[-1].lane == ""


def test_an_elapsed_limit_at_night_is_told_at_the_next_opening() -> None:
    found = reminders(JSS, begin(JSS, wib("02-18 22.00"), OFFICE), OFFICE)

    assert [(each.kind, each.at) for each in found] == [
        ("due", wib("02-19 08.00")),
        ("told", wib("02-19 08.30")),
    ]


def test_a_midday_break_keeps_nobody_from_being_reminded() -> None:
    found = reminders(JSS, begin(JSS, wib("02-18 10.50"), OFFICE), OFFICE)

    assert [(each.kind, each.at) for each in found][:2] == [
        ("before", wib("02-18 12.20")),
        ("due", wib("02-18 12.50")),
    ]


def test_mipa_step_7_tries_another_address_and_blames_nobody() -> None:
    (found,) = reminders(MIPA, at("terima", "pengguna", "02-18 09.00", "02-18 10.00"), OFFICE)

    assert (found.kind, found.at, found.lane) == ("retry", wib("02-18 10.00"), "operator")


def test_while_the_reporter_is_asked_the_desk_is_reminded() -> None:
    first = begin(UC3, wib("02-18 09.00"), OFFICE)
    asked = ask(UC3, first, by=7, now=wib("02-18 09.01"), reason="Nomor induk Anda?").opened
    waiting = at("tunggu-identitas", "user", "02-18 09.00", "02-19 09.00")

    assert asked is not None
    assert {each.lane for each in reminders(UC3, asked, OFFICE)} == {"narahubung", "wk"}
    assert {each.lane for each in reminders(ITB, waiting, OFFICE)} == {"agent", ""}


def test_a_procedure_that_says_so_goes_up_by_itself_when_due() -> None:
    climbing = replace(UC3, on_breach="escalate")

    rung = reminders(climbing, at("lapor-wk", "wk", "02-18 09.00", "02-19 09.00"), OFFICE)
    answer = reminders(climbing, at("jawab", "narahubung", "02-18 09.00", "02-19 09.00"), OFFICE)

    assert (rung[-1].kind, rung[-1].at, rung[-1].lane) == ("escalate", wib("02-19 09.00"), "koor")
    assert answer[-1].kind == "told"


@pytest.mark.parametrize("closed", [True, False])
def test_what_has_no_due_time_or_is_decided_reminds_nobody(closed: bool) -> None:
    visit = at("jawab", "narahubung", "02-18 09.00", "02-19 09.00")
    visit = replace(visit, closed_at=wib("02-18 10.00")) if closed else replace(visit, due_at=None)

    assert reminders(UC3, visit, OFFICE) == ()


def test_the_rung_above_is_where_the_step_escalates_to() -> None:
    steps = {step.id: step for step in UC3.steps}

    assert [
        above(UC3, steps[name]) for name in ("analisa", "jawab", "lapor-wk", "lapor-wr", "kebijakan")
    ] == [
        "wk",
        "wk",
        "koor",
        "rektor",
        "",
    ]
