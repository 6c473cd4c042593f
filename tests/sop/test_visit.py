"""The engine's rules: who may decide what, what a decision needs, and what happens when somebody was first."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sop.calendar import office_hours
from sop.procedure import Procedure, Step
from sop.procedure_file import read, shipped
from sop.visit import (
    VACANT,
    AlreadyDecided,
    CodeMissing,
    Move,
    NoSuchDecision,
    ReasonMissing,
    Visit,
    answers,
    ask,
    begin,
    closings,
    decide,
    is_asked,
    may_ask,
    may_hold,
    options,
)

OFFICE = office_hours()
NOW = datetime(2026, 2, 18, 2, 0, tzinfo=UTC)  # Wednesday 09.00 WIB
UC3 = read(shipped()["uc3-fakultas"])
ITB = read(shipped()["itb-care-center"])
JSS = read(shipped()["jss-upik"])
MIPA = read(shipped()["mipa-care"])


def go(
    procedure: Procedure,
    visit: Visit,
    choice: str,
    *,
    history: tuple[Visit, ...] = (),
    vacant: frozenset[str] = frozenset(),
    reason: str = "Alasan",
    code: str = "",
    minutes: int = 0,
) -> Move:
    return decide(
        procedure,
        visit,
        choice,
        by=7,
        now=NOW + timedelta(minutes=minutes),
        calendar=OFFICE,
        reason=reason,
        code=code,
        history=history,
        vacant=vacant,
    )


def at(step: str, lane: str) -> Visit:
    return Visit(step=step, lane=lane, opened_at=NOW)


def test_uc3_begins_at_the_narahubung_with_15_working_minutes() -> None:
    first = begin(UC3, NOW, OFFICE)

    assert (first.step, first.lane, first.round) == ("analisa", "narahubung", 1)
    assert first.due_at == NOW + timedelta(minutes=15)


def test_passing_up_needs_a_reason_in_words() -> None:
    with pytest.raises(ReasonMissing):
        go(UC3, at("analisa", "narahubung"), "lapor", reason="  ")


def test_a_rejection_names_one_of_the_sops_own_reasons() -> None:
    with pytest.raises(CodeMissing) as refused:
        go(JSS, at("verifikasi", "admin-opd"), "tolak", code="malas")

    assert "Bukan wewenang" in str(refused.value)


def test_a_choice_the_step_does_not_have_is_refused_with_those_it_has() -> None:
    with pytest.raises(NoSuchDecision) as refused:
        go(UC3, at("kebijakan", "rektor"), "naik")

    assert "Beri kebijakan" in str(refused.value)
    assert "Memberi kebijakan" in str(refused.value)


def test_a_second_tap_changes_nothing_and_says_who_decided_what_and_when() -> None:
    done = go(UC3, at("analisa", "narahubung"), "jawab").closed

    with pytest.raises(AlreadyDecided) as refused:
        go(UC3, done, "lapor", minutes=3)

    assert refused.value.params == {
        "activity": "Menganalisa laporan",
        "decision": "Jawab",
        "by": 7,
        "at": NOW,
    }
    assert options(UC3, done) == ()


def test_a_vacant_rung_is_passed_over_and_recorded() -> None:
    move = go(UC3, at("analisa", "narahubung"), "lapor", vacant=frozenset({"wk", "koor"}))

    assert move.opened is not None
    assert (move.opened.step, move.opened.lane) == ("lapor-wd", "wd")
    assert [(each.step, each.decision, each.closed_at) for each in move.skipped] == [
        ("lapor-wk", VACANT, NOW),
        ("lapor-koor", VACANT, NOW),
    ]


def test_the_last_rung_is_never_passed_over() -> None:
    move = go(UC3, at("lapor-wr", "wr"), "naik", vacant=frozenset({"rektor"}))

    assert move.opened is not None
    assert move.opened.lane == "rektor"
    assert move.skipped == ()


def test_a_vacant_rung_is_not_told_of_the_policy() -> None:
    first = go(UC3, at("analisa", "narahubung"), "lapor", vacant=frozenset({"koor"}))
    assert first.opened is not None
    second = go(UC3, first.opened, "naik", history=(first.closed,), vacant=frozenset({"koor"}))
    assert second.opened is not None

    past = (first.closed, second.closed, *second.skipped)
    given = go(UC3, second.opened, "kebijakan", history=past)

    assert second.opened.lane == "wd"
    assert given.tell_lanes == ("wk",)


def test_only_the_narahubung_answers_and_answering_at_the_analysis_means_both_steps() -> None:
    chain = answers(UC3, at("analisa", "narahubung"))

    assert chain is not None
    assert [choice.id for choice in chain] == ["jawab", "kirim"]
    assert [choice.id for choice in answers(UC3, at("jawab", "narahubung")) or ()] == ["kirim"]
    assert answers(UC3, at("lapor-wk", "wk")) is None
    assert answers(UC3, at("kebijakan", "rektor")) is None


@pytest.mark.parametrize(
    ("procedure", "step", "lane", "chain"),
    [
        (ITB, "identitas", "agent", ["terbatas", "kirim"]),
        (ITB, "respon", "agent", ["kirim"]),
        (ITB, "kategori", "agent", None),
        (ITB, "perbaikan", "pengembang", None),
        (MIPA, "periksa", "operator", ["jawab", "kirim"]),
        (MIPA, "klarifikasi", "pihak", None),
        (JSS, "pengerjaan", "lapangan", ["selesai", "selesai"]),
        (JSS, "verifikasi", "admin-opd", None),
    ],
)
def test_an_answer_implies_the_decisions_of_the_lane_that_speaks(
    procedure: Procedure, step: str, lane: str, chain: list[str] | None
) -> None:
    found = answers(procedure, at(step, lane))

    assert (None if found is None else [choice.id for choice in found]) == chain


def test_closing_means_filing_under_a_category_first() -> None:
    chain = closings(ITB, at("kategori", "agent"))

    assert chain is not None
    assert [choice.id for choice in chain] == ["kategori", "tutup"]
    assert chain[-1].closes
    assert closings(ITB, at("respon", "agent")) is None
    assert closings(UC3, at("jawab", "narahubung")) is None


def test_only_the_lane_that_has_the_ball_may_hold_it() -> None:
    assert may_hold(UC3, at("lapor-wk", "wk"), frozenset({"wk", "narahubung"}))
    assert not may_hold(UC3, at("lapor-wk", "wk"), frozenset({"narahubung", "koor"}))


def test_a_question_to_the_reporter_is_a_stay_of_its_own_and_stops_no_clock() -> None:
    first = begin(UC3, NOW, OFFICE)
    asked = ask(UC3, first, by=7, now=NOW + timedelta(minutes=5), reason="Nomor induk Anda?")
    assert asked.opened is not None
    back = go(UC3, asked.opened, "balas", history=(asked.closed,), reason="", minutes=60)

    assert (asked.opened.lane, asked.opened.due_at, asked.opened.round) == ("user", first.due_at, 2)
    assert is_asked(UC3, asked.opened)
    assert [choice.id for choice in options(UC3, asked.opened)] == ["balas"]
    assert back.opened is not None
    assert (back.opened.step, back.opened.lane, back.opened.due_at, back.opened.round) == (
        "analisa",
        "narahubung",
        first.due_at,
        3,
    )


def test_a_step_that_says_pause_gets_back_what_was_left_of_its_limit() -> None:
    paused = _with(UC3, "analisa", pause=True)
    first = begin(paused, NOW, OFFICE)
    asked = ask(paused, first, by=7, now=NOW + timedelta(minutes=5), reason="Nomor induk Anda?")
    assert asked.opened is not None
    back = go(paused, asked.opened, "balas", history=(asked.closed,), reason="", minutes=60)

    assert asked.opened.due_at is None
    assert back.opened is not None
    assert back.opened.due_at == NOW + timedelta(minutes=70)


def test_a_superior_asks_the_reporter_nothing() -> None:
    assert not may_ask(UC3, at("lapor-wk", "wk"))

    with pytest.raises(NoSuchDecision):
        ask(UC3, at("lapor-wk", "wk"), by=7, now=NOW, reason="Benarkah?")


def test_a_question_without_words_is_refused() -> None:
    with pytest.raises(ReasonMissing):
        ask(UC3, at("analisa", "narahubung"), by=7, now=NOW, reason="")


def test_an_identity_is_asked_for_twice_and_then_the_button_is_gone() -> None:
    visit = begin(ITB, NOW, OFFICE)
    history: tuple[Visit, ...] = ()
    for _ in range(2):
        asked = go(ITB, visit, "minta", history=history)
        assert asked.opened
        back = go(ITB, asked.opened, "balas", history=(*history, asked.closed))
        assert back.opened
        visit, history = back.opened, (*history, asked.closed, back.closed)

    assert [choice.id for choice in options(ITB, visit, history)] == ["sah", "terbatas"]
    with pytest.raises(NoSuchDecision):
        go(ITB, visit, "minta", history=history)


def test_admin_pusat_assigns_directly_after_three_redistributions() -> None:
    visit = begin(JSS, NOW, OFFICE)
    history: tuple[Visit, ...] = ()
    for _ in range(3):
        for choice, code in (("tolak", "bukan-wewenang"), ("alihkan", "")):
            move = go(JSS, visit, choice, history=history, code=code)
            assert move.opened
            visit, history = move.opened, (*history, move.closed)
    move = go(JSS, visit, "tolak", history=history, code="bukan-wewenang")
    assert move.opened

    past = (*history, move.closed)
    assert [choice.id for choice in options(JSS, move.opened, past)] == ["tugaskan", "tolak"]
    direct = go(JSS, move.opened, "tugaskan", history=past)
    assert direct.opened
    assert direct.opened.step == "penerimaan"


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(shipped())), st.randoms(use_true_random=False))
def test_no_case_is_ever_without_a_holder_a_button_or_an_end(name: str, random: Random) -> None:
    procedure = read(shipped()[name])
    visit: Visit | None = begin(procedure, NOW, OFFICE)
    history: tuple[Visit, ...] = ()
    seen: set[tuple[str, int]] = set()
    while visit is not None:
        assert (visit.step, visit.round) not in seen
        seen.add((visit.step, visit.round))
        allowed = options(procedure, visit, history)
        assert allowed
        choice = random.choice(allowed)
        code = choice.codes[0].id if choice.codes else ""
        move = go(procedure, visit, choice.id, history=history, code=code, minutes=len(history))
        history = (*history, move.closed, *move.skipped)
        assert move.ended == (move.opened is None)
        visit = move.opened
        assert len(history) < 300


def _with(procedure: Procedure, step_id: str, *, pause: bool) -> Procedure:
    def changed(step: Step) -> Step:
        return replace(step, pause=pause) if step.id == step_id else step

    return replace(procedure, steps=tuple(changed(step) for step in procedure.steps))


def test_a_case_that_waited_unbound_has_its_24_hours_from_receipt() -> None:
    unbound = Visit(
        step="", lane="pelapor", opened_at=NOW - timedelta(hours=3), closed_at=NOW, decision="ikat"
    )

    first = begin(ITB, NOW, OFFICE, (unbound,))
    move = go(ITB, first, "sah", history=(unbound,), minutes=10)
    given = go(UC3, at("kebijakan", "rektor"), "kebijakan", history=(unbound,))

    assert first.due_at == NOW + timedelta(hours=21)
    assert move.opened is not None
    assert move.opened.due_at == NOW + timedelta(hours=21)
    assert given.tell_lanes == ()


def test_a_reopened_case_has_its_24_hours_and_its_questions_anew() -> None:
    visit, history = begin(ITB, NOW, OFFICE), _itb_closed()
    again = begin(ITB, NOW + timedelta(days=7), OFFICE, history)

    move = decide(
        ITB, again, "sah", by=7, now=NOW + timedelta(days=7, hours=1), calendar=OFFICE, history=history
    )

    assert (visit.round, again.round) == (1, 4)
    assert again.due_at == NOW + timedelta(days=8)
    assert "minta" in [choice.id for choice in options(ITB, again, history)]
    assert move.opened is not None
    assert move.opened.due_at == NOW + timedelta(days=8)


def _itb_closed() -> tuple[Visit, ...]:
    """A case that was asked for its identity twice, answered, filed, closed and attested."""
    visit: Visit | None = begin(ITB, NOW, OFFICE)
    history: tuple[Visit, ...] = ()
    for choice in ("minta", "balas", "minta", "balas", "sah", "kirim", "kategori", "tutup", "sahkan"):
        assert visit is not None
        move = go(ITB, visit, choice, history=history)
        visit, history = move.opened, (*history, move.closed)
    assert visit is None
    return history
