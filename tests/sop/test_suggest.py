"""Issue 5: a suggestion from keywords and naive Bayes on what officers chose, which explains itself."""

from collections.abc import Iterable
from math import isclose
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from sop.accuracy import FEW, Accuracy
from sop.office import Category
from sop.suggest import SHOWN, Counts, root, suggest, words_of

ACADEMIC, MONEY, ACCOUNT = 1, 2, 3
CATEGORIES = {
    ACADEMIC: Category(id=ACADEMIC, code="akademik", name="Akademik", keywords=frozenset({"krs", "nilai"})),
    MONEY: Category(id=MONEY, code="keuangan", name="Keuangan", keywords=frozenset({"ukt", "pembayaran"})),
    ACCOUNT: Category(id=ACCOUNT, code="akun", name="Akun", keywords=frozenset({"sandi", "siakad"})),
}
SAID = {
    ACADEMIC: ("krs", "nilai", "transkrip", "dosen", "jadwal", "semester", "sidang", "yudisium", "prasyarat"),
    MONEY: (
        "ukt",
        "pembayaran",
        "virtual",
        "cicilan",
        "tunggakan",
        "banding",
        "golongan",
        "nominal",
        "semester",
    ),
    ACCOUNT: ("sandi", "siakad", "masuk", "kode", "verifikasi", "kunci", "surel", "perangkat", "jadwal"),
}
text = some.lists(some.sampled_from([word for words in SAID.values() for word in words]), max_size=12).map(
    " ".join
)
choices = some.lists(some.tuples(some.sampled_from(list(CATEGORIES)), text), max_size=25)


def learned(filed: Iterable[tuple[int, str]]) -> Counts:
    """What officers' choices come to, counted here once more by hand."""
    words: dict[int, dict[str, int]] = {}
    tickets: dict[int, int] = {}
    for category, said in filed:
        mine = words.setdefault(category, {})
        tickets[category] = tickets.get(category, 0) + 1
        for word in words_of(said):
            mine[word] = mine.get(word, 0) + 1
    return Counts(
        words=words,
        totals={number: sum(each.values()) for number, each in words.items()},
        tickets=tickets,
        vocabulary=len({word for each in words.values() for word in each}),
    )


def guess(said: str, counts: Counts | None = None) -> int | None:
    found = suggest(words_of(said), CATEGORIES, counts or Counts())
    return found.category if found else None


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("pembayaran", "bayar"),
        ("dibayarkan", "bayar"),
        ("membayar", "bayar"),
        ("terkunci", "kunci"),
        ("perkuliahan", "kuliah"),
        ("akunnya", "akun"),
        ("krs", "krs"),
        ("merah", "merah"),
        ("nilai", "nilai"),
    ],
)
def test_a_word_is_known_by_its_root(word: str, base: str) -> None:
    assert root(word) == base


def test_numbers_addresses_and_courtesies_say_nothing() -> None:
    said = "Selamat pagi Bapak/Ibu, saya NIM 221040037 dewi@contoh.ac.id https://siakad.contoh.ac.id. UKT UKT saya"

    assert words_of(said) == {"ukt": "ukt"}


def test_an_empty_desk_suggests_by_keywords_and_says_which() -> None:
    found = suggest(words_of("KRS saya terkunci padahal nilai sudah keluar"), CATEGORIES, Counts())

    assert found is not None
    assert found.category == ACADEMIC
    assert {reason.word for reason in found.why} == {"krs", "nilai"}
    assert all(reason.weight > 0 for reason in found.why)


@pytest.mark.parametrize("said", ["", "Halo", "Bagaimana cara memarkir kendaraan", "krs dan ukt"])
def test_what_nobody_can_tell_is_not_suggested(said: str) -> None:
    assert guess(said) is None


def test_officers_choices_teach_words_that_are_no_keywords() -> None:
    said = "Nominal cicilan semester ini keliru"
    assert guess(said) is None

    assert (
        guess(said, learned([(MONEY, "cicilan kedua belum masuk"), (MONEY, "nominal tagihan salah")]))
        == MONEY
    )


def test_officers_choices_outweigh_a_keyword_in_the_end() -> None:
    said = "nilai golongan saya"
    assert guess(said) == ACADEMIC

    assert guess(said, learned([(MONEY, "nilai golongan terlalu tinggi")] * 30)) == MONEY


@settings(deadline=None)
@given(text, choices)
def test_a_suggestion_is_the_sum_of_what_it_names_and_leaves_out(
    said: str, filed: list[tuple[int, str]]
) -> None:
    found = suggest(words_of(said), CATEGORIES, learned(filed))
    if found is None:
        return
    weights = [reason.weight for reason in found.why]

    assert found.score > 0
    assert weights == sorted(weights, reverse=True)
    assert 0 < len(weights) <= SHOWN
    assert {reason.word for reason in found.why} <= set(said.split())
    if len(words_of(said)) == len(weights):
        assert isclose(found.score, found.base + sum(weights))


@settings(deadline=None)
@given(some.permutations(SAID[ACADEMIC][:5]), choices)
def test_neither_the_order_of_words_nor_of_choices_matters(
    said: list[str], filed: list[tuple[int, str]]
) -> None:
    one, other = learned(filed), learned(reversed(filed))

    assert guess(" ".join(said), one) == guess(" ".join(sorted(said)), other)


@settings(deadline=None)
@given(text, choices)
def test_a_word_nobody_ever_saw_changes_nothing(said: str, filed: list[tuple[int, str]]) -> None:
    counts = learned(filed)

    assert guess(said, counts) == guess(f"{said} wkwkwk", counts)


@settings(deadline=None)
@given(choices)
def test_it_can_be_asked_anything(filed: list[tuple[int, str]]) -> None:
    for said in ("\x00", "ß İ ﬀ 𝔘𝔎𝔗", "krs\u202eukt", "' OR 1=1 --", "🙂" * 400):
        guess(said, learned(filed))
    assert suggest(words_of("krs"), {}, learned(filed)) is None


def test_what_is_longer_than_any_word_is_none() -> None:
    assert words_of("a" * 20_000) == {}
    assert list(words_of("krs " + "x@" * 9_000)) == ["krs"]


def made(chance: Random, category: int) -> str:
    """A report: three words of its own field, one of any, one that says nothing."""
    others = [word for words in SAID.values() for word in words]
    said = [
        *chance.sample(SAID[category], 3),
        chance.choice(others),
        chance.choice(["mohon", "kak", "segera"]),
    ]
    chance.shuffle(said)
    return " ".join(said)


def test_what_was_learnt_beats_keywords_alone_on_reports_it_never_saw() -> None:
    chance = Random(5)
    fields = [chance.choice(list(CATEGORIES)) for _ in range(700)]
    reports = [(field, made(chance, field)) for field in fields]
    counts, fresh = learned(reports[:400]), reports[400:]

    by_keywords = sum(guess(said) == field for field, said in fresh)
    by_both = sum(guess(said, counts) == field for field, said in fresh)

    assert by_both > 0.9 * len(fresh)
    assert by_both > 1.3 * by_keywords


def test_nothing_is_claimed_on_few_tickets() -> None:
    assert not Accuracy(FEW - 1, FEW - 1).known
    assert Accuracy(FEW, FEW).known
    assert Accuracy().bounds == (0.0, 1.0)


@settings(deadline=None)
@given(some.integers(1, 5000), some.floats(0, 1))
def test_the_bounds_hold_the_share_and_close_with_more_tickets(n: int, share: float) -> None:
    found = Accuracy(n, round(n * share))
    low, high = found.bounds
    wider = Accuracy(n * 4, found.right * 4).bounds

    assert 0 <= low <= found.share + 1e-9 and found.share - 1e-9 <= high <= 1
    assert wider[1] - wider[0] < high - low
