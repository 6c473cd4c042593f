"""UC3 through the desk's acts: up each ladder to the end of every limit, across Good Friday and a weekend.

Calendar: Monday to Thursday 08.00-12.00 and 13.00-16.00, Friday 08.00-11.30 and 13.00-16.30, WIB. Friday 3 April 2026
is closed. Due times were computed by hand.
"""

from itertools import pairwise

import pytest

from desk import casework, revising, staff
from desk.decide import Choice, DecidedBefore, NotYours
from desk.needed import AnswerMissing
from sop.errors import NotFound
from sop.procedure_file import read, shipped
from sop.ticket import Status
from sop.visit import VACANT, NoSuchDecision, ReasonMissing
from store.db import Database
from tests import offices
from tests.flows.walking import Walk
from tests.offices import wib

FAKULTAS = ("wk", "koor", "wd", "dekan", "wr", "rektor")
LEMBAGA = ("wk", "koor", "sek", "ketua", "wr", "rektor")
PUSAT = ("wk", "koor", "biro", "wr", "rektor")
DAYS = ("04-01", "04-02", "04-06", "04-07", "04-08", "04-09", "04-10")  # 09.15 each; 3 April is closed


async def opened(db: Database, procedure: str, rungs: tuple[str, ...], at: str = "03-31 09.00") -> Walk:
    walk = Walk(db)
    await walk.office(offices.uc3(procedure, rungs), wib(at))
    await walk.arrive("UKT saya keliru", at)
    return walk


def step_of(lane: str) -> str:
    return "kebijakan" if lane == "rektor" else f"lapor-{lane}"


async def climbed(walk: Walk, rungs: tuple[str, ...]) -> int:
    """From the narahubung to the rector, each deciding at the very end of their limit; how many days went by."""
    await walk.here("analisa", "narahubung", "03-31 09.15")
    await walk.go("sari", "lapor", "03-31 09.15", step_of(rungs[0]), rungs[0], f"{DAYS[0]} 09.15")
    for day, (lane, above) in enumerate(pairwise(rungs)):
        await walk.go(lane, "naik", f"{DAYS[day]} 09.15", step_of(above), above, f"{DAYS[day + 1]} 09.15")
    last = len(rungs) - 1
    await walk.go(
        "rektor", "kebijakan", f"{DAYS[last]} 09.15", "jawab", "narahubung", f"{DAYS[last + 1]} 09.15"
    )
    return last + 2


async def worst_case(db: Database, procedure: str, rungs: tuple[str, ...]) -> tuple[Walk, int]:
    walk = await opened(db, procedure, rungs)
    days = await climbed(walk, rungs)
    done = await walk.reply("sari", "UKT Anda sudah disesuaikan.", f"{DAYS[days - 1]} 09.15")
    assert (done.status, done.step) == (Status.ANSWERED, "")
    assert done.answered_at == wib(f"{DAYS[days - 1]} 09.15")
    history = await walk.history()
    assert all(each.due_at and each.closed_at and each.closed_at <= each.due_at for each in history)
    return walk, days


async def test_a_faculty_takes_seven_working_days_and_fifteen_minutes_at_most(db: Database) -> None:
    walk, days = await worst_case(db, "uc3-fakultas", FAKULTAS)

    assert days == 7
    assert [each.lane for each in await walk.history()] == [
        "narahubung",
        *FAKULTAS,
        "narahubung",
    ]


async def test_an_institute_takes_as_long(sqlite: Database) -> None:
    _, days = await worst_case(sqlite, "uc3-lembaga", LEMBAGA)

    assert days == 7


async def test_the_head_office_has_one_rung_less(sqlite: Database) -> None:
    _, days = await worst_case(sqlite, "uc3-kantor-pusat", PUSAT)

    assert days == 6


async def test_each_rung_gets_a_card_and_the_passed_ones_hear_of_the_policy(sqlite: Database) -> None:
    walk = await opened(sqlite, "uc3-fakultas", FAKULTAS)

    await walk.go("sari", "lapor", "03-31 09.05", "lapor-wk", "wk", "04-01 09.05", reason="perlu kebijakan")
    [card] = await walk.cards()
    assert (card.kind, card.login, card.buttons) == ("decision", "wk", ("Beri kebijakan", "Naikkan"))
    assert "perlu kebijakan" in card.text
    assert await walk.told() == ["Laporan Anda memerlukan kebijakan pimpinan dan sudah kami sampaikan."]

    await walk.go("wk", "naik", "03-31 10.00", "lapor-koor", "koor", "04-01 10.00")
    assert [(each.kind, each.login) for each in await walk.cards()] == [("decision", "koor")]
    await walk.go(
        "koor", "kebijakan", "03-31 11.00", "jawab", "narahubung", "04-01 11.00", reason="boleh dicicil"
    )

    assert {(each.kind, each.login) for each in await walk.cards()} == {("outcome", "wk"), ("turn", "sari")}
    assert await walk.told() == []  # only the narahubung speaks


async def test_the_wrong_lane_is_refused_in_words_and_recorded_and_strangers_find_nothing(
    sqlite: Database,
) -> None:
    walk = await opened(sqlite, "uc3-fakultas", FAKULTAS)
    await walk.go("sari", "lapor", "03-31 09.05", "lapor-wk", "wk", "04-01 09.05")

    with pytest.raises(NotYours):
        await walk.go("sari", "kebijakan", "03-31 09.30")
    for stranger in ("koor", "budi"):
        with pytest.raises(NotFound):
            await walk.go(stranger, "kebijakan", "03-31 09.30")

    await walk.here("lapor-wk", "wk", "04-01 09.05")
    assert (await walk.events())[-3:] == ["refused"] * 3


async def test_a_double_tap_decides_once_and_an_old_card_says_who_was_first(sqlite: Database) -> None:
    walk = await opened(sqlite, "uc3-fakultas", FAKULTAS)
    card = Choice(decision="lapor", visit=(await walk.stay()).id, reason="perlu")

    for _ in range(2):
        done = await walk.put("sari", card, "03-31 09.05", key="tap")
        assert done.lane == "wk"
    with pytest.raises(DecidedBefore) as refused:
        await walk.put("sari", card, "03-31 09.06", key="another")

    assert refused.value.params["by"] == "Sari"
    assert "09.05" in refused.value.params["at"]
    assert len(await walk.history()) == 1


async def test_a_rung_without_reason_or_right_button_stays(sqlite: Database) -> None:
    walk = await opened(sqlite, "uc3-fakultas", FAKULTAS)

    with pytest.raises(ReasonMissing):
        await walk.go("sari", "lapor", "03-31 09.05", reason=" ")
    with pytest.raises(NoSuchDecision):
        await walk.go("sari", "kebijakan", "03-31 09.05")

    await walk.here("analisa", "narahubung", "03-31 09.15")


async def test_the_answer_is_written_and_no_button_stands_for_it(sqlite: Database) -> None:
    walk = await opened(sqlite, "uc3-fakultas", FAKULTAS)
    await walk.go("sari", "jawab", "03-31 09.05", "jawab", "narahubung", "04-01 09.05")

    with pytest.raises(AnswerMissing):
        await walk.go("sari", "kirim", "03-31 09.10")

    assert (await walk.ticket()).status is Status.OPEN


async def test_a_registered_vacancy_is_passed_over_and_recorded(sqlite: Database) -> None:
    walk = await opened(sqlite, "uc3-fakultas", FAKULTAS)
    lestari = await walk.officer("lestari", "03-31 08.00")
    unit = (await walk.ticket()).unit
    now = wib("03-31 08.30")
    koor = "koor"
    await sqlite.write(staff.revoke, koor, lane="koor", unit="pusat", now=now)
    await sqlite.write(casework.register_vacancy, lestari, "koor", unit, "pensiun", None, now)
    await walk.go("sari", "lapor", "03-31 09.05", "lapor-wk", "wk", "04-01 09.05")

    await walk.go("wk", "naik", "03-31 10.00", "lapor-wd", "wd", "04-01 10.00")

    skipped = [each for each in await walk.history() if each.decision == VACANT]
    assert [(each.step, each.opened_at, each.closed_at) for each in skipped] == [
        ("lapor-koor", wib("03-31 10.00"), wib("03-31 10.00"))
    ]


async def test_a_deputy_in_force_bridges_the_vacancy_and_is_named_on_the_stay(db: Database) -> None:
    walk = await opened(db, "uc3-fakultas", FAKULTAS)
    lestari = await walk.officer("lestari", "03-31 08.00")
    unit = (await walk.ticket()).unit
    await db.write(casework.register_vacancy, lestari, "koor", unit, "cuti", None, wib("03-31 08.30"))
    koor = await walk.officer("koor", "03-31 08.30")
    await db.write(staff.revoke, "koor", lane="koor", unit="pusat", now=wib("03-31 08.30"))
    await db.write(
        staff.grant,
        "wd",
        lane="koor",
        unit="pusat",
        now=wib("03-31 08.30"),
        until_at=wib("04-02 16.00"),
        deputy_of="koor",
        decree="SK 12/2026",
    )
    await walk.go("sari", "lapor", "03-31 09.05", "lapor-wk", "wk", "04-01 09.05")

    await walk.go("wk", "naik", "03-31 10.00", "lapor-koor", "koor", "04-01 10.00")
    cards = await walk.cards()
    assert ("decision", "wd") in {(each.kind, each.login) for each in cards}
    await walk.go("wd", "kebijakan", "03-31 11.00", "jawab", "narahubung", "04-01 11.00")

    decided = (await walk.history())[-1]
    assert decided.deputy_of == koor.id
    assert decided.by == (await walk.officer("wd", "03-31 11.00")).id


async def test_a_deputy_out_of_dates_is_refused_and_the_try_recorded(sqlite: Database) -> None:
    walk = await opened(sqlite, "uc3-fakultas", FAKULTAS)
    await sqlite.write(
        staff.grant,
        "budi",
        lane="wk",
        unit="pusat",
        now=wib("03-31 08.30"),
        until_at=wib("03-31 10.00"),
        deputy_of="wk",
        decree="SK 12/2026",
    )
    await walk.go("sari", "lapor", "03-31 09.05", "lapor-wk", "wk", "04-01 09.05")

    with pytest.raises(NotFound):
        await walk.go("budi", "kebijakan", "03-31 10.01")

    assert (await walk.events())[-1] == "refused"
    await walk.here("lapor-wk", "wk", "04-01 09.05")


async def test_a_jump_of_three_days_loses_no_reminder_and_an_hour_back_doubles_none(db: Database) -> None:
    walk = await opened(db, "uc3-fakultas", FAKULTAS)
    await walk.go("sari", "lapor", "03-31 09.05", "lapor-wk", "wk", "04-01 09.05")
    await walk.cards()

    await walk.sweep("04-03 09.05")  # three days on, a holiday: what is outdated is noted, the latest is sent
    first = await walk.cards()
    await walk.sweep("04-03 08.05")
    await walk.sweep("04-03 09.05")
    await walk.sweep("04-06 09.05")

    assert [(each.kind, each.login) for each in first] == [
        ("reminder", "koor")
    ]  # a quarter later: the rung above
    assert await walk.cards() == []
    assert (await walk.events())[-1:] == ["reminder.told"]


async def test_each_reminder_comes_once_and_in_order_when_nobody_sleeps(sqlite: Database) -> None:
    walk = await opened(sqlite, "uc3-fakultas", FAKULTAS)
    await walk.go("sari", "lapor", "03-31 09.05", "lapor-wk", "wk", "04-01 09.05")
    await walk.cards()
    told: list[tuple[str, str]] = []

    for at in ("03-31 15.00", "04-01 08.00", "04-01 09.05", "04-01 10.00", "04-01 11.30", "04-02 09.00"):
        for _ in range(2):
            await walk.sweep(at)
        told += [(at, each.login) for each in await walk.cards()]

    assert [login for _, login in told] == ["wk", "wk", "koor"]
    assert [each for each in await walk.events() if each.startswith("reminder")] == [
        "reminder.before",
        "reminder.due",
        "reminder.told",
    ]


async def test_where_the_sop_says_so_a_breach_goes_up_by_itself_past_a_vacancy_with_its_card(
    sqlite: Database,
) -> None:
    walk = await opened(sqlite, "uc3-fakultas", FAKULTAS)
    source = shipped()["uc3-fakultas"].replace("on_breach: remind", "on_breach: naik")
    procedure = read(source)
    now = wib("03-31 08.00")
    await sqlite.write(
        revising.put_in_force, procedure, source, wib("04-01 12.00").date(), "Asia/Jakarta", now
    )
    lestari = await walk.officer("lestari", "03-31 08.00")
    unit = (await walk.ticket()).unit
    await sqlite.write(staff.revoke, "koor", lane="koor", unit="pusat", now=now)
    await sqlite.write(casework.register_vacancy, lestari, "koor", unit, "pensiun", None, now)
    later = Walk(sqlite)
    await later.arrive("UKT saya keliru lagi", "04-01 09.00", key="9", sender="9")
    await later.go("sari", "lapor", "04-01 09.05", "lapor-wk", "wk", "04-02 09.05")
    await later.cards()

    for at in ("04-02 09.05", "04-02 09.05", "04-02 09.06"):
        await later.sweep(at)

    await later.here("lapor-wd", "wd", "04-06 09.05")  # Friday is closed
    cards = await later.cards()
    assert [(each.kind, each.login) for each in cards][-1] == ("decision", "wd")
    assert [each.decision for each in await later.history()] == ["lapor", "naik", VACANT]
    assert [each.by for each in await later.history()][1] is None
