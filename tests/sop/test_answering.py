"""ITB steps 1 and 3: what a category asks of an answer, and which words are a template's own."""

import pytest

from sop.answering import Demand, NotChecked, OnlyTemplates, Used, check, demand, fits
from sop.identity import Proof
from sop.office import Category

BODY = "Selamat pagi, {{ nama }}.\nSandi baru aktif 10 menit lagi. ({{ nomor }})"
FILLED = "Selamat pagi, Dewi.\nSandi baru aktif 10 menit lagi. (#1001)"
CHECKED = Demand(checked="Nilai")
ONLY = Demand(template_only="Akun")


def used(*, in_force: bool = True, harmless: bool = False) -> Used:
    return Used(bodies=(BODY,), in_force=in_force, harmless=harmless)


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        (FILLED, True),
        (FILLED.replace("\n", "\r\n") + "\n", True),
        (FILLED.replace("Dewi", "Ibu Dewi Lestari, S.E."), True),
        (FILLED + " Terima kasih.", False),
        ("Halo. " + FILLED, False),
        (FILLED.replace("10 menit", "5 menit"), False),
        (FILLED.replace("Dewi", "Dewi\nNilai Anda A"), False),
        (FILLED.replace("Dewi", "x" * 201), False),
        ("", False),
    ],
)
def test_a_templates_words_are_its_own_but_for_the_holes(text: str, fit: bool) -> None:
    assert fits(BODY, text) is fit


def test_a_template_without_holes_is_said_as_it_stands() -> None:
    assert fits("Mohon tunggu.", "Mohon tunggu.")
    assert not fits("Mohon tunggu.", "Mohon tunggu. Ya.")


def test_many_holes_are_looked_through_once() -> None:
    assert not fits("{{ nama }}a" * 700, "a" * 20_000 + "b")


@pytest.mark.parametrize("proof", [Proof.NONE, Proof.STATED, Proof.REJECTED])
def test_where_an_identity_must_be_checked_only_harmless_words_leave_before(proof: Proof) -> None:
    for one in (None, used(), used(harmless=True, in_force=False)):
        with pytest.raises(NotChecked, match="Nilai"):
            check(CHECKED, proof, FILLED, one)
    with pytest.raises(NotChecked):
        check(CHECKED, proof, FILLED + " Nilai Anda A.", used(harmless=True))

    check(CHECKED, proof, FILLED, used(harmless=True))


@pytest.mark.parametrize("proof", [Proof.CHECKED, Proof.PROVED])
def test_a_checked_identity_opens_every_answer(proof: Proof) -> None:
    """What the category forbids is raised."""
    check(CHECKED, proof, "Nilai Anda A.", None)


def test_where_only_templates_answer_nothing_else_leaves() -> None:
    for one in (None, used(in_force=False)):
        with pytest.raises(OnlyTemplates, match="Akun"):
            check(ONLY, Proof.CHECKED, FILLED, one)
    with pytest.raises(OnlyTemplates):
        check(ONLY, Proof.CHECKED, FILLED + " Salam.", used())

    check(ONLY, Proof.NONE, FILLED, used())


def test_the_strictest_category_of_a_ticket_counts() -> None:
    easy = Category(id=1, code="a", name="Umum", identity="stated")
    strict = Category(id=2, code="b", name="Nilai", identity="checked", template_only=True)

    assert not demand([easy])
    assert demand([easy, strict]) == Demand(checked="Nilai", template_only="Nilai")
