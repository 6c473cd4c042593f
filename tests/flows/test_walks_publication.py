"""SOP PKIH HUM-02 on its own cases: dispositions, the check and its list, what goes back to it, and who may decide."""

from typing import Any

import pytest

from desk import publishing
from desk.dispositions import NotYourLane
from desk.publishing import TimePast
from sop.errors import NotAllowed
from sop.publication import (
    ChecksMissing,
    NoSuchPublication,
    Status,
    SubjectMissing,
    TargetsMissing,
    WrittenMeanwhile,
)
from sop.visit import NoSuchDecision, ReasonMissing
from store.db import Database
from tests.flows.publishing import Chain
from tests.offices import wib


async def opened(db: Database, at: str = "02-13 15.55", **facts: Any) -> Chain:
    """Friday afternoon before a long weekend; Monday 16 and Tuesday 17 February are closed."""
    chain = Chain(db)
    await chain.office(at)
    await chain.ask(at, **facts)
    return chain


async def to_the_check(chain: Chain) -> None:
    await chain.go("wr3", "disposisi", "02-18 09.00", "tindak-lanjut", "bpkh", "02-18 11.00")
    await chain.choose("bpkh", "02-18 10.00")
    await chain.go("bpkh", "instruksi", "02-18 10.30", "fasilitasi", "koor-pkih", "02-18 11.30")
    await chain.go("koor-pkih", "instruksi", "02-18 11.00", "narasi", "wk-humas", "02-18 11.10")


async def to_the_order(chain: Chain) -> None:
    await to_the_check(chain)
    await chain.tick("wk-humas", "02-18 11.05")
    await chain.go("wk-humas", "layak", "02-18 11.08", "perintah", "wk-humas", "02-18 11.13")


async def test_the_chain_passes_its_lanes_and_each_is_told_with_buttons(db: Database) -> None:
    chain = await opened(db)
    await to_the_order(chain)
    done = await chain.go("wk-humas", "instruksi", "02-18 11.10", "sebar", "petugas", "02-18 11.15")

    assert (done.version, done.checked, done.ordered) == (1, 1, 1)
    assert [login for kind, login, _ in await chain.told() if kind == "decision"] == [
        "wr3",
        "bpkh",
        "koor-pkih",
        "wk-humas",
        "wk-humas",
        "petugas",
    ]
    assert [each.lane for each in await chain.history()] == [
        "wr3",
        "bpkh",
        "koor-pkih",
        "wk-humas",
        "wk-humas",
    ]
    assert await chain.events() == ["requested", "decided", "targeted", *["decided"] * 4]


async def test_what_is_segera_runs_around_the_clock(sqlite: Database) -> None:
    chain = Chain(sqlite)
    await chain.office("02-13 15.55")
    asked = await chain.ask("02-13 15.55", urgent=True)
    assert asked.due_at == wib("02-14 15.55")

    await chain.go("wr3", "disposisi", "02-13 23.00", "tindak-lanjut", "bpkh", "02-14 01.00")


async def test_step_2_chooses_the_media_before_the_case_goes_on(sqlite: Database) -> None:
    chain = await opened(sqlite)
    await chain.go("wr3", "disposisi", "02-18 09.00", "tindak-lanjut", "bpkh", "02-18 11.00")

    with pytest.raises(TargetsMissing):
        await chain.go("bpkh", "instruksi", "02-18 10.30")


async def test_a_narration_is_fit_only_with_its_whole_list_ticked(sqlite: Database) -> None:
    chain = await opened(sqlite)
    await to_the_check(chain)

    with pytest.raises(ChecksMissing, match="Bahasa baku"):
        await chain.go("wk-humas", "layak", "02-18 11.08")


async def test_a_change_after_the_check_stands_at_the_check_again(db: Database) -> None:
    chain = await opened(db)
    await to_the_order(chain)
    await chain.go("wk-humas", "instruksi", "02-18 11.10", "sebar", "petugas", "02-18 11.15")

    after = await chain.write("petugas", "Wisuda periode IV pada 13 Desember.", "02-18 11.12", read=1)

    assert (after.step, after.lane, after.due_at) == ("narasi", "wk-humas", wib("02-18 11.22"))
    assert (after.version, after.checked, after.ordered) == (2, 1, 1)
    assert (await chain.history())[-1].decision == "ubah"
    with pytest.raises(ChecksMissing):  # the ticks were on the version before
        await chain.go("wk-humas", "layak", "02-18 11.20")
    await chain.tick("wk-humas", "02-18 11.20")
    await chain.go("wk-humas", "layak", "02-18 11.21", "perintah", "wk-humas", "02-18 11.26")


async def test_other_targets_after_the_check_go_back_to_it_too(sqlite: Database) -> None:
    chain = await opened(sqlite)
    await to_the_order(chain)
    chain.target = 0  # no target any more
    actor = await chain.officer("wk-humas", "02-18 11.09")
    after = await sqlite.write(publishing.choose_targets, chain.number, actor, [], now=wib("02-18 11.09"))

    assert after.step == "narasi"


async def test_it_goes_back_with_a_reason_at_steps_2_3_and_4(sqlite: Database) -> None:
    chain = await opened(sqlite)
    await chain.go("wr3", "disposisi", "02-18 09.00", "tindak-lanjut", "bpkh", "02-18 11.00")
    with pytest.raises(ReasonMissing):
        await chain.go("bpkh", "kembalikan", "02-18 09.30")
    await chain.go(
        "bpkh", "kembalikan", "02-18 09.30", "disposisi", "wr3", "02-19 09.30", reason="Tanggal keliru"
    )

    words = [words for kind, login, words in await chain.told() if (kind, login) == ("decision", "wr3")]
    assert "Tanggal keliru" in words[-1]


async def test_nobody_else_decides_and_it_is_recorded(db: Database) -> None:
    chain = await opened(db)
    for login in ("bpkh", "petugas", "lestari"):
        with pytest.raises(NotYourLane):
            await chain.go(login, "disposisi", "02-18 09.00")
    with pytest.raises(NoSuchDecision):
        await chain.go("wr3", "terbitkan", "02-18 09.00")

    assert (await chain.events()).count("refused") == 3


async def test_a_rejected_request_ends_and_who_asked_hears_why(db: Database) -> None:
    chain = await opened(db)

    done = await chain.go("wr3", "tolak", "02-18 09.00", reason="bukan wewenang universitas")

    assert (done.status, done.step, done.closed_at) == (Status.REJECTED, "", wib("02-18 09.00"))
    kind, login, words = (await chain.told())[-1]
    assert (kind, login) == ("outcome", "lestari")
    assert "bukan wewenang universitas" in words


async def test_two_who_write_at_once_lose_no_word(sqlite: Database) -> None:
    chain = await opened(sqlite)
    await chain.write("wk-humas", "Versi kedua.", "02-18 09.00", read=1)

    with pytest.raises(WrittenMeanwhile):
        await chain.write("petugas", "Versi lain.", "02-18 09.01", read=1)


async def test_a_late_lane_is_reminded_and_then_the_rung_above(db: Database) -> None:
    chain = await opened(db)
    assert await chain.sweep("02-18 15.56") == 1
    kind, login, words = (await chain.told())[-1]
    assert (kind, login) == ("reminder", "wr3")
    assert "melewati tenggat" in words
    assert await chain.sweep("02-18 15.57") == 0


async def test_a_request_without_a_subject_or_into_the_past_is_refused(sqlite: Database) -> None:
    chain = Chain(sqlite)
    await chain.office("02-13 15.55")
    with pytest.raises(TimePast):
        await chain.ask("02-13 15.55", wished_at=wib("02-13 09.00"))
    actor = await chain.officer("lestari", "02-13 15.55")
    wanted = publishing.Request(subject=" ", text="x")
    with pytest.raises(SubjectMissing):
        await sqlite.write(publishing.request, actor, wanted, key="", now=wib("02-13 15.55"))


async def test_a_stranger_sees_no_publication_and_who_asked_writes_until_it_is_out(sqlite: Database) -> None:
    chain = await opened(sqlite)
    with pytest.raises(NoSuchPublication):
        chain.number = "P-9999"
        await chain.choose("wr3", "02-18 09.00")
    chain.number = "P-0101"
    with pytest.raises(NotAllowed):
        await chain.choose("lestari", "02-18 09.00")
    assert (await chain.write("lestari", "Naskah baru.", "02-18 09.00", read=1)).version == 2
